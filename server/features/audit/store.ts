import { type ExpressionBuilder, type SqlBool, sql, type Expression } from 'kysely'
import type { AuditAct, AuditSource } from '../../platform/audit.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import { appendAudit, auditedAuth, type MadeCheckpoint } from '../../db/audit/append.ts'
import { type AuditRow, platformChain } from '../../db/audit/chain.ts'
import { type AuthDb, inAuth } from '../../db/auth.ts'
import type { Tables } from '../../db/tables.ts'
import { inTenant, tenantIdOf } from '../../db/tenant.ts'
import { rowOf } from './row.ts'

export type { AuditRow } from '../../db/audit/chain.ts'
export { type ChainState, checkpointsToKeep, type KeptPoint, type SavedPoint, verifyChain } from '../../db/audit/verify.ts'

/** The log is the place outside of the database where the chain is vouched for. */
const tell = (source: AuditSource, points: readonly MadeCheckpoint[]): void => {
  for (const { mac: _mac, ...point } of points) source.log.info({ ...point, at: point.at.toISOString() }, 'audit checkpoint')
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
      const isTwofold = act.in_platform_too === true && chain !== null
      return { chains: [chain ?? platformChain, ...(isTwofold ? [platformChain] : [])], row: rowOf(source, act) }
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

export interface AuditFilter {
  actor?: string
  action?: string
  object?: string
  outcome?: AuditRow['outcome']
  address?: string
  request_id?: string
  from?: string
  to?: string
}

type Rows = ExpressionBuilder<Tables, 'audit_rows'>
const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

const matching = (f: AuditFilter) => (e: Rows) => {
  const parts: Expression<SqlBool>[] = []
  if (f.actor !== undefined)
    parts.push(
      e.or([e(e.fn<string>('lower', ['actor_name']), '=', f.actor.toLowerCase()), ...(isId(f.actor) ? [e('actor_id', '=', f.actor)] : [])]),
    )
  if (f.action !== undefined)
    parts.push(f.action.endsWith('.') ? sql<SqlBool>`starts_with(action, ${f.action})` : e('action', '=', f.action))
  if (f.object !== undefined) parts.push(e.or([e('object_id', '=', f.object), e('object_type', '=', f.object)]))
  if (f.outcome !== undefined) parts.push(e('outcome', '=', f.outcome))
  if (f.address !== undefined) parts.push(e('address', '=', f.address))
  if (f.request_id !== undefined) parts.push(e('request_id', '=', f.request_id))
  if (f.from !== undefined) parts.push(e('at', '>=', new Date(f.from)))
  if (f.to !== undefined) parts.push(e('at', '<', new Date(f.to)))
  return e.and(parts)
}

export const newestRows = (db: TenantDb, f: AuditFilter, o: { before: number | null; limit: number }): Promise<AuditRow[]> =>
  inTenant(db, async (q) => {
    const found = q.selectFrom('audit_rows').selectAll().where('tenant_id', '=', tenantIdOf(db)).where(matching(f))
    const page = o.before === null ? found : found.where('seq', '<', o.before)
    return await page.orderBy('seq', 'desc').limit(o.limit).execute()
  })

export interface ErasedChain {
  at: Date
  /** How many rows the chain had, and the hash of the last. */
  rows: number
  hash: string
}

/** What the log of the installation says of a chain that was erased with its tenant; null when it says nothing. */
export const erasedChain = async (platform: TenantDb, tenantId: string): Promise<ErasedChain | null> => {
  const [row] = await newestRows(platform, { action: 'tenant.erased', object: tenantId }, { before: null, limit: 1 })
  if (row === undefined) return null
  const { audit_rows, chain_hash } = JSON.parse(row.details) as { audit_rows?: number; chain_hash?: string }
  return audit_rows === undefined || chain_hash === undefined ? null : { at: row.at, rows: audit_rows, hash: chain_hash }
}

/** The rows from behind `after` to `last`, oldest first. */
export const rowsUpTo = (db: TenantDb, f: AuditFilter, o: { after: number; last: number; limit: number }): Promise<AuditRow[]> =>
  inTenant(db, (q) =>
    q
      .selectFrom('audit_rows')
      .selectAll()
      .where('tenant_id', '=', tenantIdOf(db))
      .where(matching(f))
      .where('seq', '>', o.after)
      .where('seq', '<=', o.last)
      .orderBy('seq')
      .limit(o.limit)
      .execute(),
  )

/** How many of the rows behind `after`, to `last`, match. */
export const countRows = (db: TenantDb, f: AuditFilter, o: { after: number; last: number }): Promise<number> =>
  inTenant(db, async (q) => {
    const found = q.selectFrom('audit_rows').where('tenant_id', '=', tenantIdOf(db)).where(matching(f))
    const between = found.where('seq', '>', o.after).where('seq', '<=', o.last)
    return (await between.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()).total
  })

/** The number of the newest row; 0 when there is none. */
export const lastSeq = (db: TenantDb): Promise<number> =>
  inTenant(db, async (q) => {
    const found = q.selectFrom('audit_rows').where('tenant_id', '=', tenantIdOf(db))
    return (await found.select((e) => e.fn.max('seq').as('last')).executeTakeFirstOrThrow()).last ?? 0
  })

export const chainIdOf = tenantIdOf
