// What stands out in a lane: where nothing happened for long, and where much did at once. Both are told by the lane itself, so that
// a busy host and a quiet one are each measured by what is usual there.

/** A bucket of a lane that has moments: the first and the last of them in microseconds. */
export interface Filled {
  bucket: number
  moments: number
  first: bigint
  last: bigint
}

export interface Gap {
  from: bigint
  to: bigint
  is_marked: boolean
}

/** Fewer buckets say nothing of what is usual. */
const leastFilled = 4
const gapTimes = 8
const burstTimes = 8
const burstLeast = 20

const medianOf = (values: readonly bigint[]): bigint => {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0n
}

/**
 * The stretches without a moment, in the order of time: the longest, and those at least eight times as long as the usual pause and as
 * eight buckets. A pause shorter than a bucket may lie within one, so that none of those is told.
 */
export const gapsOf = (filled: readonly Filled[], range: { from: bigint; to: bigint; width: bigint }): Gap[] => {
  const between = filled.slice(1).map((next, at) => ({ from: filled[at]?.last ?? range.from, to: next.first }))
  const [first] = filled
  const last = filled.at(-1)
  const all =
    first === undefined || last === undefined
      ? [range]
      : [{ from: range.from, to: first.first }, ...between, { from: last.last, to: range.to }]
  const usual = medianOf(between.map((one) => one.to - one.from))
  const isMarked = (length: bigint): boolean =>
    filled.length >= leastFilled && length >= BigInt(gapTimes) * usual && length >= BigInt(gapTimes) * range.width
  const longest = all.reduce((most, one) => (one.to - one.from > most ? one.to - one.from : most), 0n)
  const isLongest = (length: bigint): boolean => length === longest && length >= range.width
  return all
    .map(({ from, to }) => ({ from, to, is_marked: isMarked(to - from) }))
    .filter((one) => one.is_marked || isLongest(one.to - one.from))
}

/** Buckets with at least 20 moments and eight times what the median bucket with moments has. */
export const burstsOf = (filled: readonly Filled[]): number[] => {
  if (filled.length < leastFilled) return []
  const usual = Number(medianOf(filled.map((one) => BigInt(one.moments))))
  return filled.filter((one) => one.moments >= burstLeast && one.moments >= burstTimes * usual).map((one) => one.bucket)
}
