import type { AuditAct, AuditSource } from '../../platform/audit.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import { appendAudit, auditedAuth, type MadeCheckpoint } from '../../db/audit/append.ts'
import { platformChain } from '../../db/audit/chain.ts'
import { type AuthDb, inAuth } from '../../db/auth.ts'
import { rowOf } from './row.ts'

export type { AuthDb } from '../../db/auth.ts'

/** The log is the place outside of the database where the chain is vouched for. */
const tell = (source: AuditSource, points: readonly MadeCheckpoint[]): void => {
  for (const { at: _at, ...point } of points) source.log.info(point, 'audit checkpoint')
}

const count = (source: AuditSource): void => {
  if (source.slot !== undefined) source.slot.written++
}

export const append = async (db: TenantDb, source: AuditSource, act: AuditAct): Promise<void> => {
  tell(source, await appendAudit(db, rowOf(source, act)))
  count(source)
}

/** The handle whose next transaction ends with the row that `actOf` makes of its result; null: with none. */
export const audited = <T>(auth: AuthDb, source: AuditSource, actOf: (result: T) => AuditAct | null): AuthDb =>
  auditedAuth<T>(auth, {
    rowOf: (result) => {
      const act = actOf(result)
      if (act === null) return null
      const chain = act.tenant_id === undefined ? source.tenant_id : act.tenant_id
      return { chain: chain ?? platformChain, row: rowOf(source, act) }
    },
    onCheckpoints: (points) => {
      tell(source, points)
      count(source)
    },
  })

/** A row of its own for what came to nothing before a tenant was known. */
export const recordInAuth = (auth: AuthDb, source: AuditSource, act: AuditAct): Promise<void> =>
  inAuth(
    audited(auth, source, () => act),
    async () => undefined,
  )
