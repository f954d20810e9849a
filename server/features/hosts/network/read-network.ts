import type { Connection, Peer } from '../../../../shared/contract/hunt/host-tabs.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { notFound } from '../../../platform/errors.ts'
import { isoOfMicros } from '../../../platform/iso-time.ts'
import { keysOfSameHost } from '../read-hosts.ts'
import { findHost, keysOfHostIds } from '../store.ts'
import { queryFor } from '../tables/grouped.ts'
import type { TableAnswer, TableAsk } from '../tables/read-tables.ts'
import { type ConnectionRow, type HostSides, kindsOfConnections, pageOfConnections, type PeerRow, rarestPeers } from './store.ts'

const loopback = ['127.0.0.1', '::1']

/** @throws AppError not_found */
export const sidesOf = async (ctx: Ctx, id: string): Promise<HostSides> => {
  const host = await findHost(ctx.db, id)
  if (host === undefined) throw notFound('host')
  const [keys, same] = await Promise.all([keysOfHostIds(ctx.db, [id]), keysOfSameHost(ctx)])
  return { hostname: host.hostname.split('.')[0] ?? '', keys: keys.map((k) => k.key), addresses: [...host.ip_addresses, ...loopback], same }
}

const timeOf = (micros: string | null): string | null => (micros === null ? null : isoOfMicros(BigInt(micros)))

/** Either side may be the other one, depending on which source told of it. */
const eitherSide = (address: string, port: number | null): string => {
  const side = (name: string): string => queryFor([[`${name}_ip`, address]])
  const ports = port === null ? '' : ` (source_port:${port} OR destination_port:${port})`
  return `(${side('source')} OR ${side('destination')})${ports}`
}

const toConnection = (row: ConnectionRow): Connection => ({
  kind: row.of_kind,
  address: row.of_address,
  port: row.of_port,
  transport: row.of_transport,
  state: row.of_state,
  process_name: row.of_process,
  process_pid: row.of_pid,
  user: row.of_user,
  other_hosts: row.other_hosts === null ? null : Number(row.other_hosts),
  rows: Number(row.n),
  row_id: row.row_id,
  query:
    `event_category:network ${row.of_address === '' ? queryFor([['source_port', row.of_port]]) : eitherSide(row.of_address, row.of_port)} ${queryFor(
      [
        ['network_state', row.of_state],
        ['process_pid', row.of_pid],
        ['process_name', row.of_process],
      ],
    )}`.trimEnd(),
  first_at: timeOf(row.first_at),
  last_at: timeOf(row.last_at),
})

const sorts: Readonly<Record<string, string>> = {
  address: 'of_address',
  port: 'of_port',
  process: 'of_process',
  user: 'of_user',
  state: 'of_state',
  rows: 'n',
  first_at: 'first_at',
  last_at: 'last_at',
  other_hosts: 'other_hosts',
}
const descending: ReadonlySet<string> = new Set(['rows', 'first_at', 'last_at'])

export const readConnections = async (ctx: Ctx, id: string, o: TableAsk): Promise<TableAnswer<Connection>> => {
  const begun = performance.now()
  const host = await sidesOf(ctx, id)
  if (host.keys.length === 0) return { items: [], total: 0, rows: 0, kinds: [], took_ms: 0 }
  const sort = o.sort ?? 'other_hosts'
  const kinds = o.kind === undefined ? null : o.kind === 'connections' ? ['outbound', 'inbound'] : [o.kind]
  const query = {
    skip: o.skip,
    limit: o.limit,
    search: o.search ?? '',
    kinds,
    sort: sorts[sort] ?? 'n',
    isDescending: (o.order ?? (descending.has(sort) ? 'desc' : 'asc')) === 'desc',
  }
  const [page, ofKinds] = await Promise.all([
    pageOfConnections(ctx.events, host, query, ctx.signal),
    kindsOfConnections(ctx.events, host, ctx.signal),
  ])
  return {
    items: page.items.map(toConnection),
    total: page.total,
    rows: page.rows,
    kinds: ofKinds,
    took_ms: Math.round(performance.now() - begun),
  }
}

const toPeer = (row: PeerRow): Peer => ({
  address: row.of_address,
  other_hosts: Number(row.other_hosts),
  rows: Number(row.n),
  ports: row.ports.filter((port) => port > 0),
  ports_total: Number(row.ports_total),
  processes: row.processes,
  is_inbound: row.came_in === 1,
  query: `event_category:network ${eitherSide(row.of_address, null)}`,
})

export const readPeers = async (ctx: Ctx, id: string, limit: number) => {
  const begun = performance.now()
  const host = await sidesOf(ctx, id)
  const found = host.keys.length === 0 ? { peers: [], total: 0 } : await rarestPeers(ctx.events, host, limit, ctx.signal)
  return { peers: found.peers.map(toPeer), total: found.total, took_ms: Math.round(performance.now() - begun) }
}

export const countConnections = async (ctx: Ctx, host: HostSides): Promise<number> =>
  (await kindsOfConnections(ctx.events, host, ctx.signal)).reduce((sum, kind) => sum + kind.items, 0)
