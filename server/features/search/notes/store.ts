import type { TenantEvents } from '../../../platform/ctx.ts'
import { type Sql, sql } from '../../../platform/sql.ts'
import { ask, rowsOf } from '../store.ts'

/** The ids of the rows that meet both conditions. */
export const idsAmong = async (events: TenantEvents, where: Sql, ids: Sql, signal: AbortSignal): Promise<string[]> => {
  const { rows } = await ask<{ row_id: string }>(
    events,
    sql`SELECT DISTINCT lower(hex(id)) AS row_id FROM ${rowsOf(events)} WHERE ${ids} AND ${where}`,
    { signal },
  )
  return rows.map((row) => row.row_id)
}
