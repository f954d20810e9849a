import { type Insertable, type Selectable, sql } from 'kysely'
import type { IndicatorBatchesTable, IndicatorListsTable, IndicatorRunsTable } from '../../db/detect/tables-indicators.ts'
import { inTenant, tenantIdOf } from '../../db/tenant.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import type { Copied } from './matching/store-values.ts'
import type { ListRow } from './store.ts'

export type BatchRow = Selectable<IndicatorBatchesTable>
export type RunRow = Selectable<IndicatorRunsTable>

export const listRows = (db: TenantDb, now: Date, id: string | null): Promise<ListRow[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<ListRow>`
      select l.*, coalesce(c.n, 0)::bigint as indicators, coalesce(c.expired, 0)::bigint as expired, coalesce(c.allowed, 0)::bigint as allowed,
        (select max(created_at) from indicator_batches b where b.tenant_id = l.tenant_id and b.list_id = l.id) as last_batch_at
      from indicator_lists l left join (select list_id, count(*) as n, count(*) filter (where valid_until <= ${now}) as expired,
        count(*) filter (where allowed_by is not null) as allowed from indicators group by list_id) c on c.list_id = l.id
      where ${id === null ? sql`true` : sql`l.id = ${id}`} order by lower(l.name), l.id`.execute(q)
    return rows
  })

/** False: there is one of that name. */
export const insertList = (db: TenantDb, row: Omit<Insertable<IndicatorListsTable>, 'tenant_id'>): Promise<boolean> =>
  inTenant(db, async (q) => {
    const made = await q
      .insertInto('indicator_lists')
      .values({ ...row, tenant_id: tenantIdOf(db) })
      .onConflict((c) => c.doNothing())
      .executeTakeFirst()
    return (made.numInsertedOrUpdatedRows ?? 0n) > 0n
  })

export const findListByName = (db: TenantDb, name: string): Promise<{ id: string; is_allow_list: boolean } | undefined> =>
  inTenant(db, (q) =>
    q.selectFrom('indicator_lists').select(['id', 'is_allow_list']).where(sql<boolean>`lower(name) = lower(${name})`).executeTakeFirst(),
  )

type ListChange = {
  name?: string | undefined
  description?: string | undefined
  source?: string | undefined
  tlp?: ListRow['tlp'] | undefined
}
export const changeListRow = (db: TenantDb, id: string, change: ListChange): Promise<void> =>
  inTenant(db, async (q) => {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
    if (Object.keys(given).length > 0) await q.updateTable('indicator_lists').set(given).where('id', '=', id).execute()
  })

export const deleteListRow = (db: TenantDb, id: string): Promise<void> =>
  inTenant(db, async (q) => {
    await q.deleteFrom('indicator_lists').where('id', '=', id).execute()
  })

export const insertBatch = (db: TenantDb, row: Omit<Insertable<IndicatorBatchesTable>, 'tenant_id'>): Promise<BatchRow> =>
  inTenant(db, (q) =>
    q
      .insertInto('indicator_batches')
      .values({ ...row, tenant_id: tenantIdOf(db) })
      .returningAll()
      .executeTakeFirstOrThrow(),
  )

export const batchRows = (
  db: TenantDb,
  listId: string,
  o: { skip: number; limit: number },
): Promise<{ items: BatchRow[]; total: number }> =>
  inTenant(db, async (q) => {
    const of = q.selectFrom('indicator_batches').where('list_id', '=', listId)
    const items = await of.selectAll().orderBy('created_at', 'desc').orderBy('id').limit(o.limit).offset(o.skip).execute()
    const sum = await of.select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow()
    return { items, total: sum.n }
  })

export const insertRun = (db: TenantDb, row: Omit<Insertable<IndicatorRunsTable>, 'tenant_id'>): Promise<RunRow> =>
  inTenant(db, (q) =>
    q
      .insertInto('indicator_runs')
      .values({ ...row, tenant_id: tenantIdOf(db) })
      .returningAll()
      .executeTakeFirstOrThrow(),
  )

type RunChange = Partial<Omit<Insertable<IndicatorRunsTable>, 'tenant_id' | 'id'>>
/** Undefined: it is no longer in one of these states. */
export const changeRun = (db: TenantDb, id: string, from: readonly RunRow['state'][], change: RunChange): Promise<RunRow | undefined> =>
  inTenant(db, (q) =>
    q.updateTable('indicator_runs').set(change).where('id', '=', id).where('state', 'in', from).returningAll().executeTakeFirst(),
  )

export const runById = (db: TenantDb, id: string): Promise<RunRow | undefined> =>
  inTenant(db, (q) => q.selectFrom('indicator_runs').selectAll().where('id', '=', id).executeTakeFirst())

export const runRows = (db: TenantDb, o: { skip: number; limit: number }): Promise<{ items: RunRow[]; total: number }> =>
  inTenant(db, async (q) => {
    const items = await q
      .selectFrom('indicator_runs')
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .limit(o.limit)
      .offset(o.skip)
      .execute()
    const sum = await q.selectFrom('indicator_runs').select(sql<number>`count(*)`.as('n')).executeTakeFirstOrThrow()
    return { items, total: sum.n }
  })

/** The newest of each list, and of each batch. */
export const newestRuns = (db: TenantDb, which: { lists: readonly string[] } | { batches: readonly string[] }): Promise<RunRow[]> =>
  inTenant(db, async (q) => {
    const column = 'lists' in which ? sql`list_id` : sql`batch_id`
    const ids = 'lists' in which ? which.lists : which.batches
    const { rows } = await sql<RunRow>`
      select distinct on (${column}) * from indicator_runs where ${column} = any(${ids}::uuid[]) order by ${column}, created_at desc, id`.execute(
      q,
    )
    return rows
  })

export const copiedPage = (db: TenantDb, batchId: string, after: string | null, limit: number): Promise<Copied[]> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<Copied>`
      select i.id, i.list_id, i.batch_id, i.kind, i.value, l.is_allow_list as is_allowed
      from indicators i join indicator_lists l on l.tenant_id = i.tenant_id and l.id = i.list_id
      where i.batch_id = ${batchId} and ${after === null ? sql`true` : sql`i.id > ${after}::uuid`} order by i.id limit ${limit}`.execute(q)
    return rows
  })
