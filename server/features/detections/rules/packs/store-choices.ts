import { sql } from 'kysely'
import type { RuleChoice } from '../../../../../shared/contract/detect/rule-shapes.ts'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'

export const setChoice = (db: TenantDb, packId: string, o: { choice: RuleChoice; by: string; at: Date }): Promise<void> =>
  inTenant(db, async (q) => {
    const { is_on, levels, statuses, logsources, not_logsources, tags, not_tags } = o.choice
    await sql`insert into rule_choices (tenant_id, pack_id, is_on, levels, statuses, logsources, not_logsources, tags, not_tags,
        changed_by_name, changed_at)
      values (${tenantIdOf(db)}, ${packId}, ${is_on}, ${levels}, ${statuses}, ${logsources}, ${not_logsources}, ${tags}, ${not_tags},
        ${o.by}, ${o.at})
      on conflict (tenant_id, pack_id) do update set is_on = excluded.is_on, levels = excluded.levels, statuses = excluded.statuses,
        logsources = excluded.logsources, not_logsources = excluded.not_logsources, tags = excluded.tags, not_tags = excluded.not_tags,
        changed_by_name = excluded.changed_by_name, changed_at = excluded.changed_at`.execute(q)
  })
