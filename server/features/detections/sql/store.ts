// What one rule finds in all that is stored.
import { queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { join, param, raw, render, type Sql, sql } from '../../../platform/sql.ts'
import type { Source } from '../sources/source.ts'
import { whereOf } from '../sources/where.ts'

const timeoutMs = 120_000
const isTimed = raw("timestamp > toDateTime64('1900-01-01 00:00:00', 6, 'UTC')")

/** Microseconds since 1970; with either of them rows without a time are not looked at. */
export interface Range {
  from: number | null
  to: number | null
}

export const inRange = ({ from, to }: Range): Sql => {
  const parts = [
    ...(from === null ? [] : [sql`timestamp >= fromUnixTimestamp64Micro(${param('Int64', String(from))}, 'UTC')`]),
    ...(to === null ? [] : [sql`timestamp <= fromUnixTimestamp64Micro(${param('Int64', String(to))}, 'UTC')`]),
  ]
  return parts.length === 0 ? raw('1') : sql`(${isTimed} AND ${join(parts, ' AND ')})`
}

/** Rows of a source, and the names of their fields. */
export const namesOfSource = async (
  events: TenantEvents,
  source: Source,
  o: { range: Range; signal: AbortSignal },
): Promise<{ rows: number; names: string[] }> => {
  const { rows } = await queryRows<{ rows: string; names: string[] }>(
    events,
    sql`SELECT count() AS rows, groupUniqArrayArray(mapKeys(fields)) AS names FROM ${table(events, 'events')}
      WHERE ${inRange(o.range)} AND ${whereOf(source)}`,
    { signal: o.signal, timeoutMs },
  )
  return { rows: Number(rows[0]?.rows ?? 0), names: rows[0]?.names ?? [] }
}

export interface FoundPart {
  host_key: string
  host_name: string
  is_timed: number
  /** Seconds since 1970 of the five minutes. */
  at: string
  rows: string
  first: string
  last: string
}

export const statementOf = (events: TenantEvents, where: Sql, range: Range): { query: string; params: Record<string, unknown> } =>
  render(sql`SELECT * FROM ${table(events, 'events')} WHERE ${inRange(range)} AND ${where}`)

export const partsOf = async (events: TenantEvents, where: Sql, o: { range: Range; signal: AbortSignal }): Promise<FoundPart[]> => {
  const { rows } = await queryRows<FoundPart>(
    events,
    sql`SELECT host_key, any(host_name) AS host_name, ${isTimed} AS is_timed, toString(toUnixTimestamp(toStartOfFiveMinutes(timestamp))) AS at,
        count() AS rows, toString(min(toUnixTimestamp64Micro(timestamp))) AS first, toString(max(toUnixTimestamp64Micro(timestamp))) AS last
      FROM ${table(events, 'events')} WHERE ${inRange(o.range)} AND ${where} GROUP BY host_key, is_timed, at`,
    { signal: o.signal, timeoutMs },
  )
  return rows
}

export interface SampleRow {
  row_id: string
  micros: string
  host_name: string
  artifact: string
  fields: Record<string, string[]>
}

export const sampleOf = async (
  events: TenantEvents,
  where: Sql,
  o: { range: Range; signal: AbortSignal; limit: number },
): Promise<SampleRow[]> => {
  const { rows } = await queryRows<SampleRow>(
    events,
    sql`SELECT lower(hex(id)) AS row_id, toString(toUnixTimestamp64Micro(timestamp)) AS micros, host_name,
        if(artifact_source = '', artifact, concat(artifact, '/', artifact_source)) AS artifact, fields
      FROM ${table(events, 'events')} WHERE ${inRange(o.range)} AND ${where} ORDER BY timestamp DESC, id LIMIT ${param('UInt32', o.limit)}`,
    { signal: o.signal, timeoutMs },
  )
  return rows
}
