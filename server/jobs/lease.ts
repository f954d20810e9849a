// A job belongs to who holds its lease token, not to who once started it: a process that was stopped for a minute
// and goes on must find out before it writes.
import type { AuthDb } from '../db/auth.ts'
import type { Job } from '../db/job-store.ts'
import { lockLease, renewLease } from '../db/job-store.ts'
import type { TenantDb } from '../platform/ctx.ts'

/** The job was given to another process: whatever this one still wants to write is no longer wanted. */
export class LeaseLost extends Error {
  constructor() {
    super('the lease of this job was lost')
  }
}
export class JobCancelled extends Error {
  constructor() {
    super('the job was cancelled')
  }
}
/** The tenant was suspended: the job waits until it is let in again. */
export class TenantStopped extends Error {
  constructor() {
    super('the tenant is suspended')
  }
}
export class RunnerStopping extends Error {
  constructor() {
    super('the server is stopping')
  }
}

/** Throw it to try again later without counting the attempt, as when the disk is full. */
export class RetryLater extends Error {
  readonly delayMs: number
  constructor(delayMs: number, reason: string) {
    super(reason)
    this.delayMs = delayMs
  }
}

/** Inside a bound transaction: its writes are committed under the lease or not at all. @throws LeaseLost */
export const holdLease = async (db: TenantDb, job: Job): Promise<void> => {
  if (!(await lockLease(db, job))) throw new LeaseLost()
}

export interface Lease {
  signal: AbortSignal
  /** @throws the reason of the signal: LeaseLost, JobCancelled or RunnerStopping. */
  stillMine: () => Promise<void>
  abort: (reason: Error) => void
  end: () => void
}

/** Renews the lease until `end`, and aborts the signal when it is lost or the job is cancelled. */
export const keepLease = (auth: AuthDb, job: Job, leaseMs: number): Lease => {
  const controller = new AbortController()
  const abort = (reason: Error): void => {
    if (!controller.signal.aborted) controller.abort(reason)
  }
  let validUntil = performance.now() + leaseMs
  const renew = async (): Promise<void> => {
    const asked = performance.now()
    const state = await renewLease(auth, job, leaseMs)
    if (state === 'lost') abort(new LeaseLost())
    else validUntil = asked + leaseMs
    if (state === 'cancelled') abort(new JobCancelled())
    if (state === 'stopped') abort(new TenantStopped())
  }
  const beat = setInterval(() => {
    // While the database does not answer the lease runs on; once it may have passed to another process, it is over here.
    renew().catch(() => {
      if (performance.now() > validUntil) abort(new LeaseLost())
    })
  }, leaseMs / 3)
  return {
    signal: controller.signal,
    stillMine: async () => {
      controller.signal.throwIfAborted()
      await renew()
      controller.signal.throwIfAborted()
    },
    abort,
    end: () => clearInterval(beat),
  }
}
