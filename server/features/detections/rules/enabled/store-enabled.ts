// Which rules are run: those that are chosen and can be, and those that correlations among them need.
import { type RawBuilder, sql } from 'kysely'
import { inTenant } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { rulesHere } from '../store-here.ts'

export interface EnabledRow {
  id: string
  version: number
  pack_id: string
  sigma_id: string | null
  name: string | null
  title: string
  level: 'informational' | 'low' | 'medium' | 'high' | 'critical' | null
  tags: string[]
  kind: 'rule' | 'correlation' | 'filter'
  document: string
  is_chosen: boolean
}

const enabled = (lists: string): RawBuilder<unknown> => sql`
  with recursive here as materialized (select * from ${rulesHere(lists)} h where h.state = 'runs' and h.document is not null),
  needed(id, refers_to) as (
    select id, refers_to from here where is_chosen
    union
    select h.id, h.refers_to from needed n join here h on h.sigma_id = any(n.refers_to) or lower(h.name) = any(n.refers_to)
    where n.refers_to <> '{}'
  )`

/** Changes exactly when what is run does. */
const markOf = sql<string>`md5(coalesce(string_agg(h.id::text || ':' || h.version || ':' || h.read_by || ':' || coalesce(h.lists_read_by, '')
  || ':' || h.is_chosen, ',' order by h.id), ''))`

export const enabledMark = (db: TenantDb, lists: string): Promise<string> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ mark: string }>`${enabled(lists)}
      select ${markOf} as mark from here h where h.id in (select id from needed)`.execute(q)
    return rows[0]?.mark ?? ''
  })

export const enabledRows = (db: TenantDb, lists: string): Promise<EnabledRow[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<EnabledRow>`${enabled(lists)}
      select h.id, h.version, h.pack_id, h.sigma_id, h.name, h.title, h.level, h.tags, h.kind_here as kind, h.document, h.is_chosen
      from here h where h.id in (select id from needed) order by h.id`.execute(q)
    return rows
  })

/** Of any rule that was ever here: as the tenant has it, else its newest version. */
export const rowsById = (db: TenantDb, lists: string, ids: readonly string[]): Promise<EnabledRow[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<EnabledRow>`
      with here as (select * from ${rulesHere(lists)} h where h.id = any(${ids}::uuid[]))
      select id, version, pack_id, sigma_id, name, title, level, tags, kind_here as kind, document, is_chosen from here
      where document is not null
      union all
      select v.rule_id, v.version, v.pack_id, v.sigma_id, v.name, v.title, v.level, v.tags, v.kind, v.document, false
      from rules r join rule_versions v on v.tenant_id = r.tenant_id and v.rule_id = r.id and v.version = r.newest
      where r.id = any(${ids}::uuid[]) and v.document is not null and r.id not in (select id from here)`.execute(q)
    return rows
  })

export interface CoverageRow {
  id: string
  title: string
  level: string | null
  tags: string[]
  kind: 'rule' | 'correlation'
  logsource: { category: string | null; product: string | null; service: string | null }
  sources: string[]
  refers_to: string[]
  sigma_id: string | null
  name: string | null
  state: 'runs' | 'not_running'
  is_enabled: boolean
}

/** Every rule that the tenant has, without what it looks for. */
export const coverageRows = (db: TenantDb, lists: string): Promise<CoverageRow[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<CoverageRow>`
      select h.id, h.title, h.level, h.tags, h.kind, h.sources, h.refers_to, h.sigma_id, h.name, h.state, h.is_chosen as is_enabled,
        json_build_object('category', h.category, 'product', h.product, 'service', h.service) as logsource
      from ${rulesHere(lists)} h where h.kind in ('rule', 'correlation')`.execute(q)
    return rows
  })
