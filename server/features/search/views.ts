import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type * as contract from '../../../shared/contract/search.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { fieldNamed, prepare, type Question, together } from './question.ts'
import { countRows } from './store.ts'
import {
  type BucketCount,
  countBuckets,
  countValues,
  hostsOfValues,
  sumValues,
  timeEnds,
  topKeys,
  type ValueCount,
  type ValueSums,
} from './store-views.ts'
import { type Buckets, bucketsOver, isoOfMicros } from './answer/times.ts'

type Histogram = Reply<typeof contract.histogram>

const seriesLimit = 6
const isoOfMs = (ms: number): string => isoOfMicros(BigInt(ms) * 1000n)

const toSeries = (counts: readonly BucketCount[], keys: readonly string[], buckets: Buckets): Histogram['series'] => {
  const series = new Map<string | null, { total: number; counts: number[] }>()
  const wanted: (string | null)[] = [...keys]
  if (counts.some((c) => c.key === null)) wanted.push(null)
  for (const key of wanted) series.set(key, { total: 0, counts: Array.from({ length: buckets.count }, () => 0) })
  for (const { key, bucket, rows } of counts) {
    const one = series.get(key)
    if (one === undefined || bucket < 0 || bucket >= buckets.count) continue
    one.counts[bucket] = (one.counts[bucket] ?? 0) + rows
    one.total += rows
  }
  return [...series].map(([key, one]) => ({ key: key ?? 'Other', ...one }))
}

const withoutTime = (ctx: Ctx, question: Question, signal: AbortSignal): Promise<number> =>
  question.rows_without_time === null ? Promise.resolve(0) : countRows(ctx.events, question.rows_without_time, signal)

/** The ends of the picture in ms: the asked range, else from the first row to the last. */
const endsOf = (question: Question, found: { from_micros: bigint; to_micros: bigint }): { from: number; to: number } => {
  const floor = (micros: bigint): number => Number((micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000n)
  const from = floor(question.from_micros ?? found.from_micros)
  const to = floor(question.to_micros === null ? found.to_micros : question.to_micros - 1n)
  return { from, to: Math.max(from, to) }
}

export const histogram = async (ctx: Ctx, body: Parsed<typeof contract.histogram>['body']): Promise<Histogram> => {
  const begun = performance.now()
  const question = await prepare(ctx, body, ctx.now().getTime())
  const field = await fieldNamed(ctx, body.by, 'by')
  const [found, keys, untimed] = await together<[Awaited<ReturnType<typeof timeEnds>>, string[], number]>(ctx, (signal) => [
    timeEnds(ctx.events, question.rows, signal),
    topKeys(ctx.events, question.rows, { field, limit: seriesLimit }, signal),
    withoutTime(ctx, question, signal),
  ])
  const took = (): number => Math.round(performance.now() - begun)
  if (found === null) {
    const empty = { bucket_ms: 0, starts: [], series: [], total: 0 }
    const from = question.from_micros === null ? null : isoOfMicros(question.from_micros)
    const to = question.to_micros === null ? null : isoOfMicros(question.to_micros)
    return { ...empty, from, to, without_time: untimed, took_ms: took() }
  }
  const ends = endsOf(question, found)
  const buckets = bucketsOver(ends.from, ends.to, body.buckets)
  const counts = await countBuckets(ctx.events, question.rows, { field, keys, buckets }, ctx.signal)
  return {
    from: isoOfMs(ends.from),
    to: isoOfMs(ends.to),
    bucket_ms: buckets.step_ms,
    starts: Array.from({ length: buckets.count }, (_, i) => isoOfMs(buckets.origin_ms + i * buckets.step_ms)),
    series: toSeries(counts, keys, buckets),
    total: found.rows,
    without_time: untimed,
    took_ms: took(),
  }
}

export const fieldValues = async (
  ctx: Ctx,
  body: Parsed<typeof contract.fieldValues>['body'],
): Promise<Reply<typeof contract.fieldValues>> => {
  const begun = performance.now()
  const { rows } = await prepare(ctx, body, ctx.now().getTime())
  const field = await fieldNamed(ctx, body.field, 'field')
  const [values, sums] = await together<[ValueCount[], ValueSums]>(ctx, (signal) => [
    countValues(ctx.events, rows, { field, order: body.order, limit: body.limit }, signal),
    sumValues(ctx.events, rows, field, signal),
  ])
  const hosts = await hostsOfValues(ctx.events, rows, { field, values: values.map((v) => v.value) }, ctx.signal)
  const counted = values.map((v) => ({ ...v, hosts: hosts.get(v.value) ?? 0 }))
  return { values: counted, ...sums, took_ms: Math.round(performance.now() - begun) }
}
