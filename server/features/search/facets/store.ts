import type { TenantEvents } from '../../../platform/ctx.ts'
import { param, raw, type Sql, sql } from '../../../platform/sql.ts'
import type { Field } from '../compile/fields.ts'
import { eachValue, mayHold, oneValue, unfolded, valueSums } from '../compile/values.ts'
import { hostOfRow, type SameHost } from '../prevalence/store.ts'
import { ask, rowsOf } from '../store.ts'

export interface ValueCount {
  value: string
  rows: number
}

/** The commonest or rarest values of a field; a row with several counts for each of them. */
export const countValues = async (
  events: TenantEvents,
  where: Sql,
  of: { field: Field; order: 'top' | 'rare'; limit: number },
  signal: AbortSignal,
): Promise<ValueCount[]> => {
  const { one, present } = unfolded(of.field)
  const { rows } = await ask<{ one: string; n: string | number }>(
    events,
    sql`SELECT ${one} AS one, count() AS n FROM ${rowsOf(events)} WHERE ${where} AND ${present}
      GROUP BY one ORDER BY n ${raw(of.order === 'top' ? 'DESC' : 'ASC')}, one LIMIT ${param('UInt32', of.limit)}`,
    { signal },
  )
  return rows.map((r) => ({ value: r.one, rows: Number(r.n) }))
}

export interface Ends {
  top: ValueCount[]
  rare: ValueCount[]
  distinct: number
  /** Rows that have a value. */
  held: number
}

type Pair = readonly [n: string | number, value: string]

interface Grouped {
  /** What rows are grouped by. */
  one: Sql
  value: Sql
  isValue: Sql
  /** The groups whose rows are the rows that have a value. */
  isRow: Sql
}

/** A row has one value of a normalised field at most, and its bare column groups fastest. */
const ofTyped = (field: Field): Grouped => {
  const isValue = raw("one != ''")
  return { one: oneValue(field), value: raw('one'), isValue, isRow: isValue }
}

/** Each row once for every different value, and once more, where it has any, under the mark that counts rows. */
const ofOriginal = (field: Extract<Field, { kind: 'original' }>): Grouped => {
  const values = sql`arrayMap(v -> (false, v), ${eachValue(field)})`
  const one = sql`arrayJoin(arrayConcat(${values}, if(notEmpty(${eachValue(field)}), [(true, '')], [])))`
  return { one, value: raw('one.2'), isValue: raw('NOT one.1'), isRow: raw('one.1') }
}

/**
 * Both ends of the values of a field, and how many there are, looked at once. At most 200 of each. Rows without a value are grouped
 * and then left out: the condition stays that of the question, of which the engine remembers where no row is.
 */
export const bothEnds = async (
  events: TenantEvents,
  where: Sql,
  of: { field: Field; limit: number },
  signal: AbortSignal,
): Promise<Ends> => {
  const { one, value, isValue, isRow } = of.field.kind === 'original' ? ofOriginal(of.field) : ofTyped(of.field)
  const limit = param('UInt32', of.limit)
  const { rows } = await ask<{ different: string; held: string; top: Pair[]; rare: Pair[] }>(
    events,
    sql`SELECT countIf(${isValue}) AS different, sumIf(n, ${isRow}) AS held,
        arraySlice(groupArraySortedIf(200)((-toInt64(n), toString(${value})), ${isValue}), 1, ${limit}) AS top,
        arraySlice(groupArraySortedIf(200)((toInt64(n), toString(${value})), ${isValue}), 1, ${limit}) AS rare
      FROM (SELECT ${one} AS one, count() AS n FROM ${rowsOf(events)} WHERE ${where} AND ${mayHold(of.field)} GROUP BY one)`,
    { signal },
  )
  const toValues = (pairs: readonly Pair[] = []): ValueCount[] => pairs.map(([n, text]) => ({ value: text, rows: Math.abs(Number(n)) }))
  const [found] = rows
  return {
    top: toValues(found?.top),
    rare: toValues(found?.rare),
    distinct: Number(found?.different ?? 0),
    held: Number(found?.held ?? 0),
  }
}

/**
 * On how many hosts values were seen. Asked for the values to be shown only: counting hosts for every value of ten million
 * rows takes fifty times as long as counting the rows.
 */
export const hostsOfValues = async (
  events: TenantEvents,
  where: Sql,
  of: { field: Field; values: readonly string[]; same: SameHost },
  signal: AbortSignal,
): Promise<Map<string, number>> => {
  if (of.values.length === 0) return new Map()
  const { one, present } = unfolded(of.field)
  const { rows } = await ask<{ one: string; hosts: string | number }>(
    events,
    sql`SELECT toString(one_value) AS one, uniqExactIf(host_of_row, host_of_row != '') AS hosts
      FROM (SELECT ${one} AS one_value, ${hostOfRow(of.same)} AS host_of_row FROM ${rowsOf(events)} WHERE ${where} AND ${present})
      WHERE one_value IN ${param('Array(String)', of.values)} GROUP BY one`,
    { signal },
  )
  return new Map(rows.map((r) => [r.one, Number(r.hosts)]))
}

export interface ValueSums {
  /** Rows that have a value. */
  held: number
  distinct: number
}

export const sumValues = async (events: TenantEvents, where: Sql, field: Field, signal: AbortSignal): Promise<ValueSums> => {
  const { rows } = await ask<{ held: string | number; different: string | number }>(
    events,
    sql`SELECT ${valueSums(field)} FROM ${rowsOf(events)} WHERE ${where} AND ${mayHold(field)}`,
    { signal },
  )
  const [found] = rows
  return { held: Number(found?.held ?? 0), distinct: Number(found?.different ?? 0) }
}
