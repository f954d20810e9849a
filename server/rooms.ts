// The rooms that routes, jobs and the operator share.
import { type Audit, createAudit } from './features/audit/index.ts'
import { createHunts, type Hunts } from './features/detections/hunt/hunts.ts'
import { createRules, type Rules } from './features/detections/rules/room.ts'
import { createIdentity, type Identity } from './features/identity/index.ts'
import { foldMatches } from './features/detections/triage/fold/fold.ts'
import { createIndicators, type Indicators } from './features/indicators/index.ts'
import { createIngestion, type Ingestion } from './features/ingestion/index.ts'
import { createMail, type Mail } from './features/mail/index.ts'
import type { Watched } from './features/operations/index.ts'
import { createTenants, type Tenants } from './features/tenants/index.ts'
import { type Config, isLoopback } from './platform/config.ts'
import type { Log } from './platform/log.ts'
import { createOutbound } from './platform/outbound/outbound.ts'
import { createStoreFacts } from './store-facts.ts'
import type { OpenedStores } from './stores.ts'
import { version } from './version.ts'

export interface Rooms {
  audit: Audit
  identity: Identity
  mail: Mail
  tenants: Tenants
  ingestion: Ingestion
  rules: Rules
  hunts: Hunts
  indicators: Indicators
}

export const createRooms = (config: Config, log: Log, stores: OpenedStores): Rooms => {
  const createTenantStores = (tenantId: string): Promise<void> => stores.events.createTenant(tenantId)
  const outbound = createOutbound({ allow: config.OUTBOUND_ALLOW, log })
  const mail = createMail({ auth: stores.control.auth, config, secret: stores.secret })
  const identity = createIdentity({ auth: stores.control.auth, config, secret: stores.secret, createTenantStores, log, outbound, mail })
  const tenants = createTenants({
    auth: stores.control.auth,
    createTenantStores,
    whole: {
      dropEvents: (tenantId) => stores.events.dropTenant(tenantId),
      dropEvidence: (tenantId) => stores.evidence.removeTenant(tenantId),
      dropChain: (tenantId) => stores.control.eraseChain(tenantId),
    },
    stillMay: (ctx, permission) => identity.stillMay(ctx, permission),
  })
  const hunts = createHunts()
  const indicators = createIndicators({ foldMatches })
  const storeFacts = createStoreFacts({ watched: watchedOf(config, stores), stores, tenants })
  return {
    audit: createAudit(stores.control),
    mail,
    identity,
    tenants,
    ingestion: createIngestion({
      secret: stores.secret,
      maxUploadBytes: config.MAX_UPLOAD,
      log,
      storeFacts,
      detect: {
        stored: async (ctx, importId, hold) => {
          await hunts.matchImport(ctx, importId, hold)
          await indicators.matchImports(ctx, [importId])
        },
        gone: hunts.forgetRows,
      },
    }),
    indicators,
    hunts,
    rules: createRules({ outbound, platform: stores.control.platform, version }),
  }
}

export const watchedOf = (config: Config, stores: OpenedStores): Watched => ({
  control: stores.control,
  events: stores.events,
  isEvidenceHealthy: () => stores.evidence.isHealthy(),
  dataDir: config.DATA_DIR,
  isPublic: !isLoopback(config.HOST),
})
