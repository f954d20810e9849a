import type { NewJob } from '../db/job-store.ts'
import { cancelBySubject, hasOpen, hasQueued, insertJob } from '../db/job-store.ts'
import type { TenantDb } from '../platform/ctx.ts'

/** Puts a job into the queue, as part of the transaction that the handle is bound to: it runs once that is committed. */
export const enqueueJob = (db: TenantDb, job: NewJob): Promise<string> => insertJob(db, job)

/**
 * Cancels the waiting jobs of a subject and signals the running one, which ends when its handler does.
 * @returns how many jobs it concerned
 */
export const cancelJobs = (db: TenantDb, which: { kind: string; subject_id: string }): Promise<number> => cancelBySubject(db, which)

/** A job of this kind about this subject waits, be one running or not. */
export const hasWaitingJob = (db: TenantDb, which: { kind: string; subject_id: string }): Promise<boolean> => hasQueued(db, which)

/** A job about this subject waits or runs. */
export const hasOpenJob = (db: TenantDb, subjectId: string): Promise<boolean> => hasOpen(db, subjectId)
