// The rows of the job queue. Putting a job in and cancelling it are the tenant's own work, in its transaction; taking
// jobs out serves all tenants and therefore runs as the auth role, which sees ids only.
import { sql } from 'kysely'
import type { TenantDb } from '../platform/ctx.ts'
import { newId } from '../platform/ids.ts'
import type { AuthDb, InAuth } from './auth.ts'
import { inAuth } from './auth.ts'
import { isTaken } from './faults.ts'
import type { JobState } from './tables.ts'
import { inTenant, tenantIdOf } from './tenant.ts'
import { eraseJobKind } from './whole-tenant/erase-rows.ts'

export const jobsChannel = 'jobs'
export const cancelChannel = 'job_cancel'
/** Carries the id of a tenant that was suspended: what runs for it ends. */
export const tenantStopChannel = 'tenant_stop'

export interface NewJob {
  kind: string
  /** Jobs of one lane of a tenant run one after the other. */
  lane: string
  /** Nobody waits for it: all others go first, also those that come later. */
  is_patient?: true
  /** What it is about, by which it can be cancelled. */
  subject_id?: string
  /** Ids only. */
  payload?: Record<string, string>
  actor_user_id: string | null
  run_after?: Date
}

export interface Job {
  id: string
  tenant_id: string
  kind: string
  lane: string
  subject_id: string | null
  payload: Record<string, string>
  actor_user_id: string | null
  /** Which try this is, from 1. */
  attempts: number
  /** How often the process that ran it was lost. */
  crashes: number
  lease_token: string
}

export const insertJob = (db: TenantDb, job: NewJob): Promise<string> =>
  inTenant(db, async (q) => {
    const id = newId()
    await q
      .insertInto('jobs')
      .values({
        id,
        tenant_id: tenantIdOf(db),
        kind: job.kind,
        lane: job.lane,
        subject_id: job.subject_id ?? null,
        payload: JSON.stringify(job.payload ?? {}),
        actor_user_id: job.actor_user_id,
        run_after: job.run_after,
        is_patient: job.is_patient ?? false,
      })
      .execute()
    await sql`select pg_notify(${jobsChannel}, '')`.execute(q)
    return id
  })

/** Cancels what waits, and asks for the end of what runs. How many jobs it concerned. */
export const cancelBySubject = (db: TenantDb, which: { kind: string; subject_id: string }): Promise<number> =>
  inTenant(db, async (q) => {
    const { rows } = await sql<{ id: string; state: JobState }>`
      update jobs set
        state = case when state = 'queued' then 'cancelled' else state end,
        finished_at = case when state = 'queued' then now() end,
        cancel_requested_at = coalesce(cancel_requested_at, now())
      where kind = ${which.kind} and subject_id = ${which.subject_id} and state in ('queued', 'running')
      returning id, state`.execute(q)
    for (const row of rows) if (row.state === 'running') await sql`select pg_notify(${cancelChannel}, ${row.id})`.execute(q)
    return rows.length
  })

/** By one who runs the installation, in the transaction that begins the erasure; nothing where one waits or runs already. */
export const insertEraseJob = async (q: InAuth, tenantId: string): Promise<void> => {
  const open = q.selectFrom('jobs').select('id').where('tenant_id', '=', tenantId).where('kind', '=', eraseJobKind)
  if ((await open.where('state', 'in', ['queued', 'running']).executeTakeFirst()) !== undefined) return
  const job = { id: newId(), tenant_id: tenantId, kind: eraseJobKind, lane: eraseJobKind, actor_user_id: null }
  await q.insertInto('jobs').values(job).execute()
  await sql`select pg_notify(${jobsChannel}, '')`.execute(q)
}

export const hasOpen = (db: TenantDb, subjectId: string): Promise<boolean> =>
  inTenant(db, async (q) => {
    const row = await q
      .selectFrom('jobs')
      .select('id')
      .where('subject_id', '=', subjectId)
      .where('state', 'in', ['queued', 'running'])
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  })

/** A job of this kind about this subject has yet to begin. */
export const hasQueued = (db: TenantDb, which: { kind: string; subject_id: string }): Promise<boolean> =>
  inTenant(db, async (q) => {
    const row = await q
      .selectFrom('jobs')
      .select('id')
      .where('subject_id', '=', which.subject_id)
      .where('kind', '=', which.kind)
      .where('state', '=', 'queued')
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  })

export interface Claim {
  instanceId: string
  kinds: readonly string[]
  leaseMs: number
}

const claimOnce = (auth: AuthDb, c: Claim): Promise<Job | null> =>
  inAuth(auth, async (q) => {
    const { rows } = await sql<Job>`
      with next as (
        select j.tenant_id, j.id from jobs j join tenants t on t.id = j.tenant_id
        where j.state = 'queued' and j.run_after <= now() and j.kind = any(${c.kinds}) 
          and (t.state = 'active' or (t.state = 'erasing' and j.kind = ${eraseJobKind}))
          and not exists (select from jobs r where r.tenant_id = j.tenant_id and r.lane = j.lane and r.state = 'running')
          and not exists (select from jobs e where e.tenant_id = j.tenant_id and e.lane = j.lane and e.state = 'queued'
            and (e.is_patient, e.seq) < (j.is_patient, j.seq) and e.run_after <= now())
        order by j.is_patient, j.seq limit 1 for update of j skip locked
      )
      update jobs set state = 'running', attempts = attempts + 1, instance_id = ${c.instanceId}, lease_token = ${newId()},
        lease_until = now() + ${c.leaseMs} * interval '1 millisecond', started_at = coalesce(started_at, now())
      from next where jobs.tenant_id = next.tenant_id and jobs.id = next.id
      returning jobs.id, jobs.tenant_id, kind, lane, subject_id, payload, actor_user_id, attempts, crashes, lease_token`.execute(q)
    return rows[0] ?? null
  })

/** The oldest job whose lane is free, patient ones last, now leased to this instance; null when there is none. */
export const claimJob = async (auth: AuthDb, claim: Claim): Promise<Job | null> => {
  for (let tries = 0; tries < 5; tries++) {
    try {
      return await claimOnce(auth, claim)
    } catch (error) {
      // Another process took a job of the same lane at the same instant.
      if (!isTaken(error, 'jobs_one_running_in_a_lane')) throw error
    }
  }
  return null
}

export type LeaseState = 'held' | 'cancelled' | 'stopped' | 'lost'

export const renewLease = (auth: AuthDb, job: Job, leaseMs: number): Promise<LeaseState> =>
  inAuth(auth, async (q) => {
    const { rows } = await sql<{ is_cancelled: boolean; is_stopped: boolean }>`
      update jobs set lease_until = now() + ${leaseMs} * interval '1 millisecond'
      where tenant_id = ${job.tenant_id} and id = ${job.id} and lease_token = ${job.lease_token} and state = 'running'
      returning cancel_requested_at is not null as is_cancelled,
        exists (select from tenants t where t.id = jobs.tenant_id and t.state = 'frozen') as is_stopped`.execute(q)
    if (rows[0] === undefined) return 'lost'
    if (rows[0].is_cancelled) return 'cancelled'
    return rows[0].is_stopped ? 'stopped' : 'held'
  })

/**
 * Whether the lease holds, with the row locked until the caller's transaction ends: what that transaction writes is
 * then written under the lease, or not at all.
 */
export const lockLease = (db: TenantDb, job: Job): Promise<boolean> =>
  inTenant(db, async (q) => {
    const { rows } = await sql`
      select from jobs where id = ${job.id} and lease_token = ${job.lease_token} and state = 'running' for share`.execute(q)
    return rows.length > 0
  })

export interface Release {
  state: 'queued' | 'done' | 'failed' | 'cancelled'
  error: string | null
  /** For `queued`: how long to wait. */
  delayMs: number
  /** False where the try was not the job's fault. */
  isCounted: boolean
}

/** Ends the lease. False when it was lost before, and nothing was changed. */
export const releaseJob = (auth: AuthDb, job: Job, release: Release): Promise<boolean> =>
  inAuth(auth, async (q) => {
    const isQueued = release.state === 'queued'
    // A cancellation asked for in the meantime wins over another try.
    const { rows } = await sql`
      update jobs set
        state = case when ${isQueued} and cancel_requested_at is not null then 'cancelled' else ${release.state} end,
        finished_at = case when ${!isQueued} or cancel_requested_at is not null then now() end,
        attempts = attempts - ${release.isCounted ? 0 : 1}, error = ${release.error},
        run_after = now() + ${release.delayMs} * interval '1 millisecond', instance_id = null, lease_token = null, lease_until = null
      where tenant_id = ${job.tenant_id} and id = ${job.id} and lease_token = ${job.lease_token} and state = 'running'
      returning id`.execute(q)
    if (isQueued && release.delayMs === 0) await sql`select pg_notify(${jobsChannel}, '')`.execute(q)
    return rows.length > 0
  })

/**
 * Queues again what ran on an instance that is gone: expired leases, and with `othersAreDead` (one process only, as the
 * embedded store guarantees) every lease of another instance. From the tenth loss on each next one waits a little, so
 * that a job which brings the process down does not do so in a tight loop.
 */
export const reclaimJobs = (auth: AuthDb, o: { instanceId: string; othersAreDead: boolean }): Promise<number> =>
  inAuth(auth, async (q) => {
    const { rows } = await sql`
      update jobs set
        state = case when cancel_requested_at is null then 'queued' else 'cancelled' end,
        finished_at = case when cancel_requested_at is not null then now() end,
        attempts = attempts - 1, crashes = crashes + 1,
        run_after = now() + case when crashes < 10 then interval '0' else interval '10 seconds' end,
        instance_id = null, lease_token = null, lease_until = null
      where state = 'running' and (lease_until < now() or (${o.othersAreDead} and instance_id <> ${o.instanceId}))
      returning id`.execute(q)
    return rows.length
  })

/** Finished jobs are of no use after a while; what they did stands in the tables of their rooms. */
export const purgeJobs = (auth: AuthDb, olderThanDays: number): Promise<number> =>
  inAuth(auth, async (q) => {
    const { rows } = await sql`
      delete from jobs where finished_at < now() - ${olderThanDays} * interval '1 day' returning id`.execute(q)
    return rows.length
  })
