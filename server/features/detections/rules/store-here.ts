// Which rules a tenant has, in which version, and which of them it runs: one piece of SQL that lists, counts and the enabled set share.
import { type RawBuilder, sql } from 'kysely'
import { platformChain } from '../../../db/audit/chain.ts'

/** Packs of the whole installation belong to no tenant. */
export const isPlatform = (alias: string): RawBuilder<boolean> => sql<boolean>`${sql.ref(`${alias}.tenant_id`)} = ${platformChain}::uuid`

const isCanary = sql`exists (select from rule_canaries k where k.member_id = current_tenant())`

/** Packs as this tenant has them: `has` is the version, null of a platform pack that is not published to it. */
export const packsHere = sql`(
  select p.*, (${isPlatform('p')} and current_tenant() <> ${platformChain}::uuid) as is_platform,
    (${isPlatform('p')} and p.canary_version is not null and ${isCanary}) as is_canary,
    case when ${isPlatform('p')} and ${isCanary} then coalesce(p.canary_version, p.version) else p.version end as has
  from rule_packs p)`

/** `product/category/service`, where each part may be `*`. */
const fits = (list: RawBuilder<unknown>): RawBuilder<boolean> => sql<boolean>`exists (select from unnest(${list}) as l(t) where
  split_part(l.t, '/', 1) in ('*', '', coalesce(v.product, '')) and split_part(l.t, '/', 2) in ('*', '', coalesce(v.category, ''))
  and split_part(l.t, '/', 3) in ('*', '', coalesce(v.service, '')))`

export const logsourceFits = (list: readonly string[]): RawBuilder<boolean> => fits(sql`${list}::text[]`)

const isChosen = sql`coalesce(o.is_on, coalesce(c.is_on, p.is_on_by_default)
  and (c.levels is null or coalesce(v.level, 'none') = any(c.levels))
  and (c.statuses is null or coalesce(v.status, 'none') = any(c.statuses))
  and (c.logsources is null or ${fits(sql`c.logsources`)})
  and (c.tags is null or v.tags && c.tags)
  and not (c.not_logsources is not null and ${fits(sql`c.not_logsources`)})
  and not (c.not_tags is not null and v.tags && c.not_tags))`

/**
 * All rules of this tenant, as `h`: the version that it has, read with its value lists where it needs any, and whether it is chosen.
 * `lists` says by which lists readings were made; a reading by others is none.
 */
export const rulesHere = (lists: string): RawBuilder<unknown> => sql`(
  select v.tenant_id, v.rule_id as id, v.version, v.pack_id, v.path, v.text, v.kind, v.sigma_id, v.name, v.title, v.level, v.status, v.author,
    coalesce(v.license, p.license) as license, v.category, v.product, v.service, v.tags, v.refers_to, v.sources, v.warnings,
    v.created_at as changed_at, v.created_by_name as changed_by, v.since_pack, v.hash, v.needs_lists, v.read_by,
    concat_ws('/', coalesce(v.product, '*'), coalesce(v.category, '*'), coalesce(v.service, '*')) as logsource,
    p.name as pack_name, p.kind as pack_kind, p.is_platform, c.pack_id is not null as has_choice,
    coalesce(c.is_on, p.is_on_by_default) as pack_is_on, o.is_on as override, ${isChosen} as is_chosen,
    case when g.rule_id is null then v.kind when g.document is null then 'unread' else 'rule' end as kind_here,
    coalesce(g.state, v.state) as state, coalesce(g.reason_codes, v.reason_codes) as reason_codes, coalesce(g.reasons, v.reasons) as reasons,
    coalesce(g.used_fields, v.used_fields) as used_fields,
    case when g.rule_id is null then v.document else g.document end as document, g.read_by as lists_read_by
  from ${packsHere} p
    join rule_versions v on v.tenant_id = p.tenant_id and v.pack_id = p.id and v.since_pack <= p.has and (v.until_pack is null or v.until_pack > p.has)
    left join rule_choices c on c.tenant_id = current_tenant() and c.pack_id = p.id
    left join rule_overrides o on o.tenant_id = current_tenant() and o.rule_id = v.rule_id
    left join rule_readings g on v.needs_lists and g.tenant_id = current_tenant() and g.rule_id = v.rule_id and g.version = v.version
      and g.read_by = ${lists})`
