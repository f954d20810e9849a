// Aliases never carry the name of a column: the engine would take the alias for the column in WHERE.
import type { TenantEvents } from '../../platform/ctx.ts'
import { param, raw, type Sql, sql, text } from '../../platform/sql.ts'
import { all, ask, microsParam, rowsOf } from '../search/index.ts'
import type { Buckets } from './shape/buckets.ts'
import type { TimelineQuestion } from './question.ts'
import type { Reach, Times } from './times.ts'

const micros = (time: Sql): Sql => sql`toString(toUnixTimestamp64Micro(${time}))`
const idOf = (id: string): Sql => sql`toFixedString(unhex(${text(id)}), 16)`

/** A place between moments: before the row's moment of that time, or before all of that time where there is no row. */
export interface Place {
  at: bigint
  id: string | null
}

export interface PageOf {
  order: 'oldest' | 'newest'
  /** Where the page begins. `oldest` goes on from the place, `newest` before it; `isBehind` leaves out the moment at the place too. */
  place: (Place & { isBehind: boolean }) | null
  skip: number
  limit: number
}

export interface FoundMoment {
  row_id: string
  at_micros: string
  main_micros: string
  lane: string
}

/** The reach without what lies on the other side of the place, so that no more times are unfolded than may be shown. */
const narrowed = ({ from_micros, to_micros }: Reach, { order, place }: PageOf): Reach => {
  if (place === null) return { from_micros, to_micros }
  if (order === 'oldest') return { from_micros: from_micros === null || from_micros < place.at ? place.at : from_micros, to_micros }
  const end = place.at + 1n
  return { from_micros, to_micros: to_micros === null || to_micros > end ? end : to_micros }
}

const fromPlace = ({ order, place }: PageOf): Sql => {
  if (place === null) return raw('true')
  const at = microsParam(place.at)
  if (order === 'newest')
    return place.id === null ? sql`moment_at < ${at}` : sql`(moment_at < ${at} OR (moment_at = ${at} AND id < ${idOf(place.id)}))`
  if (place.id === null) return raw('true')
  const beyond = raw(place.isBehind ? '>' : '>=')
  return sql`(moment_at > ${at} OR (moment_at = ${at} AND id ${beyond} ${idOf(place.id)}))`
}

/** One page by its keys alone; the rows are read afterwards. */
export const findMoments = async (
  events: TenantEvents,
  asked: TimelineQuestion,
  page: PageOf,
  signal: AbortSignal,
): Promise<FoundMoment[]> => {
  const times = asked.times.within(narrowed(asked.reach, page))
  const direction = raw(page.order === 'oldest' ? 'ASC' : 'DESC')
  const { rows } = await ask<FoundMoment>(
    events,
    sql`SELECT lower(hex(id)) AS row_id, ${micros(raw('moment_at'))} AS at_micros, ${micros(raw('main_at'))} AS main_micros, toString(lane_of_row) AS lane
      FROM (SELECT id, timestamp AS main_at, ${asked.lanes.value} AS lane_of_row, ${times.each} AS moment_at FROM ${rowsOf(events)} WHERE ${asked.where} AND ${times.rows})
      WHERE ${fromPlace(page)} ORDER BY moment_at ${direction}, id ${direction} LIMIT ${param('UInt32', page.limit)} OFFSET ${param('UInt32', page.skip)}`,
    { signal },
  )
  return rows
}

export interface Sums {
  total: number
  rows: number
  /** Null where there is no moment. */
  first: bigint | null
  last: bigint | null
}

export const sumMoments = async (events: TenantEvents, asked: TimelineQuestion, signal: AbortSignal): Promise<Sums> => {
  const times = asked.times.within(asked.reach)
  const { rows } = await ask<{ total: string; n: string; least: string; most: string }>(
    events,
    sql`SELECT sum(${times.count}) AS total, count() AS n, ${micros(sql`min(${times.first})`)} AS least, ${micros(sql`max(${times.last})`)} AS most
      FROM ${rowsOf(events)} WHERE ${asked.where} AND ${times.rows}`,
    { signal },
  )
  const [found] = rows
  const total = Number(found?.total ?? 0)
  if (found === undefined || total === 0) return { total: 0, rows: 0, first: null, last: null }
  return { total, rows: Number(found.n), first: BigInt(found.least), last: BigInt(found.most) }
}

/** Rows that have no such time at all. */
export const countTimeless = async (events: TenantEvents, asked: TimelineQuestion, signal: AbortSignal): Promise<number> => {
  const { rows } = await ask<{ n: string }>(
    events,
    sql`SELECT count() AS n FROM ${rowsOf(events)} WHERE ${asked.where} AND ${asked.times.none}`,
    { signal },
  )
  return Number(rows[0]?.n ?? 0)
}

const sumOf = async (events: TenantEvents, where: Sql, times: Times, signal: AbortSignal): Promise<number> => {
  const { rows } = await ask<{ n: string }>(
    events,
    sql`SELECT sum(${times.count}) AS n FROM ${rowsOf(events)} WHERE ${where} AND ${times.rows}`,
    {
      signal,
    },
  )
  return Number(rows[0]?.n ?? 0)
}

/** Moments of the question before a place. */
export const countBefore = async (events: TenantEvents, asked: TimelineQuestion, place: Place, signal: AbortSignal): Promise<number> => {
  const { from_micros, to_micros } = asked.reach
  const within = (from: bigint | null, to: bigint): Times =>
    asked.times.within({ from_micros: from, to_micros: to_micros === null || to < to_micros ? to : to_micros })
  const earlier = await sumOf(events, asked.where, within(from_micros, place.at), signal)
  if (place.id === null || (from_micros !== null && place.at < from_micros)) return earlier
  const sameTime = all([asked.where, sql`id < ${idOf(place.id)}`])
  return earlier + (await sumOf(events, sameTime, within(place.at, place.at + 1n), signal))
}

/** The lanes with the most moments, and how many lanes there are. */
export const topLanes = async (
  events: TenantEvents,
  asked: TimelineQuestion,
  limit: number,
  signal: AbortSignal,
): Promise<{ keys: string[]; lanes: number }> => {
  const times = asked.times.within(asked.reach)
  const { rows } = await ask<{ k: string; lanes: string | number }>(
    events,
    sql`SELECT toString(lane_of_row) AS k, n, count() OVER () AS lanes
      FROM (SELECT ${asked.lanes.value} AS lane_of_row, sum(${times.count}) AS n FROM ${rowsOf(events)} WHERE ${asked.where} AND ${times.rows} GROUP BY lane_of_row)
      ORDER BY n DESC, k LIMIT ${param('UInt32', limit)}`,
    { signal },
  )
  return { keys: rows.map((r) => r.k), lanes: Number(rows[0]?.lanes ?? 0) }
}

export interface LaneBucket {
  /** From 1 in the order of the keys; 0 is every other lane. */
  lane: number
  bucket: number
  moments: number
  first: bigint
  last: bigint
}

export const countLanes = async (
  events: TenantEvents,
  asked: TimelineQuestion,
  of: { keys: readonly string[]; buckets: Buckets },
  signal: AbortSignal,
): Promise<LaneBucket[]> => {
  const times = asked.times.within(asked.reach)
  const origin = param('Int64', String(of.buckets.origin))
  const width = param('Int64', String(of.buckets.width))
  const { rows } = await ask<{ lane: string | number; b: string | number; n: string | number; least: string; most: string }>(
    events,
    sql`SELECT lane, b, count() AS n, ${micros(raw('min(moment_at)'))} AS least, ${micros(raw('max(moment_at)'))} AS most
      FROM (SELECT indexOf(${param('Array(String)', of.keys)}, toString(${asked.lanes.value})) AS lane, ${times.each} AS moment_at,
          intDiv(toUnixTimestamp64Micro(moment_at) - ${origin}, ${width}) AS b
        FROM ${rowsOf(events)} WHERE ${asked.where} AND ${times.rows})
      GROUP BY lane, b ORDER BY lane, b`,
    { signal },
  )
  return rows.map((r) => ({
    lane: Number(r.lane),
    bucket: Number(r.b),
    moments: Number(r.n),
    first: BigInt(r.least),
    last: BigInt(r.most),
  }))
}

/** The columns that hold times, and in how many rows each does. */
export const timeColumns = async (
  events: TenantEvents,
  where: Sql,
  limit: number,
  signal: AbortSignal,
): Promise<{ columns: { name: string; rows: number }[]; total: number }> => {
  const { rows } = await ask<{ column_name: string; n: string | number; columns: string | number }>(
    events,
    sql`SELECT toString(one_name) AS column_name, n, count() OVER () AS columns
      FROM (SELECT arrayJoin(arrayDistinct(time_names)) AS one_name, count() AS n FROM ${rowsOf(events)} WHERE ${where} GROUP BY one_name)
      ORDER BY n DESC, column_name LIMIT ${param('UInt32', limit)}`,
    { signal },
  )
  return { columns: rows.map((r) => ({ name: r.column_name, rows: Number(r.n) })), total: Number(rows[0]?.columns ?? 0) }
}
