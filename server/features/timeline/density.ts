import type * as contract from '../../../shared/contract/hunt/timeline.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { isoOfMicros, together } from '../search/index.ts'
import { type Buckets, bucketsOver } from './shape/buckets.ts'
import { burstsOf, type Filled, gapsOf } from './shape/marks.ts'
import { inTime, prepareTimeline, type TimelineQuestion } from './question.ts'
import { countLanes, countTimeless, type LaneBucket, type Sums, sumMoments, topLanes } from './store.ts'

type Body = Parsed<typeof contract.timelineDensity>['body']
type Density = Reply<typeof contract.timelineDensity>
type Lane = Density['lanes'][number]

const least = -2_208_988_800_000_000n
const beyond = 10_413_792_000_000_000n
const held = (micros: bigint): bigint => (micros < least ? least : micros > beyond ? beyond : micros)

interface Range {
  from: bigint
  to: bigint
}

/** The asked range within what the store holds, else from the first moment to the last. Null where there is neither. */
const rangeOf = ({ reach }: TimelineQuestion, { first, last }: Sums): Range | null => {
  const from = reach.from_micros ?? first
  const to = reach.to_micros ?? (last === null ? null : last + 1n)
  if (from === null || to === null || held(from) >= held(to)) return null
  return { from: held(from), to: held(to) }
}

const laneOf = (key: string, lanes: number, filled: readonly Filled[], of: { range: Range; buckets: Buckets; isOther: boolean }): Lane => {
  const counts = Array.from({ length: of.buckets.count }, () => 0)
  for (const { bucket, moments } of filled) counts[bucket] = moments
  return {
    key,
    is_other: of.isOther,
    lanes,
    moments: counts.reduce((sum, n) => sum + n, 0),
    counts,
    gaps: gapsOf(filled, { ...of.range, width: of.buckets.width }).map((gap) => ({
      from: isoOfMicros(gap.from),
      to: isoOfMicros(gap.to),
      is_marked: gap.is_marked,
    })),
    bursts: burstsOf(filled),
  }
}

const lanesOf = (
  counted: readonly LaneBucket[],
  keys: readonly string[],
  others: number,
  of: { range: Range; buckets: Buckets },
): Lane[] => {
  const filledOf = (lane: number): Filled[] => counted.filter((one) => one.lane === lane)
  const lanes = keys.map((key, at) => laneOf(key, 1, filledOf(at + 1), { ...of, isOther: false }))
  const rest = filledOf(0)
  return rest.length === 0 ? lanes : [...lanes, laneOf('Other', others, rest, { ...of, isOther: true })]
}

interface Seen {
  sums: Sums
  without_time: number
  keys: readonly string[]
  others: number
}

const look = async (ctx: Ctx, asked: TimelineQuestion, top: number): Promise<Seen> => {
  const { fixed } = asked.lanes
  const [sums, without_time, found] = await together<[Sums, number, { keys: string[]; lanes: number }]>(ctx, (signal) => [
    sumMoments(ctx.events, asked, signal),
    countTimeless(ctx.events, asked, signal),
    fixed === null ? topLanes(ctx.events, asked, top, signal) : Promise.resolve({ keys: [...fixed], lanes: fixed.length + 1 }),
  ])
  return { sums, without_time, keys: found.keys, others: found.lanes - found.keys.length }
}

export const density = async (ctx: Ctx, body: Body): Promise<Density> => {
  const begun = performance.now()
  const asked = await prepareTimeline(ctx, body, ctx.now().getTime())
  const { sums, without_time, keys, others } = await inTime(asked, () => look(ctx, asked, body.top))
  const range = rangeOf(asked, sums)
  const told = { total: sums.total, rows: sums.rows, without_time }
  const took = (): number => Math.round(performance.now() - begun)
  if (range === null) return { from: null, to: null, bucket_micros: 0, starts: [], lanes: [], ...told, took_ms: took() }
  const buckets = bucketsOver(range.from, range.to, body.buckets)
  const counted = sums.total === 0 ? [] : await inTime(asked, () => countLanes(ctx.events, asked, { keys, buckets }, ctx.signal))
  return {
    from: isoOfMicros(range.from),
    to: isoOfMicros(range.to),
    bucket_micros: Number(buckets.width),
    starts: Array.from({ length: buckets.count }, (_, at) => isoOfMicros(buckets.origin + BigInt(at) * buckets.width)),
    lanes: lanesOf(counted, keys, others, { range, buckets }),
    ...told,
    took_ms: took(),
  }
}
