// Rows against values, in two looks: which values of a column any indicator stands for, and then the rows that have them.
import { execute, queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { ident, join, param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { longestLiteral } from '../reading/normalise.ts'
import { lines, type Look } from './looks.data.ts'
import { ofWhich, type Which } from './store-values.ts'

export interface Scope {
  events: TenantEvents
  /** Null: all that is stored. */
  import_ids: readonly string[] | null
  which: Which
  signal: AbortSignal
}

export interface Hit {
  value: string
  rows: number
  bad: string[]
  /** Of the known good that the value stands in too. */
  good: string[]
}

const hitsAtMost = 200_000
const lookMs = 900_000
const asked = (scope: Scope) => ({ signal: scope.signal, isOwnWork: true as const, timeoutMs: lookMs })

const rowsIn = (scope: Scope): Sql => (scope.import_ids === null ? raw('1') : sql`import_id IN ${param('Array(UUID)', scope.import_ids)}`)

export const countRowsIn = async (scope: Scope): Promise<number> => {
  const { rows } = await queryRows<{ n: string }>(
    scope.events,
    sql`SELECT count() AS n FROM ${table(scope.events, 'events')} WHERE ${rowsIn(scope)}`,
    asked(scope),
  )
  return Number(rows[0]?.n ?? 0)
}

/** What there is to look for: `kind shape`. */
export const presentIn = async (scope: Scope): Promise<Set<string>> => {
  const { rows } = await queryRows<{ present: string }>(
    scope.events,
    sql`SELECT DISTINCT concat(kind, ' ', shape) AS present FROM ${table(scope.events, 'indicator_values')}
      WHERE is_allowed = 0 AND ${ofWhich(scope.which)}`,
    asked(scope),
  )
  return new Set(rows.map((row) => row.present))
}

const kindsOf = (kinds: readonly string[]): Sql => sql`kind IN ${param('Array(String)', kinds)}`

/** Those looked for, and all of the known good. */
const valuesOf = (scope: Scope, where: Sql): Sql =>
  sql`SELECT value AS k, indicator_id, is_allowed FROM ${table(scope.events, 'indicator_values')}
    WHERE ${where} AND (is_allowed = 1 OR ${ofWhich(scope.which)})`

interface StoredHit {
  v: string
  c: string
  bad: string[]
  good: string[]
}

const collect = async (scope: Scope, found: Sql, values: Sql): Promise<Hit[]> => {
  const { rows } = await queryRows<StoredHit>(
    scope.events,
    sql`SELECT v, any(c) AS c, groupUniqArrayIf(toString(indicator_id), is_allowed = 0) AS bad,
        groupUniqArrayIf(toString(indicator_id), is_allowed = 1) AS good
      FROM (${found}) f INNER JOIN (${values}) i USING k GROUP BY v HAVING length(bad) > 0
      LIMIT ${raw(String(hitsAtMost + 1))}`,
    asked(scope),
  )
  if (rows.length > hitsAtMost)
    throw new Error(`More than ${hitsAtMost} different values of one column are indicators. Take the widest ranges and patterns out.`)
  return rows.map((row) => ({ value: row.v, rows: Number(row.c), bad: row.bad, good: row.good }))
}

const lengthsOf = async (scope: Scope): Promise<number[]> => {
  const { rows } = await queryRows<{ n: string }>(
    scope.events,
    sql`SELECT DISTINCT splitByChar('/', value)[2] AS n FROM ${table(scope.events, 'indicator_values')}
      WHERE kind = 'ip_range' AND (is_allowed = 1 OR ${ofWhich(scope.which)}) LIMIT 200`,
    asked(scope),
  )
  return rows.map((row) => Number(row.n))
}

const withLengths = (keys: string, lengths: readonly number[]): Sql => {
  const [before = '', after] = keys.split('{lengths}')
  return after === undefined ? raw(keys) : sql`${raw(before)}${param('Array(UInt64)', lengths)}${raw(after)}`
}

const exactHits = async (scope: Scope, look: Look): Promise<Hit[]> => {
  const column = ident(look.column)
  const values = valuesOf(scope, sql`${kindsOf(look.kinds)} AND shape = 'exact'`)
  const events = table(scope.events, 'events')
  const rows = rowsIn(scope)
  if (look.key !== undefined) {
    const key = raw(look.key)
    return collect(
      scope,
      sql`SELECT toString(v) AS v, k, c FROM (SELECT ${column} AS v, ${key} AS k, count() AS c FROM ${events}
        WHERE ${rows} AND v != '' AND k IN (SELECT k FROM (${values})) GROUP BY v, k)`,
      values,
    )
  }
  const keys = withLengths(look.keys ?? '[]', look.kinds.includes('ip_range') ? await lengthsOf(scope) : [])
  return collect(
    scope,
    sql`SELECT toString(v) AS v, k, c FROM (SELECT v, c, arrayJoin(${keys}) AS k
      FROM (SELECT ${column} AS v, count() AS c FROM ${events} WHERE ${rows} AND v != '' GROUP BY v)) WHERE k IN (SELECT k FROM (${values}))`,
    values,
  )
}

interface Pattern {
  value: string
  id: string
  is_allowed: number
}

const patternsAtOnce = 200
/** `*` and `?` as LIKE has them. */
const likeOf = (pattern: string): string =>
  pattern
    .replaceAll(/[\\%_]/g, String.raw`\$&`)
    .replaceAll('*', '%')
    .replaceAll('?', '_')

const wildHits = async (scope: Scope, look: Look): Promise<Hit[]> => {
  if (look.wild === undefined) return []
  const { rows: patterns } = await queryRows<Pattern>(
    scope.events,
    sql`SELECT value, toString(indicator_id) AS id, is_allowed FROM ${table(scope.events, 'indicator_values')}
      WHERE ${kindsOf(look.kinds)} AND shape = 'wild' AND (is_allowed = 1 OR ${ofWhich(scope.which)})`,
    asked(scope),
  )
  const hits: Hit[] = []
  for (let from = 0; from < patterns.length; from += patternsAtOnce)
    hits.push(...(await patternHits(scope, look, patterns.slice(from, from + patternsAtOnce))))
  return hits
}

const patternHits = async (scope: Scope, look: Look, patterns: readonly Pattern[]): Promise<Hit[]> => {
  const literals = [...new Set(patterns.map((one) => longestLiteral(one.value)))]
  const likes = param(
    'Array(String)',
    patterns.map((one) => likeOf(one.value)),
  )
  const form = raw(look.wild ?? 'v')
  const { rows } = await queryRows<{ v: string; c: string; at: number[] }>(
    scope.events,
    sql`SELECT toString(v) AS v, c, arrayFilter((n, p) -> form LIKE p, arrayEnumerate(${likes}), ${likes}) AS at
      FROM (SELECT v, c, ${form} AS form FROM (SELECT ${ident(look.column)} AS v, count() AS c FROM ${table(scope.events, 'events')}
        WHERE ${rowsIn(scope)} AND v != '' GROUP BY v) WHERE multiSearchAny(form, ${param('Array(String)', literals)}))
      WHERE length(at) > 0 LIMIT ${raw(String(hitsAtMost + 1))}`,
    asked(scope),
  )
  if (rows.length > hitsAtMost)
    throw new Error(`Patterns fit more than ${hitsAtMost} different values of ${look.column}. Make them narrower.`)
  return rows.map((row) => {
    const fit = row.at.map((n) => patterns[n - 1]).filter((one) => one !== undefined)
    const ids = (isAllowed: number) => fit.filter((one) => one.is_allowed === isAllowed).map((one) => one.id)
    return { value: row.v, rows: Number(row.c), bad: ids(0), good: ids(1) }
  })
}

export const columnHits = async (scope: Scope, look: Look, present: ReadonlySet<string>): Promise<Hit[]> => {
  const has = (shape: string): boolean => look.kinds.some((kind) => present.has(`${kind} ${shape}`))
  return [...(has('exact') ? await exactHits(scope, look) : []), ...(has('wild') ? await wildHits(scope, look) : [])]
}

export const lineHits = (scope: Scope): Promise<Hit[]> => {
  const values = valuesOf(scope, raw("shape = 'line'"))
  return collect(
    scope,
    sql`SELECT v, v AS k, count() AS c FROM (SELECT arrayJoin(${raw(lines)}) AS v FROM ${table(scope.events, 'events')} WHERE ${rowsIn(scope)})
      WHERE v IN (SELECT k FROM (${values})) GROUP BY v`,
    values,
  )
}

/** A value of a row and an indicator that it stands for. */
export interface Pair {
  value: string
  id: string
}

/** Stores the rows of these values as matches, but for those that are matches of the indicator already. */
export const storePairs = (scope: Scope, column: string, pairs: readonly Pair[]): Promise<void> => {
  const values = param(
    'Array(String)',
    pairs.map((one) => one.value),
  )
  const ids = param(
    'Array(String)',
    pairs.map((one) => one.id),
  )
  const shown = ['id', 'host_key', 'timestamp', 'import_id'].map((name) => ident(name))
  const from =
    column === ''
      ? sql`SELECT ${join(shown, ', ')}, arrayJoin(${raw(lines)}) AS v FROM ${table(scope.events, 'events')} WHERE ${rowsIn(scope)}`
      : sql`SELECT ${join(shown, ', ')}, toString(${ident(column)}) AS v FROM ${table(scope.events, 'events')} WHERE ${rowsIn(scope)} AND ${ident(column)} IN ${values}`
  return execute(
    scope.events,
    sql`INSERT INTO ${table(scope.events, 'matches')} (kind, subject_id, subject_version, row_id, host_key, timestamp, import_id, detail, matched_at)
      SELECT DISTINCT 'indicator', p.2 AS subject, 1, id, host_key, timestamp, import_id,
        toJSONString(map('column', ${text(column)}, 'value', v)), now64(3)
      FROM (${from}) r INNER JOIN (SELECT arrayJoin(arrayZip(${values}, ${ids})) AS p, p.1 AS v) q USING v
      WHERE v IN ${values} AND (subject, id) NOT IN (SELECT subject_id, row_id FROM ${table(scope.events, 'matches')}
        WHERE kind = 'indicator' AND subject_id IN ${ids})`,
    { signal: scope.signal, timeoutMs: lookMs },
  )
}

/** Rows that are matches of those that were looked for. */
export const countFound = async (scope: Scope): Promise<number> => {
  const ids =
    scope.which === 'all'
      ? raw('1')
      : sql`subject_id IN (SELECT toString(indicator_id) FROM ${table(scope.events, 'indicator_values')} WHERE ${ofWhich(scope.which)})`
  const { rows } = await queryRows<{ n: string }>(
    scope.events,
    sql`SELECT uniqExact(row_id) AS n FROM ${table(scope.events, 'matches')} WHERE kind = 'indicator' AND ${rowsIn(scope)} AND ${ids}`,
    asked(scope),
  )
  return Number(rows[0]?.n ?? 0)
}
