import type { TenantEvents } from '../../platform/ctx.ts'
import { param, sql } from '../../platform/sql.ts'
import { ask, rowsOf } from './store.ts'

export interface ArtifactSum {
  artifact: string
  rows: number
  hosts: number
  last_micros: bigint
}

export const sumArtifacts = async (events: TenantEvents, signal: AbortSignal): Promise<ArtifactSum[]> => {
  const { rows } = await ask<{ artifact: string; n: string; hosts: string; last: string }>(
    events,
    sql`SELECT artifact, count() AS n, uniqExactIf(host_key, host_key != '') AS hosts,
      toString(toUnixTimestamp64Milli(max(ingested_at))) AS last
      FROM ${rowsOf(events)} GROUP BY artifact ORDER BY n DESC, artifact`,
    { signal },
  )
  return rows.map((r) => ({ artifact: r.artifact, rows: Number(r.n), hosts: Number(r.hosts), last_micros: BigInt(r.last) * 1000n }))
}

/** Rows that name no host are of none. */
export const hostKeys = async (events: TenantEvents, signal: AbortSignal): Promise<string[]> => {
  const { rows } = await ask<{ host_key: string }>(events, sql`SELECT DISTINCT host_key FROM ${rowsOf(events)} WHERE host_key != ''`, {
    signal,
  })
  return rows.map((r) => r.host_key)
}

/** Rows stored on each day from `since` (RFC 3339 date), days without any left out. */
export const arrivedByDay = async (events: TenantEvents, since: Date, signal: AbortSignal): Promise<Map<string, number>> => {
  const from = since.toISOString().slice(0, 10)
  const { rows } = await ask<{ day: string; n: string }>(
    events,
    sql`SELECT toString(toDate(ingested_at)) AS day, count() AS n FROM ${rowsOf(events)}
      WHERE ingested_at >= ${param("DateTime64(6, 'UTC')", `${from} 00:00:00`)} GROUP BY day`,
    { signal },
  )
  return new Map(rows.map((r) => [r.day, Number(r.n)]))
}
