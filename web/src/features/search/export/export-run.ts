// One export of this window. It outlives the page that began it: a panel of the shell shows it until it is done, cancelled or put away.
import { useSyncExternalStore } from 'react'
import { type ExportFormat, exportSearch } from '../../../../../shared/contract/hunt/export.ts'
import { request } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { shownTenant } from '../../../api/shown-tenant.ts'
import { ExportReader, ParquetTail } from './export-reader.ts'
import { FileParts, saveFile } from './file-parts.ts'

export interface ExportWish {
  /** What is asked of the server, without what this window adds. */
  body: Record<string, unknown> & { format: ExportFormat }
  /** Where it is asked, where it is not the rows of a query. */
  path?: string
  /** "row" or "group". */
  of: string
}

export interface Exporting {
  state: 'running' | 'done' | 'failed' | 'cancelled'
  wish: ExportWish
  name: string
  rows: number
  /** Rows that there were when it began; null until that is known. */
  total: number | null
  bytes: number
  startedMs: number
  tookMs: number
  problem: string | null
}

const cutShort = 'The file broke off before its end, so nothing of it was kept. Export again; a narrower query is quicker.'

const nameOf = (reply: Response, format: ExportFormat): string =>
  /filename="([^"]+)"/.exec(reply.headers.get('content-disposition') ?? '')?.[1] ?? `rows.${format}`

const ask = (wish: ExportWish, signal: AbortSignal): Promise<Response> =>
  request(wish.path ?? exportSearch.path, {
    method: exportSearch.method,
    headers: { 'content-type': 'application/json', ...shownTenant() },
    body: JSON.stringify(wish.body.format === 'parquet' ? wish.body : { ...wish.body, end_line: true }),
    signal,
  })

const totalOf = (reply: Response): number | null => {
  const text = reply.headers.get('x-total-count')
  return text === null ? null : Number(text)
}

async function* chunksOf(reply: Response): AsyncGenerator<Uint8Array> {
  const stream = reply.body?.getReader()
  if (stream === undefined) return
  for (;;) {
    const { done, value } = await stream.read()
    if (done) return
    yield value
  }
}

class ExportRun {
  private now: Exporting | null = null
  private control = new AbortController()
  private readonly listeners = new Set<() => void>()
  private readonly clock: () => number

  constructor(clock: () => number = Date.now) {
    this.clock = clock
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }
  readonly snapshot = (): Exporting | null => this.now

  async start(wish: ExportWish): Promise<void> {
    this.control.abort()
    const control = new AbortController()
    this.control = control
    const begun = { rows: 0, total: null, bytes: 0, startedMs: this.clock(), tookMs: 0, problem: null }
    this.show({ state: 'running', wish, name: `rows.${wish.body.format}`, ...begun })
    try {
      const reply = await ask(wish, control.signal)
      this.change({ name: nameOf(reply, wish.body.format), total: totalOf(reply) })
      await this.take(reply, wish)
    } catch (error) {
      if (this.control !== control || control.signal.aborted) return
      // a reply that breaks off in the middle is an error of the network and has no words of its own
      const problem = this.now?.bytes === 0 ? messageOf(error) : cutShort
      this.change({ state: 'failed', problem })
    }
  }

  readonly cancel = (): void => {
    if (this.now?.state !== 'running') return
    this.control.abort()
    this.change({ state: 'cancelled' })
  }

  /** Takes the panel away; what still runs ends. */
  readonly close = (): void => {
    this.control.abort()
    this.show(null)
  }

  private async take(reply: Response, { body: { format } }: ExportWish): Promise<void> {
    const reader = format === 'parquet' ? new ParquetTail(this.now?.total ?? 0) : new ExportReader(format)
    const parts = new FileParts()
    let shownMs = 0
    for await (const chunk of chunksOf(reply)) {
      parts.add(reader.push(chunk))
      if (this.clock() - shownMs < 100) continue
      shownMs = this.clock()
      this.change({ rows: reader.rows, bytes: parts.bytes })
    }
    const end = reader.end()
    if (end === null) throw new Error(cutShort)
    parts.add(end.bytes)
    saveFile(parts.whole(reply.headers.get('content-type') ?? ''), this.now?.name ?? '')
    this.change({ state: 'done', rows: end.rows, bytes: parts.bytes })
  }

  private change(change: Partial<Exporting>): void {
    if (this.now !== null) this.show({ ...this.now, ...change, tookMs: this.clock() - this.now.startedMs })
  }

  private show(next: Exporting | null): void {
    this.now = next
    for (const listener of this.listeners) listener()
  }
}

export const exportRun = new ExportRun()
export const useExportRun = (): Exporting | null => useSyncExternalStore(exportRun.subscribe, exportRun.snapshot)
