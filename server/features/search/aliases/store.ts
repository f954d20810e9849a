import { type Selectable, sql } from 'kysely'
import type { FieldAliasesTable } from '../../../db/hunt/tables-hunt.ts'
import { inTenant, tenantIdOf } from '../../../db/tenant.ts'
import type { TenantDb } from '../../../platform/ctx.ts'

export type AliasRow = Selectable<FieldAliasesTable> & { hidden_in: number }

export const aliasMap = (db: TenantDb): Promise<ReadonlyMap<string, string>> =>
  inTenant(
    db,
    async (q) => new Map((await q.selectFrom('field_aliases').select(['name', 'field']).execute()).map((a) => [a.name, a.field])),
  )

export const aliasRows = (db: TenantDb): Promise<AliasRow[]> =>
  inTenant(db, (q) =>
    q
      .selectFrom('field_aliases')
      .selectAll()
      .select(
        sql<number>`(select count(distinct artifact) from field_names n where n.tenant_id = field_aliases.tenant_id
          and lower(n.name) = field_aliases.name)`.as('hidden_in'),
      )
      .orderBy('name')
      .execute(),
  )

/** One at a time in a tenant, so that their number is a number. */
export const lockAliases = (db: TenantDb): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`aliases:${tenantIdOf(db)}`}, 0))`.execute(q)
  })

export const putAlias = (
  db: TenantDb,
  o: { name: string; field: string; by: { id: string | null; name: string }; at: Date },
): Promise<void> =>
  inTenant(db, async (q) => {
    const { name, field, by, at } = o
    const values = { tenant_id: tenantIdOf(db), name, field, created_by: by.id, created_by_name: by.name, created_at: at }
    await q
      .insertInto('field_aliases')
      .values(values)
      .onConflict((c) =>
        c.columns(['tenant_id', 'name']).doUpdateSet({ field, created_by: by.id, created_by_name: by.name, created_at: at }),
      )
      .execute()
  })

/** The field that it stood for, or null where there is none. */
export const dropAlias = (db: TenantDb, name: string): Promise<string | null> =>
  inTenant(db, async (q) => {
    const gone = await q.deleteFrom('field_aliases').where('name', '=', name).returning('field').executeTakeFirst()
    return gone?.field ?? null
  })
