import type { Job, Release } from '../db/job-store.ts'
import { isAppError } from '../platform/errors.ts'
import { JobCancelled, RetryLater, RunnerStopping, TenantStopped } from './lease.ts'

/** Tries before a job that fails by itself is given up. */
export const attemptLimit = 5
/** Losses of its process before a job is given up: many, for a crash is rarely the job's fault. */
export const crashLimit = 100

const longestReason = 2000

/** PostgreSQL text takes no NUL, and the message of an error may quote evidence. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll('\0', '\u{fffd}').slice(0, longestReason)

/** 2, 8, 32, 128 s after the first to the fourth failure. */
export const backoffMs = (attempts: number): number => 2000 * 4 ** Math.max(0, attempts - 1)

/** What becomes of a job whose handler threw `error`, its signal having been aborted for `reason` (if at all). */
export const judge = (job: Job, error: unknown, reason: unknown): Release => {
  if (reason instanceof JobCancelled) return { state: 'cancelled', error: null, delayMs: 0, isCounted: true }
  if (reason instanceof RunnerStopping || reason instanceof TenantStopped)
    return { state: 'queued', error: null, delayMs: 0, isCounted: false }
  if (error instanceof RetryLater) return { state: 'queued', error: reasonOf(error), delayMs: error.delayMs, isCounted: false }
  // A store that restarts and a disk that is full are not the job's fault: it goes on by itself once they are well.
  if (isAppError(error) && error.code === 'unavailable') return { state: 'queued', error: reasonOf(error), delayMs: 2000, isCounted: false }
  if (isAppError(error) && error.code === 'full') return { state: 'queued', error: reasonOf(error), delayMs: 10_000, isCounted: false }
  if (job.crashes >= crashLimit || job.attempts >= attemptLimit)
    return { state: 'failed', error: reasonOf(error), delayMs: 0, isCounted: true }
  return { state: 'queued', error: reasonOf(error), delayMs: backoffMs(job.attempts), isCounted: true }
}
