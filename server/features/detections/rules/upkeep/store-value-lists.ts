import { sql } from 'kysely'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'

export const putList = (
  db: TenantDb,
  o: { name: string; values: readonly string[]; description: string; by: string; at: Date },
): Promise<void> =>
  inTenant(db, async (q) => {
    // Names are one, whatever their case.
    await sql`delete from rule_value_lists where lower(name) = lower(${o.name})`.execute(q)
    await sql`insert into rule_value_lists (tenant_id, name, description, values, changed_by_name, changed_at)
      values (${tenantIdOf(db)}, ${o.name}, ${o.description}, ${o.values}, ${o.by}, ${o.at})`.execute(q)
  })

/** False: there is none of that name. */
export const removeList = (db: TenantDb, name: string): Promise<boolean> =>
  inTenant(db, async (q) => {
    const { rows } = await sql`delete from rule_value_lists where lower(name) = lower(${name}) returning 1`.execute(q)
    return rows.length > 0
  })
