import type { Ctx } from '../../platform/ctx.ts'
import { isClientId } from '../../../shared/domain/client-id.ts'
import { fqdnIn, fullerName, hostOfNewKey, isNameKey, type KnownHost } from './host-identity.ts'
import { type HostNews, hostIdsOfKeys, hostsNamed, insertHost, insertKey, lockHosts, updateHost } from './store.ts'

/** A host as rows show it. */
export interface SeenHost {
  key: string
  host_name: string
  client_id: string | null
  os: string | null
  users: readonly string[]
  time_from: string | null
  time_to: string | null
}

/** A host as an export describes it. `key` is the one its rows carry. */
export interface DescribedHost extends HostNews {
  key: string
}

const nothing: HostNews = {
  hostname: null,
  fqdn: null,
  os: null,
  os_version: null,
  architecture: null,
  ip_addresses: [],
  mac_addresses: [],
  users: [],
  labels: [],
  first_seen: null,
  last_seen: null,
}

const nameOr = (name: string | null): string | null => (name === null || name === '' || isClientId(name) ? null : name)

const newsByKey = (seen: readonly SeenHost[], described: readonly DescribedHost[], now: string): Map<string, HostNews> => {
  const news = new Map<string, HostNews>()
  for (const host of seen) {
    // a row's time can lie in the future or a century back; when it arrived cannot
    const last = host.time_to !== null && host.time_to < now ? host.time_to : null
    news.set(host.key, {
      ...nothing,
      hostname: nameOr(host.host_name),
      fqdn: fqdnIn(nameOr(host.host_name)),
      os: host.os,
      users: host.users.slice(0, 500),
      first_seen: host.time_from,
      last_seen: last,
    })
  }
  for (const { key, ...facts } of described) {
    const known = news.get(key) ?? nothing
    news.set(key, {
      ...facts,
      hostname: nameOr(facts.hostname) ?? known.hostname,
      fqdn: facts.fqdn ?? fqdnIn(nameOr(facts.hostname)) ?? known.fqdn,
      os: facts.os ?? known.os,
      users: [...facts.users, ...known.users],
      first_seen: facts.first_seen ?? known.first_seen,
      last_seen: facts.last_seen ?? known.last_seen,
    })
  }
  return news
}

const namelessHost = '(no name known)'

/** Gives each new key its host: one that is known, or a new one. Adds to `ids`. */
const placeKeys = async (ctx: Ctx, fresh: ReadonlyMap<string, string>, ids: Map<string, string>): Promise<void> => {
  const known: KnownHost[] = await hostsNamed(ctx.db, [...fresh.values()])
  for (const [key, hostname] of fresh) {
    const joined = hostOfNewKey(key, hostname, known)
    const id = joined?.id ?? (await insertHost(ctx.db, { hostname: hostname === '' ? namelessHost : hostname }))
    await insertKey(ctx.db, key, id)
    ids.set(key, id)
    const others = known.filter((h) => h.id !== id)
    known.splice(0, known.length, ...others, {
      id,
      hostname: fullerName(joined?.hostname ?? hostname, hostname),
      keys: [...(joined?.keys ?? []), key],
    })
  }
}

/**
 * Makes hosts of what an import has seen, each once: a known key is its host, a new key joins a host by the rules of
 * host-identity.ts or becomes one. A name that is empty is no host. Call it inside ctx.inTx.
 */
export const recordHosts = async (ctx: Ctx, found: { seen: readonly SeenHost[]; described: readonly DescribedHost[] }): Promise<void> => {
  const news = newsByKey(found.seen, found.described, ctx.now().toISOString())
  for (const [key, facts] of news) if (isNameKey(key) && facts.hostname === null) news.delete(key)
  if (news.size === 0) return
  await lockHosts(ctx.db)
  const ids = await hostIdsOfKeys(ctx.db, [...news.keys()])
  const fresh = new Map([...news].filter(([key]) => !ids.has(key)).map(([key, facts]) => [key, facts.hostname ?? '']))
  await placeKeys(ctx, fresh, ids)
  for (const [key, facts] of news) {
    const id = ids.get(key)
    if (id !== undefined) await updateHost(ctx.db, id, facts)
  }
}
