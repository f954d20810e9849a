// The rows of one query: asked for in pages as the window moves, kept within bounds, the same object for one result.
import { type Ask, indexOf, newStrand, planAsk, type Strand, type StrandStart } from './strands.ts'

export interface PageAsk {
  cursor: string | undefined
  /** Rows to pass over from there. */
  skip: number
  limit: number
  /** Backwards from the end: the reversed sort. */
  isReversed: boolean
  from: string | undefined
  to: string | undefined
  /** Only rows that lack the sorted field. */
  isAbsent: boolean
}

export interface Page<Row> {
  events: Row[]
  next_cursor: string | null
  total: number
}

/** Places nearer to a row, when every known one is far from it; empty when there are none. */
export type Refine = (index: number, signal: AbortSignal) => Promise<readonly StrandStart[]>

export interface RowStoreOptions<Row> {
  fetchPage: (ask: PageAsk, signal: AbortSignal) => Promise<Page<Row>>
  first: Page<Row>
  refine?: Refine
  /** How many rows are kept at most; the farthest from the window go first. */
  keep?: number
}

export class RowStore<Row> {
  readonly total: number
  /** Why the last page did not come. */
  problem: Error | null = null
  private readonly rows = new Map<number, Row>()
  private readonly strands: Strand[]
  private starts: readonly StrandStart[] = []
  private refine: Refine | undefined
  private readonly options: RowStoreOptions<Row>
  private readonly listeners = new Set<() => void>()
  private readonly control = new AbortController()
  private window = { first: 0, last: -1 }
  private isBusy = false
  private version = 0

  constructor(options: RowStoreOptions<Row>) {
    this.options = options
    this.refine = options.refine
    this.total = options.first.total
    const head = newStrand({ index: 0, step: 1 })
    this.strands = [head]
    this.take({ strand: head, cursor: undefined, skip: 0, offset: 0, limit: options.first.events.length }, options.first)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }
  readonly snapshot = (): number => this.version

  rowAt(index: number): Row | undefined {
    return this.rows.get(index)
  }

  indexOfRow(isIt: (row: Row) => boolean): number | null {
    for (const [index, row] of this.rows) if (isIt(row)) return index
    return null
  }

  /** Places from where rows can be read too; known once the histogram is. */
  offer(starts: readonly StrandStart[], refine = this.refine): void {
    this.starts = starts
    this.refine = refine
    void this.fill()
  }

  /** The rows that should be there. */
  need(first: number, last: number): void {
    this.window = { first, last }
    if (this.problem === null) void this.fill()
  }

  retry(): void {
    this.problem = null
    this.change()
    void this.fill()
  }

  close(): void {
    this.control.abort()
    this.listeners.clear()
  }

  private async fill(): Promise<void> {
    if (this.isBusy) return
    this.isBusy = true
    try {
      for (let ask = this.plan(); ask !== null && !this.control.signal.aborted; ask = this.plan())
        if (!(await this.refined(ask))) await this.fetch(ask)
    } catch (error) {
      if (this.control.signal.aborted) return
      this.problem = error instanceof Error ? error : new Error(String(error))
      this.change()
    } finally {
      this.isBusy = false
    }
  }

  /** True when nearer places were found and the plan must be made anew. */
  private async refined(ask: Ask): Promise<boolean> {
    const { refine } = this
    if (refine === undefined || ask.skip === 0 || ask.strand.step === -1) return false
    const known = new Set(this.starts.map((start) => `${start.index} ${start.step}`))
    const found = (await refine(this.window.first, this.control.signal)).filter((start) => !known.has(`${start.index} ${start.step}`))
    this.starts = [...this.starts, ...found]
    return found.length > 0
  }

  private plan(): Ask | null {
    const { strands, total, window } = this
    const starts = this.starts.filter(
      (start) => !strands.some((one) => one.index === start.index && one.step === start.step && one.isAbsent === start.isAbsent),
    )
    return planAsk({ strands, starts, total, ...window, has: (index) => this.rows.has(index) })
  }

  private async fetch(ask: Ask): Promise<void> {
    const { strand, cursor, skip, limit } = ask
    const page = await this.options.fetchPage(
      { cursor, skip, limit, isReversed: strand.step === -1, from: strand.from, to: strand.to, isAbsent: strand.isAbsent === true },
      this.control.signal,
    )
    if (!this.strands.includes(strand)) this.strands.push(strand)
    // A page that was there once and is empty now would be asked for without end.
    if (page.events.length === 0 && ask.offset < strand.length)
      throw new Error('These rows have changed since the search began. Search again to see them.')
    this.take(ask, page)
    this.change()
  }

  private take({ strand, cursor, skip, offset }: Ask, page: Page<Row>): void {
    page.events.forEach((row, at) => {
      const index = indexOf(strand, offset + at)
      if (index >= 0 && index < this.total) this.rows.set(index, row)
    })
    if (offset < strand.length) return this.dropFar()
    strand.pages.push({ offset, count: page.events.length, cursor, skip })
    strand.length = offset + page.events.length
    strand.next = page.events.length === 0 ? null : page.next_cursor
    this.dropFar()
  }

  private dropFar(): void {
    const keep = this.options.keep ?? 12_000
    if (this.rows.size <= keep) return
    const middle = (this.window.first + this.window.last) / 2
    const byDistance = [...this.rows.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle))
    for (const index of byDistance.slice(0, this.rows.size - Math.floor(keep * 0.8))) this.rows.delete(index)
  }

  private change(): void {
    this.version += 1
    for (const listener of this.listeners) listener()
  }
}
