// Rules as they are listed and counted.
import { type RawBuilder, sql } from 'kysely'
import type { RuleFilter } from '../../../../../shared/contract/detect/rule-shapes.ts'
import { inTenant } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { logsourceFits, packsHere, rulesHere } from '../store-here.ts'

const like = (text: string): string => `%${text.toLowerCase().replaceAll(/[\\%_]/g, (c) => `\\${c}`)}%`
const anyOf = (column: RawBuilder<unknown>, list: readonly string[]): RawBuilder<boolean> => sql<boolean>`${column} = any(${list}::text[])`

const detectionsOf = sql`(select count(*) from detections d where d.kind in ('rule', 'correlation') and d.subject_id = h.id::text and d.merged_into is null)`

/** The conditions of a filter on a rule `h`. */
const conditions = (f: RuleFilter): RawBuilder<boolean>[] => {
  const all: RawBuilder<boolean>[] = []
  const given = <T>(value: T | undefined, make: (value: T) => RawBuilder<boolean>): void => {
    if (value !== undefined) all.push(make(value))
  }
  given(f.text?.trim() === '' ? undefined : f.text?.trim(), (text) => {
    const pattern = like(text)
    return sql<boolean>`(lower(h.title) like ${pattern} or h.sigma_id like ${pattern} or lower(h.author) like ${pattern}
      or exists (select from unnest(h.tags) as t(tag) where t.tag like ${pattern}) or lower(h.text) like ${pattern} or h.id::text = ${text})`
  })
  given(f.level, (list) => anyOf(sql`coalesce(h.level, 'none')`, list))
  given(f.status, (list) => anyOf(sql`coalesce(h.status, 'none')`, list))
  given(f.state, (state) => sql<boolean>`h.state = ${state}`)
  given(f.reason, (list) => sql<boolean>`h.reason_codes && ${list}::text[]`)
  given(f.kind, (list) => anyOf(sql`h.kind`, list))
  given(f.enabled, (is) => sql<boolean>`h.is_chosen = ${is}`)
  given(f.overridden, (is) => sql<boolean>`(h.override is not null) = ${is}`)
  given(f.pack_id, (list) => sql<boolean>`h.pack_id = any(${list}::uuid[])`)
  given(f.tag, (list) => sql<boolean>`h.tags && ${list}::text[]`)
  given(f.logsource, (list) => sql<boolean>`exists (select from (select h.category, h.product, h.service) v where ${logsourceFits(list)})`)
  given(f.source, (list) => sql<boolean>`h.sources && ${list}::text[]`)
  given(f.has_detections, (is) => sql<boolean>`(${detectionsOf} > 0) = ${is}`)
  given(f.ids, (list) => sql<boolean>`h.id = any(${list}::uuid[])`)
  return all
}

const where = (f: RuleFilter): RawBuilder<boolean> => sql<boolean>`${sql.join([sql`true`, ...conditions(f)], sql` and `)}`

export interface ListedRow {
  id: string
  version: number
  kind: 'rule' | 'correlation' | 'filter' | 'unread'
  sigma_id: string | null
  title: string
  level: 'informational' | 'low' | 'medium' | 'high' | 'critical' | null
  status: string | null
  author: string | null
  category: string | null
  product: string | null
  service: string | null
  tags: string[]
  pack_id: string
  pack_name: string
  pack_kind: string
  is_platform: boolean
  state: 'runs' | 'not_running'
  reason_codes: string[]
  is_chosen: boolean
  override: boolean | null
  derived_from: string | null
  detections: number
  exceptions: number
  changed_at: Date
}

const columns = sql`h.id, h.version, h.kind, h.sigma_id, h.title, h.level, h.status, h.author, h.category, h.product, h.service, h.tags,
  h.pack_id, h.pack_name, h.pack_kind, h.is_platform, h.state, h.reason_codes, h.is_chosen, h.override, r.derived_from, h.changed_at,
  ${detectionsOf} as detections,
  (select count(*) from rule_exceptions e where e.subject_id = h.id::text and (e.expires_at is null or e.expires_at > now())) as exceptions`
const ruleOf = sql`join rules r on r.tenant_id = h.tenant_id and r.id = h.id`

const orders = {
  title: sql`lower(h.title)`,
  level: sql`array_position(array['informational', 'low', 'medium', 'high', 'critical'], h.level)`,
  changed_at: sql`h.changed_at`,
  detections: detectionsOf,
}

export interface ListAsk {
  filter: RuleFilter
  sort: keyof typeof orders
  order: 'asc' | 'desc'
  skip: number
  limit: number
}

export const listedRows = (db: TenantDb, lists: string, o: ListAsk): Promise<{ total: number; rows: ListedRow[] }> =>
  inTenant(db, async (q) => {
    const { rows: total } = await sql<{ n: number }>`select count(*) as n from ${rulesHere(lists)} h where ${where(o.filter)}`.execute(q)
    const direction = o.order === 'asc' ? sql`asc nulls first` : sql`desc nulls last`
    const { rows } = await sql<ListedRow>`
      select ${columns} from ${rulesHere(lists)} h ${ruleOf} where ${where(o.filter)}
      order by ${orders[o.sort]} ${direction}, lower(h.title), h.id offset ${o.skip} limit ${o.limit}`.execute(q)
    return { total: total[0]?.n ?? 0, rows }
  })

export interface DetailRow extends ListedRow {
  path: string
  text: string
  license: string | null
  sources: string[]
  used_fields: string[]
  reasons: { code: string; message: string; line: number | null; column: number | null }[]
  warnings: DetailRow['reasons']
  document: string | null
  has_choice: boolean
  pack_is_on: boolean
  versions: number
  created_at: Date
  changed_by: string
  hash: string
}

/** Undefined: this tenant has no such rule, or none any more. */
export const detailRow = (db: TenantDb, lists: string, id: string): Promise<DetailRow | undefined> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<DetailRow>`
      select ${columns}, h.path, h.text, h.license, h.sources, h.used_fields, h.reasons, h.warnings, h.document, h.has_choice, h.pack_is_on,
        h.changed_by, h.hash, r.created_at, (select count(*) from rule_versions n where n.tenant_id = h.tenant_id and n.rule_id = h.id) as versions
      from ${rulesHere(lists)} h ${ruleOf} where h.id = ${id}`.execute(q)
    return rows[0]
  })

export interface FilterRow {
  id: string
  title: string
  document: string
}

/** Filters that are enabled. */
export const enabledFilters = (db: TenantDb, lists: string): Promise<FilterRow[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<FilterRow>`
      select h.id, h.title, h.document from ${rulesHere(lists)} h where h.kind = 'filter' and h.is_chosen and h.document is not null`.execute(
      q,
    )
    return rows
  })

export interface VersionRow {
  version: number
  title: string
  state: 'runs' | 'not_running'
  text: string
  created_by_name: string
  created_at: Date
}

export const versionRows = (db: TenantDb, id: string): Promise<VersionRow[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<VersionRow>`
      select v.version, v.title, v.state, v.text, v.created_by_name, v.created_at
      from rule_versions v join ${packsHere} p on p.tenant_id = v.tenant_id and p.id = v.pack_id
      where v.rule_id = ${id} and v.since_pack <= p.has order by v.version desc`.execute(q)
    return rows
  })

interface Tally {
  value: string
  label: string
  rules: number
  enabled: number
}
export interface Counts {
  total: number
  runs: number
  not_running: number
  enabled: number
  blind: number
  by_reason: { code: string; rules: number; example: string }[]
  tallies: Record<'level' | 'status' | 'pack' | 'kind' | 'logsource' | 'tag', Tally[]>
}

const mostTallied = 100

export const ruleCounts = (db: TenantDb, lists: string, filter: RuleFilter): Promise<Counts> =>
  inTenant(db, async (q) => {
    const here = sql`with h as materialized (select h.id, h.kind, h.level, h.status, h.pack_id, h.pack_name, h.logsource, h.tags, h.state, h.reason_codes,
        h.reasons, h.is_chosen from ${rulesHere(lists)} h where ${where(filter)})`
    const { rows } = await sql<Omit<Counts, 'by_reason' | 'tallies'>>`${here}
      select count(*) as total, count(*) filter (where state = 'runs') as runs, count(*) filter (where state = 'not_running') as not_running,
        count(*) filter (where state = 'runs' and is_chosen) as enabled, count(*) filter (where state = 'not_running' and is_chosen) as blind
      from h`.execute(q)
    const { rows: by_reason } = await sql<Counts['by_reason'][number]>`${here}
      select c.code, count(*) as rules, min(h.reasons -> 0 ->> 'message') as example from h cross join unnest(h.reason_codes) as c(code)
      group by c.code order by count(*) desc, c.code`.execute(q)
    const { rows: tallied } = await sql<Tally & { what: keyof Counts['tallies'] }>`${here},
      each as (
        select h.is_chosen and h.state = 'runs' as is_enabled, t.what, t.value, t.label from h cross join lateral (
          values ('level', coalesce(h.level, 'none'), coalesce(h.level, 'none')), ('status', coalesce(h.status, 'none'), coalesce(h.status, 'none')),
            ('pack', h.pack_id::text, h.pack_name), ('kind', h.kind, h.kind), ('logsource', h.logsource, h.logsource)) as t(what, value, label)
        union all select h.is_chosen and h.state = 'runs', 'tag', t.tag, t.tag from h cross join unnest(h.tags) as t(tag)),
      counted as (
        select what, value, min(label) as label, count(*) as rules, count(*) filter (where is_enabled) as enabled,
          row_number() over (partition by what order by count(*) desc, value) as place
        from each group by what, value)
      select what, value, label, rules, enabled from counted where place <= ${mostTallied} order by what, place`.execute(q)
    const tallies: Counts['tallies'] = { level: [], status: [], pack: [], kind: [], logsource: [], tag: [] }
    for (const { what, ...tally } of tallied) tallies[what].push(tally)
    return { ...(rows[0] as Omit<Counts, 'by_reason' | 'tallies'>), by_reason, tallies }
  })

/** @returns how many rules it concerns */
export const setOverrides = (
  db: TenantDb,
  lists: string,
  o: { filter: RuleFilter; is_on: boolean | null; by: string; at: Date },
): Promise<number> =>
  inTenant(db, async (q) => {
    const ids = sql`select h.id from ${rulesHere(lists)} h where ${where(o.filter)}`
    if (o.is_on === null) {
      const { rows } = await sql`delete from rule_overrides where rule_id in (${ids}) returning 1`.execute(q)
      return rows.length
    }
    const { rows } = await sql`insert into rule_overrides (tenant_id, rule_id, is_on, changed_by_name, changed_at)
      select current_tenant(), t.id, ${o.is_on}, ${o.by}, ${o.at}::timestamptz from (${ids}) t
      on conflict (tenant_id, rule_id) do update set is_on = excluded.is_on, changed_by_name = excluded.changed_by_name,
        changed_at = excluded.changed_at returning 1`.execute(q)
    return rows.length
  })
