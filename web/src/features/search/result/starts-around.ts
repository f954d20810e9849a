// Places in the middle of a result ordered by time: the bars of the histogram, and finer bars inside one of them when a
// row lies far from every edge.
import type { Reply } from '../../../../../shared/contract/route.ts'
import { histogram } from '../../../../../shared/contract/search.ts'
import { call } from '../../../api/call.ts'
import { readSort } from '../grid/columns/columns.ts'
import { totalsOf } from '../histogram/geometry.ts'
import { type BarCounts, barOf, indexBars, type IndexedBar, type StrandStart, startsOf, startsOfEnd } from '../rows/strands.ts'
import type { Result } from './search-run.ts'

type Bars = Reply<typeof histogram>

const countsOf = (bars: Bars): BarCounts => ({
  starts: bars.starts,
  counts: totalsOf(bars),
  endsAt: new Date(Date.parse(bars.starts.at(-1) ?? '') + bars.bucket_ms).toISOString(),
})

const finest = 400

/** Offers the store of a result its end (`missing` rows lack the sorted field) and the edges of its bars. */
export const startsAround = (result: Result, bars: Bars | undefined, missing: number): void => {
  const { store, question } = result
  const ends = startsOfEnd(result.total, missing)
  if (bars === undefined || bars.starts.length === 0) return store.offer(ends)
  const counts = countsOf(bars)
  // Bars of another moment (an import is running) would put rows at wrong places.
  if (counts.counts.reduce((sum, count) => sum + count, 0) !== result.total - missing) return store.offer(ends)
  const order = readSort(question.sort).isDescending ? 'newest' : 'oldest'
  const known: IndexedBar[] = indexBars(counts, order)
  const refine = async (index: number, signal: AbortSignal): Promise<readonly StrandStart[]> => {
    const bar = barOf(known, index)
    if (bar === undefined) return []
    const body = { ...question.filter, from: bar.from, to: bar.to, by: 'artifact', buckets: finest }
    const finer = await call(histogram, { body, signal })
    const inside = finer.starts.length < 2 ? [] : indexBars({ ...countsOf(finer), endsAt: bar.to }, order, bar.index)
    if (inside.reduce((sum, one) => sum + one.rows, 0) !== bar.rows) return []
    known.push(...inside.filter((one) => one.rows < bar.rows))
    return startsOf(inside, order)
  }
  store.offer([...ends, ...startsOf(known, order)], refine)
}
