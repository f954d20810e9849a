import { ecsColumns } from '../../events/columns.data.ts'
import type { TenantEvents } from '../../platform/ctx.ts'
import { ident, join, param, raw, type Sql, sql } from '../../platform/sql.ts'
import type { Field } from './compile/fields.ts'
import { hasTime } from './compile/filter.ts'
import { oneValue, unfolded, valueSums } from './compile/values.ts'
import { ask, rowsOf } from './store.ts'
import type { Buckets } from './answer/times.ts'

export const timeEnds = async (
  events: TenantEvents,
  where: Sql,
  signal: AbortSignal,
): Promise<{ rows: number; from_micros: bigint; to_micros: bigint } | null> => {
  const { rows } = await ask<{ n: string; least: string; most: string }>(
    events,
    sql`SELECT count() AS n, toString(toUnixTimestamp64Micro(min(timestamp))) AS least, toString(toUnixTimestamp64Micro(max(timestamp))) AS most
      FROM ${rowsOf(events)} WHERE ${where} AND ${hasTime}`,
    { signal },
  )
  const [found] = rows
  const n = Number(found?.n ?? 0)
  return found === undefined || n === 0 ? null : { rows: n, from_micros: BigInt(found.least), to_micros: BigInt(found.most) }
}

/** The commonest values of a field among rows with a time. */
export const topKeys = async (
  events: TenantEvents,
  where: Sql,
  by: { field: Field; limit: number },
  signal: AbortSignal,
): Promise<string[]> => {
  const { rows } = await ask<{ k: string }>(
    events,
    sql`SELECT ${oneValue(by.field)} AS k, count() AS n FROM ${rowsOf(events)} WHERE ${where} AND ${hasTime}
      GROUP BY k ORDER BY n DESC, k LIMIT ${param('UInt32', by.limit)}`,
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
  of: { field: Field; keys: readonly string[]; buckets: Buckets },
  signal: AbortSignal,
): Promise<BucketCount[]> => {
  const origin = param('Int64', String(of.buckets.origin_ms * 1000))
  const step = param('Int64', String(of.buckets.step_ms * 1000))
  const { rows } = await ask<{ k: string; is_other: number; b: string | number; n: string | number }>(
    events,
    sql`SELECT NOT has(${param('Array(String)', of.keys)}, toString(key_of_row)) AS is_other, if(is_other, '', toString(key_of_row)) AS k, b, sum(c) AS n
      FROM (SELECT ${oneValue(of.field)} AS key_of_row, intDiv(toUnixTimestamp64Micro(timestamp) - ${origin}, ${step}) AS b, count() AS c
        FROM ${rowsOf(events)} WHERE ${where} AND ${hasTime} GROUP BY key_of_row, b)
      GROUP BY is_other, k, b`,
    { signal },
  )
  return rows.map((r) => ({ key: Number(r.is_other) === 1 ? null : r.k, bucket: Number(r.b), rows: Number(r.n) }))
}

/** Which share of the rows is looked at: whole blocks of the table, one in `every`, so that the others are not even read. */
const sampled = (every: number): Sql =>
  every <= 1 ? raw('true') : sql`modulo(intDiv(_part_offset, 8192), ${param('UInt64', String(every))}) = 0`

const coverage = join(
  ecsColumns.map((c) => (c.type.startsWith('n_') ? sql`countIf(isNotNull(${ident(c.name)}))` : sql`countIf(${ident(c.name)} != '')`)),
  ', ',
)

/** Rows looked at, and how many of them have each normalised field, in the order of `ecsColumns`. */
export const typedCoverage = async (
  events: TenantEvents,
  where: Sql,
  every: number,
  signal: AbortSignal,
): Promise<{ rows: number; counts: number[] }> => {
  const { rows } = await ask<{ n: string; counts: (string | number)[] }>(
    events,
    sql`SELECT count() AS n, [${coverage}] AS counts FROM ${rowsOf(events)} WHERE ${where} AND ${sampled(every)}`,
    { signal },
  )
  return { rows: Number(rows[0]?.n ?? 0), counts: (rows[0]?.counts ?? []).map(Number) }
}

export interface OriginalCoverage {
  name: string
  rows: number
  kind: 'text' | 'number' | 'time' | 'boolean' | 'address'
}

const kindOf = raw(`multiIf(
  countIf(NOT match(one, '^-?[0-9]+([.][0-9]+)?$')) = 0, 'number',
  countIf(NOT lower(one) IN ('true', 'false')) = 0, 'boolean',
  countIf(NOT match(one, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}')) = 0, 'time',
  countIf(NOT (isIPv4String(one) OR isIPv6String(one))) = 0, 'address', 'text')`)

/** The artifacts' own columns among the rows looked at; a column with nothing but nulls is none. */
export const originalCoverage = async (
  events: TenantEvents,
  where: Sql,
  of: { every: number; limit: number },
  signal: AbortSignal,
): Promise<OriginalCoverage[]> => {
  const { rows } = await ask<{ column_name: string; n: string | number; kind: OriginalCoverage['kind'] }>(
    events,
    sql`SELECT column_name, count() AS n, ${kindOf} AS kind
      FROM (SELECT pair.1 AS column_name, pair.2[1] AS one
        FROM (SELECT arrayJoin(mapFilter((k, v) -> notEmpty(v), fields)) AS pair FROM ${rowsOf(events)} WHERE ${where} AND ${sampled(of.every)}))
      GROUP BY column_name ORDER BY n DESC, column_name LIMIT ${param('UInt32', of.limit)}`,
    { signal },
  )
  return rows.map((r) => ({ name: r.column_name, rows: Number(r.n), kind: r.kind }))
}

export interface ValueCount {
  value: string
  rows: number
}

/** The commonest or rarest values of a field; a row with several counts for each of them. */
export const countValues = async (
  events: TenantEvents,
  where: Sql,
  of: { field: Field; order: 'top' | 'rare'; limit: number },
  signal: AbortSignal,
): Promise<ValueCount[]> => {
  const { one, present } = unfolded(of.field)
  const { rows } = await ask<{ one: string; n: string | number }>(
    events,
    sql`SELECT ${one} AS one, count() AS n FROM ${rowsOf(events)} WHERE ${where} AND ${present}
      GROUP BY one ORDER BY n ${raw(of.order === 'top' ? 'DESC' : 'ASC')}, one LIMIT ${param('UInt32', of.limit)}`,
    { signal },
  )
  return rows.map((r) => ({ value: r.one, rows: Number(r.n) }))
}

/**
 * On how many hosts values were seen. Asked for the values to be shown only: counting hosts for every value of ten million
 * rows takes fifty times as long as counting the rows.
 */
export const hostsOfValues = async (
  events: TenantEvents,
  where: Sql,
  of: { field: Field; values: readonly string[] },
  signal: AbortSignal,
): Promise<Map<string, number>> => {
  if (of.values.length === 0) return new Map()
  const { one, present } = unfolded(of.field)
  const { rows } = await ask<{ one: string; hosts: string | number }>(
    events,
    sql`SELECT toString(one_value) AS one, uniqExactIf(host_key, host_key != '') AS hosts
      FROM (SELECT ${one} AS one_value, host_key FROM ${rowsOf(events)} WHERE ${where} AND ${present})
      WHERE one_value IN ${param('Array(String)', of.values)} GROUP BY one`,
    { signal },
  )
  return new Map(rows.map((r) => [r.one, Number(r.hosts)]))
}

export interface ValueSums {
  rows: number
  missing: number
  distinct: number
}

export const sumValues = async (events: TenantEvents, where: Sql, field: Field, signal: AbortSignal): Promise<ValueSums> => {
  const { rows } = await ask<{ n: string | number; missing: string | number; different: string | number }>(
    events,
    sql`SELECT ${valueSums(field)} FROM ${rowsOf(events)} WHERE ${where}`,
    { signal },
  )
  const [found] = rows
  return { rows: Number(found?.n ?? 0), missing: Number(found?.missing ?? 0), distinct: Number(found?.different ?? 0) }
}
