import { ecsColumns } from '../../events/columns.data.ts'
import type { TenantEvents } from '../../platform/ctx.ts'
import { ident, join, param, raw, type Sql, sql } from '../../platform/sql.ts'
import { hasTime } from './compile/filter.ts'
import { ask, rowsOf } from './store.ts'

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

/** Names under which the rows looked at carry times. */
export const timeNames = async (events: TenantEvents, where: Sql, every: number, signal: AbortSignal): Promise<Set<string>> => {
  const { rows } = await ask<{ one: string }>(
    events,
    sql`SELECT DISTINCT toString(arrayJoin(time_names)) AS one FROM ${rowsOf(events)} WHERE ${where} AND ${sampled(every)}`,
    { signal },
  )
  return new Set(rows.map((r) => r.one))
}
