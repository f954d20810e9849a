// The door of the audit log. An act and its row are one transaction: `recordAudit` inside `ctx.inTx`, `audited` around the
// handle of what runs before a tenant is known. `recordAct` is for what has no transaction: it resolves when the row is kept.
import type { AuditCheckpoint, ChainReport } from '../../../shared/contract/audit.ts'
import { type AuditAct, type AuditSource, sourceOf } from '../../platform/audit.ts'
import type { Ctx, TenantDb } from '../../platform/ctx.ts'
import { iso } from '../../platform/iso-time.ts'
import { createCounts } from './counts.ts'
import { listRows, openExport, verifyRows } from './read.ts'
import { pointShown, reportOn } from './report.ts'
import { append, checkpointsToKeep, erasedChain, type SavedPoint, verifyChain } from './store.ts'
import { createWalks } from './walks.ts'

export type { SavedPoint } from './store.ts'

export { audited, recordInAuth } from './store.ts'

/** One row in the chain of the context's tenant, last in its transaction: the end of the chain stays locked until that ends. */
export const recordAudit = (tx: Ctx, act: Omit<AuditAct, 'tenant_id'>): Promise<void> => append(tx.db, sourceOf(tx), act)

type Bound<F> = F extends (o: never, ...rest: infer R) => infer A ? (...rest: R) => A : never

/** A chain walked and compared with what was kept of it elsewhere. */
export interface ComparedReport extends ChainReport {
  saved: { compared: number; unproven: number }
  /** The tenant was erased: `explained` of what was kept is of rows that went with it. The installation's own chain vouches for it. */
  erased: { at: string; rows: number; hash: string; explained: number } | null
}

export interface Audit {
  /** A row of its own, committed when this resolves. */
  recordAct: (source: AuditSource, act: AuditAct) => Promise<void>
  listRows: Bound<typeof listRows>
  openExport: Bound<typeof openExport>
  verifyRows: Bound<typeof verifyRows>
  /** For the operator: the chain of one tenant, or with null that of the whole installation. */
  verifyChain: (tenantId: string | null, saved: readonly SavedPoint[]) => Promise<ComparedReport>
  /** For the operator: what is to be kept elsewhere of a chain; of its checkpoints those since a time, and always its end. */
  checkpoints: (tenantId: string | null, since: Date | null) => Promise<(AuditCheckpoint & { public_key: string })[]>
}

export const createAudit = (o: { platform: TenantDb; forTenant: (tenantId: string) => TenantDb }): Audit => {
  const chainOf = (tenantId: string | null): TenantDb => (tenantId === null ? o.platform : o.forTenant(tenantId))
  const reading = { platform: o.platform, counts: createCounts(), walk: createWalks() }
  return {
    recordAct: (source, act) => append(chainOf(act.tenant_id === undefined ? source.tenant_id : act.tenant_id), source, act),
    listRows: (ctx, query) => listRows(reading, ctx, query),
    openExport: (ctx, query) => openExport(reading, ctx, query),
    verifyRows: (ctx, query) => verifyRows(reading, ctx, query),
    verifyChain: async (tenantId, saved) => {
      const begun = performance.now()
      const walk = (points: readonly SavedPoint[]) =>
        verifyChain(chainOf(tenantId), { signal: new AbortController().signal, saved: points })
      const state = await walk(saved)
      const reported = (of: typeof state) => ({ ...reportOn(of, performance.now() - begun), saved: of.saved })
      const erased = tenantId === null || state.rows > 0 ? null : await erasedChain(o.platform, tenantId)
      if (erased === null) return { ...reported(state), erased: null }
      // what differs from the end that was noted, or lies behind it, is not explained by the erasure
      const rest = saved.filter((p) => p.seq > erased.rows || (p.seq === erased.rows && p.hash !== erased.hash))
      const { at, rows, hash } = erased
      return { ...reported(await walk(rest)), erased: { at: iso(at), rows, hash, explained: saved.length - rest.length } }
    },
    checkpoints: async (tenantId, since) => {
      const { points, public_key } = await checkpointsToKeep(chainOf(tenantId), { now: new Date(), since })
      return points.map((point) => ({ ...pointShown(point), public_key }))
    },
  }
}
