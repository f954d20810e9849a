// Aliases never carry the name of a column: the engine would take the alias for the column in WHERE.
import { sql as control } from 'kysely'
import { inTenant } from '../../db/tenant.ts'
import { ecsColumns } from '../../events/columns.data.ts'
import { type QueryOptions, queryRows, table } from '../../events/query.ts'
import type { TenantDb, TenantEvents } from '../../platform/ctx.ts'
import { AppError } from '../../platform/errors.ts'
import { ident, join, param, raw, type Sql, sql, text } from '../../platform/sql.ts'
import type { Field, Spelling } from './compile/fields.ts'
import { combinations, firstOfEach } from './compile/dedup.ts'
import { after, type Order, orderBy, type Place, placeValues } from './compile/order.ts'
import type { StoredDetail, StoredRow } from './answer/rows.ts'

const cannotCompileRegex = '427'

/** Rows of the event store. @throws AppError, also `syntax` where an expression that reads well is too large for the engine. */
export const ask = async <T>(events: TenantEvents, statement: Sql, o: QueryOptions): Promise<{ rows: T[] }> => {
  try {
    return await queryRows<T>(events, statement, o)
  } catch (error) {
    if (!(error instanceof Error) || (error as { code?: unknown }).code !== cannotCompileRegex) throw error
    const message = 'A regular expression of the query is too large when its repetitions are written out. Repeat less, or use * and ?.'
    throw new AppError('syntax', message, { cause: error, details: { expected: ['a smaller regular expression'] } })
  }
}

export const rowsOf = (events: TenantEvents): Sql => table(events, 'events')

/** The ids of rows that imports delivered although another import stored them. */
export const deliveredIds =
  (events: TenantEvents) =>
  (importIds: readonly string[]): Sql =>
    sql`SELECT id FROM ${table(events, 'deliveries')} WHERE import_id IN ${param('Array(UUID)', importIds)}`

// One tuple of bare columns: the engine takes milliseconds to look at fifty calls. Its 64-bit numbers travel as text.
const ecsValues = join(
  ecsColumns.map((c) => ident(c.name)),
  ', ',
)
const micros = (column: Sql): Sql => sql`toString(toUnixTimestamp64Micro(toDateTime64(${column}, 6, 'UTC')))`
/** What `StoredRow` holds. */
export const rowColumns = sql`lower(hex(id)) AS row_id,
  if(timestamp = toDateTime64('1900-01-01 00:00:00', 6, 'UTC'), NULL, ${micros(raw('timestamp'))}) AS at_micros,
  time_field, artifact, artifact_source, host_key, host_name, client_id, flow_id, hunt_id, import_id, fields, tuple(${ecsValues}) AS ecs`

const idOf = (id: string): Sql => sql`toFixedString(unhex(${text(id)}), 16)`

export interface PageOf {
  where: Sql
  order: Order
  after: Place | null
  limit: number
}
export type PageRow = StoredRow & { place: (string | null)[] }

/** The last of so many rows that are passed over, read by its keys alone; null when there are fewer. */
export const placeOf = async (
  events: TenantEvents,
  page: Omit<PageOf, 'limit'>,
  skip: number,
  signal: AbortSignal,
): Promise<Place | null> => {
  const behind = page.after === null ? sql`` : sql` AND ${after(page.order, page.after)}`
  const { rows } = await ask<{ row_id: string; place: (string | null)[] }>(
    events,
    sql`SELECT lower(hex(id)) AS row_id, ${placeValues(page.order)} AS place FROM ${rowsOf(events)}
      WHERE ${page.where}${behind} ORDER BY ${orderBy(page.order)} LIMIT 1 OFFSET ${param('UInt32', skip - 1)}`,
    { signal },
  )
  return rows[0] === undefined ? null : { id: rows[0].row_id, values: rows[0].place }
}

/** Where a row stands in an order; null when it is gone. */
export const placeOfRow = async (events: TenantEvents, order: Order, id: string, signal: AbortSignal): Promise<Place | null> => {
  const { rows } = await ask<{ place: (string | null)[] }>(
    events,
    sql`SELECT ${placeValues(order)} AS place FROM ${rowsOf(events)} WHERE id = ${idOf(id)} LIMIT 1`,
    { signal },
  )
  return rows[0] === undefined ? null : { id, values: rows[0].place }
}

/** One page of rows in order, read by columns: neither `raw` nor `text` is among them. */
export const findPage = async (events: TenantEvents, page: PageOf, signal: AbortSignal): Promise<PageRow[]> => {
  const behind = page.after === null ? sql`` : sql` AND ${after(page.order, page.after)}`
  const { rows } = await ask<PageRow>(
    events,
    sql`SELECT ${rowColumns}, ${placeValues(page.order)} AS place FROM ${rowsOf(events)}
      WHERE ${page.where}${behind} ORDER BY ${orderBy(page.order)} LIMIT ${param('UInt32', page.limit)}`,
    { signal },
  )
  return rows
}

export const countRows = async (events: TenantEvents, where: Sql, signal: AbortSignal): Promise<number> => {
  const { rows } = await ask<{ n: string }>(events, sql`SELECT count() AS n FROM ${rowsOf(events)} WHERE ${where}`, { signal })
  return Number(rows[0]?.n ?? 0)
}

/** The condition that leaves of rows alike in some fields the first in the order. */
export const onlyFirst = (events: TenantEvents, where: Sql, fields: readonly Field[], order: Order): Sql =>
  firstOfEach(rowsOf(events), where, fields, order)

/** All rows, and how many there are when of rows alike in the fields one is kept. */
export const countKept = async (
  events: TenantEvents,
  where: Sql,
  fields: readonly Field[],
  signal: AbortSignal,
): Promise<{ rows: number; kept: number }> => {
  const { rows } = await ask<{ n: string; kept: string }>(
    events,
    sql`SELECT count() AS n, ${combinations(fields)} AS kept FROM ${rowsOf(events)} WHERE ${where}`,
    { signal },
  )
  return { rows: Number(rows[0]?.n ?? 0), kept: Number(rows[0]?.kept ?? 0) }
}

export const findRow = async (events: TenantEvents, id: string, signal: AbortSignal): Promise<StoredDetail | null> => {
  const { rows } = await ask<StoredDetail>(
    events,
    sql`SELECT ${rowColumns}, time_names, arrayMap(t -> toString(toUnixTimestamp64Micro(t)), time_values) AS time_micros, raw, file_name_uploaded,
        file_sha256, member, toString(row_number) AS number_in_member, normaliser_version, ${micros(raw('ingested_at'))} AS ingested_micros
      FROM ${rowsOf(events)} WHERE id = ${idOf(id)} LIMIT 1`,
    { signal },
  )
  return rows[0] ?? null
}

/** Other imports that delivered the row. */
export const deliveriesOf = async (events: TenantEvents, id: string, signal: AbortSignal): Promise<string[]> => {
  const { rows } = await ask<{ other: string }>(
    events,
    sql`SELECT DISTINCT toString(import_id) AS other FROM ${table(events, 'deliveries')} WHERE id = ${idOf(id)} ORDER BY other`,
    { signal },
  )
  return rows.map((r) => r.other)
}

export interface WindowsRecord {
  computer: string
  channel: string
  record_id: string
}

/** Rows of the same record of a Windows log from elsewhere. */
export const sameRecord = async (
  events: TenantEvents,
  id: string,
  record: WindowsRecord,
  signal: AbortSignal,
): Promise<{ id: string; artifact: string }[]> => {
  const { rows } = await ask<{ row_id: string; named: string }>(
    events,
    sql`SELECT lower(hex(id)) AS row_id, if(artifact_source = '', artifact, concat(artifact, '/', artifact_source)) AS named
      FROM ${rowsOf(events)}
      WHERE winlog_record_id = ${param('UInt64', record.record_id)} AND winlog_channel = ${text(record.channel)}
        AND lowerUTF8(winlog_computer_name) = lowerUTF8(${text(record.computer)}) AND id != ${idOf(id)}
      ORDER BY named, row_id`,
    { signal },
  )
  return rows.map((r) => ({ id: r.row_id, artifact: r.named }))
}

/** Whether anything is known of the tenant's own columns: where nothing is, no name can be wrong. */
export const hasNames = (db: TenantDb): Promise<boolean> =>
  inTenant(db, async (q) => (await q.selectFrom('field_names').select('name').limit(1).execute()).length > 0)

/** The spellings of lower-case names in the tenant's data, and the artifacts that have each. */
export const spellingsOf = (db: TenantDb, lowerNames: readonly string[]): Promise<Map<string, Spelling[]>> =>
  inTenant(db, async (q) => {
    const rows = await q
      .selectFrom('field_names')
      .select(['name', control<string[]>`array_agg(artifact)`.as('artifacts')])
      .where(control<string>`lower(name)`, 'in', [...lowerNames])
      .groupBy('name')
      .orderBy('name')
      .execute()
    const found = new Map<string, Spelling[]>()
    for (const row of rows) {
      const key = row.name.toLowerCase()
      found.set(key, [...(found.get(key) ?? []), row])
    }
    return found
  })

const suggestionsLimit = 20_000

/** Names to suggest from, at most 20,000. */
export const someNames = (db: TenantDb): Promise<string[]> =>
  inTenant(db, async (q) => {
    const rows = await q.selectFrom('field_names').select('name').distinct().orderBy('name').limit(suggestionsLimit).execute()
    return rows.map((r) => r.name)
  })
