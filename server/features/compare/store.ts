// Both sides are grouped in the engine: by the key and by what a row holds beside it. A key is the same on both sides when each
// has the same contents under it, however often; how often is counted.
import type { CompareState } from '../../../shared/contract/hunt/compare.ts'
import { queryRows, table } from '../../events/query.ts'
import type { TenantEvents } from '../../platform/ctx.ts'
import { join, param, raw, type Sql, sql, text } from '../../platform/sql.ts'

/** Rows with rows. */
export interface ComparedRows {
  kind: 'rows'
  left: Sql
  right: Sql
  /** The values of the key, each as one text; none: whole rows. */
  key: readonly Sql[]
  /** Names of columns, lower case. */
  ignore: readonly string[]
}

/** Rows with the groups of a baseline: nothing is held beside a key, so that none is changed. */
export interface ComparedBaseline {
  kind: 'baseline'
  id: string
  isLeft: boolean
  /** The rows of the other side. */
  where: Sql
  /** The values of the key as `k0`, `k1`, ... as a baseline writes them. */
  selected: Sql
  fields: number
}

export type Compared = ComparedRows | ComparedBaseline

export const ofHunt = (id: string): Sql => sql`hunt_id = ${text(id)}`

/** What a row holds, whatever the order of its columns and the case of their names; a column that is null is none. */
const contentOf = (ignore: readonly string[]): Sql => {
  const kept = sql`mapFilter((n, v) -> notEmpty(v) AND NOT has(${param('Array(String)', ignore)}, lower(n)), fields)`
  const pairs = sql`arrayMap((n, v) -> tuple(lower(n), v), mapKeys(${kept}), mapValues(${kept}))`
  return sql`sipHash128(toString(arraySort(${pairs})))`
}

/** Written so that no two keys are written alike. */
const keyText = ({ key, ignore }: ComparedRows): Sql => {
  if (key.length === 0) return sql`hex(${contentOf(ignore)})`
  return sql`toJSONString(CAST([${join(key, ', ')}], 'Array(String)'))`
}

const isKeyless = ({ key }: ComparedRows): Sql =>
  key.length === 0 ? raw('false') : sql`NOT arrayExists(v -> v != '', CAST([${join(key, ', ')}], 'Array(String)'))`

const flag = (isTrue: boolean): Sql => raw(isTrue ? 'true' : 'false')

const eachOfRows = (events: TenantEvents, of: ComparedRows): Sql =>
  sql`SELECT ${keyText(of)} AS key_text, ${contentOf(of.ignore)} AS content, (${of.left}) AS in_left, (${of.right}) AS in_right,
      ${isKeyless(of)} AS no_key, id, timestamp
    FROM ${table(events, 'events')} WHERE (${of.left}) OR (${of.right})`

const eachWithBaseline = (events: TenantEvents, { id, isLeft, where, selected, fields }: ComparedBaseline): Sql => {
  const values = Array.from({ length: fields }, (_, at) => raw(`toString(k${at})`))
  return sql`SELECT toJSONString(CAST([${join(values, ', ')}], 'Array(String)')) AS key_text, sipHash128('') AS content,
      ${flag(!isLeft)} AS in_left, ${flag(isLeft)} AS in_right, false AS no_key, id, timestamp
    FROM (SELECT ${selected}, id, timestamp FROM ${table(events, 'events')} WHERE ${where})
    UNION ALL SELECT toJSONString(any(group_values)) AS key_text, sipHash128('') AS content, ${flag(isLeft)} AS in_left, ${flag(!isLeft)} AS in_right,
      false AS no_key, toFixedString('', 16) AS id, toDateTime64('1900-01-01 00:00:00', 6, 'UTC') AS timestamp
    FROM ${table(events, 'baseline_groups')} WHERE baseline_id = ${param('UUID', id)} GROUP BY group_key`
}

/** Each row of either side, with its key, its content and where it is. */
const each = (events: TenantEvents, of: Compared): Sql => (of.kind === 'rows' ? eachOfRows(events, of) : eachWithBaseline(events, of))

const onlyOneSide = raw('countIf((rows_l = 0) != (rows_r = 0))')

export interface ComparedCounts {
  new: number
  gone: number
  changed: number
  same: number
  keys: number
  rows_left: number
  rows_right: number
  keyless_left: number
  keyless_right: number
}

export const countCompared = async (events: TenantEvents, of: Compared, signal: AbortSignal): Promise<ComparedCounts> => {
  const { rows } = await queryRows<Record<keyof ComparedCounts, string>>(
    events,
    sql`SELECT countIf(all_l = 0) AS new, countIf(all_r = 0) AS gone, countIf(all_l > 0 AND all_r > 0 AND apart > 0) AS changed,
        countIf(all_l > 0 AND all_r > 0 AND apart = 0) AS same, count() AS keys, sum(all_l) AS rows_left, sum(all_r) AS rows_right,
        sumIf(all_l, keyless) AS keyless_left, sumIf(all_r, keyless) AS keyless_right
      FROM (SELECT sum(rows_l) AS all_l, sum(rows_r) AS all_r, ${onlyOneSide} AS apart, any(is_keyless) AS keyless
        FROM (SELECT sipHash128(key_text) AS key_hash, content, countIf(in_left) AS rows_l, countIf(in_right) AS rows_r, any(no_key) AS is_keyless
          FROM (${each(events, of)}) GROUP BY key_hash, content)
        GROUP BY key_hash)`,
    { signal },
  )
  const [found] = rows
  const of0 = (name: keyof ComparedCounts): number => Number(found?.[name] ?? 0)
  return {
    new: of0('new'),
    gone: of0('gone'),
    changed: of0('changed'),
    same: of0('same'),
    keys: of0('keys'),
    rows_left: of0('rows_left'),
    rows_right: of0('rows_right'),
    keyless_left: of0('keyless_left'),
    keyless_right: of0('keyless_right'),
  }
}

const states: Readonly<Record<CompareState, Sql>> = {
  new: raw('all_l = 0'),
  gone: raw('all_r = 0'),
  changed: raw('all_l > 0 AND all_r > 0 AND apart > 0'),
  same: raw('all_l > 0 AND all_r > 0 AND apart = 0'),
}

/** Where a page ended: the beginning of its last key, and what tells keys apart that begin alike. */
export interface KeyPlace {
  begins: string
  hash: string
}

export interface FoundKey extends KeyPlace {
  key_text: string
  count_left: string
  count_right: string
  /** Where a row of each side is: its id and its main time in microseconds; '' for none. */
  left_id: string
  left_micros: string
  right_id: string
  right_micros: string
}

/** A row of a side for showing: one that the other side has not, where there is one. */
const shownOf = (side: 'l' | 'r'): Sql => {
  const other = side === 'l' ? 'r' : 'l'
  return raw(`if(countIf(rows_${side} > 0 AND rows_${other} = 0) > 0,
    minIf(one_${side}, rows_${side} > 0 AND rows_${other} = 0), minIf(one_${side}, rows_${side} > 0))`)
}

const oneOf = (side: 'left' | 'right'): Sql => raw(`minIf(tuple(id, timestamp), in_${side})`)
const idOf = (one: string): Sql => raw(`if(empty(replaceAll(${one}.1, '\\0', '')), '', lower(hex(${one}.1)))`)
const microsOf = (one: string): Sql => raw(`toString(toUnixTimestamp64Micro(${one}.2))`)

/** One page of the keys that are in a state, by the alphabet. */
export const findKeys = async (
  events: TenantEvents,
  of: Compared,
  page: { show: CompareState; after: KeyPlace | null; limit: number },
  signal: AbortSignal,
): Promise<FoundKey[]> => {
  const behind = page.after === null ? sql`` : sql` AND (begins, hash) > (${text(page.after.begins)}, ${text(page.after.hash)})`
  const { rows } = await queryRows<FoundKey>(
    events,
    sql`SELECT begins, hash, one_key AS key_text, toString(all_l) AS count_left, toString(all_r) AS count_right,
        ${idOf('shown_l')} AS left_id, ${microsOf('shown_l')} AS left_micros, ${idOf('shown_r')} AS right_id, ${microsOf('shown_r')} AS right_micros
      FROM (SELECT hex(key_hash) AS hash, any(a_key) AS one_key, substringUTF8(one_key, 1, 200) AS begins, sum(rows_l) AS all_l,
          sum(rows_r) AS all_r, ${onlyOneSide} AS apart, ${shownOf('l')} AS shown_l, ${shownOf('r')} AS shown_r
        FROM (SELECT sipHash128(key_text) AS key_hash, content, any(key_text) AS a_key, countIf(in_left) AS rows_l, countIf(in_right) AS rows_r,
            ${oneOf('left')} AS one_l, ${oneOf('right')} AS one_r
          FROM (${each(events, of)}) GROUP BY key_hash, content)
        GROUP BY key_hash)
      WHERE ${states[page.show]}${behind} ORDER BY begins, hash LIMIT ${param('UInt32', page.limit)}`,
    { signal },
  )
  return rows
}

export const countArtifacts = async (
  events: TenantEvents,
  of: { left: Sql; right: Sql },
  signal: AbortSignal,
): Promise<{ artifact: string; left: number; right: number }[]> => {
  const { rows } = await queryRows<{ named: string; n_left: string; n_right: string }>(
    events,
    sql`SELECT if(artifact_source = '', artifact, concat(artifact, '/', artifact_source)) AS named, countIf(${of.left}) AS n_left, countIf(${of.right}) AS n_right
      FROM ${table(events, 'events')} WHERE (${of.left}) OR (${of.right}) GROUP BY named
      ORDER BY (n_left > 0 AND n_right > 0) DESC, n_left + n_right DESC, named`,
    { signal },
  )
  return rows.map((row) => ({ artifact: row.named, left: Number(row.n_left), right: Number(row.n_right) }))
}

/** How many rows of either side have each of some values, and which of some columns (in lower case) any of them has. */
export const countPresent = async (
  events: TenantEvents,
  of: { left: Sql; right: Sql; values: readonly Sql[]; columns: readonly string[] },
  signal: AbortSignal,
): Promise<{ counts: number[]; columns: ReadonlySet<string> }> => {
  const counts = join(
    of.values.map((value) => sql`countIf(toString(${value}) != '')`),
    ', ',
  )
  const names = sql`groupUniqArrayArray(arrayFilter(n -> has(${param('Array(String)', of.columns)}, n), arrayMap(n -> lower(n), mapKeys(fields))))`
  const { rows } = await queryRows<{ counts: string[]; names: string[] }>(
    events,
    sql`SELECT CAST([${counts}], 'Array(UInt64)') AS counts, ${names} AS names FROM ${table(events, 'events')} WHERE (${of.left}) OR (${of.right})`,
    { signal },
  )
  return { counts: (rows[0]?.counts ?? []).map(Number), columns: new Set(rows[0]?.names ?? []) }
}
