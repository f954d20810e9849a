import type { TenantEvents } from '../../../platform/ctx.ts'
import { param, sql } from '../../../platform/sql.ts'
import type { StoredRow } from '../answer/rows.ts'
import { ask, rowColumns, rowsOf } from '../store.ts'

/** A row as another query named it. */
export interface RowKey {
  id: string
  /** Its main time in microseconds, as the store holds it: the table is in the order of that time, so that a row is found without a search. */
  main_micros: string
}

export type TimedRow = StoredRow & { time_names: string[]; time_micros: string[] }

export const rowsAt = async (events: TenantEvents, keys: readonly RowKey[], signal: AbortSignal): Promise<TimedRow[]> => {
  const mains = [...new Set(keys.map((key) => key.main_micros))]
  const ids = [...new Set(keys.map((key) => key.id))]
  if (ids.length === 0) return []
  const { rows } = await ask<TimedRow>(
    events,
    sql`SELECT ${rowColumns}, time_names, arrayMap(t -> toString(toUnixTimestamp64Micro(t)), time_values) AS time_micros
      FROM ${rowsOf(events)}
      WHERE timestamp IN (SELECT fromUnixTimestamp64Micro(toInt64(arrayJoin(${param('Array(String)', mains)})), 'UTC'))
        AND id IN (SELECT toFixedString(unhex(arrayJoin(${param('Array(String)', ids)})), 16))
      LIMIT 1 BY id`,
    { signal },
  )
  return rows
}
