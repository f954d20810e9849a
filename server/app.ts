// The composition root: every part is made here and every room mounted. Nothing else knows all of them.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { routes } from '../shared/contract/routes.ts'
import { createBind } from './bind.ts'
import { mountHosts } from './features/hosts/routes.ts'
import { createIdentity, type Identity } from './features/identity/index.ts'
import { mountIdentity } from './features/identity/routes.ts'
import { createIngestion, type Ingestion } from './features/ingestion/index.ts'
import { mountIngestion } from './features/ingestion/routes.ts'
import { mountIntel } from './features/intel/routes.ts'
import { checkHealth, type Watched } from './features/operations/index.ts'
import { mountOperations } from './features/operations/routes.ts'
import { createSearch } from './features/search/index.ts'
import { mountSearch } from './features/search/routes.ts'
import { createTenants, type Tenants } from './features/tenants/index.ts'
import { mountTenants } from './features/tenants/routes.ts'
import { createHttp, type HttpApp } from './http/app.ts'
import { assertAllMounted } from './http/mount.ts'
import { startJobs } from './job-rooms.ts'
import { createOperator, type Operator } from './operator.ts'
import { type Config, isLoopback } from './platform/config.ts'
import { newId } from './platform/ids.ts'
import type { Log } from './platform/log.ts'
import { type OpenedStores, openStores } from './stores.ts'
import { version } from './version.ts'

export { writeDemo } from './features/ingestion/demo/write-exports.ts'
export { openControl } from './stores.ts'

export interface App {
  http: HttpApp
  config: Config
  log: Log
  stores: OpenedStores
  operator: Operator
  /** To be shown at start while there is no account. */
  setupCode: () => Promise<string | null>
  /** Hands running jobs back and closes the stores; done within 15 s. */
  close: () => Promise<void>
}

/** Rooms that routes, jobs and the operator share. */
export interface Rooms {
  identity: Identity
  tenants: Tenants
  ingestion: Ingestion
}

const webDir = (): string | null => {
  const here = dirname(fileURLToPath(import.meta.url))
  return [join(here, 'web'), join(here, '..', 'dist', 'web')].find((folder) => existsSync(join(folder, 'index.html'))) ?? null
}

const createRooms = (config: Config, log: Log, stores: OpenedStores): Rooms => {
  const createTenantStores = (tenantId: string): Promise<void> => stores.events.createTenant(tenantId)
  const { control, events, evidence } = stores
  const storeFacts = async () => {
    const health = await checkHealth(watchedOf(config, stores))
    return [
      {
        name: 'Accounts and receipts',
        kind: control.kind === 'embedded' ? 'Built-in PostgreSQL' : 'PostgreSQL',
        bytes: await control.bytes(),
        is_healthy: health.control,
      },
      {
        name: 'Rows',
        kind: events.kind === 'embedded' ? 'Built-in event store' : 'ClickHouse',
        bytes: await events.bytes(),
        is_healthy: health.events,
      },
      { name: 'Evidence files', kind: 'Folder', bytes: null, is_healthy: evidence.isHealthy() },
    ]
  }
  return {
    identity: createIdentity({ auth: control.auth, config, secret: stores.secret, createTenantStores, log }),
    tenants: createTenants({ auth: control.auth, createTenantStores }),
    ingestion: createIngestion({ secret: stores.secret, maxUploadBytes: config.MAX_UPLOAD, log, storeFacts }),
  }
}

const watchedOf = (config: Config, stores: OpenedStores): Watched => ({
  control: stores.control,
  events: stores.events,
  isEvidenceHealthy: () => stores.evidence.isHealthy(),
  dataDir: config.DATA_DIR,
  isPublic: !isLoopback(config.HOST),
})

const mountRooms = (app: HttpApp, rooms: Rooms, o: { config: Config; stores: OpenedStores }): void => {
  mountOperations(app, { watched: watchedOf(o.config, o.stores), version, setupState: (from) => rooms.identity.setupState(from) })
  mountIdentity(app, rooms.identity)
  mountTenants(app, rooms.tenants)
  mountHosts(app)
  mountIngestion(app, rooms.ingestion)
  mountSearch(app, createSearch({ cursorKey: o.stores.secret }))
  mountIntel(app)
  assertAllMounted(app, routes)
}

const stopMs = 10_000

/** Opens the stores, makes the rooms and starts the jobs; listens nowhere yet. */
export const createApp = async (o: { config: Config; log: Log }): Promise<App> => {
  const { config, log } = o
  const stores = await openStores(config, log)
  try {
    const rooms = createRooms(config, log, stores)
    const bindCtx = createBind(stores)
    const operator = createOperator({ rooms, stores, bindCtx, log })
    const watched = watchedOf(config, stores)
    const http = await createHttp({
      config,
      log,
      version,
      webDir: webDir(),
      authenticate: async (credentials) => operator.holder(credentials.bearer) ?? (await rooms.identity.authenticate(credentials)),
      bindCtx,
      health: () => checkHealth(watched),
    })
    mountRooms(http, rooms, { config, stores })
    await stores.events.migrate(await operator.tenantIds())
    const jobs = config.ROLES.includes('worker')
      ? startJobs({ rooms, stores, bindCtx, concurrency: config.IMPORT_WORKERS, instanceId: newId(), log })
      : null
    return {
      http,
      config,
      log,
      stores,
      operator: operator.commands,
      setupCode: () => rooms.identity.printableSetupCode(),
      close: async () => {
        await Promise.all([http.close(), jobs?.stop(stopMs)])
        rooms.ingestion.close()
        await stores.close()
      },
    }
  } catch (error) {
    await stores.close()
    throw error
  }
}
