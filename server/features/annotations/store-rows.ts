// Of the event store: which rows there are. A row of another tenant is in another database, and so as unknown as a made-up one.
import { queryRows, table } from '../../events/query.ts'
import type { TenantEvents } from '../../platform/ctx.ts'
import { param, sql } from '../../platform/sql.ts'

export interface StoredRow {
  row_id: string
  artifact: string
  host_name: string
}

export const storedRows = async (events: TenantEvents, ids: readonly string[], signal: AbortSignal): Promise<Map<string, StoredRow>> => {
  if (ids.length === 0) return new Map()
  const { rows } = await queryRows<StoredRow>(
    events,
    sql`SELECT lower(hex(id)) AS row_id, if(artifact_source = '', artifact, concat(artifact, '/', artifact_source)) AS named, named AS artifact, host_name
      FROM ${table(events, 'events')}
      WHERE id IN (SELECT toFixedString(unhex(arrayJoin(${param('Array(String)', [...new Set(ids)])})), 16))
      LIMIT 1 BY id`,
    { signal },
  )
  return new Map(rows.map((row) => [row.row_id, row]))
}
