import type { Having } from '../../../../shared/contract/hunt/stack.ts'
import { table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { param, raw, type Sql, sql } from '../../../platform/sql.ts'
import { hasTime } from '../compile/filter.ts'
import { hostOfRow, type SameHost } from '../prevalence/store.ts'
import { ask, rowsOf } from '../store.ts'
import {
  afterGroup,
  anyPresent,
  countHosts,
  type GroupOrder,
  type GroupPlace,
  groupsOf,
  type Key,
  leftOf,
  never,
  nameList,
  orderOfGroups,
  rowOfGroup,
  selected,
  type Stacked,
} from './stack-sql.ts'

/** What is stacked, before it is bound to the tables of a tenant. */
export interface StackOf {
  where: Sql
  keys: readonly Key[]
  /** Keys of one host, each with the one that stands for them all. */
  sameHost: SameHost
  baseline: { id: string; order: readonly number[] } | null
}

/** The keys of the groups that a baseline holds. */
const knownGroups = (events: TenantEvents, baselineId: string): Sql =>
  sql`SELECT group_key FROM ${table(events, 'baseline_groups')} WHERE baseline_id = ${param('UUID', baselineId)}`

const bound = (events: TenantEvents, { where, keys, sameHost, baseline }: StackOf): Stacked => ({
  table: rowsOf(events),
  where,
  keys,
  host: hostOfRow(sameHost),
  baseline: baseline === null ? null : { known: knownGroups(events, baseline.id), order: baseline.order },
})

/** Up to how many hosts each bar of the distribution reaches; the first is of groups on no host, the last is open. */
export const hostBounds = [0, 1, 3, 10, 50, 200] as const

export interface StackSums {
  groups: number
  new_groups: number
  /** Groups up to each of `hostBounds`, and those beyond. */
  by_hosts: number[]
  first: string
  last: string
}
export interface GroupRow {
  place: GroupPlace
  rows: number
  hosts: number
  first: string
  last: string
  is_new: boolean
  hash: string
}

export interface GroupsAsked {
  order: GroupOrder
  having: readonly Having[]
  onlyNew: boolean
  limit: number
}

type Packed = (string | number)[]

const unpack = (packed: Packed, keys: number): GroupRow => {
  const [first = '', second = '', ...rest] = packed.map(String)
  const [rows, hosts, from = '', to = '', isNew, hash = ''] = rest.slice(keys)
  return {
    place: { ranks: [first, second], values: rest.slice(0, keys) },
    rows: Number(rows),
    hosts: Number(hosts),
    first: from,
    last: to,
    is_new: isNew === '1',
    hash,
  }
}

const barOf = (at: number): Sql => {
  const [from, to] = [at === 0 ? -1 : hostBounds[at - 1], hostBounds[at]]
  const above = sql`toInt64(g_hosts) > ${raw(String(from ?? -1))}`
  return to === undefined ? sql`countIf(${above})` : sql`countIf(${above} AND g_hosts <= ${raw(String(to))})`
}
const bars = Array.from({ length: hostBounds.length + 1 }, (_, at) => barOf(at))

/** The first groups and everything that is said of all of them, in one pass over the rows. */
export const firstGroups = async (
  events: TenantEvents,
  of: StackOf,
  asked: GroupsAsked,
  signal: AbortSignal,
): Promise<{ sums: StackSums; groups: GroupRow[] }> => {
  const left = leftOf(asked.having, asked.onlyNew)
  const { rows } = await ask<{ n: string; fresh: string; bars: string[]; least: string; most: string; page: Packed[] }>(
    events,
    sql`SELECT countIf(${left}) AS n, countIf(g_new = 1) AS fresh, [${bars.reduce((list, bar) => sql`${list}, ${bar}`)}] AS bars,
        toString(if(count() = 0, ${never}, min(g_first))) AS least, toString(max(g_last)) AS most,
        groupArraySortedIf(${raw(String(asked.limit))})(${rowOfGroup(of.keys, asked.order)}, ${left}) AS page
      FROM (${groupsOf(bound(events, of))})`,
    { signal },
  )
  const [found] = rows
  if (found === undefined) throw new Error('a sum over nothing has a row too')
  return {
    sums: {
      groups: Number(found.n),
      new_groups: Number(found.fresh),
      by_hosts: found.bars.map(Number),
      first: found.least,
      last: found.most,
    },
    groups: found.page.map((packed) => unpack(packed, of.keys.length)),
  }
}

/** Groups behind a place, or so many groups further on. */
export const nextGroups = async (
  events: TenantEvents,
  of: StackOf,
  asked: GroupsAsked & { after: GroupPlace | null; skip: number },
  signal: AbortSignal,
): Promise<GroupRow[]> => {
  const behind = asked.after === null ? raw('true') : afterGroup(of.keys, asked.order, asked.after)
  const { rows } = await ask<{ g: Packed }>(
    events,
    sql`SELECT ${rowOfGroup(of.keys, asked.order)} AS g FROM (${groupsOf(bound(events, of))})
      WHERE ${leftOf(asked.having, asked.onlyNew)} AND ${behind} ORDER BY ${orderOfGroups(of.keys, asked.order)}
      LIMIT ${param('UInt32', asked.limit)} OFFSET ${param('UInt32', asked.skip)}`,
    { signal },
  )
  return rows.map(({ g }) => unpack(g, of.keys.length))
}

export interface RowSums {
  rows: number
  missing: number
  hosts: number
}

export const sumRows = async (events: TenantEvents, of: StackOf, signal: AbortSignal): Promise<RowSums> => {
  const present = anyPresent(of.keys)
  const { rows } = await ask<{ n: string; held: string; hosts: string }>(
    events,
    sql`SELECT count() AS n, countIf(${present}) AS held, ${countHosts(hostOfRow(of.sameHost), sql`${present} AND host_key != ''`)} AS hosts
      FROM ${rowsOf(events)} WHERE ${of.where}`,
    { signal },
  )
  const [found] = rows
  return { rows: Number(found?.held ?? 0), missing: Number(found?.n ?? 0) - Number(found?.held ?? 0), hosts: Number(found?.hosts ?? 0) }
}

export interface Span {
  from_micros: bigint
  bar_micros: bigint
  bars: number
}

/** Rows over time of some groups, by the hash of each. */
export const sparksOf = async (
  events: TenantEvents,
  of: StackOf,
  asked: { groups: readonly GroupRow[]; span: Span },
  signal: AbortSignal,
): Promise<Map<string, number[]>> => {
  const { from_micros, bar_micros, bars: count } = asked.span
  const list = nameList(of.keys)
  const bar = sql`intDiv(toUnixTimestamp64Micro(timestamp) - ${param('Int64', String(from_micros))}, ${param('Int64', String(bar_micros))})`
  const hashes = param(
    'Array(UInt64)',
    asked.groups.map((group) => BigInt(group.hash)),
  )
  const { rows } = await ask<{ h: string; counts: (string | number)[] }>(
    events,
    sql`SELECT toString(sipHash64(${hashed(of.keys)})) AS h, countResample(0, ${raw(String(count))}, 1)(b) AS counts
      FROM (SELECT ${selected(of.keys)}, ${bar} AS b FROM ${rowsOf(events)} WHERE ${of.where} AND ${anyPresent(of.keys)} AND ${hasTime})
      WHERE sipHash64(${hashed(of.keys)}) IN ${hashes} GROUP BY ${list}`,
    { signal },
  )
  return new Map(rows.map(({ h, counts }) => [h, counts.map(Number)]))
}
const hashed = (keys: readonly Key[]): Sql => keys.map((_, at) => sql`toString(${raw(`k${at}`)})`).reduce((all, one) => sql`${all}, ${one}`)
