import { type Selectable, sql } from 'kysely'
import type { DetectionCommentsTable } from '../../../../db/detect/tables-triage.ts'
import { inTenant, tenantIdOf } from '../../../../db/tenant.ts'
import type { TenantDb } from '../../../../platform/ctx.ts'
import { newId } from '../../../../platform/ids.ts'

export type CommentRow = Selectable<DetectionCommentsTable>

/** PostgreSQL keeps no zero character, and no half of a pair. */
const plain = (text: string): string => text.toWellFormed().replaceAll('\0', '\u2400')

/** The same words about each. */
export const insertComments = (
  db: TenantDb,
  o: { ids: readonly string[]; body: string; by: { id: string | null; name: string }; at: Date },
): Promise<number> =>
  inTenant(db, async (q) => {
    const rows = o.ids.map((detection_id) => ({
      tenant_id: tenantIdOf(db),
      id: newId(),
      detection_id,
      body: plain(o.body),
      created_by: o.by.id,
      created_by_name: o.by.name,
      created_at: o.at,
    }))
    for (let at = 0; at < rows.length; at += 500)
      await q
        .insertInto('detection_comments')
        .values(rows.slice(at, at + 500))
        .execute()
    return rows.length
  })

export const countComments = (db: TenantDb, detectionId: string): Promise<number> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from detection_comments where detection_id = ${detectionId}`.execute(q)
    return rows[0]?.n ?? 0
  })

export const commentsOf = (db: TenantDb, detectionIds: readonly string[]): Promise<CommentRow[]> =>
  inTenant(db, (q) =>
    q
      .selectFrom('detection_comments')
      .selectAll()
      .where(sql<boolean>`detection_id = any(${detectionIds}::uuid[])`)
      .orderBy('created_at')
      .orderBy('id')
      .execute(),
  )

export const lockComment = (db: TenantDb, id: string): Promise<CommentRow | undefined> =>
  inTenant(db, (q) => q.selectFrom('detection_comments').selectAll().where('id', '=', id).forUpdate().executeTakeFirst())

export const updateComment = (db: TenantDb, id: string, o: { body: string; at: Date }): Promise<CommentRow> =>
  inTenant(db, (q) =>
    q
      .updateTable('detection_comments')
      .set({ body: plain(o.body), edited_at: o.at })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow(),
  )

export const removeComment = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    await q.deleteFrom('detection_comments').where('id', '=', id).execute()
  })
