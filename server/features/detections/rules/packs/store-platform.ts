// Packs of the whole installation, and who has which version of them.
import { sql } from 'kysely'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import type { StagedRule } from '../imports/store-staged.ts'

export interface PlatformPackRow {
  id: string
  name: string
  kind: 'starter' | 'written' | 'imported'
  newest: number
  canary_version: number | null
  version: number | null
  is_on_by_default: boolean
  license: string | null
  rules: number
  updated_at: Date
}

export const platformPacks = (platform: TenantDb): Promise<PlatformPackRow[]> =>
  inTenant(platform, async (q) => {
    const { rows } = await sql<PlatformPackRow>`
      select p.id, p.name, p.kind, p.newest, p.canary_version, p.version, p.is_on_by_default, p.license, p.updated_at,
        (select count(*) from rule_versions v where v.tenant_id = p.tenant_id and v.pack_id = p.id and v.until_pack is null) as rules
      from rule_packs p where p.tenant_id = ${tenantIdOf(platform)} order by lower(p.name)`.execute(q)
    return rows
  })

export const canaries = (platform: TenantDb): Promise<string[]> =>
  inTenant(platform, async (q) => {
    const { rows } = await sql<{ member_id: string }>`
      select member_id from rule_canaries where tenant_id = ${tenantIdOf(platform)} order by member_id`.execute(q)
    return rows.map((row) => row.member_id)
  })

export const putCanaries = (platform: TenantDb, o: { tenants: readonly string[]; by: string; at: Date }): Promise<void> =>
  inTenant(platform, async (q) => {
    await sql`delete from rule_canaries where tenant_id = ${tenantIdOf(platform)}`.execute(q)
    await sql`insert into rule_canaries (tenant_id, member_id, added_by_name, added_at)
      select distinct ${tenantIdOf(platform)}::uuid, t.id, ${o.by}, ${o.at}::timestamptz from unnest(${o.tenants}::uuid[]) as t(id)`.execute(
      q,
    )
  })

/** False: there is no such pack. */
export const putRings = (
  platform: TenantDb,
  id: string,
  o: { canary_version: number | null; version: number | null; is_on_by_default: boolean; at: Date },
): Promise<boolean> =>
  inTenant(platform, async (q) => {
    const { rows } = await sql`update rule_packs set canary_version = ${o.canary_version}, version = ${o.version},
        is_on_by_default = ${o.is_on_by_default}, updated_at = ${o.at}
      where tenant_id = ${tenantIdOf(platform)} and id = ${id} returning 1`.execute(q)
    return rows.length > 0
  })

/** What a pack of a tenant holds now, from one rule on, as an import would have it. */
export const rulesToPublish = (db: TenantDb, packId: string, o: { after: string; limit: number }): Promise<StagedRule[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<StagedRule>`
      select r.key, v.hash, v.path, v.text, v.kind, v.sigma_id, v.name, v.title, v.level, v.status, v.author, v.license, v.category, v.product,
        v.service, v.tags, v.used_fields, v.refers_to, v.sources, v.state, v.reason_codes, v.reasons, v.warnings, v.needs_lists, v.document, v.read_by
      from rule_versions v join rules r on r.tenant_id = v.tenant_id and r.id = v.rule_id join rule_packs p on p.tenant_id = v.tenant_id and p.id = v.pack_id
      where v.tenant_id = ${tenantIdOf(db)} and v.pack_id = ${packId} and v.since_pack <= p.version
        and (v.until_pack is null or v.until_pack > p.version) and r.key > ${o.after}
      order by r.key limit ${o.limit}`.execute(q)
    return rows
  })

/** Of the newest version of the pack of that name; null where there is none. */
export const newestHash = (platform: TenantDb, name: string): Promise<string | null> =>
  inTenant(platform, async (q) => {
    const { rows } = await sql<{ content_hash: string }>`
      select n.content_hash from rule_packs p join rule_pack_versions n on n.tenant_id = p.tenant_id and n.pack_id = p.id and n.version = p.newest
      where p.tenant_id = ${tenantIdOf(platform)} and p.name = ${name}`.execute(q)
    return rows[0]?.content_hash ?? null
  })
