import { revisionOf } from '../../../events/revision.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { join, param, raw, type Sql, sql } from '../../../platform/sql.ts'
import { hasTime } from '../compile/filter.ts'
import { ask, rowsOf } from '../store.ts'
import type { Counted } from './wanted.ts'

export { revisionOf }

/** Keys that stand for another key of the same host. */
export type SameHost = ReadonlyMap<string, string>

/** One text for each host, whatever key its rows came with. */
export const hostOfRow = (same: SameHost): Sql => {
  if (same.size === 0) return raw('host_key')
  const [keys, hosts] = [[...same.keys()], [...same.values()]]
  return sql`transform(toString(host_key), ${param('Array(String)', keys)}, ${param('Array(String)', hosts)}, toString(host_key))`
}

export interface KeyCount {
  /** Which of the asked lists it belongs to. */
  of: number
  key: string
  rows: number
  hosts: number
  /** Null where none of the rows has a time. */
  first_micros: bigint | null
  last_micros: bigint | null
}

interface Counts {
  place: number
  key_of_row: string
  n: string
  hosts: string
  timed: string
  least: string
  most: string
}

const countsOf = (events: TenantEvents, { key, isList, where }: Counted, at: number, host: Sql): Sql =>
  sql`SELECT ${param('UInt32', at)} AS place, toString(one_key) AS key_of_row, count() AS n, uniqExactIf(host_of_row, host_of_row != '') AS hosts,
      countIf(${hasTime}) AS timed, toString(toUnixTimestamp64Micro(minIf(timestamp, ${hasTime}))) AS least,
      toString(toUnixTimestamp64Micro(maxIf(timestamp, ${hasTime}))) AS most
    FROM (SELECT ${isList ? sql`arrayJoin(${key})` : key} AS one_key, ${host} AS host_of_row, timestamp FROM ${rowsOf(events)} WHERE ${where})
    GROUP BY key_of_row`

/** Rows, hosts and times of each key, in one query over all rows of the tenant. */
export const countKeys = async (
  events: TenantEvents,
  counted: readonly Counted[],
  same: SameHost,
  signal: AbortSignal,
): Promise<KeyCount[]> => {
  if (counted.length === 0) return []
  const host = hostOfRow(same)
  const parts = counted.map((one, at) => countsOf(events, one, at, host))
  const { rows } = await ask<Counts>(events, join(parts, ' UNION ALL '), { signal })
  return rows
    .filter((r) => r.n !== '0')
    .map((r) => ({
      of: r.place,
      key: r.key_of_row,
      rows: Number(r.n),
      hosts: Number(r.hosts),
      first_micros: r.timed === '0' ? null : BigInt(r.least),
      last_micros: r.timed === '0' ? null : BigInt(r.most),
    }))
}

export const countFleet = async (events: TenantEvents, same: SameHost, signal: AbortSignal): Promise<number> => {
  const { rows } = await ask<{ hosts: string }>(
    events,
    sql`SELECT uniqExact(host_of_row) AS hosts FROM (SELECT DISTINCT ${hostOfRow(same)} AS host_of_row FROM ${rowsOf(events)} WHERE host_key != '')`,
    { signal },
  )
  return Number(rows[0]?.hosts ?? 0)
}
