// The copy of the indicators beside the rows, and what of them was matched there.
import { execute, insertBlock, queryRows, storedTable, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import type { IndicatorKind } from '../../../../shared/domain/indicators.ts'
import { keysOf } from '../reading/normalise.ts'

export interface Copied {
  id: string
  list_id: string
  batch_id: string
  kind: IndicatorKind
  value: string
  is_allowed: boolean
}

const uuidBytes = (id: string): Buffer => {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex')
  // Two halves, each with its last byte first.
  return Buffer.concat([bytes.subarray(0, 8).reverse(), bytes.subarray(8).reverse()])
}

const textBytes = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  const size: number[] = []
  let left = bytes.length
  for (; left > 127; left >>>= 7) size.push((left & 127) | 128)
  return Buffer.concat([Buffer.from([...size, left]), bytes])
}

const rowsOf = (one: Copied): Buffer[] =>
  keysOf(one.kind, one.value).map(({ shape, value }) =>
    Buffer.concat([
      uuidBytes(one.list_id),
      uuidBytes(one.batch_id),
      uuidBytes(one.id),
      textBytes(one.kind),
      textBytes(shape),
      Buffer.from([one.is_allowed ? 1 : 0]),
      textBytes(value),
    ]),
  )

/** Stored once under a token. */
export const copyValues = (events: TenantEvents, values: readonly Copied[], token: string): Promise<void> =>
  insertBlock(events, 'indicator_values', Buffer.concat(values.flatMap(rowsOf)), token)

export type Which = { batch_id: string } | { list_id: string } | { indicator_ids: readonly string[] } | 'all'

export const ofWhich = (which: Which): Sql => {
  if (which === 'all') return raw('1')
  if ('batch_id' in which) return sql`batch_id = ${param('UUID', which.batch_id)}`
  if ('list_id' in which) return sql`list_id = ${param('UUID', which.list_id)}`
  return sql`indicator_id IN ${param('Array(UUID)', which.indicator_ids)}`
}

export const forgetValues = (events: TenantEvents, which: Exclude<Which, 'all'>): Promise<void> =>
  execute(events, sql`DELETE FROM ${storedTable(events, 'indicator_values')} WHERE ${ofWhich(which)}`)

const ofSubjects = (events: TenantEvents, which: Which): Sql =>
  which === 'all'
    ? raw("kind = 'indicator'")
    : 'indicator_ids' in which
      ? sql`kind = 'indicator' AND subject_id IN ${param('Array(String)', which.indicator_ids)}`
      : sql`kind = 'indicator' AND subject_id IN (SELECT toString(indicator_id) FROM ${table(events, 'indicator_values')} WHERE ${ofWhich(which)})`

/** The indicators that have matches. */
export const matchedSubjects = async (events: TenantEvents, which: Which, signal: AbortSignal): Promise<string[]> => {
  const { rows } = await queryRows<{ id: string }>(
    events,
    sql`SELECT DISTINCT subject_id AS id FROM ${table(events, 'matches')} WHERE ${ofSubjects(events, which)} LIMIT 500000`,
    { signal, isOwnWork: true },
  )
  return rows.map((row) => row.id)
}

export const forgetMatches = (events: TenantEvents, ids: readonly string[]): Promise<void> =>
  execute(
    events,
    sql`DELETE FROM ${storedTable(events, 'matches')} WHERE kind = 'indicator' AND subject_id IN ${param('Array(String)', ids)}`,
  )

export interface Counts {
  rows: number
  hosts: number
  last_at: string | null
}

const timeOrNull = (at: string): string | null => (at.startsWith('1900-01-01 00:00:00') ? null : `${at.replace(' ', 'T')}Z`)

export const countMatches = async (events: TenantEvents, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Counts>> => {
  if (ids.length === 0) return new Map()
  const { rows } = await queryRows<{ id: string; n: string; hosts: string; last: string }>(
    events,
    sql`SELECT subject_id AS id, uniqExact(row_id) AS n, uniqExactIf(host_key, host_key != '') AS hosts, toString(max(timestamp)) AS last
      FROM ${table(events, 'matches')} WHERE kind = 'indicator' AND subject_id IN ${param('Array(String)', ids)} GROUP BY id`,
    { signal },
  )
  return new Map(rows.map((row) => [row.id, { rows: Number(row.n), hosts: Number(row.hosts), last_at: timeOrNull(row.last) }]))
}

export interface MatchedValue {
  indicator_id: string
  column: string
  value: string
  rows: number
  hosts: number
  first_at: string | null
  last_at: string | null
}

export const matchedValues = async (
  events: TenantEvents,
  which: Which,
  o: { skip: number; limit: number; signal: AbortSignal },
): Promise<{ items: MatchedValue[]; total: number }> => {
  const grouped = sql`SELECT subject_id AS indicator_id, JSONExtractString(detail, 'column') AS column, JSONExtractString(detail, 'value') AS value,
      uniqExact(row_id) AS n, uniqExactIf(host_key, host_key != '') AS h, min(timestamp) AS f, max(timestamp) AS l
    FROM ${table(events, 'matches')} WHERE ${ofSubjects(events, which)} GROUP BY indicator_id, column, value`
  const { rows } = await queryRows<{
    indicator_id: string
    column: string
    value: string
    n: string
    h: string
    first: string
    last: string
  }>(
    events,
    sql`SELECT indicator_id, column, value, n, h, toString(f) AS first, toString(l) AS last FROM (${grouped})
      ORDER BY l DESC, indicator_id, column, value LIMIT ${param('UInt64', String(o.limit))} OFFSET ${param('UInt64', String(o.skip))}`,
    { signal: o.signal },
  )
  const sums = await queryRows<{ n: string }>(events, sql`SELECT count() AS n FROM (${grouped})`, { signal: o.signal })
  const items = rows.map(({ n, h, first, last, ...one }) => ({
    ...one,
    rows: Number(n),
    hosts: Number(h),
    first_at: timeOrNull(first),
    last_at: timeOrNull(last),
  }))
  return { items, total: Number(sums.rows[0]?.n ?? 0) }
}

/** By list: how many of its indicators have matches, and how many rows. */
export const countByList = async (
  events: TenantEvents,
  signal: AbortSignal,
): Promise<Map<string, { indicators: number; rows: number }>> => {
  const { rows } = await queryRows<{ id: string; n: string; r: string }>(
    events,
    sql`SELECT toString(list_id) AS id, uniqExact(subject_id) AS n, uniqExact(row_id) AS r
      FROM (SELECT subject_id, row_id FROM ${table(events, 'matches')} WHERE kind = ${text('indicator')}) m
      INNER JOIN (SELECT DISTINCT list_id, toString(indicator_id) AS subject_id FROM ${table(events, 'indicator_values')}
        WHERE toString(indicator_id) IN (SELECT subject_id FROM ${table(events, 'matches')} WHERE kind = 'indicator')) v USING subject_id
      GROUP BY id`,
    { signal },
  )
  return new Map(rows.map((row) => [row.id, { indicators: Number(row.n), rows: Number(row.r) }]))
}
