import { type ChildProcess, spawn } from 'node:child_process'
import { PassThrough, type Readable } from 'node:stream'
import { entryOf } from '../../../platform/entry.ts'
import type { Log } from '../../../platform/log.ts'
import type { ImportFacts } from '../normalise/block-builder.ts'
import type { ReadOptions } from '../reading.ts'
import { type Frame, readFrames, taken } from './frames.ts'

export interface ParserStart {
  path: string
  options: Omit<ReadOptions, 'limits' | 'signal'>
  facts: Omit<ImportFacts, 'now'> & { now: string }
  /** Batches that are stored already: made again and not sent. */
  skip_batches: number
  /** A folder of its own, not made yet, below that where blocks are left for the store. */
  block_dir: string
}

/** How a reading ended. `crashed` is the parser's own end (out of memory, a fault in a format), not a verdict on the file. */
export type ParserEnd = Exclude<Frame, { kind: 'container' | 'progress' | 'waiting' | 'batch' }> | { kind: 'crashed'; message: string }
export type ParserNews = Extract<Frame, { kind: 'container' | 'progress' | 'waiting' | 'batch' }>

const news = new Set<Frame['kind']>(['container', 'progress', 'waiting', 'batch'])
const isEnd = (frame: Frame): frame is Exclude<Frame, ParserNews> => !news.has(frame.kind)

const heapMb = 320
/** A reader that says nothing for so long is taken for hung. */
const silenceMs = 180_000

const start = (): ChildProcess => {
  const { file, execArgv } = entryOf('features/ingestion/parser/child')
  // Its garbage is young: a nursery of full size from the start, and no helper threads on cores that the stores need.
  const limits = [`--max-old-space-size=${heapMb}`, '--min-semi-space-size=16', '--max-semi-space-size=16', '--single-threaded-gc']
  return spawn(process.execPath, [...execArgv, ...limits, file], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env.PATH, TZ: 'UTC' },
  })
}

/** What a parser is to read. */
export interface Reading {
  start: ParserStart
  /** Removes what the parser has left in its folders; called when it has ended. Never rejects. */
  discard: () => Promise<void>
}

/** Which reading: of whom, and of what exactly. */
export interface ReadingKey {
  tenant_id: string
  /** Two readings under one key make the same batches. */
  key: string
}

/** After so many readings a parser is replaced, whatever they left in its memory. */
const mostReadings = 200

/** A parser. It may stand idle with its first batches until somebody takes them. */
class Running {
  readonly child = start()
  readonly exited: Promise<string>
  /** Whose uploads it has read: it reads nobody else's. */
  tenantId: string | null = null
  private readings = 0
  private knowsSecret = false
  /** What it says of this reading. Listened to from the start: Node throws away what a process that has ended said to nobody. */
  said = new PassThrough()
  complaint = ''
  private discard: () => Promise<void> = () => Promise.resolve()

  constructor() {
    const { child } = this
    this.exited = new Promise<string>((resolve) => {
      child.once('exit', (code, by) => resolve(by ?? `code ${code}`))
      child.once('error', (error) => resolve(error.message))
    })
    this.pipe.once('error', (error) => this.said.destroy(error))
    child.stderr?.on('data', (chunk: Buffer) => {
      this.complaint = (this.complaint + chunk.toString('utf8')).slice(-4000)
    })
  }

  private get pipe(): Readable {
    return this.child.stdio[3] as Readable
  }

  begin(tenantId: string, reading: Reading): void {
    this.tenantId = tenantId
    this.readings++
    this.knowsSecret = reading.start.options.password !== null || reading.start.options.private_key !== null
    this.discard = reading.discard
    this.complaint = ''
    this.said = new PassThrough()
    // told where it is read; until then nobody listens
    this.said.on('error', () => undefined)
    this.pipe.pipe(this.said)
    this.child.send(reading.start, () => undefined)
  }

  /** Whether it may read another upload: one that was told a secret forgets it by ending. */
  get isGoodForMore(): boolean {
    return (
      this.readings < mostReadings &&
      !this.knowsSecret &&
      !this.child.killed &&
      this.child.exitCode === null &&
      this.child.signalCode === null
    )
  }

  /** After a reading that came to its end: warm from it, the parser can read the next. */
  async rest(): Promise<void> {
    this.pipe.unpipe(this.said)
    await this.discard()
  }

  kill = (): void => void this.child.kill('SIGKILL')

  async end(): Promise<void> {
    this.kill()
    await this.exited
    await this.discard()
  }
}

interface Ahead extends ReadingKey {
  running: Running
  timer: NodeJS.Timeout
}

/** For so long its tenant has read nothing else, and nobody has come for it: its import was cancelled, or another process reads it. */
const aheadMs = 60_000

/**
 * Keeps one parser ready, so that the next import does not wait for a process, and lets one begin the next import while the
 * rows of this one are stored.
 */
export class Parsers {
  private spare: Running | null = null
  private timer: NodeJS.Timeout | null = null
  private next: Ahead | null = null
  private readonly log: Log

  constructor(log: Log) {
    this.log = log
  }

  private take(tenantId: string): Running {
    const { spare } = this
    this.spare = null
    if (spare !== null && (spare.tenantId ?? tenantId) === tenantId) return spare
    spare?.kill()
    return new Running()
  }

  /** Starts a spare for the import that is likely to follow. */
  warm(): void {
    if (this.spare === null) this.keep(new Running())
    else this.keep(this.spare)
  }

  private keep(spare: Running): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => this.dropSpare(), 20_000).unref()
    if (this.spare === spare) return
    this.spare = spare
    spare.child.once('exit', () => {
      if (this.spare === spare) this.spare = null
    })
  }

  private async release(running: Running): Promise<void> {
    await running.rest()
    if (this.spare === null && running.isGoodForMore) this.keep(running)
    else running.kill()
  }

  get isAhead(): boolean {
    return this.next !== null
  }

  /** Begins a reading that `read` will be asked for; at most one at a time. */
  readAhead(of: ReadingKey, reading: Reading): void {
    const timer = setTimeout(() => void this.dropAhead(), aheadMs).unref()
    const running = this.take(of.tenant_id)
    running.begin(of.tenant_id, reading)
    this.next = { ...of, running, timer }
  }

  async dropAhead(): Promise<void> {
    const { next } = this
    if (next === null) return
    this.next = null
    clearTimeout(next.timer)
    await next.running.end()
  }

  async close(): Promise<void> {
    this.dropSpare()
    await this.dropAhead()
  }

  private dropSpare(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.spare?.kill()
    this.spare = null
  }

  /** The reading that was begun ahead, or a new one. */
  private async running(of: ReadingKey, reading: () => Promise<Reading>): Promise<Running> {
    const { next } = this
    if (next?.tenant_id === of.tenant_id) {
      if (next.key !== of.key) await this.dropAhead()
      else {
        this.next = null
        clearTimeout(next.timer)
        return next.running
      }
    }
    const begun = await reading()
    const running = this.take(of.tenant_id)
    running.begin(of.tenant_id, begun)
    return running
  }

  /** Reads one upload. `onNews` is awaited, so a slow store slows the reader. Rejects only with what `onNews` threw, or the abort. */
  async read(
    of: ReadingKey,
    reading: () => Promise<Reading>,
    onNews: (news: ParserNews) => Promise<void>,
    signal: AbortSignal,
  ): Promise<ParserEnd> {
    const running = await this.running(of, reading)
    signal.addEventListener('abort', running.kill, { once: true })
    let watch = setTimeout(running.kill, silenceMs)
    let isDone = false
    try {
      signal.throwIfAborted()
      for await (const frame of readFrames(running.said)) {
        clearTimeout(watch)
        if (this.next?.tenant_id === of.tenant_id) this.next.timer.refresh()
        isDone = frame.kind === 'done'
        if (isEnd(frame)) return frame
        await onNews(frame)
        signal.throwIfAborted()
        if (frame.kind === 'batch') running.child.send(taken, () => undefined)
        watch = setTimeout(running.kill, silenceMs)
      }
      signal.throwIfAborted()
      const how = await running.exited
      this.log.warn({ how, complaint: running.complaint }, 'the parser ended without a word')
      return { kind: 'crashed', message: `the reader stopped (${how})` }
    } finally {
      clearTimeout(watch)
      signal.removeEventListener('abort', running.kill)
      if (isDone) await this.release(running)
      else await running.end()
    }
  }
}
