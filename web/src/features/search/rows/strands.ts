// Rows come by cursor, so only from a known place onwards. A strand is one such run of pages: from the first row, from the
// last one backwards (the reversed sort), or from the edge of a histogram bar, whose index is known by the counts before it.
// The planner says which page to ask for next so that a window of rows becomes visible soonest.

export interface StrandStart {
  /** The index of the first row that this strand gives. */
  index: number
  /** 1: rows follow upwards. -1: each next row stands one index lower. */
  step: 1 | -1
  /** What differs from the query of the view. */
  from?: string
  to?: string
  /** Only rows that lack the sorted field: they stand last in either direction. */
  isAbsent?: boolean
}

export interface StrandPage {
  /** Rows of the strand before this page. */
  offset: number
  count: number
  cursor: string | undefined
  skip: number
}

export interface Strand extends StrandStart {
  pages: StrandPage[]
  length: number
  /** Undefined: not asked yet. Null: nothing follows. */
  next: string | null | undefined
}

/** One request: the page of a strand at a cursor. */
export interface Ask {
  strand: Strand
  cursor: string | undefined
  /** Rows passed over from there: the strand begins behind them. */
  skip: number
  offset: number
  limit: number
}

export interface PlanInput {
  strands: readonly Strand[]
  /** Strands that could be started. */
  starts: readonly StrandStart[]
  total: number
  has: (index: number) => boolean
  first: number
  last: number
}

export const pageLimits = { least: 200, most: 1000, skip: 1_000_000 }

export const newStrand = (start: StrandStart): Strand => ({ ...start, pages: [], length: 0, next: undefined })

/** The index of a strand's nth row. */
export const indexOf = (strand: StrandStart, nth: number): number => strand.index + strand.step * nth

/** Rows of this strand that still lie between its end and an index; negative when the index is behind it or already passed. */
const distanceTo = (strand: StrandStart & { length?: number }, index: number): number =>
  (index - indexOf(strand, strand.length ?? 0)) * strand.step

const limitFor = (distance: number, windowRows: number): number =>
  Math.min(pageLimits.most, Math.max(pageLimits.least, distance + windowRows))

/** A page that was there once and has been let go: it comes again by its own cursor. */
const lostPage = (strands: readonly Strand[], index: number): Ask | null => {
  for (const strand of strands) {
    const nth = (index - strand.index) * strand.step
    if (nth < 0 || nth >= strand.length) continue
    const page = strand.pages.find((one) => nth >= one.offset && nth < one.offset + one.count)
    if (page !== undefined) return { strand, cursor: page.cursor, skip: page.skip, offset: page.offset, limit: page.count }
  }
  return null
}

const nearest = (input: PlanInput, index: number): { strand: Strand; distance: number } | null => {
  let best: { strand: Strand; distance: number } | null = null
  for (const strand of input.strands) {
    const distance = distanceTo(strand, index)
    if (strand.next !== null && distance >= 0 && (best === null || distance < best.distance)) best = { strand, distance }
  }
  for (const start of input.starts) {
    const distance = distanceTo(start, index)
    // A new strand costs a request of its own: it must save more than one page.
    if (distance >= 0 && (best === null || distance + pageLimits.least < best.distance)) best = { strand: newStrand(start), distance }
  }
  return best
}

const askAfter = (strand: Strand, distance: number, windowRows: number): Ask => {
  const cursor = strand.next ?? undefined
  if (distance < pageLimits.most) return { strand, cursor, skip: 0, offset: strand.length, limit: limitFor(distance, windowRows) }
  // Too far to read all that lies between: another strand begins there.
  const skip = Math.min(distance, pageLimits.skip)
  const far = newStrand({ ...strand, index: indexOf(strand, strand.length + skip) })
  return { strand: far, cursor, skip, offset: 0, limit: limitFor(0, windowRows) }
}

/** What to ask for next so that the window fills; null when nothing of it is missing or nothing leads there. */
export const planAsk = (input: PlanInput): Ask | null => {
  const last = Math.min(input.last, input.total - 1)
  for (let index = Math.max(0, input.first); index <= last; index++) {
    if (input.has(index)) continue
    const lost = lostPage(input.strands, index)
    if (lost !== null) return lost
    const found = nearest(input, index)
    // A strand that runs backwards fills the window from its other end.
    const backwards = nearest(input, last)
    const chosen =
      backwards !== null && !input.has(last) && backwards.strand.step === -1 && (found === null || backwards.distance < found.distance)
        ? backwards
        : found
    if (chosen === null) return null
    return askAfter(chosen.strand, chosen.distance, last - index + 1)
  }
  return null
}

/** Where the end can be read from: reversing the sort gives the rows that have the field backwards, the others stay last. */
export const startsOfEnd = (total: number, absent: number): StrandStart[] => {
  const present = Math.max(0, total - absent)
  const starts: StrandStart[] = present > 0 ? [{ index: present - 1, step: -1 }] : []
  if (absent > 0) starts.push({ index: present, step: 1, isAbsent: true }, { index: total - 1, step: -1, isAbsent: true })
  return starts
}

/** A bar of a histogram with the index of its first row in the order of the view. */
export interface IndexedBar {
  from: string
  to: string
  index: number
  rows: number
}

export interface BarCounts {
  starts: readonly string[]
  counts: readonly number[]
  endsAt: string
}

/** Bars that hold rows, in the order of the rows; `index` is where the first of them begins. */
export const indexBars = ({ starts, counts, endsAt }: BarCounts, order: 'newest' | 'oldest', index = 0): IndexedBar[] => {
  const bars = starts.map((from, at) => ({ from, to: starts[at + 1] ?? endsAt, rows: counts[at] ?? 0 }))
  let before = index
  return (order === 'newest' ? bars.toReversed() : bars).flatMap((bar) => {
    const here = before
    before += bar.rows
    return bar.rows === 0 ? [] : [{ ...bar, index: here }]
  })
}

/** Strands that may begin at the edges of bars, for rows in order of time; the first row needs none. */
export const startsOf = (bars: readonly IndexedBar[], order: 'newest' | 'oldest'): StrandStart[] =>
  bars.flatMap((bar) =>
    bar.index === 0 ? [] : [{ index: bar.index, step: 1, ...(order === 'newest' ? { to: bar.to } : { from: bar.from }) }],
  )

/** The narrowest bar that holds a row. */
export const barOf = (bars: readonly IndexedBar[], index: number): IndexedBar | undefined =>
  bars.filter((bar) => index >= bar.index && index < bar.index + bar.rows).sort((a, b) => a.rows - b.rows)[0]
