// A ClickHouse server or cluster of the operator's. Each tenant works as a user of its own that can reach its database
// only, where the account of CLICKHOUSE_URL may create users; else all work as that account and the log says so.
import { createHash, createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import { CannotStart } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import { createClients } from './clients.ts'
import { isLost } from './faults.ts'
import type { Connection } from './handle.ts'
import { databaseOf } from './handle.ts'

export interface ExternalOptions {
  blockDir: string
  url: string
  cluster?: string
  memoryBytes: number
  queryTimeoutMs: number
  log: Log
}

const clusterSettings: ClickHouseSettings = {
  // An insert is acknowledged by the node that keeps it, not by the one that passes it on.
  distributed_foreground_insert: 1,
  distributed_product_mode: 'global',
  distributed_ddl_task_timeout: '60',
}

const settings = (cluster: string | undefined): ClickHouseSettings => ({
  async_insert: 0,
  http_headers_progress_interval_ms: '10000',
  ...(cluster === undefined ? {} : clusterSettings),
})

const onCluster = (cluster: string | null): string => (cluster === null ? '' : ` ON CLUSTER \`${cluster}\``)

/** The same in every process of the product, and not to be guessed without the account's own password. */
export const tenantPassword = (accountPassword: string, database: string): string =>
  createHmac('sha256', accountPassword).update(`event store user ${database}`).digest('base64url')

/** A user named as the tenant's database, and what it may do there. */
export const tenantUserStatements = (database: string, password: string, cluster: string | null): string[] => {
  const on = onCluster(cluster)
  const hash = createHash('sha256').update(password).digest('hex')
  return [
    `CREATE USER IF NOT EXISTS \`${database}\`${on} IDENTIFIED WITH sha256_hash BY '${hash}'`,
    `ALTER USER \`${database}\`${on} IDENTIFIED WITH sha256_hash BY '${hash}'`,
    `GRANT${on} SELECT, INSERT, ALTER UPDATE, ALTER DELETE, TRUNCATE, OPTIMIZE ON \`${database}\`.* TO \`${database}\``,
    `GRANT${on} SELECT ON system.parts TO \`${database}\``,
    ...(cluster === null ? [] : [`GRANT${on} REMOTE, CLUSTER ON *.* TO \`${database}\``]),
  ]
}

export const dropUserStatement = (database: string, cluster: string | null): string =>
  `DROP USER IF EXISTS \`${database}\`${onCluster(cluster)}`

// ACCESS_DENIED, ACCESS_STORAGE_READONLY, ACCESS_STORAGE_FOR_INSERTION_NOT_FOUND
const isNotAllowed = (error: unknown): boolean => ['497', '495', '514'].includes(String((error as { code?: unknown }).code ?? ''))

/** A server that starts together with the product needs a moment; one that never answers is a fault of the settings. */
const untilAnswered = async (client: ClickHouseClient): Promise<void> => {
  for (const end = Date.now() + 30_000; ; await sleep(500)) {
    const answer = await client.ping({ select: true })
    if (answer.success) return
    if (!isLost(answer.error) || Date.now() > end)
      throw new CannotStart(`CLICKHOUSE_URL: the server does not answer as it should: ${answer.error.message}`, { cause: answer.error })
  }
}

interface External {
  connection: Connection
  afterCreate: (tenantId: string) => Promise<void>
  beforeDrop: (tenantId: string) => Promise<void>
  pid: () => null
  close: () => Promise<void>
}

export const openExternal = async (o: ExternalOptions): Promise<External> => {
  const cluster = o.cluster ?? null
  const url = new URL(o.url)
  const account = { username: decodeURIComponent(url.username) || 'default', password: decodeURIComponent(url.password) }
  url.username = ''
  url.password = ''
  const clients = createClients({ url: url.href, ...account, settings: settings(o.cluster) })
  const admin = clients.clientFor(null)
  await untilAnswered(admin)
  const own = new Set<string>()
  let isShared = account.password === ''
  const share = (why: string): void => {
    if (!isShared) o.log.warn({ why }, 'tenants share one ClickHouse user: the account of CLICKHOUSE_URL may not create users')
    isShared = true
  }
  if (isShared) o.log.warn({}, 'tenants share one ClickHouse user: the account of CLICKHOUSE_URL has no password to derive theirs from')
  const clientFor = (database: string | null): ClickHouseClient => {
    if (database === null || isShared || !own.has(database)) return clients.clientFor(database)
    return clients.clientFor(database, { username: database, password: tenantPassword(account.password, database) })
  }
  const ensureUser = async (database: string): Promise<void> => {
    if (isShared) return
    try {
      for (const query of tenantUserStatements(database, tenantPassword(account.password, database), cluster))
        await admin.command({ query })
      own.add(database)
    } catch (error) {
      if (!isNotAllowed(error)) throw error
      share('access denied')
    }
  }
  return {
    connection: {
      kind: 'external',
      cluster,
      clientFor,
      limits: { queryTimeoutMs: o.queryTimeoutMs, maxMemoryBytes: o.memoryBytes },
      blockDir: o.blockDir,
      log: o.log,
    },
    afterCreate: (tenantId) => ensureUser(databaseOf(tenantId)),
    beforeDrop: async (tenantId) => {
      if (!isShared) await admin.command({ query: dropUserStatement(databaseOf(tenantId), cluster) })
    },
    pid: () => null,
    close: () => clients.close(),
  }
}
