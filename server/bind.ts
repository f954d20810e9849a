import { may } from '../shared/domain/permissions.ts'
import type { ControlPlane } from './db/open.ts'
import { bindTransaction } from './db/tenant.ts'
import type { Evidence } from './evidence/open.ts'
import type { EventStore } from './events/open.ts'
import type { BindCtx, Ctx, TenantDb } from './platform/ctx.ts'

export interface Stores {
  control: ControlPlane
  events: EventStore
  evidence: Evidence
}

/** The one place where a caller becomes a context: every handle in it is bound to the caller's tenant. */
export const createBind =
  (stores: Stores, now: () => Date = () => new Date()): BindCtx =>
  (caller) => {
    const events = stores.events.forTenant(caller.tenant.id)
    const evidence = stores.evidence.forTenant(caller.tenant.id)
    const bound = (db: TenantDb): Ctx => ({
      ...caller,
      db,
      events,
      evidence,
      now,
      can: (permission) => may(caller.actor, permission),
      inTx: (work) => bindTransaction(db, (transaction) => work(bound(transaction))),
    })
    return bound(stores.control.forTenant(caller.tenant.id))
  }
