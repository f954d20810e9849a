import { type Selectable, sql } from 'kysely'
import type { DetectionFilter } from '../../../../shared/domain/detections.ts'
import type { DetectionViewsTable } from '../../../db/detect/tables-triage.ts'
import { inTenant, tenantIdOf } from '../../../db/tenant.ts'
import type { TenantDb } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'

export type ViewRow = Selectable<DetectionViewsTable>

interface Fields {
  name: string
  filter: DetectionFilter
  is_shared: boolean
}

const seen = (userId: string) => sql<boolean>`(owner_id = ${userId} or is_shared)`

export const viewsOf = (db: TenantDb, userId: string): Promise<ViewRow[]> =>
  inTenant(db, (q) =>
    q.selectFrom('detection_views').selectAll().where(seen(userId)).orderBy(sql`lower(name)`).orderBy('id').limit(1000).execute(),
  )

export const viewById = (db: TenantDb, id: string, userId: string): Promise<ViewRow | undefined> =>
  inTenant(db, (q) => q.selectFrom('detection_views').selectAll().where('id', '=', id).where(seen(userId)).forUpdate().executeTakeFirst())

/** Null when the person has `most` already. */
export const insertView = (
  db: TenantDb,
  o: { fields: Fields; owner: { id: string; name: string }; at: Date },
  most: number,
): Promise<ViewRow | null> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from detection_views where owner_id = ${o.owner.id}`.execute(q)
    if ((rows[0]?.n ?? 0) >= most) return null
    const values = {
      tenant_id: tenantIdOf(db),
      id: newId(),
      name: o.fields.name,
      filter: JSON.stringify(o.fields.filter),
      is_shared: o.fields.is_shared,
      owner_id: o.owner.id,
      owner_name: o.owner.name,
      created_at: o.at,
    }
    return q.insertInto('detection_views').values(values).returningAll().executeTakeFirstOrThrow()
  })

export const updateView = (db: TenantDb, id: string, { name, filter, is_shared }: Fields): Promise<ViewRow> =>
  inTenant(db, (q) =>
    q
      .updateTable('detection_views')
      .set({ name, filter: JSON.stringify(filter), is_shared })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow(),
  )

export const removeView = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    await q.deleteFrom('detection_views').where('id', '=', id).execute()
  })
