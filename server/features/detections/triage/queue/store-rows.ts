import { queryRows, table } from '../../../../events/query.ts'
import type { TenantEvents } from '../../../../platform/ctx.ts'
import { param, type Sql, sql, text } from '../../../../platform/sql.ts'
import type { RowView } from '../../sources/row-view.ts'
import { matchesOf, type Part } from '../fold/store-matches.ts'

const time = (micros: bigint): Sql => sql`fromUnixTimestamp64Micro(toInt64(${text(String(micros))}), 'UTC')`

const nearestRows = 40
const artifactsShown = 30

export interface Around {
  rows: number
  by_artifact: { artifact: string; rows: number }[]
  /** Oldest first. */
  nearest: { id: string; main_micros: string }[]
}

/** What the host did in that time, beside the rows of the detection. */
export const around = async (
  events: TenantEvents,
  o: { host_keys: readonly string[]; parts: readonly Part[]; micros: bigint; from: bigint; to: bigint; signal: AbortSignal },
): Promise<Around> => {
  const of = sql`FROM ${table(events, 'events')} WHERE timestamp >= ${time(o.from)} AND timestamp <= ${time(o.to)}
    AND host_key IN ${param('Array(String)', [...o.host_keys])} AND id NOT IN (${matchesOf(events, o.parts)})`
  const { rows: groups } = await queryRows<{ artifact: string; n: string; total: string }>(
    events,
    sql`SELECT if(artifact_source = '', artifact, concat(artifact, '/', artifact_source)) AS name, count() AS n,
        toString(sum(count()) OVER ()) AS total, name AS artifact
      ${of} GROUP BY events.artifact, artifact_source ORDER BY n DESC, name LIMIT ${param('UInt64', artifactsShown)}`,
    { signal: o.signal },
  )
  const { rows: nearest } = await queryRows<{ id: string; main_micros: string }>(
    events,
    sql`SELECT lower(hex(id)) AS id, toString(main) AS main_micros FROM (
        SELECT id, toUnixTimestamp64Micro(timestamp) AS main ${of}
        ORDER BY abs(main - toInt64(${text(String(o.micros))})), id LIMIT ${param('UInt64', nearestRows)})
      ORDER BY main, id`,
    { signal: o.signal },
  )
  return {
    rows: Number(groups[0]?.total ?? 0),
    by_artifact: groups.map((one) => ({ artifact: one.artifact, rows: Number(one.n) })),
    nearest,
  }
}

interface StoredView {
  artifact: string
  artifact_source: string
  channel: string
  event_code: string
  provider: string
  os: string
  fields: Record<string, string[]>
}

/** A row as rules see it; null for one that is stored no longer. */
export const rowView = async (
  events: TenantEvents,
  o: { id: string; main_micros: string; signal: AbortSignal },
): Promise<RowView | null> => {
  const { rows } = await queryRows<StoredView>(
    events,
    sql`SELECT artifact, artifact_source, winlog_channel AS channel, event_code, event_provider AS provider, host_os AS os, fields
      FROM ${table(events, 'events')}
      WHERE timestamp = ${time(BigInt(o.main_micros))} AND id = toFixedString(unhex(${text(o.id)}), 16) LIMIT 1`,
    { signal: o.signal },
  )
  const [row] = rows
  return row === undefined ? null : { ...row, fields: new Map(Object.entries(row.fields)) }
}
