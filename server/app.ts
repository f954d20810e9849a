// The composition root: every part is made here and every room mounted. Nothing else knows all of them.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { routes } from '../shared/contract/routes.ts'
import { createBind } from './bind.ts'
import { tenantStopChannel } from './db/job-store.ts'
import { mountAnnotations } from './features/annotations/routes.ts'
import { createAcross } from './features/across/index.ts'
import { mountAcross } from './features/across/routes.ts'
import { mountAudit } from './features/audit/routes.ts'
import { mountCompare } from './features/compare/routes.ts'
import { mountAttack } from './features/detections/attack/routes.ts'
import { mountHunts } from './features/detections/hunt/routes.ts'
import { mountDetectionSources } from './features/detections/sources/page/routes.ts'
import { mountRules } from './features/detections/rules/routes.ts'
import { mountTriage } from './features/detections/triage/routes.ts'
import { mountHosts } from './features/hosts/routes.ts'
import { mountIdentity } from './features/identity/routes.ts'
import { mountMemberships } from './features/identity/membership/routes.ts'
import { mountIndicators } from './features/indicators/routes.ts'
import { mountIngestion } from './features/ingestion/routes.ts'
import { mountIntel } from './features/intel/routes.ts'
import { checkHealth } from './features/operations/index.ts'
import { startMail } from './features/mail/index.ts'
import { mountNotices } from './features/notices/routes.ts'
import { mountMail } from './features/mail/routes.ts'
import { mountOperations } from './features/operations/routes.ts'
import { createSearch } from './features/search/index.ts'
import { mountExport } from './features/search/export/routes.ts'
import { mountSearch } from './features/search/routes.ts'
import { mountStack } from './features/search/stack/routes.ts'
import { mountSaved } from './features/search/saved/routes.ts'
import { createTimeline } from './features/timeline/index.ts'
import { mountTimeline } from './features/timeline/routes.ts'
import { mountTenantLife } from './features/tenants/life/routes.ts'
import { mountTenants } from './features/tenants/routes.ts'
import { createHttp, type HttpApp } from './http/app.ts'
import { assertAllMounted } from './http/mount.ts'
import { startJobs, systemContext } from './job-rooms.ts'
import { createOperator, type Operator } from './operator.ts'
import type { Config } from './platform/config.ts'
import type { BindCtx, Caller, Ctx } from './platform/ctx.ts'
import { newId } from './platform/ids.ts'
import type { Log } from './platform/log.ts'
import { createRooms, type Rooms, watchedOf } from './rooms.ts'
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

const webDir = (): string | null => {
  const here = dirname(fileURLToPath(import.meta.url))
  return [join(here, 'web'), join(here, '..', 'dist', 'web')].find((folder) => existsSync(join(folder, 'index.html'))) ?? null
}

/** The same request in another tenant of the person who makes it. */
const enterWith =
  (bindCtx: BindCtx) =>
  ({ log, requestId, signal, client, audit }: Ctx, who: Pick<Caller, 'tenant' | 'actor'>): Ctx =>
    bindCtx({ ...who, log: log.child({ tenant_id: who.tenant.id }), requestId, signal, client, audit })

const mountRooms = (app: HttpApp, rooms: Rooms, o: { config: Config; stores: OpenedStores; bindCtx: BindCtx }): void => {
  const search = createSearch({ cursorKey: o.stores.secret })
  mountOperations(app, { watched: watchedOf(o.config, o.stores), version, setupState: (from) => rooms.identity.setupState(from) })
  mountIdentity(app, rooms.identity)
  mountMemberships(app, rooms.identity)
  mountTenants(app, rooms.tenants)
  mountTenantLife(app, rooms.tenants)
  mountAudit(app, rooms.audit)
  mountHosts(app)
  mountIngestion(app, rooms.ingestion)
  mountSearch(app, search)
  mountStack(app, { cursorKey: o.stores.secret })
  mountExport(app, { stillMay: rooms.identity.stillMay })
  mountCompare(app)
  mountAcross(app, createAcross({ seatsOf: rooms.identity.seatsOf, enter: enterWith(o.bindCtx), search }))
  mountTimeline(app, createTimeline({ cursorKey: o.stores.secret }))
  mountAnnotations(app)
  mountSaved(app, { sendsMail: rooms.mail.isSetUp })
  mountNotices(app)
  mountIntel(app)
  mountTriage(app)
  mountIndicators(app, rooms.indicators)
  mountRules(app, { ...rooms.rules, catchUp: rooms.hunts.catchUp })
  mountHunts(app)
  mountDetectionSources(app)
  mountAttack(app, { platform: o.stores.control.platform, recordAct: rooms.audit.recordAct })
  mountMail(app, rooms.mail)
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
      isStillIn: rooms.identity.isStillIn,
      bindCtx,
      recordAct: rooms.audit.recordAct,
      health: () => checkHealth(watched),
    })
    mountRooms(http, rooms, { config, stores, bindCtx })
    const tenants = await rooms.tenants.allTenants()
    await stores.events.migrate(tenants.map((t) => t.id))
    const own = tenants.map((tenant) => systemContext(bindCtx, tenant, log))
    for (const ctx of own) await rooms.ingestion.tidyUploads(ctx)
    await rooms.rules.installStarter()
    // In every process: what it does for a tenant that was suspended ends, and what it remembers of its sessions.
    await stores.control.listen(tenantStopChannel, (tenantId) => {
      rooms.identity.forgetSessions()
      http.inFlight.cut(tenantId)
    })
    const jobs = config.ROLES.includes('worker')
      ? startJobs({ rooms, stores, bindCtx, concurrency: config.IMPORT_WORKERS, instanceId: newId(), log })
      : null
    const stopRereading = jobs === null ? null : rooms.rules.startRereading(own, log)
    const stopKeeping = await rooms.identity.keepTries()
    const { control } = stores
    const sender = jobs === null ? null : startMail({ mail: rooms.mail, answerAsk: rooms.identity.answerAsk, control, log })
    return {
      http,
      config,
      log,
      stores,
      operator: operator.commands,
      setupCode: () => rooms.identity.printableSetupCode(),
      close: async () => {
        await Promise.all([http.close(), jobs?.stop(stopMs), sender?.stop(stopMs), stopRereading?.()])
        await rooms.ingestion.close()
        await rooms.hunts.close()
        await stopKeeping()
        await stores.close()
      },
    }
  } catch (error) {
    await stores.close()
    throw error
  }
}
