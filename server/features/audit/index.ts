// The door of the audit log. An act and its row are one transaction: `recordAudit` inside `ctx.inTx`, `audited` around the
// handle of what runs before a tenant is known. `recordAct` is for what has no transaction: it resolves when the row is kept.
import type { AuditAct, AuditSource } from '../../platform/audit.ts'
import { sourceOf } from '../../platform/audit.ts'
import type { Ctx, TenantDb } from '../../platform/ctx.ts'
import { append } from './store.ts'

export { audited, recordInAuth } from './store.ts'

/** One row in the chain of the context's tenant, last in its transaction: the end of the chain stays locked until that ends. */
export const recordAudit = (tx: Ctx, act: Omit<AuditAct, 'tenant_id'>): Promise<void> => append(tx.db, sourceOf(tx), act)

export interface Audit {
  /** A row of its own, committed when this resolves. */
  recordAct: (source: AuditSource, act: AuditAct) => Promise<void>
}

export const createAudit = (o: { platform: TenantDb; forTenant: (tenantId: string) => TenantDb }): Audit => ({
  recordAct: (source, act) => {
    const chain = act.tenant_id === undefined ? source.tenant_id : act.tenant_id
    return append(chain === null ? o.platform : o.forTenant(chain), source, act)
  },
})
