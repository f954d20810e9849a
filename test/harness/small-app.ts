// The transport with the rooms that need the control plane only. The full application is server/app.ts.
import type { Config } from '../../server/platform/config.ts'
import { loadConfig } from '../../server/platform/config.ts'
import type { BindCtx, Ctx, TenantEvents, TenantEvidence } from '../../server/platform/ctx.ts'
import { createAudit } from '../../server/features/audit/index.ts'
import { createIdentity, type Identity } from '../../server/features/identity/index.ts'
import { mountMemberships } from '../../server/features/identity/membership/routes.ts'
import { createMail, type Mail } from '../../server/features/mail/index.ts'
import { mountIdentity } from '../../server/features/identity/routes.ts'
import { createTenants } from '../../server/features/tenants/index.ts'
import { mountTenantLife } from '../../server/features/tenants/life/routes.ts'
import { mountTenants } from '../../server/features/tenants/routes.ts'
import { createOutbound } from '../../server/platform/outbound/outbound.ts'
import { createHttp } from '../../server/http/app.ts'
import type { HttpApp } from '../../server/http/mount.ts'
import { may } from '../../shared/domain/permissions.ts'
import * as identityRoutes from '../../shared/contract/identity.ts'
import * as ssoRoutes from '../../shared/contract/access/sso.ts'
import * as installationRoutes from '../../shared/contract/access/installation.ts'
import * as keyRoutes from '../../shared/contract/access/keys.ts'
import * as membershipRoutes from '../../shared/contract/access/memberships.ts'
import * as factorRoutes from '../../shared/contract/access/second-factors.ts'
import * as passkeyRoutes from '../../shared/contract/access/passkeys.ts'
import * as operations from '../../shared/contract/operations.ts'
import type { AnyRoute } from '../../shared/contract/route.ts'
import { routes } from '../../shared/contract/routes.ts'
import * as tenantLifeRoutes from '../../shared/contract/access/tenant-life.ts'
import * as tenantRoutes from '../../shared/contract/tenants.ts'
import type { TestControlPlane } from './control-plane.ts'

const rooms = [
  identityRoutes,
  keyRoutes,
  ssoRoutes,
  factorRoutes,
  installationRoutes,
  passkeyRoutes,
  membershipRoutes,
  tenantLifeRoutes,
  tenantRoutes,
].flatMap((room) => Object.values(room) as unknown[])
const held = new Set<unknown>([...rooms, operations.health, operations.root, operations.cspReports])
export const smallRoutes: readonly AnyRoute[] = routes.filter((route) => held.has(route) && route !== tenantLifeRoutes.exportTenant)

export interface SmallApp {
  http: HttpApp
  identity: Identity
  mail: Mail
  /** Tenants whose stores were asked for, in order. */
  madeStores: string[]
  clock: { now: Date }
}

export const startSmallApp = async (plane: TestControlPlane, env: Partial<Record<keyof Config, string>> = {}): Promise<SmallApp> => {
  const config = loadConfig({ PORT: '0', ...env })
  const clock = { now: new Date() }
  const now = (): Date => clock.now
  const madeStores: string[] = []
  const createTenantStores = async (tenantId: string): Promise<void> => void madeStores.push(tenantId)
  const secret = 'a secret of the tests, thirty-two long'
  const outbound = createOutbound({ allow: config.OUTBOUND_ALLOW, log: plane.log })
  const mail = createMail({ auth: plane.control.auth, config, secret, now })
  const identity = createIdentity({ auth: plane.control.auth, config, secret, createTenantStores, log: plane.log, outbound, mail, now })
  const bindCtx: BindCtx = (caller) => {
    const ctx: Ctx = {
      ...caller,
      db: plane.control.forTenant(caller.tenant.id),
      events: {} as TenantEvents,
      evidence: {} as TenantEvidence,
      now,
      can: (permission) => may(caller.actor, permission),
      inTx: (work) => work(ctx),
    }
    return ctx
  }
  const http = await createHttp(
    {
      config,
      log: plane.log,
      version: '0.0.0-test',
      webDir: null,
      authenticate: identity.authenticate,
      isStillIn: identity.isStillIn,
      bindCtx,
      recordAct: createAudit(plane.control).recordAct,
      now,
      health: async () => ({
        control: await plane.control.ping().then(
          () => true,
          () => false,
        ),
      }),
    },
    smallRoutes,
  )
  mountIdentity(http, identity)
  mountMemberships(http, identity)
  const nothing = async (): Promise<void> => undefined
  const tenants = createTenants({
    auth: plane.control.auth,
    createTenantStores,
    whole: { dropEvents: nothing, dropEvidence: nothing, dropChain: nothing },
    stillMay: identity.stillMay,
  })
  mountTenants(http, tenants)
  mountTenantLife(http, tenants)
  await http.fastify.ready()
  return { http, identity, mail, madeStores, clock }
}
