import type { Parsed, Reply } from '../../../../shared/contract/route.ts'
import type * as contract from '../../../../shared/contract/search.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Buckets, bucketsOver, isoOfMicros } from '../answer/times.ts'
import type { Field } from '../compile/fields.ts'
import { fieldNamed, prepare, type Question, together } from '../question.ts'
import { countRows } from '../store.ts'
import { axisEnds, type BucketCount, countBuckets, type TimeEnds, topKeys } from './store.ts'
import { type TimeAxis, timeAxis } from './time-axis.ts'

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
  return [...series].map(([key, one]) => ({ key: key ?? 'Other', is_other: key === null, ...one }))
}

const axisOf = (field: Field, name: string): TimeAxis => {
  const axis = timeAxis(field)
  if (axis !== null) return axis
  const message = `${name} holds no times.`
  throw new AppError('validation', message, { details: { errors: [{ field: 'time_field', message }] } })
}

interface Ranged {
  from_micros: bigint | null
  to_micros: bigint | null
}

/** The time range of a question is one of its main time: over another one the picture reaches as far as the rows do. */
const rangeOf = (question: Question, isMain: boolean): Ranged =>
  isMain ? { from_micros: question.from_micros, to_micros: question.to_micros } : { from_micros: null, to_micros: null }

/** The ends of the picture in ms: the asked range, else from the first row to the last. */
const endsOf = (range: Ranged, found: TimeEnds): { from: number; to: number } => {
  const floor = (micros: bigint): number => Number((micros - (((micros % 1000n) + 1000n) % 1000n)) / 1000n)
  const from = floor(range.from_micros ?? found.from_micros)
  const to = floor(range.to_micros === null ? found.to_micros : range.to_micros - 1n)
  return { from, to: Math.max(from, to) }
}

/** Rows that the time range left out because they have no main time; null where there are none such. */
const leftOut = (ctx: Ctx, question: Question, isMain: boolean, signal: AbortSignal): Promise<number | null> =>
  isMain && question.rows_without_time !== null ? countRows(ctx.events, question.rows_without_time, signal) : Promise.resolve(null)

/** All rows of the question, where looking for their times does not tell. */
const allRows = (ctx: Ctx, question: Question, axis: TimeAxis, signal: AbortSignal): Promise<number | null> =>
  axis.isWhole ? Promise.resolve(null) : countRows(ctx.events, question.rows, signal)

/** @throws AppError `syntax`, or `validation` for a field that nobody knows or that holds no times. */
export const histogram = async (ctx: Ctx, body: Parsed<typeof contract.histogram>['body']): Promise<Histogram> => {
  const begun = performance.now()
  const question = await prepare(ctx, body, ctx.now().getTime())
  const [field, timeField] = await Promise.all([fieldNamed(ctx, body.by, 'by'), fieldNamed(ctx, body.time_field, 'time_field')])
  const axis = axisOf(timeField, body.time_field)
  const isMain = timeField.kind === 'time' && timeField.name === 'timestamp'
  const [found, keys, out, all] = await together<[TimeEnds, string[], number | null, number | null]>(ctx, (signal) => [
    axisEnds(ctx.events, question.rows, axis, signal),
    topKeys(ctx.events, question.rows, { field, axis, limit: seriesLimit }, signal),
    leftOut(ctx, question, isMain, signal),
    allRows(ctx, question, axis, signal),
  ])
  const range = rangeOf(question, isMain)
  const without_time = out ?? (all ?? found.looked) - found.rows
  const took = (): number => Math.round(performance.now() - begun)
  if (found.rows === 0) {
    const from = range.from_micros === null ? null : isoOfMicros(range.from_micros)
    const to = range.to_micros === null ? null : isoOfMicros(range.to_micros)
    return { from, to, bucket_ms: 0, starts: [], series: [], total: 0, without_time, took_ms: took() }
  }
  const ends = endsOf(range, found)
  const buckets = bucketsOver(ends.from, ends.to, body.buckets)
  const counts = await countBuckets(ctx.events, question.rows, { field, axis, keys, buckets }, ctx.signal)
  return {
    from: isoOfMs(ends.from),
    to: isoOfMs(ends.to),
    bucket_ms: buckets.step_ms,
    starts: Array.from({ length: buckets.count }, (_, i) => isoOfMs(buckets.origin_ms + i * buckets.step_ms)),
    series: toSeries(counts, keys, buckets),
    total: found.rows,
    without_time,
    took_ms: took(),
  }
}
