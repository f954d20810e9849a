// The door of the audit log. An act and its row are one transaction: `recordAudit` inside `ctx.inTx`, `audited` around the
// handle of what runs before a tenant is known. `recordAct` is for what has no transaction: it resolves when the row is kept.
import type { ChainReport } from '../../../shared/contract/audit.ts'
import { type AuditAct, type AuditSource, sourceOf } from '../../platform/audit.ts'
import type { Ctx, TenantDb } from '../../platform/ctx.ts'
import { listRows, openExport, reportOn, verifyRows } from './read.ts'
import { append } from './store.ts'

export { audited, recordInAuth } from './store.ts'

/** One row in the chain of the context's tenant, last in its transaction: the end of the chain stays locked until that ends. */
export const recordAudit = (tx: Ctx, act: Omit<AuditAct, 'tenant_id'>): Promise<void> => append(tx.db, sourceOf(tx), act)

type Bound<F> = F extends (platform: TenantDb, ...rest: infer R) => infer A ? (...rest: R) => A : never

export interface Audit {
  /** A row of its own, committed when this resolves. */
  recordAct: (source: AuditSource, act: AuditAct) => Promise<void>
  listRows: Bound<typeof listRows>
  openExport: Bound<typeof openExport>
  verifyRows: Bound<typeof verifyRows>
  /** For the operator: the chain of one tenant, or with null that of the whole installation. */
  verifyChain: (tenantId: string | null, signal: AbortSignal) => Promise<ChainReport>
}

export const createAudit = (o: { platform: TenantDb; forTenant: (tenantId: string) => TenantDb }): Audit => {
  const chainOf = (tenantId: string | null): TenantDb => (tenantId === null ? o.platform : o.forTenant(tenantId))
  return {
    recordAct: (source, act) => append(chainOf(act.tenant_id === undefined ? source.tenant_id : act.tenant_id), source, act),
    listRows: (ctx, query) => listRows(o.platform, ctx, query),
    openExport: (ctx, query) => openExport(o.platform, ctx, query),
    verifyRows: (ctx, query) => verifyRows(o.platform, ctx, query),
    verifyChain: (tenantId, signal) => reportOn(chainOf(tenantId), signal),
  }
}
