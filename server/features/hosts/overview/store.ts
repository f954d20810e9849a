import { queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { param, raw, sql, text } from '../../../platform/sql.ts'
import { hostOf, type SameHost } from '../same-host.ts'

const name = "if(artifact_source = '', artifact, concat(artifact, '/', artifact_source))"
const strings = (values: readonly string[]) => param('Array(String)', [...values])
const hasTime = "timestamp > toDateTime64('1900-01-01 00:00:00', 6, 'UTC')"
/** How new rows are: their newest time; when they arrived where they have none, or one that had not come by then. */
export const newest = `toUnixTimestamp64Milli(greatest(if(countIf(${hasTime} AND timestamp <= ingested_at) = 0, max(ingested_at),
  toDateTime64(maxIf(timestamp, ${hasTime} AND timestamp <= ingested_at), 3, 'UTC')), toDateTime64('1970-01-01 00:00:00', 3, 'UTC')))`

/** Whether that is a time of the rows. */
export const isDated = `countIf(${hasTime} AND timestamp <= ingested_at) > 0`

/** Artifacts of the tenant that none of these keys has, with how many hosts have them. */
export const neverCollected = async (
  events: TenantEvents,
  keys: readonly string[],
  same: SameHost,
  signal: AbortSignal,
): Promise<{ artifact: string; hosts: number }[]> => {
  const { rows } = await queryRows<{ of_artifact: string; hosts: string }>(
    events,
    sql`SELECT ${raw(name)} AS of_artifact, uniqExactIf(${hostOf(same)}, host_key != '') AS hosts FROM ${table(events, 'events')}
      GROUP BY of_artifact HAVING countIf(host_key IN ${strings(keys)}) = 0 AND hosts > 0 ORDER BY hosts DESC, of_artifact`,
    { signal },
  )
  return rows.map((r) => ({ artifact: r.of_artifact, hosts: Number(r.hosts) }))
}

export interface Newest {
  newest_at: string
  is_dated: boolean
}

export const newestOfArtifacts = async (
  events: TenantEvents,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Newest>> => {
  const { rows } = await queryRows<{ of_artifact: string; newest_ms: string; dated: number }>(
    events,
    sql`SELECT ${raw(name)} AS of_artifact, ${raw(newest)} AS newest_ms, ${raw(isDated)} AS dated FROM ${table(events, 'events')}
      WHERE host_key IN ${strings(keys)} GROUP BY of_artifact`,
    { signal },
  )
  return new Map(rows.map((r) => [r.of_artifact, { newest_at: new Date(Number(r.newest_ms)).toISOString(), is_dated: r.dated === 1 }]))
}

export interface LogonsOfUser {
  name: string
  n: string
  last_at: string | null
}

/** Who signed in, most often first: of what a record of a logon names, not of what merely names a user. */
export const usersWithLogons = async (
  events: TenantEvents,
  keys: readonly string[],
  most: number,
  signal: AbortSignal,
): Promise<{ users: LogonsOfUser[]; total: number }> => {
  const users = sql`SELECT if(user_target_name IN ('', '-'), toString(user_name), toString(user_target_name)) AS name, count() AS n,
      if(countIf(${raw(hasTime)}) = 0, NULL, toUnixTimestamp64Micro(maxIf(timestamp, ${raw(hasTime)}))) AS last_at
    FROM ${table(events, 'events')} WHERE host_key IN ${strings(keys)} AND event_category = 'authentication'
      AND (event_code IN ('4624', '21', '1149') OR (event_code = '' AND match(artifact, '(?i)login|logon') AND NOT match(service_state, '(?i)fail|invalid')))
    GROUP BY name HAVING name NOT IN ('', '-')`
  const [{ rows }, { rows: sums }] = await Promise.all([
    queryRows<LogonsOfUser>(events, sql`${users} ORDER BY n DESC, name LIMIT ${param('UInt32', most)}`, { signal }),
    queryRows<{ n: string }>(events, sql`SELECT toString(count()) AS n FROM (${users})`, { signal }),
  ])
  return { users: rows, total: Number(sums[0]?.n ?? 0) }
}

/** Domains that the host is in: what it says of itself, then that of its own account and of who signed in at it. */
export const domainsOf = async (
  events: TenantEvents,
  keys: readonly string[],
  hostname: string,
  signal: AbortSignal,
): Promise<string[]> => {
  const { rows } = await queryRows<{ domain: string }>(
    events,
    sql`SELECT upper(arrayJoin(arrayFilter(one -> one NOT IN ('', '-'), concat(fields['Computer Info.Domain'], fields['Domain'],
          if(endsWith(toString(user_name), '$'), fields['EventData.SubjectDomainName'], []),
          if(logon_type IN ('2', '7', '10', '11'), fields['EventData.TargetDomainName'], []))))) AS domain, max(artifact = 'Generic.Client.Info') AS by_itself
      FROM ${table(events, 'events')} PREWHERE host_key IN ${strings(keys)}
      WHERE artifact = 'Generic.Client.Info' OR (event_category = 'authentication' AND event_code = '4624')
      GROUP BY domain HAVING domain NOT IN ('NT AUTHORITY', 'WINDOW MANAGER', 'FONT DRIVER HOST', 'BUILTIN', 'WORKGROUP', upper(${text(hostname)}))
      ORDER BY by_itself DESC, count() DESC, domain LIMIT 3`,
    { signal },
  )
  return rows.map((r) => r.domain)
}
