import { type Selectable, sql } from 'kysely'
import type { SearchHistoryTable } from '../../../db/hunt/tables-hunt.ts'
import { inTenant, tenantIdOf } from '../../../db/tenant.ts'
import type { TenantDb } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'

export type HistoryRow = Selectable<SearchHistoryTable>

export const historyOf = (
  db: TenantDb,
  userId: string,
  o: { skip: number; limit: number },
): Promise<{ rows: HistoryRow[]; total: number }> =>
  inTenant(db, async (q) => {
    const of = q.selectFrom('search_history').where('user_id', '=', userId)
    const rows = await of.selectAll().orderBy('last_run_at', 'desc').orderBy('id').offset(o.skip).limit(o.limit).execute()
    const { n } = await of.select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow()
    return { rows, total: n }
  })

export interface NewEntry {
  user_id: string
  parent_id: string | null
  state: string
  state_hash: string
  rows_found: number | null
  at: Date
}

/** What hung on a forgotten search hangs on the one above it. A parent is always older than its children, so that nothing is a circle. */
const prune = (userId: string, most: number) => sql`
  with old as (
    select id, parent_id from search_history where user_id = ${userId} order by last_run_at desc, id offset ${most}
  ), moved as (
    update search_history h set parent_id = old.parent_id from old
    where h.user_id = ${userId} and h.parent_id = old.id and not exists (select from old o where o.id = h.id)
  )
  delete from search_history h using old where h.user_id = ${userId} and h.id = old.id`

/** The entry of that state: a new one under its parent, or the one that it had before. Of a person at most `most` stay. */
export const noteEntry = (db: TenantDb, entry: NewEntry, most: number): Promise<string> =>
  inTenant(db, async (q) => {
    const { user_id, at, rows_found, state, state_hash } = entry
    await sql`select pg_advisory_xact_lock(hashtextextended(${`history:${tenantIdOf(db)}:${user_id}`}, 0))`.execute(q)
    const parent =
      entry.parent_id === null
        ? undefined
        : await q
            .selectFrom('search_history')
            .select('id')
            .where('user_id', '=', user_id)
            .where('id', '=', entry.parent_id)
            .executeTakeFirst()
    const made = { tenant_id: tenantIdOf(db), user_id, id: newId(), parent_id: parent?.id ?? null, state, state_hash, rows_found }
    const { id } = await q
      .insertInto('search_history')
      .values({ ...made, first_run_at: at, last_run_at: at })
      .onConflict((c) =>
        c.columns(['tenant_id', 'user_id', 'state_hash']).doUpdateSet({
          runs: sql`search_history.runs + 1`,
          last_run_at: at,
          rows_found: sql`coalesce(excluded.rows_found, search_history.rows_found)`,
        }),
      )
      .returning('id')
      .executeTakeFirstOrThrow()
    await prune(user_id, most).execute(q)
    return id
  })

export const forgetHistory = (db: TenantDb, userId: string): Promise<void> =>
  inTenant(db, async (q) => {
    await q.deleteFrom('search_history').where('user_id', '=', userId).execute()
  })
