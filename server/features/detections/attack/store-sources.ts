import { queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { sql } from '../../../platform/sql.ts'
import type { RowClass } from '../sources/row-view.ts'

export interface ClassCount extends RowClass {
  rows: number
  last_row_at: string
}

/** Rows by what decides about their log sources; typed columns of few values, so that it takes moments. */
export const rowsByClass = async (events: TenantEvents, signal: AbortSignal): Promise<ClassCount[]> => {
  const { rows } = await queryRows<RowClass & { n: string; last: string }>(
    events,
    sql`SELECT artifact, artifact_source, winlog_channel AS channel, event_code, event_provider AS provider, host_os AS os,
        count() AS n, toString(max(ingested_at)) AS last
      FROM ${table(events, 'events')} GROUP BY artifact, artifact_source, channel, event_code, provider, os`,
    { signal },
  )
  return rows.map(({ n, last, ...row }) => ({ ...row, rows: Number(n), last_row_at: `${last.replace(' ', 'T')}Z` }))
}
