import { expect, test } from 'vitest'
import { AppError } from '../platform/errors.ts'
import { JobCancelled, RetryLater, RunnerStopping } from './lease.ts'
import { attemptLimit, backoffMs, crashLimit, judge } from './outcome.ts'

const job = (attempts: number, crashes = 0) => ({
  id: 'a',
  tenant_id: 'b',
  kind: 'k',
  lane: 'l',
  subject_id: null,
  payload: {},
  actor_user_id: null,
  attempts,
  crashes,
  lease_token: 't',
})

test('a failure is tried again with growing waits, and given up at the fifth', () => {
  const outcomes = [1, 2, 3, 4, 5].map((n) => judge(job(n), new Error('broken'), undefined))
  expect(outcomes.map((o) => o.state)).toEqual(['queued', 'queued', 'queued', 'queued', 'failed'])
  expect(outcomes.map((o) => o.delayMs)).toEqual([2000, 8000, 32_000, 128_000, 0])
  expect(outcomes.every((o) => o.isCounted && o.error === 'broken')).toBe(true)
  expect(attemptLimit).toBe(5)
  expect(backoffMs(1)).toBe(2000)
})

test('waiting on request, for a store or for room on the disk is no failed attempt, however often', () => {
  expect(judge(job(9), new RetryLater(500, 'later'), undefined)).toEqual({
    state: 'queued',
    error: 'later',
    delayMs: 500,
    isCounted: false,
  })
  expect(judge(job(9), new AppError('unavailable', 'away'), undefined)).toMatchObject({ state: 'queued', isCounted: false })
  expect(judge(job(9), new AppError('full', 'no room'), undefined)).toMatchObject({ state: 'queued', isCounted: false })
})

test('a cancelled job is cancelled and a stopped one queued again, whatever its handler threw', () => {
  expect(judge(job(5), new Error('abort'), new JobCancelled())).toMatchObject({ state: 'cancelled', error: null })
  expect(judge(job(5), new Error('abort'), new RunnerStopping())).toMatchObject({ state: 'queued', isCounted: false, delayMs: 0 })
})

test('a job that took its process down too often is given up', () => {
  expect(judge(job(1, crashLimit), new Error('crashes'), undefined)).toMatchObject({ state: 'failed', error: 'crashes' })
})

test('a reason with NULs or of any length can be stored', () => {
  const { error } = judge(job(1), new Error(`a\0b${'x'.repeat(10_000)}`), undefined)
  expect(error?.startsWith('a\u{fffd}b')).toBe(true)
  expect(error).toHaveLength(2000)
})
