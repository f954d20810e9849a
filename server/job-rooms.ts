import type { Permission } from '../shared/domain/permissions.ts'
import type { Rooms } from './rooms.ts'
import type { OpenedStores } from './stores.ts'
import { huntJobKind } from './features/detections/hunt/hunts.ts'
import { ruleJobKind } from './features/detections/rules/room.ts'
import { indicatorJobKind } from './features/indicators/index.ts'
import { failSchedule, runSchedule, scheduleJobKind } from './features/search/index.ts'
import { holdLease } from './jobs/lease.ts'
import { type Job, type JobHandler, type JobRunner, startJobRunner } from './jobs/runner.ts'
import type { Actor, BindCtx, Ctx } from './platform/ctx.ts'
import { AppError } from './platform/errors.ts'
import type { Log } from './platform/log.ts'

/** The product itself: jobs and commands without a person behind them. */
export const systemActor: Actor = {
  kind: 'system',
  user_id: null,
  username: 'operator',
  role: 'admin',
  is_platform_admin: false,
  session_id: null,
}

/** A context of the product itself in a tenant. */
export const systemContext = (bindCtx: BindCtx, tenant: { id: string; name: string }, log: Log): Ctx =>
  bindCtx({ tenant, actor: systemActor, log, requestId: 'system', signal: new AbortController().signal, client: null })

export interface JobsOptions {
  rooms: Rooms
  stores: OpenedStores
  bindCtx: BindCtx
  concurrency: number
  instanceId: string
  log: Log
}

const contextOf = async (o: JobsOptions, job: Job, signal: AbortSignal, needs: Permission = 'imports.write'): Promise<Ctx> => {
  const log = o.log.child({ job_id: job.id, job_kind: job.kind })
  const caller = { log, requestId: job.id, signal, client: null }
  if (job.actor_user_id === null) return o.bindCtx({ ...caller, tenant: { id: job.tenant_id, name: '' }, actor: systemActor })
  const who = await o.rooms.identity.actorFor(job.actor_user_id, job.tenant_id)
  if (who === null) throw new AppError('forbidden', 'The person who began this has no access any more.')
  const ctx = o.bindCtx({ ...caller, ...who })
  if (!ctx.can(needs)) throw new AppError('forbidden', 'The person who began this may no longer import.')
  return ctx
}

/** Connects the queue with the rooms: a job runs with the rights that its owner has when it runs. */
export const startJobs = (o: JobsOptions): JobRunner => {
  const { jobs, failImport } = o.rooms.ingestion
  const handlers: Record<string, JobHandler> = Object.fromEntries(
    Object.entries(jobs).map(([kind, run]) => [
      kind,
      async (job: Job, { signal }: { signal: AbortSignal }) =>
        run(await contextOf(o, job, signal), {
          subject_id: job.subject_id ?? '',
          payload: job.payload,
          attempts: job.attempts,
          hold: (tx) => holdLease(tx.db, job),
        }),
    ]),
  )
  // By nobody of the tenant, and the only one that runs in a tenant that is being erased.
  handlers['tenant.erase'] = async (job, { signal, stillMine }) => {
    const caller = { log: o.log.child({ job_id: job.id, job_kind: job.kind }), requestId: job.id, signal, client: null }
    await o.rooms.tenants.erase(o.bindCtx({ ...caller, tenant: { id: job.tenant_id, name: '' }, actor: systemActor }), stillMine)
  }
  handlers[ruleJobKind] = async (job, { signal }) => {
    const ctx = await contextOf(o, job, signal, 'rules.manage')
    await o.rooms.rules.runImport(ctx, { import_id: job.subject_id ?? '', hold: (tx) => holdLease(tx.db, job) })
    await o.rooms.hunts.catchUp(ctx)
  }
  handlers[huntJobKind] = async (job, { signal }) => {
    const ctx = await contextOf(o, job, signal, 'search')
    await o.rooms.hunts.run(ctx, { subject_id: job.subject_id ?? '', hold: (tx) => holdLease(tx.db, job) })
  }
  handlers[indicatorJobKind] = async (job, { signal }) => {
    await o.rooms.indicators.run(await contextOf(o, job, signal), job.subject_id ?? '')
  }
  handlers[scheduleJobKind] = async (job, { signal }) => {
    const log = o.log.child({ job_id: job.id, job_kind: job.kind })
    const caller = { log, requestId: job.id, signal, client: null }
    const who = job.actor_user_id === null ? null : await o.rooms.identity.actorFor(job.actor_user_id, job.tenant_id)
    await runSchedule({
      system: o.bindCtx({ ...caller, tenant: { id: job.tenant_id, name: '' }, actor: systemActor }),
      owner: who === null ? null : o.bindCtx({ ...caller, ...who }),
      schedule_id: job.subject_id ?? '',
      hold: (tx) => holdLease(tx.db, job),
      mail: o.rooms.mail,
    })
  }
  return startJobRunner({
    control: o.stores.control,
    handlers,
    concurrency: o.concurrency,
    instanceId: o.instanceId,
    log: o.log,
    onFailed: async (job, reason) => {
      const ctx = systemContext(o.bindCtx, { id: job.tenant_id, name: '' }, o.log)
      if (job.subject_id === null) return
      if (job.kind === scheduleJobKind) await failSchedule(ctx, o.rooms.mail, { id: job.subject_id, reason })
      else if (job.kind === ruleJobKind) await o.rooms.rules.failImport(ctx, job.subject_id, reason)
      else if (job.kind === huntJobKind) await o.rooms.hunts.fail(ctx, job.subject_id, reason)
      else if (job.kind === indicatorJobKind) await o.rooms.indicators.fail(ctx, job.subject_id, reason)
      else await failImport(ctx, job.subject_id, reason)
    },
  })
}
