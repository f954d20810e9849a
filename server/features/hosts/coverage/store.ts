import { queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { isDated, newest } from '../overview/store.ts'
import { hostOf, type SameHost } from '../same-host.ts'

const name = "if(artifact_source = '', artifact, concat(artifact, '/', artifact_source))"
const strings = (values: readonly string[]) => param('Array(String)', [...values])

const named = (part: string): Sql => (part === '' ? sql`1` : sql`positionCaseInsensitiveUTF8(${raw(name)}, ${text(part)}) > 0`)

export interface CoverageColumn {
  artifact: string
  hosts: number
  rows: number
}

/** Artifacts of the tenant, those that most hosts have first. */
export const coverageColumns = async (
  events: TenantEvents,
  same: SameHost,
  part: string,
  signal: AbortSignal,
): Promise<CoverageColumn[]> => {
  const { rows } = await queryRows<{ of_artifact: string; hosts: string; n: string }>(
    events,
    sql`SELECT ${raw(name)} AS of_artifact, uniqExactIf(${hostOf(same)}, host_key != '') AS hosts, count() AS n
      FROM ${table(events, 'events')} WHERE ${named(part)} GROUP BY of_artifact ORDER BY hosts DESC, of_artifact`,
    { signal },
  )
  return rows.map((r) => ({ artifact: r.of_artifact, hosts: Number(r.hosts), rows: Number(r.n) }))
}

export type Measure = 'rows' | 'newest' | 'artifacts'

/** One number for each host that has rows, by one of its keys. */
export const measureHosts = async (
  events: TenantEvents,
  same: SameHost,
  of: { measure: Measure; part: string; artifact: string | null },
  signal: AbortSignal,
): Promise<Map<string, number>> => {
  const measures = { rows: 'count()', newest, artifacts: `uniqExact(${name})` }
  const { rows } = await queryRows<{ of_host: string; measured: string }>(
    events,
    sql`SELECT ${hostOf(same)} AS of_host, toString(${raw(measures[of.measure])}) AS measured FROM ${table(events, 'events')}
      WHERE ${named(of.part)} ${of.artifact === null ? sql`` : sql`AND ${raw(name)} = ${text(of.artifact)}`} AND host_key != '' GROUP BY of_host`,
    { signal },
  )
  return new Map(rows.map((r) => [r.of_host, Number(r.measured)]))
}

export interface CoverageCell {
  host: string
  artifact: string
  rows: number
  newest_ms: number
  is_dated: boolean
}

/** What the hosts of these keys have. */
export const coverageCells = async (
  events: TenantEvents,
  same: SameHost,
  of: { keys: readonly string[]; part: string },
  signal: AbortSignal,
): Promise<CoverageCell[]> => {
  const { rows } = await queryRows<{ of_host: string; of_artifact: string; n: string; newest_ms: string; dated: number }>(
    events,
    sql`SELECT ${hostOf(same)} AS of_host, ${raw(name)} AS of_artifact, count() AS n, ${raw(newest)} AS newest_ms, ${raw(isDated)} AS dated FROM ${table(events, 'events')}
      WHERE host_key IN ${strings(of.keys)} AND ${named(of.part)} GROUP BY of_host, of_artifact`,
    { signal },
  )
  return rows.map((r) => ({
    host: r.of_host,
    artifact: r.of_artifact,
    rows: Number(r.n),
    newest_ms: Number(r.newest_ms),
    is_dated: r.dated === 1,
  }))
}
