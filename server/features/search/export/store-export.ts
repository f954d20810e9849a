import type { TenantEvents } from '../../../platform/ctx.ts'
import { join, raw, type Sql, sql } from '../../../platform/sql.ts'
import { artifactName, type Field } from '../compile/fields.ts'
import { after, orderBy, placeValues } from '../compile/order.ts'
import { oneValue } from '../compile/values.ts'
import { ask, type PageOf, rowsOf } from '../store.ts'

/** Where a row stands in the order asked for. */
export interface Placed {
  row_id: string
  place: (string | null)[]
}

const micros = (column: Sql): Sql => sql`toString(toUnixTimestamp64Micro(toDateTime64(${column}, 6, 'UTC')))`
const noTime = raw("toDateTime64('1900-01-01 00:00:00', 6, 'UTC')")

/** A value as text, a time as microseconds; '' where the row has none. */
const cellOf = (field: Field): Sql => {
  if (field.kind === 'time') return sql`if(${field.value} = ${noTime}, '', ${micros(field.value)})`
  return field.kind === 'artifact' ? artifactName : sql`toString(${oneValue(field)})`
}

const pageSql = (events: TenantEvents, page: PageOf, selected: Sql): Sql => {
  const behind = page.after === null ? sql`` : sql` AND ${after(page.order, page.after)}`
  return sql`SELECT lower(hex(id)) AS row_id, ${placeValues(page.order)} AS place, ${selected} FROM ${rowsOf(events)}
    WHERE ${page.where}${behind} ORDER BY ${orderBy(page.order)} LIMIT ${raw(String(page.limit))}`
}

export interface CellRow extends Placed {
  /** Of the typed fields, in the order in which they were asked for. */
  cells: string[]
  /** The row's own columns, where any was asked for. */
  own: Record<string, string[]>
}

/** One page of the columns that are wanted; the map of a row's own columns is read only where one of them is. */
export const findCells = async (
  events: TenantEvents,
  page: PageOf,
  wanted: { typed: readonly Field[]; own: boolean },
  signal: AbortSignal,
): Promise<CellRow[]> => {
  const cells = sql`CAST([${join(wanted.typed.map(cellOf), ', ')}], 'Array(String)') AS cells`
  const own = wanted.own ? raw('fields AS own') : raw("CAST(map(), 'Map(String, Array(String))') AS own")
  return (await ask<CellRow>(events, pageSql(events, page, sql`${cells}, ${own}`), { signal })).rows
}

export interface RawRow extends Placed {
  at_micros: string | null
  host_name: string
  artifact_name: string
  client_id: string
  flow_id: string
  hunt_id: string
  import_id: string
  file: string
  file_sha256: string
  member: string
  row_number_in_member: string
  raw: string
}

export const findRaw = async (events: TenantEvents, page: PageOf, signal: AbortSignal): Promise<RawRow[]> => {
  const selected = sql`if(timestamp = ${noTime}, NULL, ${micros(raw('timestamp'))}) AS at_micros, host_name, ${artifactName} AS artifact_name,
    client_id, flow_id, hunt_id, import_id, file_name_uploaded AS file, file_sha256, member, toString(row_number) AS row_number_in_member, raw`
  return (await ask<RawRow>(events, pageSql(events, page, selected), { signal })).rows
}

/** The artifacts' own columns among the rows, the commonest first. */
export const ownNames = async (events: TenantEvents, where: Sql, limit: number, signal: AbortSignal): Promise<string[]> => {
  const { rows } = await ask<{ own_name: string }>(
    events,
    sql`SELECT own_name FROM (SELECT arrayJoin(mapKeys(fields)) AS own_name FROM ${rowsOf(events)} WHERE ${where})
      GROUP BY own_name ORDER BY count() DESC, own_name LIMIT ${raw(String(limit))}`,
    { signal },
  )
  return rows.map((r) => r.own_name)
}
