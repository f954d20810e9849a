// Puts what was read in place: one transaction, whatever the number of rules.
import { sql } from 'kysely'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { settleCorrelations } from './store-reread.ts'
import { expectMany } from './store-staged.ts'

export interface Application {
  import_id: string
  /** A new one where there is none of that id. */
  pack: { id: string; name: string; kind: 'starter' | 'imported' | 'written'; is_on_by_default: boolean }
  source: string
  source_url: string | null
  license: string | null
  license_text: string | null
  files: number
  content_hash: string
  base_version: number
  by: { id: string | null; name: string }
  at: Date
  /** Of a platform pack: the tenants that have it now. */
  ring: 'canary' | 'all'
}

/** The number of the pack's version; null when it has another one by now than the one that was compared with. */
export const applyStaged = (db: TenantDb, o: Application): Promise<number | null> =>
  inTenant(db, async (q) => {
    const tenantId = tenantIdOf(db)
    const { id } = o.pack
    await expectMany(q)
    await sql`insert into rule_packs (tenant_id, id, name, kind, license, is_on_by_default, created_by, created_by_name, created_at)
      values (${tenantId}, ${id}, ${o.pack.name}, ${o.pack.kind}, ${o.license}, ${o.pack.is_on_by_default}, ${o.by.id}, ${o.by.name}, ${o.at})
      on conflict (tenant_id, id) do nothing`.execute(q)
    const { rows: held } = await sql<{ newest: number }>`
      select newest from rule_packs where tenant_id = ${tenantId} and id = ${id} for update`.execute(q)
    if (held[0]?.newest !== o.base_version) return null
    const version = o.base_version + 1
    await sql`insert into rules (tenant_id, id, pack_id, key, newest, created_at)
      select tenant_id, rule_id, ${id}::uuid, key, version, ${o.at}::timestamptz from rule_staged
      where import_id = ${o.import_id} and change = 'added' on conflict (tenant_id, id) do nothing`.execute(q)
    const { rows: goneRows } = await sql`
      update rule_versions v set until_pack = ${version} where v.tenant_id = ${tenantId} and v.pack_id = ${id} and v.until_pack is null
        and not exists (select from rule_staged s where s.import_id = ${o.import_id} and s.rule_id = v.rule_id) returning 1`.execute(q)
    await sql`update rule_versions v set until_pack = ${version} from rule_staged s
      where s.import_id = ${o.import_id} and s.change = 'changed' and v.tenant_id = ${tenantId} and v.rule_id = s.rule_id
        and v.until_pack is null`.execute(q)
    await sql`update rules r set newest = s.version from rule_staged s
      where s.import_id = ${o.import_id} and s.change <> 'unchanged' and r.tenant_id = ${tenantId} and r.id = s.rule_id`.execute(q)
    await sql`insert into rule_versions (tenant_id, rule_id, version, pack_id, since_pack, hash, path, text, kind, sigma_id, name, title, level,
        status, author, license, category, product, service, tags, used_fields, refers_to, sources, state, reason_codes, reasons, warnings,
        needs_lists, document, read_by, created_by, created_by_name, created_at)
      select tenant_id, rule_id, version, ${id}::uuid, ${version}::integer, hash, path, text, kind, sigma_id, name, title, level, status, author,
        license, category, product, service, tags, used_fields, refers_to, sources, state, reason_codes, reasons, warnings, needs_lists,
        document, read_by, ${o.by.id}::uuid, ${o.by.name}, ${o.at}::timestamptz
      from rule_staged where import_id = ${o.import_id} and change <> 'unchanged'`.execute(q)
    await sql`insert into rule_pack_versions (tenant_id, pack_id, version, content_hash, source, license, license_text, files, rules, added,
        changed, gone, imported_by, imported_by_name, imported_at)
      select ${tenantId}::uuid, ${id}::uuid, ${version}::integer, ${o.content_hash}, ${o.source}, ${o.license}, ${o.license_text},
        ${o.files}::integer, count(*), count(*) filter (where change = 'added'), count(*) filter (where change = 'changed'), ${goneRows.length}::integer,
        ${o.by.id}::uuid, ${o.by.name}, ${o.at}::timestamptz
      from rule_staged where import_id = ${o.import_id}`.execute(q)
    const has = o.ring === 'all' ? sql`version = ${version}, canary_version = null` : sql`canary_version = ${version}`
    await sql`update rule_packs set newest = ${version}, ${has}, license = coalesce(${o.license}, license),
        source_url = coalesce(${o.source_url}, source_url), updated_at = ${o.at}
      where tenant_id = ${tenantId} and id = ${id}`.execute(q)
    await settleCorrelations(db)
    return version
  })
