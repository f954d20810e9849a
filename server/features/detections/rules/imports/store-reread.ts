// Rules that an older reader read, or that are worth something else since others came or went.
import { sql } from 'kysely'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import type { StoredRule } from '../reading/stored-rule.ts'

export interface Stale {
  rule_id: string
  version: number
  path: string
  text: string
  hash: string
}

/** Of those that stand in the newest versions of their packs. */
export const staleRules = (db: TenantDb, readBy: string, most: number): Promise<Stale[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<Stale>`
      select rule_id, version, path, text, hash from rule_versions
      where tenant_id = ${tenantIdOf(db)} and until_pack is null and read_by <> ${readBy} order by rule_id limit ${most}`.execute(q)
    return rows
  })

export const putReread = (db: TenantDb, rules: readonly (Pick<Stale, 'rule_id' | 'version'> & StoredRule)[]): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`update rule_versions v set kind = x.kind, level = x.level, status = x.status, title = x.title, name = x.name, sigma_id = x.sigma_id,
        category = x.category, product = x.product, service = x.service, tags = x.tags, used_fields = x.used_fields, refers_to = x.refers_to,
        sources = x.sources, state = x.state, reason_codes = x.reason_codes, reasons = x.reasons, warnings = x.warnings,
        needs_lists = x.needs_lists, document = x.document, read_by = x.read_by
      from jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) as x(rule_id uuid, version integer, kind text, level text, status text, title text,
        name text, sigma_id text, category text, product text, service text, tags text[], used_fields text[], refers_to text[], sources text[],
        state text, reason_codes text[], reasons jsonb, warnings jsonb, needs_lists boolean, document text, read_by text)
      where v.tenant_id = ${tenantIdOf(db)} and v.rule_id = x.rule_id and v.version = x.version`.execute(q)
  })

/** A correlation runs while every rule that it refers to is here. */
export const settleCorrelations = (db: TenantDb): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`
      update rule_versions v set state = case when m.names is null then 'runs' else 'not_running' end,
        reason_codes = case when m.names is null then '{}' else array['unknown_rule'] end,
        reasons = case when m.names is null then '[]'::jsonb else jsonb_build_array(jsonb_build_object('code', 'unknown_rule', 'line', null,
          'column', null, 'message', 'The correlation refers to ' || m.names || ', which no rule here has as its id or name.')) end
      from (
        select c.rule_id, c.version, string_agg('"' || r.ref || '"', ', ' order by r.ref) as names
        from rule_versions c left join lateral (
          select u.ref from unnest(c.refers_to) as u(ref)
          where not exists (select from rule_versions t where t.until_pack is null and (t.sigma_id = u.ref or lower(t.name) = u.ref))) r on true
        where c.tenant_id = ${tenantIdOf(db)} and c.kind = 'correlation' and c.until_pack is null
        group by c.rule_id, c.version) m
      where v.tenant_id = ${tenantIdOf(db)} and v.rule_id = m.rule_id and v.version = m.version and (v.state = 'runs') <> (m.names is null)`.execute(
      q,
    )
  })
