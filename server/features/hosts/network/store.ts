// Who talks to whom? A row of a list of connections has a local and a remote side, a record says who called; both stand in
// source_* and destination_*. A connection to a port that the host listens on, or to one of its own addresses, came in.
import { queryRows, table } from '../../../events/query.ts'
import type { TenantEvents } from '../../../platform/ctx.ts'
import { param, raw, type Sql, sql, text } from '../../../platform/sql.ts'
import { hostOf, type SameHost } from '../same-host.ts'

export interface HostSides {
  hostname: string
  keys: readonly string[]
  /** Its own addresses, as far as they are known. */
  addresses: readonly string[]
  same: SameHost
}

const strings = (values: readonly string[]) => param('Array(String)', [...values])
const nowhere = "('', '0.0.0.0', '::', '*')"
const isListening = `(match(network_state, '(?i)^listen') OR event_code IN ('5154', '5158')
  OR (source_port > 0 AND (destination_ip IN ${nowhere} OR destination_port = 0) AND NOT match(network_state, '(?i)estab|wait')))`
const isConnections = "event_category = 'network' AND (source_port IS NOT NULL OR destination_port IS NOT NULL)"
const rowAt = "if(timestamp > toDateTime64('1900-01-01 00:00:00', 6, 'UTC'), toUnixTimestamp64Micro(timestamp), NULL)"
const saysWhoCalled = "concat(fields['EventData.Initiated'], fields['Initiated'], [''])[1]"

const ofHost = (events: TenantEvents, keys: readonly string[]): Sql =>
  sql`${table(events, 'events')} PREWHERE host_key IN ${strings(keys)} WHERE ${raw(isConnections)}`

/** Every row of a connection or a listening port, seen from the host. */
const sides = (events: TenantEvents, { keys, addresses }: HostSides): Sql => sql`
  SELECT id, ${raw(rowAt)} AS row_at, process_name AS of_process, process_pid AS of_pid, user_name AS of_user, network_state AS of_state,
    multiIf(network_transport = '6', 'tcp', network_transport = '17', 'udp', lower(network_transport)) AS of_transport,
    ${raw(saysWhoCalled)} AS initiated, ${raw(isListening)} AS listens,
    destination_ip IN ${strings(addresses)} AND source_ip != '' AND source_ip NOT IN ${strings(addresses)} AS calls_us,
    source_port > 0 AND source_port IN (SELECT source_port FROM ${ofHost(events, keys)} AND ${raw(isListening)}) AS is_served,
    multiIf(listens, 'listening', destination_ip = '', '', lower(initiated) = 'false' OR calls_us, 'called', is_served AND initiated = '', 'served', 'outbound') AS way,
    multiIf(way IN ('called', 'served'), 'inbound', way) AS of_kind,
    if(way IN ('called', 'listening'), source_ip, destination_ip) AS of_address,
    if(way IN ('served', 'listening'), source_port, destination_port) AS of_port
  FROM ${ofHost(events, keys)}`

const otherHosts = (events: TenantEvents, host: HostSides): Sql => {
  const { keys, same } = host
  return sql`SELECT toString(destination_ip) AS known_address, toUInt64(uniqExact(${hostOf(same)})) AS others FROM ${table(events, 'events')}
    WHERE event_category = 'network' AND host_key NOT IN ${strings(keys)}
      AND destination_ip IN (SELECT of_address FROM (${sides(events, host)}) WHERE of_kind IN ('outbound', 'inbound')) GROUP BY known_address`
}

const parts = 'of_kind, of_address, of_port, of_transport, of_state, of_process, of_pid, of_user'

const grouped = (events: TenantEvents, host: HostSides): Sql => sql`
  SELECT ${raw(parts)}, if(of_kind = 'listening', NULL, others) AS other_hosts, count() AS n, lower(hex(min(id))) AS row_id,
    min(row_at) AS first_at, max(row_at) AS last_at
  FROM (SELECT * FROM (${sides(events, host)}) AS mine LEFT JOIN (${otherHosts(events, host)}) AS fleet ON mine.of_address = fleet.known_address)
  WHERE of_kind != '' GROUP BY ${raw(parts)}, others`

export interface ConnectionRow {
  of_kind: 'outbound' | 'inbound' | 'listening'
  of_address: string
  of_port: number | null
  of_transport: string
  of_state: string
  of_process: string
  of_pid: number | null
  of_user: string
  other_hosts: string | null
  n: string
  row_id: string
  first_at: string | null
  last_at: string | null
}

export interface ConnectionQuery {
  skip: number
  limit: number
  search: string
  kinds: readonly string[] | null
  /** A column of the answer, of our own code. */
  sort: string
  isDescending: boolean
}

const searched = (search: string): Sql =>
  search === ''
    ? sql`1`
    : sql`arrayExists(one -> positionCaseInsensitiveUTF8(one, ${text(search)}) > 0,
        [of_address, toString(ifNull(of_port, 0)), of_transport, of_state, toString(of_process), toString(ifNull(of_pid, 0)), toString(of_user)])`

export const pageOfConnections = async (
  events: TenantEvents,
  host: HostSides,
  q: ConnectionQuery,
  signal: AbortSignal,
): Promise<{ items: ConnectionRow[]; total: number; rows: number }> => {
  const found = sql`SELECT * FROM (${grouped(events, host)}) WHERE ${searched(q.search)}
    ${q.kinds === null ? sql`` : sql`AND of_kind IN ${strings(q.kinds)}`}`
  const order = raw(`${q.sort} ${q.isDescending ? 'DESC' : 'ASC'} NULLS LAST, ${parts}`)
  const [{ rows: items }, { rows: sums }] = await Promise.all([
    queryRows<ConnectionRow>(events, sql`${found} ORDER BY ${order} LIMIT ${param('UInt32', q.limit)} OFFSET ${param('UInt32', q.skip)}`, {
      signal,
    }),
    queryRows<{ entries: string; of_rows: string }>(
      events,
      sql`SELECT toString(count()) AS entries, toString(sum(n)) AS of_rows FROM (${found})`,
      { signal },
    ),
  ])
  return { items, total: Number(sums[0]?.entries ?? 0), rows: Number(sums[0]?.of_rows ?? 0) }
}

/** Connections and listening ports, and the rows behind them. */
export const kindsOfConnections = async (
  events: TenantEvents,
  host: HostSides,
  signal: AbortSignal,
): Promise<{ kind: string; items: number; rows: number }[]> => {
  const { rows } = await queryRows<{ of_kind: string; entries: string; n: string }>(
    events,
    sql`SELECT of_kind, toString(uniqExact(tuple(${raw(parts)}))) AS entries, toString(count()) AS n FROM (${sides(events, host)})
      WHERE of_kind != '' GROUP BY of_kind ORDER BY count() DESC, of_kind`,
    { signal },
  )
  return rows.map((r) => ({ kind: r.of_kind, items: Number(r.entries), rows: Number(r.n) }))
}

export interface PeerRow {
  of_address: string
  other_hosts: string
  n: string
  ports: number[]
  ports_total: string
  processes: string[]
  came_in: number
}

const noPeer = "(of_address IN ('127.0.0.1', '::1') OR startsWith(of_address, '127.'))"

/** The other sides, those that the fewest other hosts talk to first, and how many there are. */
export const rarestPeers = async (
  events: TenantEvents,
  host: HostSides,
  limit: number,
  signal: AbortSignal,
): Promise<{ peers: PeerRow[]; total: number }> => {
  const mine = sql`SELECT * FROM (${sides(events, host)}) WHERE of_kind IN ('outbound', 'inbound') AND of_address != '' AND NOT ${raw(noPeer)}`
  const [{ rows: peers }, { rows: sums }] = await Promise.all([
    queryRows<PeerRow>(
      events,
      sql`SELECT of_address, max(others) AS other_hosts, count() AS n, arraySort(groupUniqArray(5)(ifNull(of_port, 0))) AS ports,
          uniqExact(of_port) AS ports_total, arraySort(groupUniqArrayIf(5)(toString(of_process), of_process != '')) AS processes,
          max(of_kind = 'inbound') AS came_in
        FROM (SELECT * FROM (${mine}) AS mine LEFT JOIN (${otherHosts(events, host)}) AS fleet ON mine.of_address = fleet.known_address)
        GROUP BY of_address ORDER BY other_hosts, n DESC, of_address LIMIT ${param('UInt32', limit)}`,
      { signal },
    ),
    queryRows<{ n: string }>(events, sql`SELECT toString(uniqExact(of_address)) AS n FROM (${mine})`, { signal }),
  ])
  return { peers, total: Number(sums[0]?.n ?? 0) }
}
