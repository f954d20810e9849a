import { sql } from 'kysely'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import type { RuleChoice } from '../../../../../shared/contract/detect/rule-shapes.ts'
import { packsHere, rulesHere } from '../store-here.ts'

export interface PackRow {
  id: string
  name: string
  description: string
  kind: 'starter' | 'written' | 'imported'
  is_platform: boolean
  is_canary: boolean
  is_on_by_default: boolean
  version: number
  newest: number
  content_hash: string | null
  source: string | null
  source_url: string | null
  license: string | null
  imported_by: string
  imported_at: Date
  rules: number
  runs: number
  enabled: number
  has_choice: boolean
  choice: RuleChoice
}

/** Packs that this tenant has, or the one of this id. */
export const packRows = (db: TenantDb, lists: string, id: string | null): Promise<PackRow[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<PackRow>`
      with counted as materialized (
        select h.pack_id, count(*) as rules, count(*) filter (where h.state = 'runs') as runs,
          count(*) filter (where h.state = 'runs' and h.is_chosen) as enabled
        from ${rulesHere(lists)} h where ${id}::uuid is null or h.pack_id = ${id}::uuid group by h.pack_id)
      select p.id, p.name, p.description, p.kind, p.is_platform, p.is_canary, p.is_on_by_default, p.has as version, p.newest, p.source_url,
        coalesce(n.license, p.license) as license, n.content_hash, n.source, coalesce(n.imported_by_name, p.created_by_name) as imported_by,
        coalesce(n.imported_at, p.updated_at) as imported_at, coalesce(k.rules, 0) as rules, coalesce(k.runs, 0) as runs,
        coalesce(k.enabled, 0) as enabled, c.pack_id is not null as has_choice,
        json_build_object('is_on', coalesce(c.is_on, p.is_on_by_default), 'levels', c.levels, 'statuses', c.statuses, 'logsources', c.logsources,
          'not_logsources', coalesce(c.not_logsources, '{}'), 'tags', c.tags, 'not_tags', coalesce(c.not_tags, '{}')) as choice
      from ${packsHere} p
        left join rule_pack_versions n on n.tenant_id = p.tenant_id and n.pack_id = p.id and n.version = p.has
        left join rule_choices c on c.tenant_id = current_tenant() and c.pack_id = p.id
        left join counted k on k.pack_id = p.id
      where p.has is not null and (${id}::uuid is null or p.id = ${id}::uuid)
      order by p.kind = 'written' desc, p.is_platform, lower(p.name)`.execute(q)
    return rows
  })

export interface PackVersionRow {
  version: number
  content_hash: string
  source: string
  license: string | null
  license_text: string | null
  files: number
  rules: number
  added: number
  changed: number
  gone: number
  imported_by: string
  imported_at: Date
}

/** Up to the one that this tenant has, the newest first. */
export const packVersions = (db: TenantDb, id: string): Promise<PackVersionRow[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<PackVersionRow>`
      select n.version, n.content_hash, n.source, n.license, n.license_text, n.files, n.rules, n.added, n.changed, n.gone,
        n.imported_by_name as imported_by, n.imported_at
      from rule_pack_versions n join ${packsHere} p on p.tenant_id = n.tenant_id and p.id = n.pack_id
      where n.pack_id = ${id} and n.version <= p.has order by n.version desc limit 200`.execute(q)
    return rows
  })

export const renamePack = (db: TenantDb, id: string, o: { name: string; description: string; at: Date }): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`update rule_packs set name = ${o.name}, description = ${o.description}, updated_at = ${o.at}
      where tenant_id = ${tenantIdOf(db)} and id = ${id}`.execute(q)
  })

/** With all versions of its rules, and what was chosen of it. */
export const removePack = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    const mine = sql`select id from rules where tenant_id = ${tenantIdOf(db)} and pack_id = ${id}`
    await sql`delete from rule_overrides where rule_id in (${mine})`.execute(q)
    await sql`delete from rule_readings where rule_id in (${mine})`.execute(q)
    await sql`delete from rule_choices where pack_id = ${id}`.execute(q)
    await sql`delete from rule_packs where tenant_id = ${tenantIdOf(db)} and id = ${id}`.execute(q)
  })
