import { join } from 'node:path'
import type { ClickHouseClient } from '@clickhouse/client'
import type { TenantEvents } from '../platform/ctx.ts'
import type { Log } from '../platform/log.ts'
import { dropDatabase } from './ddl.ts'
import { createClients } from './clients.ts'
import { blockFolder, emptySpool } from './embedded/spool.ts'
import { Supervisor } from './embedded/supervisor.ts'
import { openExternal } from './external.ts'
import type { Connection } from './handle.ts'
import { databaseOf, noEngine, tenantHandle } from './handle.ts'
import { bytesByDatabase, ensureSchema, run, storeBytes } from './schema.ts'
import { toAppError } from './faults.ts'

export interface EventStore {
  kind: 'embedded' | 'external'
  /** @throws AppError unavailable */
  ping: () => Promise<void>
  forTenant: (tenantId: string) => TenantEvents
  /** Makes the tenant's database and tables; can be repeated. */
  createTenant: (tenantId: string) => Promise<void>
  dropTenant: (tenantId: string) => Promise<void>
  /** Brings every tenant's tables to this program's schema. @throws Error when one is newer. */
  migrate: (tenantIds: readonly string[]) => Promise<void>
  /** Process id of the embedded engine; null while there is none. */
  childPid: () => number | null
  /** Bytes of all tenants' tables on the disk. */
  bytes: () => Promise<number>
  bytesOf: (tenantIds: readonly string[]) => Promise<Map<string, number>>
  close: () => Promise<void>
}

export interface EventStoreOptions {
  url?: string
  cluster?: string
  dataDir: string
  memoryBytes: number
  queryTimeoutMs: number
  log: Log
}

interface Engine {
  connection: Connection
  /** More than databases and tables: users and grants of a server. */
  afterCreate: (tenantId: string) => Promise<void>
  beforeDrop: (tenantId: string) => Promise<void>
  pid: () => number | null
  close: () => Promise<void>
}

/** In the folder of the embedded engine, which may read blocks there and nowhere else. */
const blockDirOf = (dataDir: string): string => join(dataDir, 'events', blockFolder)

const openEmbedded = async (o: EventStoreOptions): Promise<Engine> => {
  let clients: ReturnType<typeof createClients> | null = null
  const supervisor = new Supervisor({
    folder: join(o.dataDir, 'events'),
    memoryBytes: o.memoryBytes,
    log: o.log,
    onChange: (address) => {
      void clients?.close()
      clients = address === null ? null : createClients({ url: address.url, username: 'product', password: address.token })
    },
  })
  await supervisor.start()
  const clientFor = (database: string | null): ClickHouseClient => {
    if (clients === null) throw noEngine()
    return clients.clientFor(database)
  }
  const limits = { queryTimeoutMs: o.queryTimeoutMs, maxMemoryBytes: Math.floor(o.memoryBytes * 0.6) }
  const nothing = (): Promise<void> => Promise.resolve()
  return {
    connection: { kind: 'embedded', cluster: null, clientFor, limits, blockDir: blockDirOf(o.dataDir), log: o.log },
    afterCreate: nothing,
    beforeDrop: nothing,
    pid: () => supervisor.pid(),
    close: () => supervisor.close(),
  }
}

/** Starts the embedded engine, or reaches the server at `url`. It makes no tables: call createTenant or migrate. */
export const openEventStore = async (o: EventStoreOptions): Promise<EventStore> => {
  await emptySpool(blockDirOf(o.dataDir))
  const engine: Engine =
    o.url === undefined ? await openEmbedded(o) : await openExternal({ ...o, url: o.url, blockDir: blockDirOf(o.dataDir) })
  const { connection } = engine
  const createTenant = async (tenantId: string): Promise<void> => {
    await ensureSchema(connection, tenantId)
    await engine.afterCreate(tenantId)
  }
  return {
    kind: connection.kind,
    ping: async () => {
      try {
        const answer = await connection.clientFor(null).ping({ select: true })
        if (!answer.success) throw answer.error
      } catch (error) {
        throw toAppError(error)
      }
    },
    forTenant: (tenantId) => tenantHandle(connection, tenantId),
    createTenant,
    dropTenant: async (tenantId) => {
      await engine.beforeDrop(tenantId)
      await run(connection, dropDatabase(databaseOf(tenantId), connection.cluster))
    },
    migrate: async (tenantIds) => {
      for (const tenantId of tenantIds) await createTenant(tenantId)
    },
    childPid: engine.pid,
    bytes: () => storeBytes(connection),
    bytesOf: async (tenantIds) => {
      const byDatabase = await bytesByDatabase(connection)
      return new Map(tenantIds.map((id) => [id, byDatabase.get(databaseOf(id)) ?? 0]))
    },
    close: engine.close,
  }
}
