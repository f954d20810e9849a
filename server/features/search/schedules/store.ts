import { type Selectable, sql } from 'kysely'
import type { SearchSchedulesTable } from '../../../db/hunt/tables-hunt.ts'
import { inTenant, tenantIdOf } from '../../../db/tenant.ts'
import type { TenantDb } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'

export type ScheduleRow = Selectable<SearchSchedulesTable> & { search_name: string }

const schedules = (db: TenantDb, userId: string | null, id: string | null): Promise<ScheduleRow[]> =>
  inTenant(db, (q) => {
    let of = q
      .selectFrom('search_schedules as c')
      .innerJoin('saved_searches as s', 's.id', 'c.search_id')
      .selectAll('c')
      .select('s.name as search_name')
    if (userId !== null) of = of.where('c.owner_id', '=', userId)
    if (id !== null) of = of.where('c.id', '=', id)
    return of.orderBy('c.created_at').orderBy('c.id').execute()
  })

/** Of one person, or with null of everybody. */
export const schedulesOf = (db: TenantDb, userId: string | null): Promise<ScheduleRow[]> => schedules(db, userId, null)

export const scheduleById = async (db: TenantDb, id: string): Promise<ScheduleRow | undefined> => (await schedules(db, null, id))[0]

/** Held until the transaction ends: a run and a change of one schedule take their turns. */
export const lockSchedule = async (db: TenantDb, id: string): Promise<ScheduleRow | undefined> => {
  await inTenant(db, (q) => sql`select from search_schedules where id = ${id} for update`.execute(q))
  return scheduleById(db, id)
}

export interface NewSchedule {
  search_id: string
  owner: { id: string; name: string }
  every_minutes: number
  values: Record<string, string>
  also_by_mail: boolean
  next_run_at: Date
  seen_until: Date
  at: Date
}

/** Null when the person has `most` already. */
export const insertSchedule = (db: TenantDb, o: NewSchedule, most: number): Promise<string | null> =>
  inTenant(db, async (q) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`schedules:${tenantIdOf(db)}:${o.owner.id}`}, 0))`.execute(q)
    const { n } = await q
      .selectFrom('search_schedules')
      .select(sql<number>`count(*)`.as('n'))
      .where('owner_id', '=', o.owner.id)
      .executeTakeFirstOrThrow()
    if (n >= most) return null
    const id = newId()
    await q
      .insertInto('search_schedules')
      .values({
        tenant_id: tenantIdOf(db),
        id,
        search_id: o.search_id,
        owner_id: o.owner.id,
        owner_name: o.owner.name,
        every_minutes: o.every_minutes,
        parameter_values: JSON.stringify(o.values),
        also_by_mail: o.also_by_mail,
        stopped_reason: null,
        next_run_at: o.next_run_at,
        seen_until: o.seen_until,
        last_total: null,
        last_new: null,
        last_took_ms: null,
        last_error: null,
        created_at: o.at,
      })
      .execute()
    return id
  })

export type ScheduleChange = Partial<
  Pick<
    ScheduleRow,
    | 'every_minutes'
    | 'also_by_mail'
    | 'state'
    | 'stopped_reason'
    | 'next_run_at'
    | 'last_run_at'
    | 'seen_until'
    | 'last_total'
    | 'last_new'
    | 'last_took_ms'
    | 'last_error'
    | 'failures'
  >
> & { values?: Record<string, string> }

export const updateSchedule = (db: TenantDb, id: string, { values, ...change }: ScheduleChange): Promise<void> =>
  inTenant(db, async (q) => {
    const set = { ...change, ...(values === undefined ? {} : { parameter_values: JSON.stringify(values) }) }
    if (Object.keys(set).length > 0) await q.updateTable('search_schedules').set(set).where('id', '=', id).execute()
  })

export const removeSchedule = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    await q.deleteFrom('search_schedules').where('id', '=', id).execute()
  })
