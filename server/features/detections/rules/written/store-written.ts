// Rules that are written in the app: each act is a new version of the tenant's own pack.
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../../../../db/tables.ts'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { newId } from '../../../../platform/ids.ts'
import type { StoredRule } from '../reading/stored-rule.ts'

type Q = Transaction<Tables>
interface By {
  id: string | null
  name: string
  at: Date
}

/** The pack is held until the transaction ends. */
const nextPackVersion = async (q: Q, tenantId: string, by: By): Promise<{ id: string; version: number }> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`rules-written:${tenantId}`}, 0))`.execute(q)
  const { rows } = await sql<{ id: string; version: number }>`
    update rule_packs set newest = newest + 1, version = newest + 1, updated_at = ${by.at}
    where tenant_id = ${tenantId} and kind = 'written' returning id, version`.execute(q)
  if (rows[0] !== undefined) return rows[0]
  const id = newId()
  const { rows: taken } = await sql`select 1 from rule_packs where tenant_id = ${tenantId} and lower(name) = 'own rules'`.execute(q)
  await sql`insert into rule_packs (tenant_id, id, name, kind, is_on_by_default, newest, version, created_by, created_by_name, created_at, updated_at)
    values (${tenantId}, ${id}, ${taken.length === 0 ? 'Own rules' : `Own rules ${id.slice(-6)}`}, 'written', true, 1, 1, ${by.id}, ${by.name},
      ${by.at}, ${by.at})`.execute(q)
  return { id, version: 1 }
}

interface Written {
  rule_id: string
  version: number
  pack: { id: string; version: number }
  rule: StoredRule
}

const insertVersion = async (q: Q, tenantId: string, o: Written, by: By): Promise<void> => {
  const { rule } = o
  await sql`insert into rule_versions (tenant_id, rule_id, version, pack_id, since_pack, hash, path, text, kind, sigma_id, name, title, level,
      status, author, license, category, product, service, tags, used_fields, refers_to, sources, state, reason_codes, reasons, warnings,
      needs_lists, document, read_by, created_by, created_by_name, created_at)
    values (${tenantId}, ${o.rule_id}, ${o.version}, ${o.pack.id}, ${o.pack.version}, ${rule.hash}, ${rule.path}, ${rule.text}, ${rule.kind},
      ${rule.sigma_id}, ${rule.name}, ${rule.title}, ${rule.level}, ${rule.status}, ${rule.author}, ${rule.license}, ${rule.category},
      ${rule.product}, ${rule.service}, ${rule.tags}, ${rule.used_fields}, ${rule.refers_to}, ${rule.sources}, ${rule.state},
      ${rule.reason_codes}, ${JSON.stringify(rule.reasons)}::jsonb, ${JSON.stringify(rule.warnings)}::jsonb, ${rule.needs_lists},
      ${rule.document}, ${rule.read_by}, ${by.id}, ${by.name}, ${by.at})`.execute(q)
}

export const insertRule = (db: TenantDb, o: { rule: StoredRule; derived_from: string | null; by: By }): Promise<string> =>
  inTenant(db, async (q) => {
    const id = newId()
    const tenantId = tenantIdOf(db)
    const pack = await nextPackVersion(q, tenantId, o.by)
    await sql`insert into rules (tenant_id, id, pack_id, key, newest, derived_from, created_at)
      values (${tenantId}, ${id}, ${pack.id}, ${id}, 1, ${o.derived_from}, ${o.by.at})`.execute(q)
    await insertVersion(q, tenantId, { rule_id: id, version: 1, pack, rule: o.rule }, o.by)
    return id
  })

const endVersion = (q: Q, tenantId: string, id: string, version: number) =>
  sql`
  update rule_versions set until_pack = ${version} where tenant_id = ${tenantId} and rule_id = ${id} and until_pack is null`.execute(q)

export const addVersion = (db: TenantDb, id: string, o: { rule: StoredRule; by: By }): Promise<void> =>
  inTenant(db, async (q) => {
    const tenantId = tenantIdOf(db)
    const pack = await nextPackVersion(q, tenantId, o.by)
    await endVersion(q, tenantId, id, pack.version)
    const { rows } = await sql<{ newest: number }>`
      update rules set newest = newest + 1 where tenant_id = ${tenantId} and id = ${id} returning newest`.execute(q)
    await insertVersion(q, tenantId, { rule_id: id, version: rows[0]?.newest ?? 1, pack, rule: o.rule }, o.by)
  })

/** Its versions stay, for the detections that it has raised. */
export const endRule = (db: TenantDb, id: string, by: By): Promise<void> =>
  inTenant(db, async (q) => {
    const tenantId = tenantIdOf(db)
    const pack = await nextPackVersion(q, tenantId, by)
    await endVersion(q, tenantId, id, pack.version)
    await sql`delete from rule_overrides where rule_id = ${id}`.execute(q)
  })

/** Ids and names that no rule of this tenant has. */
export const missingRefs = (db: TenantDb, refs: readonly string[]): Promise<string[]> =>
  inTenant(db, async (q) => {
    if (refs.length === 0) return []
    const { rows } = await sql<{ ref: string }>`
      select r.ref from unnest(${refs}::text[]) as r(ref)
      where not exists (select from rule_versions t where t.until_pack is null and (t.sigma_id = r.ref or lower(t.name) = r.ref))`.execute(
      q,
    )
    return rows.map((row) => row.ref)
  })

/** A rule that is changed is held first, so that of two changes at once the second sees the first. */
export const lockRule = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`select from rules where tenant_id = ${tenantIdOf(db)} and id = ${id} for update`.execute(q)
  })
