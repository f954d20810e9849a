import type { EventRow } from '../../../../shared/contract/search.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { resolveHostKeys } from '../../hosts/index.ts'
import { toEventRow } from '../answer/rows.ts'
import { type RowKey, rowsAt } from './store.ts'

export type { RowKey } from './store.ts'

export interface EventWithTimes {
  event: EventRow
  host_key: string
  /** Every time of the row and the column that holds it; a column with several times stands for each. */
  times: { field: string; at_micros: string }[]
}

/** Rows that another query named, by their ids; one that is gone meanwhile is not among them. */
export const eventsAt = async (ctx: Ctx, keys: readonly RowKey[], signal: AbortSignal): Promise<Map<string, EventWithTimes>> => {
  const rows = await rowsAt(ctx.events, keys, signal)
  const hostIds = await resolveHostKeys(ctx, [...new Set(rows.map((row) => row.host_key))])
  return new Map(
    rows.map((row) => [
      row.row_id,
      {
        event: toEventRow(row, hostIds),
        host_key: row.host_key,
        times: row.time_names.map((field, at) => ({ field, at_micros: row.time_micros[at] ?? '' })),
      },
    ]),
  )
}
