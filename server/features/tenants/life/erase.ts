// Erasing is a job of steps, each of which can be repeated: killed at any point, it goes on with the step it was in. What
// there was is counted before the first thing is removed, so that the receipt is right whatever happened in between.
import { type ErasureStep, erasureSteps, type TenantErasure } from '../../../../shared/contract/access/tenant-life.ts'
import { RetryLater } from '../../../jobs/lease.ts'
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { conflict } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited } from '../../audit/index.ts'
import type { Deps } from '../service.ts'
import * as store from './store-life.ts'

const toErasure = (row: store.ErasureRow): TenantErasure => {
  const { chain_hash, ...counts } = row.counts
  return {
    tenant_id: row.subject_id,
    name: row.name,
    requested_by: row.requested_by_name,
    requested_at: iso(row.requested_at),
    step: row.step,
    counts,
    chain_hash: chain_hash ?? null,
    fault: row.finished_at === null ? row.fault : null,
    finished_at: iso(row.finished_at),
  }
}

export const listErasures = async ({ auth }: Deps, page: { skip: number; limit: number }) => {
  const { items, total } = await store.listErasures(auth, page)
  return { items: items.map(toErasure), total }
}

/** @throws AppError validation for another name, conflict while the tenant is in use or is one's own */
export const beginErasure = async (deps: Deps, ctx: Ctx, wish: { id: string; name: string }): Promise<TenantErasure> => {
  if (wish.id === ctx.tenant.id) throw conflict('You are in this tenant. Switch to another one first.')
  const act = (row: store.ErasureRow): AuditAct => ({
    action: 'tenant.erase',
    object_type: 'tenant',
    object_id: row.subject_id,
    tenant_id: null,
    details: { name: row.name },
  })
  const by = { user_id: ctx.actor.user_id, username: ctx.actor.username, now: ctx.now() }
  return toErasure(await store.beginErasure(audited(deps.auth, sourceOf(ctx), act), wish, by))
}

const endJobs = async (deps: Deps, ctx: Ctx): Promise<void> => {
  const running = await store.countRunning(deps.auth, ctx.tenant.id)
  if (running > 0) throw new RetryLater(1000, `${running} jobs of the tenant are still ending.`)
}

const work: Readonly<Record<Exclude<ErasureStep, 'done'>, (deps: Deps, ctx: Ctx) => Promise<void>>> = {
  jobs: endJobs,
  count: ({ auth }, ctx) => store.noteCounts(auth, ctx),
  events: (deps, ctx) => deps.whole.dropEvents(ctx.tenant.id),
  evidence: (deps, ctx) => deps.whole.dropEvidence(ctx.tenant.id),
  people: ({ auth }, ctx) => store.erasePeople(auth, ctx),
  rows: ({ auth }, ctx) => store.eraseRows(auth, ctx),
  audit: (deps, ctx) => deps.whole.dropChain(ctx.tenant.id),
}

const finish = async (deps: Deps, ctx: Ctx): Promise<void> => {
  const act = (row: store.ErasureRow): AuditAct => ({
    action: 'tenant.erased',
    object_type: 'tenant',
    object_id: row.subject_id,
    tenant_id: null,
    actor: { kind: 'user', user_id: row.requested_by, username: row.requested_by_name },
    details: { name: row.name, requested_at: iso(row.requested_at), ...row.counts },
  })
  await store.finishErasure(audited(deps.auth, sourceOf(ctx), act), ctx.tenant.id, ctx.now())
}

const goOn = async (deps: Deps, ctx: Ctx, stillMine: () => Promise<void>): Promise<void> => {
  const { step, finished_at } = await store.getErasure(deps.auth, ctx.tenant.id)
  if (finished_at !== null) return
  for (const next of erasureSteps.slice(erasureSteps.indexOf(step))) {
    await stillMine()
    if (next === 'done') return await finish(deps, ctx)
    await store.noteStep(deps.auth, ctx.tenant.id, next)
    ctx.log.info({ tenant_id: ctx.tenant.id, step: next }, 'a tenant is being erased')
    await work[next](deps, ctx)
  }
}

/** The job. What goes wrong is tried again for ever: half a tenant is no state to stop in. */
export const erase = async (deps: Deps, ctx: Ctx, stillMine: () => Promise<void>): Promise<void> => {
  try {
    await goOn(deps, ctx, stillMine)
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (error instanceof RetryLater) throw error
    ctx.log.error({ err: error, tenant_id: ctx.tenant.id }, 'erasing a tenant did not get on; it is tried again')
    throw new RetryLater(10_000, error instanceof Error ? error.message : String(error))
  }
}
