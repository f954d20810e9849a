import { queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { type GroupRow, groups, kindsOf, type TableShape } from './grouped.ts'

export interface TableQuery {
  keys: readonly string[]
  skip: number
  limit: number
  search: string
  kind: string | null
  /** Names of our own code: columns of the grouped answer. */
  sort: string
  isDescending: boolean
}

const fromHost = (events: TenantEvents, keys: readonly string[]): Sql =>
  sql`${table(events, 'events')} WHERE host_key IN ${param('Array(String)', [...keys])}`

const searched = (shape: TableShape, search: string): Sql =>
  search === ''
    ? sql`1`
    : sql`(${join(
        Object.keys(shape.parts).map((name) => sql`positionCaseInsensitiveUTF8(toString(${raw(name)}), ${text(search)}) > 0`),
        ' OR ',
      )})`

export interface TablePage<T> {
  items: (GroupRow & T)[]
  total: number
  rows: number
}

/** A page of entries, and how many there are in all with how many rows. */
export const pageOfTable = async <T>(
  events: TenantEvents,
  shape: TableShape,
  q: TableQuery,
  signal: AbortSignal,
): Promise<TablePage<T>> => {
  const found = sql`SELECT * FROM (${groups(shape, fromHost(events, q.keys))})
    WHERE ${searched(shape, q.search)} ${q.kind === null ? sql`` : sql`AND of_kind = ${text(q.kind)}`}`
  const order = raw(`${q.sort} ${q.isDescending ? 'DESC' : 'ASC'} NULLS LAST, of_kind, ${Object.keys(shape.parts).join(', ')}`)
  const [{ rows: items }, { rows: sums }] = await Promise.all([
    queryRows<GroupRow & T>(events, sql`${found} ORDER BY ${order} LIMIT ${param('UInt32', q.limit)} OFFSET ${param('UInt32', q.skip)}`, {
      signal,
    }),
    queryRows<{ entries: string; of_rows: string }>(
      events,
      sql`SELECT toString(count()) AS entries, toString(sum(n)) AS of_rows FROM (${found})`,
      { signal },
    ),
  ])
  return { items, total: Number(sums[0]?.entries ?? 0), rows: Number(sums[0]?.of_rows ?? 0) }
}

export interface Kind {
  kind: string
  items: number
  rows: number
}

export const kindsOfTable = async (
  events: TenantEvents,
  shape: TableShape,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<Kind[]> => {
  const { rows } = await queryRows<{ of_kind: string; entries: string; n: string }>(events, kindsOf(shape, fromHost(events, keys)), {
    signal,
  })
  return rows.map((r) => ({ kind: r.of_kind, items: Number(r.entries), rows: Number(r.n) }))
}
