import { type Selectable, sql } from 'kysely'
import type { NoticesTable } from '../../db/hunt/tables-hunt.ts'
import { inTenant, tenantIdOf } from '../../db/tenant.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import type { NoticeFacts, NoticeKind } from '../../../shared/domain/hunt.ts'

export type NoticeRow = Selectable<NoticesTable>
export interface NewNotice {
  user_id: string
  kind: NoticeKind
  facts: NoticeFacts
  at: Date
}

/** Of a person the newest `most` stay. */
export const insertNotice = (db: TenantDb, notice: NewNotice, most: number): Promise<void> =>
  inTenant(db, async (q) => {
    const { user_id, kind, facts, at } = notice
    const values = { tenant_id: tenantIdOf(db), user_id, id: newId(), kind, facts: JSON.stringify(facts), created_at: at }
    await q.insertInto('notices').values(values).execute()
    await sql`delete from notices n using (
        select id from notices where user_id = ${user_id} order by created_at desc, id offset ${most}
      ) old where n.user_id = ${user_id} and n.id = old.id`.execute(q)
  })

export const noticesOf = (db: TenantDb, userId: string, limit: number): Promise<{ rows: NoticeRow[]; total: number; unread: number }> =>
  inTenant(db, async (q) => {
    const of = q.selectFrom('notices').where('user_id', '=', userId)
    const rows = await of.selectAll().orderBy('created_at', 'desc').orderBy('id').limit(limit).execute()
    const sums = await of
      .select([sql<number>`count(*)`.as('total'), sql<number>`count(*) filter (where read_at is null)`.as('unread')])
      .executeTakeFirstOrThrow()
    return { rows, ...sums }
  })

export const markRead = (db: TenantDb, userId: string, ids: readonly string[] | null, at: Date): Promise<number> =>
  inTenant(db, async (q) => {
    const which = ids === null ? sql`true` : sql`id = any(${ids}::uuid[])`
    await sql`update notices set read_at = ${at} where user_id = ${userId} and read_at is null and ${which}`.execute(q)
    const { n } = await q
      .selectFrom('notices')
      .select(sql<number>`count(*)`.as('n'))
      .where('user_id', '=', userId)
      .where('read_at', 'is', null)
      .executeTakeFirstOrThrow()
    return n
  })
