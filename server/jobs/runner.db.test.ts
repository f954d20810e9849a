import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import type { TestTenant } from '../../test/harness/control-plane.ts'
import { withControlPlane } from '../../test/harness/control-plane.ts'
import { inAuth } from '../db/auth.ts'
import { claimJob, releaseJob, renewLease } from '../db/job-store.ts'
import { bindTransaction, inTenant } from '../db/tenant.ts'
import { newId } from '../platform/ids.ts'
import { cancelJobs, enqueueJob } from './enqueue.ts'
import { holdLease, LeaseLost, RetryLater } from './lease.ts'
import type { Job, JobHandler, JobRunner, JobRunnerOptions } from './runner.ts'
import { startJobRunner } from './runner.ts'

const plane = withControlPlane()
const runners: JobRunner[] = []
afterEach(async () => {
  await Promise.all(runners.splice(0).map((r) => r.stop(2000)))
  await inAuth(plane.control.auth, (q) => q.deleteFrom('jobs').execute())
})

const start = (handlers: Record<string, JobHandler>, o: Partial<JobRunnerOptions> = {}): JobRunner => {
  const runner = startJobRunner({
    control: plane.control,
    handlers,
    concurrency: 4,
    instanceId: newId(),
    log: plane.log,
    pollMs: 100,
    ...o,
  })
  runners.push(runner)
  return runner
}
const rowOf = (tenant: TestTenant, id: string) =>
  inTenant(tenant.db, (q) => q.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
const state = (tenant: TestTenant, id: string) => async () => (await rowOf(tenant, id)).state
const put = (tenant: TestTenant, job: Partial<Parameters<typeof enqueueJob>[1]> = {}): Promise<string> =>
  enqueueJob(tenant.db, { kind: 'work', lane: 'one', actor_user_id: null, ...job })
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

test('a job runs once its transaction is committed, with what was put into it, and soon', async () => {
  const tenant = await plane.createTenant()
  const got: Job[] = []
  start({ work: (job) => Promise.resolve(void got.push(job)) }, { pollMs: 60_000 })
  await sleep(200)
  const subject = newId()
  const [id, at] = await bindTransaction(tenant.db, async (bound) => {
    const made = await enqueueJob(bound, {
      kind: 'work',
      lane: 'one',
      subject_id: subject,
      payload: { import_id: 'x' },
      actor_user_id: null,
    })
    await sleep(150)
    expect(got).toEqual([])
    return [made, Date.now()] as const
  })
  await expect.poll(state(tenant, id), { timeout: 5000 }).toBe('done')
  expect(Date.now() - at).toBeLessThan(2000)
  expect(got).toMatchObject([{ id, tenant_id: tenant.id, subject_id: subject, payload: { import_id: 'x' }, attempts: 1 }])
})

test('a job of a transaction that is rolled back never runs', async () => {
  const tenant = await plane.createTenant()
  let runs = 0
  start({ work: () => Promise.resolve(void runs++) })
  const failing = bindTransaction(tenant.db, async (bound) => {
    await enqueueJob(bound, { kind: 'work', lane: 'one', actor_user_id: null })
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  const after = await put(tenant)
  await expect.poll(state(tenant, after)).toBe('done')
  expect(runs).toBe(1)
})

test('one lane of one tenant runs in order and one at a time, other lanes and tenants beside it, over several runners', async () => {
  const tenants = [await plane.createTenant(), await plane.createTenant()]
  const busy = new Map<string, number>()
  const order = new Map<string, string[]>()
  let most = 0
  const work: JobHandler = async (job) => {
    const lane = `${job.tenant_id}/${job.lane}`
    expect(busy.get(lane) ?? 0).toBe(0)
    busy.set(lane, 1)
    most = Math.max(
      most,
      [...busy.values()].reduce((a, b) => a + b),
    )
    order.set(lane, [...(order.get(lane) ?? []), job.id])
    await sleep(10)
    busy.set(lane, 0)
  }
  const expected = new Map<string, string[]>()
  for (let n = 0; n < 8; n++)
    for (const tenant of tenants)
      for (const lane of ['one', 'two']) {
        const key = `${tenant.id}/${lane}`
        expected.set(key, [...(expected.get(key) ?? []), await put(tenant, { lane })])
      }
  // Several processes are allowed on an external server only.
  const control = { ...plane.control, kind: 'external' as const }
  for (let n = 0; n < 3; n++) start({ work }, { control })
  await expect.poll(() => [...order.values()].flat().length, { timeout: 20_000 }).toBe(32)
  expect(Object.fromEntries(order)).toEqual(Object.fromEntries(expected))
  expect(most).toBeGreaterThan(1)
})

test('what nobody waits for lets everything of its lane go first, also what comes later', async () => {
  const tenant = await plane.createTenant()
  const order: string[] = []
  const patient = [await put(tenant, { is_patient: true }), await put(tenant, { is_patient: true })]
  const usual = [await put(tenant), await put(tenant)]
  start({ work: (job) => Promise.resolve(void order.push(job.id)) })
  await expect.poll(() => order.length, { timeout: 10_000 }).toBe(4)
  expect(order).toEqual([...usual, ...patient])
})

test('a failing job is tried again later and its reason kept; a given-up one is told first', async () => {
  const tenant = await plane.createTenant()
  const told: string[] = []
  start(
    { work: () => Promise.reject(new Error('the file ends early')) },
    { onFailed: (job, reason) => Promise.resolve(void told.push(`${job.id}: ${reason}`)) },
  )
  const id = await put(tenant)
  await expect.poll(async () => (await rowOf(tenant, id)).error).toBe('the file ends early')
  const once = await rowOf(tenant, id)
  expect(once).toMatchObject({ state: 'queued', attempts: 1, lease_token: null })
  expect(once.run_after.getTime() - Date.now()).toBeGreaterThan(500)
  await inAuth(plane.control.auth, (q) => sql`update jobs set attempts = 4, run_after = now() where id = ${id}`.execute(q))
  await expect.poll(state(tenant, id)).toBe('failed')
  expect(told).toEqual([`${id}: the file ends early`])
  expect(await rowOf(tenant, id)).toMatchObject({ attempts: 5, finished_at: expect.any(Date) as Date })
})

test('a handler that asks to be called later is, without counting the attempt', async () => {
  const tenant = await plane.createTenant()
  let runs = 0
  start({ work: () => (runs++ < 7 ? Promise.reject(new RetryLater(1, 'not yet')) : Promise.resolve()) })
  const id = await put(tenant)
  await expect.poll(state(tenant, id), { timeout: 10_000 }).toBe('done')
  expect(await rowOf(tenant, id)).toMatchObject({ attempts: 1 })
})

test('cancelling ends a waiting job at once and signals a running one, of this tenant only', async () => {
  const a = await plane.createTenant()
  const b = await plane.createTenant()
  const subject_id = newId()
  let started = 0
  start({
    work: async (_job, run) => {
      started++
      await untilAborted(run.signal)
    },
  })
  const running = await put(a, { subject_id })
  const foreign = await put(b, { subject_id })
  await expect.poll(() => started).toBe(2)
  const waiting = await put(a, { subject_id })
  expect(await cancelJobs(a.db, { kind: 'other', subject_id })).toBe(0)
  expect(await cancelJobs(a.db, { kind: 'work', subject_id })).toBe(2)
  expect((await rowOf(a, waiting)).state).toBe('cancelled')
  await expect.poll(state(a, running)).toBe('cancelled')
  expect((await rowOf(b, foreign)).state).toBe('running')
})

test('stopping signals what runs, waits for it, and hands back what does not end', async () => {
  const tenant = await plane.createTenant()
  const runner = start({
    polite: async (_job, run) => untilAborted(run.signal),
    deaf: () => sleep(2000),
  })
  const polite = await put(tenant, { kind: 'polite', lane: 'a' })
  const deaf = await put(tenant, { kind: 'deaf', lane: 'b' })
  await expect.poll(() => runner.running()).toBe(2)
  const from = Date.now()
  await runner.stop(300)
  expect(Date.now() - from).toBeLessThan(1500)
  for (const id of [polite, deaf]) expect(await rowOf(tenant, id)).toMatchObject({ state: 'queued', attempts: 0, lease_token: null })
  const later = await put(tenant, { lane: 'c', kind: 'polite' })
  await sleep(300)
  expect((await rowOf(tenant, later)).state).toBe('queued')
})

test('the leases of a dead instance go on at once on the embedded store', async () => {
  const tenant = await plane.createTenant()
  const id = await put(tenant)
  const dead = await claimJob(plane.control.auth, { instanceId: 'dead', kinds: ['work'], leaseMs: 60_000 })
  expect(dead?.id).toBe(id)
  const seen: Job[] = []
  start({ work: (job) => Promise.resolve(void seen.push(job)) })
  await expect.poll(state(tenant, id), { timeout: 3000 }).toBe('done')
  expect(seen).toMatchObject([{ attempts: 1, crashes: 1 }])
})

test('who lost the lease is stopped, and can neither renew, finish nor write under it', async () => {
  const tenant = await plane.createTenant()
  let lost: unknown = null
  let refused: unknown = null
  const runner = start(
    {
      work: async (_job, run) => {
        await untilAborted(run.signal).catch((error: unknown) => {
          lost = error
        })
        await run.stillMine().catch((error: unknown) => {
          refused = error
        })
      },
    },
    { leaseMs: 300 },
  )
  const id = await put(tenant)
  await expect.poll(() => runner.running()).toBe(1)
  await inAuth(plane.control.auth, (q) =>
    sql`update jobs set lease_token = gen_random_uuid(), lease_until = now() + interval '1 hour' where id = ${id}`.execute(q),
  )
  await expect.poll(() => refused, { timeout: 3000 }).toBeInstanceOf(LeaseLost)
  expect(lost).toBeInstanceOf(LeaseLost)
  await expect.poll(() => runner.running()).toBe(0)
  expect((await rowOf(tenant, id)).state).toBe('running')
})

test('a claimed job is fenced by its token', async () => {
  const tenant = await plane.createTenant()
  await put(tenant)
  const claim = { instanceId: 'a', kinds: ['work'], leaseMs: 60_000 }
  const job = await claimJob(plane.control.auth, claim)
  if (job === null) throw new Error('nothing to claim')
  expect(await claimJob(plane.control.auth, claim)).toBeNull()
  await bindTransaction(tenant.db, (bound) => holdLease(bound, job))
  const old = { ...job, lease_token: newId() }
  await expect(bindTransaction(tenant.db, (bound) => holdLease(bound, old))).rejects.toBeInstanceOf(LeaseLost)
  expect(await renewLease(plane.control.auth, old, 1000)).toBe('lost')
  expect(await releaseJob(plane.control.auth, old, { state: 'done', error: null, delayMs: 0, isCounted: true })).toBe(false)
  expect(await renewLease(plane.control.auth, job, 1000)).toBe('held')
})

test('an expired lease is taken over, and a job that always takes its process down is given up and told', async () => {
  const tenant = await plane.createTenant()
  const id = await put(tenant)
  await claimJob(plane.control.auth, { instanceId: 'dead', kinds: ['work'], leaseMs: 1 })
  await inAuth(plane.control.auth, (q) => sql`update jobs set crashes = 99 where id = ${id}`.execute(q))
  const told: string[] = []
  let runs = 0
  start({ work: () => Promise.resolve(void runs++) }, { onFailed: (_job, reason) => Promise.resolve(void told.push(reason)) })
  await inAuth(plane.control.auth, (q) => sql`update jobs set run_after = now() where id = ${id} and state = 'queued'`.execute(q))
  await expect
    .poll(
      async () => {
        await inAuth(plane.control.auth, (q) => sql`update jobs set run_after = now() where id = ${id} and state = 'queued'`.execute(q))
        return (await rowOf(tenant, id)).state
      },
      { timeout: 5000 },
    )
    .toBe('failed')
  expect(runs).toBe(0)
  expect(told).toEqual(['The server stopped 100 times while this ran; it is not tried again.'])
})

test('jobs of a frozen tenant wait', async () => {
  const tenant = await plane.createTenant()
  await inAuth(plane.control.auth, (q) => q.updateTable('tenants').set({ state: 'frozen' }).where('id', '=', tenant.id).execute())
  start({ work: () => Promise.resolve() })
  const id = await put(tenant)
  await sleep(300)
  expect((await rowOf(tenant, id)).state).toBe('queued')
  await inAuth(plane.control.auth, (q) => q.updateTable('tenants').set({ state: 'active' }).where('id', '=', tenant.id).execute())
  await expect.poll(state(tenant, id)).toBe('done')
})
