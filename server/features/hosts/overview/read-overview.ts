import type { Ctx } from '../../../platform/ctx.ts'
import { isoOfMicros } from '../../../platform/iso-time.ts'
import { countConnections, sidesOf } from '../network/read-network.ts'
import { countProcesses } from '../processes/read-processes.ts'
import { collectedFrom } from '../read-hosts.ts'
import { countTables } from '../tables/read-tables.ts'
import { domainsOf, neverCollected, newestOfArtifacts, usersWithLogons } from './store.ts'

const mostUsers = 50

/** What the page of a host says beside its tabs. @throws AppError not_found */
export const readOverview = async (ctx: Ctx, id: string) => {
  const begun = performance.now()
  const host = await sidesOf(ctx, id)
  const { keys } = host
  const [artifacts, newest, never] = await Promise.all([
    collectedFrom(ctx, id),
    newestOfArtifacts(ctx.events, keys, ctx.signal),
    neverCollected(ctx.events, keys, host.same, ctx.signal),
  ])
  const [processes, network, tables, users, domains] = await Promise.all([
    countProcesses(ctx, id),
    countConnections(ctx, host),
    countTables(ctx, keys),
    usersWithLogons(ctx.events, keys, mostUsers, ctx.signal),
    domainsOf(ctx.events, keys, host.hostname, ctx.signal),
  ])
  return {
    counts: { processes: processes.processes, network, ...tables },
    is_processes_whole: processes.isWhole,
    rows: artifacts.reduce((sum, a) => sum + a.rows, 0),
    domains,
    users: users.users.map((u) => ({
      name: u.name,
      logons: Number(u.n),
      last_at: u.last_at === null ? null : isoOfMicros(BigInt(u.last_at)),
    })),
    users_total: users.total,
    artifacts: artifacts.map((a) => ({ ...a, ...(newest.get(a.artifact) ?? { newest_at: a.last_import_at, is_dated: false }) })),
    never,
    took_ms: Math.round(performance.now() - begun),
  }
}
