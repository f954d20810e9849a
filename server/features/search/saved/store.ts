import { type Selectable, sql } from 'kysely'
import type { SavedSearchesTable } from '../../../db/hunt/tables-hunt.ts'
import { inTenant, tenantIdOf } from '../../../db/tenant.ts'
import type { TenantDb } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'
import type { SavedState, SearchParameter } from '../../../../shared/domain/hunt.ts'

export type SavedRow = Selectable<SavedSearchesTable> & { last_run_at: Date | null }
export interface SavedFields {
  name: string
  description: string
  folder: string
  state: SavedState
  parameters: SearchParameter[]
  is_shared: boolean
}

/** What a person sees: their own and the shared ones. */
export const savedOf = (db: TenantDb, userId: string): Promise<SavedRow[]> =>
  inTenant(db, (q) =>
    q
      .selectFrom('saved_searches as s')
      .leftJoin('saved_search_runs as r', (on) => on.onRef('r.search_id', '=', 's.id').on('r.user_id', '=', userId))
      .selectAll('s')
      .select('r.run_at as last_run_at')
      .where((e) => e.or([e('s.owner_id', '=', userId), e('s.is_shared', '=', true)]))
      .orderBy(sql`lower(s.folder)`)
      .orderBy(sql`lower(s.name)`)
      .orderBy('s.id')
      .execute(),
  )

export const savedById = (db: TenantDb, id: string, userId: string, o: { lock?: boolean } = {}): Promise<SavedRow | undefined> =>
  inTenant(db, async (q) => {
    if (o.lock === true) await sql`select from saved_searches where id = ${id} for update`.execute(q)
    return q
      .selectFrom('saved_searches as s')
      .leftJoin('saved_search_runs as r', (on) => on.onRef('r.search_id', '=', 's.id').on('r.user_id', '=', userId))
      .selectAll('s')
      .select('r.run_at as last_run_at')
      .where('s.id', '=', id)
      .where((e) => e.or([e('s.owner_id', '=', userId), e('s.is_shared', '=', true)]))
      .executeTakeFirst()
  })

/** Null when the person has `most` searches already. */
export const insertSaved = (
  db: TenantDb,
  o: { fields: SavedFields; owner: { id: string; name: string }; at: Date },
  most: number,
): Promise<string | null> =>
  inTenant(db, async (q) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`saved:${tenantIdOf(db)}:${o.owner.id}`}, 0))`.execute(q)
    const { n } = await q
      .selectFrom('saved_searches')
      .select(sql<number>`count(*)`.as('n'))
      .where('owner_id', '=', o.owner.id)
      .executeTakeFirstOrThrow()
    if (n >= most) return null
    const id = newId()
    const { state, parameters, ...rest } = o.fields
    const json = { state: JSON.stringify(state), parameters: JSON.stringify(parameters) }
    const made = { tenant_id: tenantIdOf(db), id, owner_id: o.owner.id, owner_name: o.owner.name, created_at: o.at, updated_at: o.at }
    await q
      .insertInto('saved_searches')
      .values({ ...made, ...rest, ...json })
      .execute()
    return id
  })

export const updateSaved = (db: TenantDb, id: string, o: { fields: SavedFields; at: Date }): Promise<void> =>
  inTenant(db, async (q) => {
    const { state, parameters, ...rest } = o.fields
    const json = { state: JSON.stringify(state), parameters: JSON.stringify(parameters) }
    await q
      .updateTable('saved_searches')
      .set({ ...rest, ...json, updated_at: o.at })
      .where('id', '=', id)
      .execute()
  })

export const removeSaved = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    await q.deleteFrom('saved_searches').where('id', '=', id).execute()
  })

/**
 * Up to when everything that is stored can be seen. A row says when the reading of its import began, so that rows of an import which
 * is being read now, or was begun while it waits for its turn, may still come with an earlier moment than this one: they count as
 * not seen until it is done.
 */
export const seenUntil = (db: TenantDb, now: Date): Promise<Date> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ at: Date | null }>`select min(started_at) as at from imports where state in ('queued', 'reading')`.execute(
      q,
    )
    const begun = rows[0]?.at ?? null
    return begun === null || begun > now ? now : begun
  })

export interface Run {
  run_at: Date
  seen_until: Date
}

/** Notes a run, and answers the one before it. What was seen stays seen: an import of before may be read once more. */
export const noteRun = (db: TenantDb, o: { user_id: string; search_id: string; run: Run }): Promise<Run | null> =>
  inTenant(db, async (q) => {
    const { user_id, search_id, run } = o
    const before = await q
      .selectFrom('saved_search_runs')
      .select(['run_at', 'seen_until'])
      .where('user_id', '=', user_id)
      .where('search_id', '=', search_id)
      .forUpdate()
      .executeTakeFirst()
    await q
      .insertInto('saved_search_runs')
      .values({ tenant_id: tenantIdOf(db), user_id, search_id, ...run })
      .onConflict((c) =>
        c
          .columns(['tenant_id', 'user_id', 'search_id'])
          .doUpdateSet({ run_at: run.run_at, seen_until: sql`greatest(saved_search_runs.seen_until, excluded.seen_until)` }),
      )
      .execute()
    return before ?? null
  })
