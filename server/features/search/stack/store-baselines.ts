// The names of baselines are in the control plane, their groups in the event store: those are made from rows there, and up to
// millions. Groups come first and the name last, with the audit row; groups without a name are nobody's, and are swept.
import { inTenant, tenantIdOf } from '../../../db/tenant.ts'
import { execute, storedTable, table } from '../../../events/query.ts'
import type { TenantDb, TenantEvents } from '../../../platform/ctx.ts'
import { param, sql } from '../../../platform/sql.ts'
import { hostOfRow } from '../prevalence/store.ts'
import { ask, rowsOf } from '../store.ts'
import { groupsOf, keyedGroups, keyOfValues, leftOf } from './stack-sql.ts'
import type { StackOf } from './store-stack.ts'
import type { Having } from '../../../../shared/contract/hunt/stack.ts'

export interface BaselineRow {
  id: string
  name: string
  fields: string[]
  asked: Record<string, unknown>
  created_by_name: string
  created_at: Date
}

export const listNames = (db: TenantDb): Promise<BaselineRow[]> =>
  inTenant(db, (q) =>
    q
      .selectFrom('baselines')
      .select(['id', 'name', 'fields', 'asked', 'created_by_name', 'created_at'])
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .execute(),
  )

export const findName = (db: TenantDb, id: string): Promise<BaselineRow | undefined> =>
  inTenant(db, (q) =>
    q
      .selectFrom('baselines')
      .select(['id', 'name', 'fields', 'asked', 'created_by_name', 'created_at'])
      .where('id', '=', id)
      .executeTakeFirst(),
  )

/** False: there is one of that name. */
export const insertName = (db: TenantDb, row: BaselineRow & { created_by: string | null }): Promise<boolean> =>
  inTenant(db, async (q) => {
    const { numInsertedOrUpdatedRows } = await q
      .insertInto('baselines')
      .values({ ...row, tenant_id: tenantIdOf(db), asked: JSON.stringify(row.asked) })
      .onConflict((c) => c.doNothing())
      .executeTakeFirst()
    return (numInsertedOrUpdatedRows ?? 0n) > 0n
  })

/** False: there was none. */
export const deleteName = (db: TenantDb, id: string): Promise<boolean> =>
  inTenant(db, async (q) => ((await q.deleteFrom('baselines').where('id', '=', id).executeTakeFirst()).numDeletedRows ?? 0n) > 0n)

const groupTable = 'baseline_groups'

export const countGroups = async (events: TenantEvents, signal: AbortSignal): Promise<Map<string, number>> => {
  const { rows } = await ask<{ id: string; n: string }>(
    events,
    sql`SELECT toString(baseline_id) AS id, uniqExact(group_key) AS n FROM ${table(events, groupTable)} GROUP BY baseline_id`,
    { signal },
  )
  return new Map(rows.map((r) => [r.id, Number(r.n)]))
}

/** How many groups a stack has. */
export const countStack = async (events: TenantEvents, of: StackOf, having: readonly Having[], signal: AbortSignal): Promise<number> => {
  const { rows } = await ask<{ n: string }>(
    events,
    sql`SELECT count() AS n FROM (${groupsOf({ ...of, table: rowsOf(events), host: hostOfRow(of.sameHost), baseline: null })})
      WHERE ${leftOf(having, false)}`,
    { signal },
  )
  return Number(rows[0]?.n ?? 0)
}

/** All groups of a stack under the id of a baseline. */
export const insertGroups = (
  events: TenantEvents,
  id: string,
  of: StackOf,
  o: { having: readonly Having[]; signal: AbortSignal },
): Promise<void> =>
  execute(
    events,
    sql`INSERT INTO ${table(events, groupTable)} (baseline_id, group_key, group_values, added_at)
      SELECT ${param('UUID', id)}, g_key, g_values, now64(3)
      FROM (${keyedGroups({ ...of, table: rowsOf(events), host: hostOfRow(of.sameHost), baseline: null }, o.having)})`,
    { signal: o.signal },
  )

export const hasGroup = async (events: TenantEvents, id: string, values: readonly string[], signal: AbortSignal): Promise<boolean> => {
  const { rows } = await ask<{ n: string }>(
    events,
    sql`SELECT count() AS n FROM ${table(events, groupTable)}
      WHERE baseline_id = ${param('UUID', id)} AND group_key = ${keyOfValues(values)}`,
    { signal },
  )
  return rows[0]?.n !== '0'
}

export const insertGroup = (events: TenantEvents, id: string, values: readonly string[]): Promise<void> =>
  execute(
    events,
    sql`INSERT INTO ${table(events, groupTable)} (baseline_id, group_key, group_values, added_at)
      SELECT ${param('UUID', id)}, ${keyOfValues(values)}, ${param('Array(String)', values)}, now64(3)`,
  )

export const deleteGroups = (events: TenantEvents, id: string): Promise<void> =>
  execute(events, sql`DELETE FROM ${storedTable(events, groupTable)} WHERE baseline_id = ${param('UUID', id)}`)

/** Baselines whose groups are older than a day and that nobody's name stands for: a save was cut off, or a deletion. */
export const sweepNameless = async (events: TenantEvents, named: readonly string[], signal: AbortSignal): Promise<void> => {
  const { rows } = await ask<{ id: string }>(
    events,
    sql`SELECT toString(baseline_id) AS id FROM ${table(events, groupTable)} GROUP BY baseline_id
      HAVING max(added_at) < now() - INTERVAL 1 DAY AND NOT has(${param('Array(String)', named)}, id)`,
    { signal },
  )
  for (const { id } of rows) await deleteGroups(events, id)
}
