// The condition over the rows' own times is that of the question and nothing more: what the engine remembers of it then serves
// list, count, histogram and facets alike.
import type { TenantEvents } from '../../../platform/ctx.ts'
import { join, param, type Sql, sql } from '../../../platform/sql.ts'
import type { Buckets } from '../answer/times.ts'
import type { Field } from '../compile/fields.ts'
import { oneValue } from '../compile/values.ts'
import { ask, rowsOf } from '../store.ts'
import { isMoment, type TimeAxis } from './time-axis.ts'

/** The rows of the question, each with its moment and what else is wanted of it. */
const momentsOf = (events: TenantEvents, where: Sql, { parts }: TimeAxis, also: Sql): Sql =>
  join(
    parts.map((part) => sql`SELECT ${part.moment} AS moment${also} FROM ${rowsOf(events)} WHERE ${where} AND ${part.where}`),
    ' UNION ALL ',
  )

export interface TimeEnds {
  /** Rows with a time, and all that were looked at. */
  rows: number
  looked: number
  from_micros: bigint
  to_micros: bigint
}

export const axisEnds = async (events: TenantEvents, where: Sql, axis: TimeAxis, signal: AbortSignal): Promise<TimeEnds> => {
  const { rows } = await ask<{ n: string; timed: string; least: string; most: string }>(
    events,
    sql`SELECT count() AS n, countIf(${isMoment}) AS timed, toString(toUnixTimestamp64Micro(minIf(moment, ${isMoment}))) AS least,
        toString(toUnixTimestamp64Micro(maxIf(moment, ${isMoment}))) AS most
      FROM (${momentsOf(events, where, axis, sql``)})`,
    { signal },
  )
  const [found] = rows
  return {
    rows: Number(found?.timed ?? 0),
    looked: Number(found?.n ?? 0),
    from_micros: BigInt(found?.least ?? 0),
    to_micros: BigInt(found?.most ?? 0),
  }
}

/** The commonest values of a field among rows with a time. */
export const topKeys = async (
  events: TenantEvents,
  where: Sql,
  by: { field: Field; axis: TimeAxis; limit: number },
  signal: AbortSignal,
): Promise<string[]> => {
  const { rows } = await ask<{ k: string }>(
    events,
    sql`SELECT key_of_row AS k, countIf(${isMoment}) AS n FROM (${momentsOf(events, where, by.axis, sql`, ${oneValue(by.field)} AS key_of_row`)})
      GROUP BY k HAVING n > 0 ORDER BY n DESC, k LIMIT ${param('UInt32', by.limit)}`,
    { signal },
  )
  return rows.map((r) => r.k)
}

export interface BucketCount {
  /** Null stands for every key that is not among the wanted. */
  key: string | null
  bucket: number
  rows: number
}

export const countBuckets = async (
  events: TenantEvents,
  where: Sql,
  of: { field: Field; axis: TimeAxis; keys: readonly string[]; buckets: Buckets },
  signal: AbortSignal,
): Promise<BucketCount[]> => {
  const origin = param('Int64', String(of.buckets.origin_ms * 1000))
  const step = param('Int64', String(of.buckets.step_ms * 1000))
  const { rows } = await ask<{ k: string; is_other: number; b: string | number; n: string | number }>(
    events,
    sql`SELECT NOT has(${param('Array(String)', of.keys)}, toString(key_of_row)) AS is_other, if(is_other, '', toString(key_of_row)) AS k, b, sum(c) AS n
      FROM (SELECT key_of_row, intDiv(toUnixTimestamp64Micro(moment) - ${origin}, ${step}) AS b, countIf(${isMoment}) AS c
        FROM (${momentsOf(events, where, of.axis, sql`, ${oneValue(of.field)} AS key_of_row`)}) GROUP BY key_of_row, b HAVING c > 0)
      GROUP BY is_other, k, b`,
    { signal },
  )
  return rows.map((r) => ({ key: Number(r.is_other) === 1 ? null : r.k, bucket: Number(r.b), rows: Number(r.n) }))
}
