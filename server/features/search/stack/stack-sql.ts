// A stack as SQL: rows to groups of equal values, groups in an order. Pure; every value is a parameter.
import { randomBytes } from 'node:crypto'
import { noTimeMicros } from '../../../events/columns.data.ts'
import type { Having, StackAnswer } from '../../../../shared/contract/hunt/stack.ts'
import { join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import type { Field } from '../compile/fields.ts'
import { eachValue, oneValue } from '../compile/values.ts'

/** One field of a stack. A row with several values of an artifact's own column stands for each of them. */
export interface Key {
  field: Field
  /** The value as text; '' stands for none. What an artifact's own column holds has a `=` before it, for it may be '' itself. */
  one: Sql
  present: Sql
}

/** An empty list or object holds no value: `field:*` does not find it either. */
const valuesOf = (field: Extract<Field, { kind: 'original' }>): Sql => sql`arrayFilter(v -> v NOT IN ('[]', '{}'), ${eachValue(field)})`

export const keyOf = (field: Field): Key => {
  if (field.kind !== 'original') return { field, one: oneValue(field), present: sql`${oneValue(field)} != ''` }
  const each = valuesOf(field)
  return { field, one: sql`arrayJoin(if(empty(${each}), [''], arrayMap(v -> concat('=', v), ${each})))`, present: sql`notEmpty(${each})` }
}

export const writeValue = ({ field }: Key, value: string | null): string =>
  value === null ? '' : field.kind === 'original' ? `=${value}` : value
export const readValue = ({ field }: Key, written: string): string | null =>
  written === '' ? null : field.kind === 'original' ? written.slice(1) : written

/** The rows of one group. */
export const isOfGroup = (keys: readonly Key[], values: readonly (string | null)[]): Sql =>
  join(
    keys.map(({ field, present, one }, at) => {
      const value = values[at] ?? null
      if (value === null || (value === '' && field.kind !== 'original')) return sql`NOT (${present})`
      return field.kind === 'original' ? sql`has(${eachValue(field)}, ${text(value)})` : sql`${one} = ${text(value)}`
    }),
    ' AND ',
  )

export const anyPresent = (keys: readonly Key[]): Sql =>
  sql`(${join(
    keys.map((key) => key.present),
    ' OR ',
  )})`

const names = (keys: readonly Key[]): Sql[] => keys.map((_, at) => raw(`k${at}`))
export const nameList = (keys: readonly Key[]): Sql => join(names(keys), ', ')
export const selected = (keys: readonly Key[]): Sql =>
  join(
    keys.map(({ one }, at) => sql`${one} AS ${raw(`k${at}`)}`),
    ', ',
  )

/** Micros since the first moment that is a time; what has none is behind all others. */
export const sinceFirst = raw(`toUInt64(toUnixTimestamp64Micro(timestamp) - (${noTimeMicros}) - 1)`)
export const never = raw('18446744073709551615')
export const microsOf = (since: string): bigint | null => {
  const at = BigInt(since)
  return at === 18_446_744_073_709_551_615n ? null : at + BigInt(noTimeMicros) + 1n
}

/** 16 bytes of SHA-256 of the values: nobody can write a value that passes for a known one. */
const keyOfGroup = (parts: readonly Sql[]): Sql =>
  sql`toFixedString(substring(SHA256(toString([${join(
    parts.map((part) => sql`toString(${part})`),
    ', ',
  )}])), 1, 16), 16)`

export interface Stacked {
  table: Sql
  where: Sql
  keys: readonly Key[]
  /** The host of a row; '' where it has none. */
  host: Sql
  /** Where known groups are kept, by the keys of a baseline's groups; `order` are the places of its fields among `keys`. */
  baseline: { known: Sql; order: readonly number[] } | null
}

/**
 * What different hosts are counted by: 64 bits of each, under a key of this process that nobody knows, so that no two can be made to
 * agree. By the names themselves it takes five times as long.
 */
const secret = [randomBytes(8).readBigUInt64LE(), randomBytes(8).readBigUInt64LE()].map((half) => param('UInt64', String(half)))
export const countHosts = (host: Sql, when: Sql): Sql => {
  const [one = param('UInt64', '0'), two = param('UInt64', '0')] = secret
  return sql`uniqExactIf(sipHash64Keyed((${one}, ${two}), ${host}), ${when})`
}

/** `k0`... with g_rows, g_hosts, g_first, g_last, g_new. */
export const groupsOf = ({ table, where, keys, host, baseline }: Stacked): Sql => {
  const list = nameList(keys)
  const isNew = baseline === null ? raw('0') : sql`${keyOfGroup(baseline.order.map((at) => raw(`k${at}`)))} NOT IN (${baseline.known})`
  return sql`SELECT *, ${isNew} AS g_new FROM (
    SELECT ${list}, count() AS g_rows, ${countHosts(raw('g_host'), raw("g_host != ''"))} AS g_hosts,
      min(${sinceFirst}) AS g_first, max(toUnixTimestamp64Micro(timestamp)) AS g_last
    FROM (SELECT ${selected(keys)}, ${host} AS g_host, timestamp FROM ${table} WHERE ${where} AND ${anyPresent(keys)})
    GROUP BY ${list})`
}

/** The groups as they go into a baseline. */
export const keyedGroups = (of: Stacked, having: readonly Having[]): Sql => {
  const list = join(
    names(of.keys).map((name) => sql`toString(${name})`),
    ', ',
  )
  return sql`SELECT ${keyOfGroup(names(of.keys))} AS g_key, [${list}] AS g_values FROM (${groupsOf(of)}) WHERE ${leftOf(having, false)}`
}
export const keyOfValues = (values: readonly string[]): Sql => keyOfGroup(values.map((value) => sql`${text(value)}`))

export interface GroupOrder {
  order: StackAnswer['order']
  by_host: boolean
}

/** What is few or many, and what decides where that is equal; the values themselves come last. */
const ranksOf = ({ order, by_host }: GroupOrder): [Sql, Sql] => {
  const [first, second] = by_host ? [raw('toInt64(g_hosts)'), raw('toInt64(g_rows)')] : [raw('toInt64(g_rows)'), raw('toInt64(g_hosts)')]
  if (order === 'rare') return [first, second]
  if (order === 'top') return [sql`-${first}`, sql`-${second}`]
  return [sql`if(g_first = ${never}, 9223372036854775807, -toInt64(g_first))`, first]
}

export interface GroupPlace {
  ranks: [string, string]
  /** As written, one for each key. */
  values: string[]
}

const rankedOf = (order: GroupOrder): Sql => join(ranksOf(order), ', ')
const texts = (keys: readonly Key[]): Sql =>
  join(
    names(keys).map((name) => sql`toString(${name})`),
    ', ',
  )
export const rowOfGroup = (keys: readonly Key[], order: GroupOrder): Sql =>
  sql`tuple(${rankedOf(order)}, ${texts(keys)}, toUInt64(g_rows), toUInt64(g_hosts), toUInt64(g_first), toInt64(g_last), toUInt8(g_new), sipHash64(${texts(keys)}))`

export const orderOfGroups = (keys: readonly Key[], order: GroupOrder): Sql => sql`${rankedOf(order)}, ${nameList(keys)}`

export const afterGroup = (keys: readonly Key[], order: GroupOrder, place: GroupPlace): Sql => {
  const bounds = [...place.ranks.map((rank) => sql`${param('Int64', rank)}`), ...place.values.map((value) => sql`${text(value)}`)]
  return sql`(${rankedOf(order)}, ${texts(keys)}) > (${join(bounds, ', ')})`
}

/** Which of the groups are left. */
export const leftOf = (having: readonly Having[], onlyNew: boolean): Sql => {
  const parts = having.map(
    ({ of, op, value }) => sql`${raw(of === 'count' ? 'g_rows' : 'g_hosts')} ${raw(op)} ${param('UInt64', String(value))}`,
  )
  if (onlyNew) parts.push(raw('g_new = 1'))
  return parts.length === 0 ? raw('true') : join(parts, ' AND ')
}
