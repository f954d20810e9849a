// The rooms that routes, jobs and the operator share.
import { createIdentity, type Identity } from './features/identity/index.ts'
import { createIngestion, type Ingestion } from './features/ingestion/index.ts'
import { checkHealth, type Watched } from './features/operations/index.ts'
import { createTenants, type Tenants } from './features/tenants/index.ts'
import { type Config, isLoopback } from './platform/config.ts'
import type { Log } from './platform/log.ts'
import type { OpenedStores } from './stores.ts'

export interface Rooms {
  identity: Identity
  tenants: Tenants
  ingestion: Ingestion
}

export const createRooms = (config: Config, log: Log, stores: OpenedStores): Rooms => {
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

export const watchedOf = (config: Config, stores: OpenedStores): Watched => ({
  control: stores.control,
  events: stores.events,
  isEvidenceHealthy: () => stores.evidence.isHealthy(),
  dataDir: config.DATA_DIR,
  isPublic: !isLoopback(config.HOST),
})
