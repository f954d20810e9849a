import { ecsColumns } from '../../../events/columns.data.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { findTyped } from '../compile/fields.ts'
import { oneValue } from '../compile/values.ts'
import { hostOfRow } from '../prevalence/store.ts'
import { ask, rowsOf } from '../store.ts'
import { groupsOf, isOfGroup, type Key, keyOf, sinceFirst } from './stack-sql.ts'
import type { StackOf } from './store-stack.ts'

/** The rows of one group, under what was asked. */
export const inGroup = (where: Sql, keys: readonly Key[], values: readonly (string | null)[]): Sql =>
  sql`${where} AND ${isOfGroup(keys, values)}`

export interface HostOfGroup {
  key: string
  host_name: string
  rows: number
  first: string
}

export const hostsOfGroup = async (
  events: TenantEvents,
  of: Pick<StackOf, 'where' | 'sameHost'>,
  limit: number,
  signal: AbortSignal,
): Promise<{ rows: number; total: number; hosts: HostOfGroup[] }> => {
  const { rows } = await ask<{ n: string; total: string; page: [string, string, string, string, string][] }>(
    events,
    sql`SELECT sum(c) AS n, countIf(h != '') AS total,
        groupArraySortedIf(${raw(String(limit))})(tuple(-toInt64(c), h, one_key, one_name, toUInt64(f)), h != '') AS page
      FROM (SELECT ${hostOfRow(of.sameHost)} AS h, toString(any(host_key)) AS one_key, toString(any(host_name)) AS one_name, count() AS c, min(${sinceFirst}) AS f
        FROM ${rowsOf(events)} WHERE ${of.where} GROUP BY h)`,
    { signal },
  )
  const [found] = rows
  return {
    rows: Number(found?.n ?? 0),
    total: Number(found?.total ?? 0),
    hosts: (found?.page ?? []).map(([less, , key, host_name, first]) => ({ key, host_name, rows: -Number(less), first: String(first) })),
  }
}

export interface OtherField {
  field: string
  distinct: number
  rows: number
  values: { value: string; rows: number }[]
}

const valuesShown = 3

/** The commonest values of some normalised fields, all in one pass. */
export const valuesOfFields = async (
  events: TenantEvents,
  where: Sql,
  names: readonly string[],
  signal: AbortSignal,
): Promise<OtherField[]> => {
  const pairs = names.flatMap((name, at) => {
    const field = findTyped(name)
    return field === null ? [] : [sql`(${raw(`toUInt8(${at})`)}, toString(${oneValue(field)}))`]
  })
  if (pairs.length === 0) return []
  const { rows } = await ask<{ f: number; n: string; different: string; page: [string, string][] }>(
    events,
    sql`SELECT f, sum(c) AS n, count() AS different, groupArraySorted(${raw(String(valuesShown))})(tuple(-toInt64(c), v)) AS page
      FROM (SELECT pair.1 AS f, pair.2 AS v, count() AS c
        FROM (SELECT arrayJoin([${join(pairs, ', ')}]) AS pair FROM ${rowsOf(events)} WHERE ${where}) WHERE v != '' GROUP BY f, v)
      GROUP BY f ORDER BY f`,
    { signal },
  )
  return rows.map((row) => ({
    field: names[row.f] ?? '',
    distinct: Number(row.different),
    rows: Number(row.n),
    values: row.page.map(([less, value]) => ({ value, rows: -Number(less) })),
  }))
}

export const typedFieldNames: readonly string[] = ecsColumns.map((c) => c.name)

const longestName = 255
/** What stands before the ending of a file's name, in lower case. */
const stem = (of: Sql): Sql => sql`lowerUTF8(replaceRegexpOne(${of}, '[.][0-9A-Za-z]{1,4}$', ''))`

/** Other values that differ from one by few letters: at most half of its own. */
export const nearestValues = async (
  events: TenantEvents,
  of: StackOf,
  near: { name: string; limit: number },
  signal: AbortSignal,
): Promise<{ value: string; rows: number; hosts: number }[]> => {
  const [key] = of.keys
  if (key === undefined || near.name.length > longestName) return []
  const value = raw(key.field.kind === 'original' ? 'substring(toString(k0), 2)' : 'toString(k0)')
  const { rows } = await ask<{ v: string; n: string; h: string }>(
    events,
    sql`SELECT ${value} AS v, g_rows AS n, g_hosts AS h,
        editDistanceUTF8(${stem(sql`leftUTF8(v, ${raw(String(longestName))})`)}, ${stem(sql`${text(near.name)}`)}) AS far
      FROM (${groupsOf({ ...of, keys: [keyOf(key.field)], table: rowsOf(events), host: hostOfRow(of.sameHost), baseline: null })})
      WHERE v != '' AND v != ${text(near.name)} AND lengthUTF8(v) <= ${raw(String(longestName))}
        AND far <= intDiv(lengthUTF8(${stem(sql`${text(near.name)}`)}) + 1, 2)
      ORDER BY far, g_hosts DESC, v LIMIT ${param('UInt32', near.limit)}`,
    { signal },
  )
  return rows.map((r) => ({ value: r.v, rows: Number(r.n), hosts: Number(r.h) }))
}
