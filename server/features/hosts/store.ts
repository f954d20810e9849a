import { type Selectable, sql } from 'kysely'
import type { HostsTable } from '../../db/tables.ts'
import { inTenant, tenantIdOf } from '../../db/tenant.ts'
import { queryRows, table } from '../../events/query.ts'
import type { TenantDb, TenantEvents } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { param, sql as events } from '../../platform/sql.ts'
import { fullerName, type KnownHost } from './host-identity.ts'

export type HostRow = Selectable<HostsTable>

/** Ends a race of two imports over one new host: they take their turns. */
export const lockHosts = (db: TenantDb): Promise<void> =>
  inTenant(db, async (q) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`hosts:${tenantIdOf(db)}`}, 0))`.execute(q)
  })

export const hostIdsOfKeys = (db: TenantDb, keys: readonly string[]): Promise<Map<string, string>> =>
  inTenant(db, async (q) => {
    if (keys.length === 0) return new Map()
    const rows = await q
      .selectFrom('host_keys')
      .select(['key', 'host_id'])
      .where('key', 'in', [...keys])
      .execute()
    return new Map(rows.map((r) => [r.key, r.host_id]))
  })

export const keysOfHostIds = (db: TenantDb, hostIds: readonly string[]): Promise<{ host_id: string; key: string }[]> =>
  inTenant(db, async (q) => {
    if (hostIds.length === 0) return []
    return q
      .selectFrom('host_keys')
      .select(['host_id', 'key'])
      .where('host_id', 'in', [...hostIds])
      .orderBy('key')
      .execute()
  })

/** Keys of hosts that have several, in order. */
export const keysOfMany = (db: TenantDb): Promise<{ host_id: string; key: string }[]> =>
  inTenant(db, (q) =>
    q
      .selectFrom('host_keys')
      .select(['host_id', 'key'])
      .where('host_id', 'in', (of) =>
        of
          .selectFrom('host_keys')
          .select('host_id')
          .groupBy('host_id')
          .having((e) => e.fn.countAll(), '>', 1),
      )
      .orderBy('host_id')
      .orderBy('key')
      .execute(),
  )

/** Hosts whose first label is among `names`, with their keys. */
export const hostsNamed = (db: TenantDb, names: readonly string[]): Promise<KnownHost[]> =>
  inTenant(db, async (q) => {
    const first = [...new Set(names.map((n) => n.toLowerCase().split('.')[0] ?? ''))].filter((n) => n !== '')
    if (first.length === 0) return []
    const found = await q
      .selectFrom('hosts')
      .leftJoin('host_keys', 'host_keys.host_id', 'hosts.id')
      .select(['hosts.id', 'hosts.hostname', 'hosts.fqdn', 'host_keys.key'])
      .where(sql<string>`lower(split_part(hosts.hostname, '.', 1))`, 'in', first)
      .orderBy('hosts.created_at')
      .orderBy('hosts.id')
      .execute()
    const hosts = new Map<string, KnownHost & { keys: string[] }>()
    for (const row of found) {
      const host = hosts.get(row.id) ?? { id: row.id, hostname: fullerName(row.hostname, row.fqdn), keys: [] }
      if (row.key !== null) host.keys.push(row.key)
      hosts.set(row.id, host)
    }
    return [...hosts.values()]
  })

export interface NewHost {
  hostname: string
  ip_address?: string
  os?: string
  host_metadata?: Record<string, unknown>
}

export const insertHost = (db: TenantDb, host: NewHost): Promise<string> =>
  inTenant(db, async (q) => {
    const id = newId()
    await q
      .insertInto('hosts')
      .values({
        tenant_id: tenantIdOf(db),
        id,
        hostname: host.hostname,
        os: host.os ?? null,
        ip_addresses: host.ip_address === undefined ? [] : [host.ip_address],
        host_metadata: JSON.stringify(host.host_metadata ?? {}),
      })
      .execute()
    return id
  })

export const insertKey = (db: TenantDb, key: string, hostId: string): Promise<void> =>
  inTenant(db, async (q) => {
    await q
      .insertInto('host_keys')
      .values({ tenant_id: tenantIdOf(db), key, host_id: hostId })
      .onConflict((c) => c.doNothing())
      .execute()
  })

export interface HostNews {
  hostname: string | null
  fqdn: string | null
  os: string | null
  os_version: string | null
  architecture: string | null
  ip_addresses: readonly string[]
  mac_addresses: readonly string[]
  users: readonly string[]
  labels: readonly string[]
  first_seen: string | null
  last_seen: string | null
}

const most = 500
/** The union, oldest first, at most 500. */
const union = (column: string, more: readonly string[]) =>
  sql<string[]>`(SELECT coalesce((array_agg(v ORDER BY n))[1:${sql.lit(most)}], '{}') FROM (
    SELECT v, min(n) AS n FROM unnest(${sql.ref(column)} || ${[...more]}::text[]) WITH ORDINALITY AS u(v, n) WHERE v <> '' GROUP BY v) AS once)`

export const updateHost = (db: TenantDb, id: string, news: HostNews): Promise<void> =>
  inTenant(db, async (q) => {
    await q
      .updateTable('hosts')
      .set({
        // its short name is kept beside the full one, whichever came first
        hostname: sql`CASE WHEN lower(split_part(${news.hostname}::text, '.', 1)) = lower(hostname) THEN hostname
          ELSE coalesce(${news.hostname}, hostname) END`,
        fqdn: sql`coalesce(${news.fqdn}, fqdn, CASE WHEN strpos(hostname, '.') > 0
          AND lower(split_part(hostname, '.', 1)) = lower(${news.hostname}::text) THEN hostname END)`,
        os: sql`coalesce(${news.os}, os)`,
        os_version: sql`coalesce(${news.os_version}, os_version)`,
        architecture: sql`coalesce(${news.architecture}, architecture)`,
        ip_addresses: union('ip_addresses', news.ip_addresses),
        mac_addresses: union('mac_addresses', news.mac_addresses),
        users_seen: union('users_seen', news.users),
        labels: union('labels', news.labels),
        first_seen: sql`least(first_seen, ${news.first_seen}::timestamptz)`,
        last_seen: sql`greatest(last_seen, ${news.last_seen}::timestamptz)`,
      })
      .where('id', '=', id)
      .execute()
  })

export interface HostList {
  skip: number
  limit: number
  search?: string
  sort?: 'hostname' | 'last_seen' | 'rows' | 'os'
  order?: 'asc' | 'desc'
  /** Rows of each host, where the list is sorted by them. */
  rowsOf?: ReadonlyMap<string, number>
}

const matching = (search: string) => {
  const like = `%${search.toLowerCase().replaceAll(/[\\%_]/g, (c) => `\\${c}`)}%`
  return sql<boolean>`(lower(hostname) LIKE ${like} OR lower(coalesce(fqdn, '')) LIKE ${like}
    OR EXISTS (SELECT 1 FROM unnest(ip_addresses || mac_addresses || users_seen || labels) AS v WHERE lower(v) LIKE ${like})
    OR EXISTS (SELECT 1 FROM host_keys k WHERE k.host_id = hosts.id AND lower(k.key) LIKE ${like}))`
}

export const listHosts = (db: TenantDb, o: HostList): Promise<{ items: HostRow[]; total: number }> =>
  inTenant(db, async (q) => {
    let list = q.selectFrom('hosts').where('merged_into', 'is', null)
    if (o.search !== undefined && o.search.trim() !== '') list = list.where(matching(o.search.trim()))
    const { total } = await list.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
    const order = o.order ?? (o.sort === 'last_seen' || o.sort === 'rows' ? 'desc' : 'asc')
    if (o.sort === 'rows') {
      const all = await list.selectAll().execute()
      const rows = (h: HostRow): number => o.rowsOf?.get(h.id) ?? 0
      all.sort((a, b) => (order === 'asc' ? rows(a) - rows(b) : rows(b) - rows(a)) || a.hostname.localeCompare(b.hostname))
      return { items: all.slice(o.skip, o.skip + o.limit), total: Number(total) }
    }
    const by = o.sort === 'last_seen' ? sql`last_seen` : o.sort === 'os' ? sql`lower(os)` : sql`lower(hostname)`
    const items = await list
      .selectAll()
      .orderBy(sql`${by} ${sql.raw(order === 'asc' ? 'asc' : 'desc')} nulls last`)
      .orderBy('id')
      .offset(o.skip)
      .limit(o.limit)
      .execute()
    return { items, total: Number(total) }
  })

export const findHost = (db: TenantDb, id: string): Promise<HostRow | undefined> =>
  inTenant(db, (q) => q.selectFrom('hosts').selectAll().where('id', '=', id).executeTakeFirst())

/** Rows stored under each host key. */
export const rowsByKey = async (store: TenantEvents, keys: readonly string[] | null): Promise<Map<string, number>> => {
  const of = keys === null ? events`` : events`WHERE host_key IN ${param('Array(String)', [...keys])}`
  const { rows } = await queryRows<{ host_key: string; n: string }>(
    store,
    events`SELECT host_key, count() AS n FROM ${table(store, 'events')} ${of} GROUP BY host_key`,
  )
  return new Map(rows.map((r) => [r.host_key, Number(r.n)]))
}

export interface CollectedRow {
  artifact: string
  rows: string
  time_from: string | null
  time_to: string | null
  last_import_at: string
}

export const artifactsOfKeys = async (store: TenantEvents, keys: readonly string[]): Promise<CollectedRow[]> => {
  const { rows } = await queryRows<CollectedRow>(
    store,
    events`SELECT if(artifact_source = '', artifact, concat(artifact, '/', artifact_source)) AS name, name AS artifact, count() AS rows,
        if(countIf(time_field != '') = 0, NULL, toString(minIf(timestamp, time_field != ''))) AS time_from,
        if(countIf(time_field != '') = 0, NULL, toString(maxIf(timestamp, time_field != ''))) AS time_to,
        toString(max(ingested_at)) AS last_import_at
      FROM ${table(store, 'events')} WHERE host_key IN ${param('Array(String)', [...keys])} GROUP BY events.artifact, artifact_source ORDER BY name`,
  )
  return rows
}
