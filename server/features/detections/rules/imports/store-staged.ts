// Rules that were read of an import, before they are put in place, and what is different in them.
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../../../../db/tables.ts'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { newId } from '../../../../platform/ids.ts'
import type { StoredRule } from '../reading/stored-rule.ts'

type Q = Transaction<Tables>

export interface StagedRule extends StoredRule {
  key: string
  seq: number
}

/** Again after a crash: what is there already stays as it is. */
export const insertStaged = (db: TenantDb, importId: string, rules: readonly StagedRule[]): Promise<void> =>
  inTenant(db, async (q) => {
    if (rules.length === 0) return
    const json = JSON.stringify(rules.map((rule) => ({ ...rule, rule_id: newId() })))
    await sql`insert into rule_staged (tenant_id, import_id, seq, key, rule_id, hash, path, text, kind, sigma_id, name, title, level, status,
        author, license, category, product, service, tags, used_fields, refers_to, sources, state, reason_codes, reasons, warnings,
        needs_lists, document, read_by)
      select ${tenantIdOf(db)}::uuid, ${importId}::uuid, x.*
      from jsonb_to_recordset(${json}::jsonb) as x(seq integer, key text, rule_id uuid, hash text, path text, text text, kind text, sigma_id text,
        name text, title text, level text, status text, author text, license text, category text, product text, service text, tags text[],
        used_fields text[], refers_to text[], sources text[], state text, reason_codes text[], reasons jsonb, warnings jsonb,
        needs_lists boolean, document text, read_by text)
      on conflict do nothing`.execute(q)
  })

/** A correlation of which a rule is missing cannot run, and says which. */
const blameMissing = (q: Q, importId: string) =>
  sql`
  update rule_staged s set state = 'not_running', reason_codes = array['unknown_rule'],
    reasons = jsonb_build_array(jsonb_build_object('code', 'unknown_rule', 'line', null, 'column', null,
      'message', 'The correlation refers to ' || m.names || ', which no rule here has as its id or name.'))
  from (
    select c.seq, string_agg('"' || r.ref || '"', ', ' order by r.ref) as names
    from rule_staged c cross join unnest(c.refers_to) as r(ref)
    where c.import_id = ${importId} and c.kind = 'correlation'
      and not exists (select from rule_staged t where t.import_id = c.import_id and (t.sigma_id = r.ref or lower(t.name) = r.ref))
      and not exists (select from rule_versions t where t.until_pack is null and (t.sigma_id = r.ref or lower(t.name) = r.ref))
    group by c.seq) m
  where s.import_id = ${importId} and s.seq = m.seq`.execute(q)

export interface Difference {
  rules: number
  added: number
  changed: number
  unchanged: number
  gone: number
  not_running: number
  /** The version of the pack that it is a difference to. */
  base_version: number
  content_hash: string
}

/**
 * For the rest of the transaction. Tables that were filled a moment ago have no statistics: taken for nearly empty, they would be read
 * row by row for every row of the other.
 */
export const expectMany = (q: Q) => sql`set local enable_nestloop = off`.execute(q)

/** Says of every rule that was read whether it is new, and counts. The pack is null of a new one. */
export const compareStaged = (db: TenantDb, importId: string, packId: string | null): Promise<Difference> =>
  inTenant(db, async (q) => {
    await expectMany(q)
    await sql`update rule_staged s set rule_id = r.id, version = case when v.hash = s.hash then v.version else r.newest + 1 end,
        change = case when v.hash = s.hash then 'unchanged' when v.hash is null then 'added' else 'changed' end
      from rules r left join rule_versions v on v.tenant_id = r.tenant_id and v.rule_id = r.id and v.until_pack is null
      where s.import_id = ${importId} and r.tenant_id = s.tenant_id and r.pack_id = ${packId}::uuid and r.key = s.key`.execute(q)
    await sql`update rule_staged set change = 'added' where import_id = ${importId} and change is null`.execute(q)
    await blameMissing(q, importId)
    const { rows } = await sql<Difference>`
      select count(*) as rules, count(*) filter (where change = 'added') as added, count(*) filter (where change = 'changed') as changed,
        count(*) filter (where change = 'unchanged') as unchanged, count(*) filter (where state = 'not_running') as not_running,
        (select count(*) from rule_versions v where v.tenant_id = ${tenantIdOf(db)} and v.pack_id = ${packId}::uuid and v.until_pack is null
          and not exists (select from rule_staged t where t.import_id = ${importId} and t.rule_id = v.rule_id)) as gone,
        coalesce((select newest from rule_packs where tenant_id = ${tenantIdOf(db)} and id = ${packId}::uuid), 0) as base_version,
        encode(sha256(convert_to(coalesce(string_agg(key || ':' || hash, ',' order by (key || ':' || hash) collate "C"), ''), 'UTF8')), 'hex') as content_hash
      from rule_staged where import_id = ${importId}`.execute(q)
    return rows[0] as Difference
  })

export interface Change {
  change: 'added' | 'changed' | 'gone' | 'unchanged'
  rule_id: string
  title: string
  path: string
  level: string | null
  state: 'runs' | 'not_running'
  reason_codes: string[]
  has_override: boolean
  before: string | null
  after: string | null
}

/** What an import would change. */
export const changesOf = (
  db: TenantDb,
  o: { import_id: string; pack_id: string | null; change: string | null; skip: number; limit: number },
): Promise<{ total: number; rows: Change[] }> =>
  inTenant(db, async (q) => {
    const all = sql`(
      select s.change, s.rule_id, s.title, s.path, s.level, s.state, s.reason_codes, s.seq,
        case when s.change = 'changed' then s.text end as after
      from rule_staged s where s.import_id = ${o.import_id}
      union all
      select 'gone', v.rule_id, v.title, v.path, v.level, v.state, v.reason_codes, null, null
      from rule_versions v where v.tenant_id = ${tenantIdOf(db)} and v.pack_id = ${o.pack_id}::uuid and v.until_pack is null
        and not exists (select from rule_staged t where t.import_id = ${o.import_id} and t.rule_id = v.rule_id))`
    const wanted = o.change === null ? sql`x.change <> 'unchanged'` : sql`x.change = ${o.change}`
    const { rows: total } = await sql<{ n: number }>`select count(*) as n from ${all} x where ${wanted}`.execute(q)
    const { rows } = await sql<Change>`
      select x.change, x.rule_id, x.title, x.path, x.level, x.state, x.reason_codes, x.after,
        exists (select from rule_overrides o where o.rule_id = x.rule_id) as has_override,
        case when x.change = 'changed' then (select v.text from rule_versions v where v.tenant_id = ${tenantIdOf(db)} and v.rule_id = x.rule_id
          and v.until_pack is null) end as before
      from ${all} x where ${wanted}
      order by array_position(array['gone', 'changed', 'added', 'unchanged'], x.change), lower(x.title), x.rule_id
      offset ${o.skip} limit ${o.limit}`.execute(q)
    return { total: total[0]?.n ?? 0, rows }
  })
