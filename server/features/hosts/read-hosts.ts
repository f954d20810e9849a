import type { Host } from '../../../shared/contract/hosts.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { conflict, notFound } from '../../platform/errors.ts'
import { iso } from '../../platform/iso-time.ts'
import { recordAudit } from '../audit/index.ts'
import { isNameKey, isSameName } from './host-identity.ts'
import {
  artifactsOfKeys,
  findHost,
  type HostList,
  type HostRow,
  hostIdsOfKeys,
  hostsNamed,
  insertHost,
  insertKey,
  keysOfHostIds,
  keysOfMany,
  listHosts,
  lockHosts,
  type NewHost,
  rowsByKey,
} from './store.ts'

const keysByHost = async (ctx: Ctx, ids: readonly string[]): Promise<Map<string, string[]>> => {
  const keys = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const { host_id, key } of await keysOfHostIds(ctx.db, ids)) keys.get(host_id)?.push(key)
  return keys
}

const shown = (row: HostRow, tenantId: string, keys: readonly string[], rows: number): Host => ({
  id: row.id,
  hostname: row.hostname,
  fqdn: row.fqdn,
  ip_address: row.ip_addresses[0] ?? null,
  os: row.os,
  os_version: row.os_version,
  architecture: row.architecture,
  tenant_id: tenantId,
  client_ids: keys.filter((k) => k.startsWith('C.')),
  ip_addresses: row.ip_addresses,
  mac_addresses: row.mac_addresses,
  users_seen: row.users_seen,
  labels: row.labels,
  host_metadata: row.host_metadata,
  rows,
  created_at: iso(row.created_at),
  first_seen: row.first_seen === null ? null : iso(row.first_seen),
  last_seen: row.last_seen === null ? null : iso(row.last_seen),
})

const withRows = async (ctx: Ctx, rows: readonly HostRow[]): Promise<Host[]> => {
  const keys = await keysByHost(
    ctx,
    rows.map((r) => r.id),
  )
  const all = [...keys.values()].flat()
  const counts = all.length === 0 ? new Map<string, number>() : await rowsByKey(ctx.events, all)
  return rows.map((row) => {
    const own = keys.get(row.id) ?? []
    return shown(
      row,
      ctx.tenant.id,
      own,
      own.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0),
    )
  })
}

/** Rows of every host: only where the list is sorted by them. */
const rowsOfHosts = async (ctx: Ctx): Promise<Map<string, number>> => {
  const counts = await rowsByKey(ctx.events, null)
  const ids = await hostIdsOfKeys(ctx.db, [...counts.keys()])
  const rows = new Map<string, number>()
  for (const [key, n] of counts) {
    const id = ids.get(key)
    if (id !== undefined) rows.set(id, (rows.get(id) ?? 0) + n)
  }
  return rows
}

export const showHosts = async (ctx: Ctx, o: HostList): Promise<{ items: Host[]; total: number }> => {
  const { items, total } = await listHosts(ctx.db, o.sort === 'rows' ? { ...o, rowsOf: await rowsOfHosts(ctx) } : o)
  return { items: await withRows(ctx, items), total }
}

/** @throws AppError not_found */
export const showHost = async (ctx: Ctx, id: string): Promise<Host> => {
  const row = await findHost(ctx.db, id)
  const [host] = row === undefined ? [] : await withRows(ctx, [row])
  if (host === undefined) throw notFound('host')
  return host
}

/** @throws AppError conflict when the tenant has a host of that name */
export const addHost = (ctx: Ctx, host: NewHost): Promise<Host> =>
  ctx.inTx(async (tx) => {
    await lockHosts(tx.db)
    const same = (await hostsNamed(tx.db, [host.hostname])).find((h) => isSameName(h.hostname, host.hostname))
    if (same !== undefined) throw conflict(`There is a host named ${same.hostname} already.`)
    const id = await insertHost(tx.db, host)
    await insertKey(tx.db, `manual:${host.hostname.toLowerCase()}`, id)
    const made = await showHost(tx, id)
    await recordAudit(tx, { action: 'host.create', object_type: 'host', object_id: id, details: { hostname: host.hostname } })
    return made
  })

/** The host of that name, made when there is none: where an import says nothing but a name. */
export const hostNamed = (ctx: Ctx, hostname: string): Promise<string> =>
  ctx.inTx(async (tx) => {
    await lockHosts(tx.db)
    const named = (await hostsNamed(tx.db, [hostname])).filter((h) => isSameName(h.hostname, hostname))
    const found = named.length === 1 ? named[0] : named.find((h) => h.keys.every(isNameKey))
    if (found !== undefined) return found.id
    const id = await insertHost(tx.db, { hostname })
    await insertKey(tx.db, `manual:${hostname.toLowerCase()}`, id)
    return id
  })

const asUtc = (at: string): string => `${at.replace(' ', 'T')}Z`

/** @throws AppError not_found */
export const collectedFrom = async (ctx: Ctx, id: string) => {
  if ((await findHost(ctx.db, id)) === undefined) throw notFound('host')
  const keys = (await keysOfHostIds(ctx.db, [id])).map((k) => k.key)
  const rows = keys.length === 0 ? [] : await artifactsOfKeys(ctx.events, keys)
  return rows.map((r) => ({
    artifact: r.artifact,
    rows: Number(r.rows),
    time_from: r.time_from === null ? null : asUtc(r.time_from),
    time_to: r.time_to === null ? null : asUtc(r.time_to),
    last_import_at: asUtc(r.last_import_at),
  }))
}

/** host key -> host id, of those that are known. */
export const resolveHostKeys = (ctx: Ctx, keys: readonly string[]): Promise<Map<string, string>> => hostIdsOfKeys(ctx.db, keys)

/** Every key under which rows of these hosts are stored. */
export const keysOfHosts = async (ctx: Ctx, hostIds: readonly string[]): Promise<string[]> =>
  (await keysOfHostIds(ctx.db, hostIds)).map((k) => k.key)

/** Of hosts that have several keys: each key but one, with that one; rows under any of them are of one host. */
export const keysOfSameHost = async (ctx: Ctx): Promise<Map<string, string>> => {
  const first = new Map<string, string>()
  const same = new Map<string, string>()
  for (const { host_id, key } of await keysOfMany(ctx.db)) {
    const one = first.get(host_id)
    if (one === undefined) first.set(host_id, key)
    else same.set(key, one)
  }
  return same
}
