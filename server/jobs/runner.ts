import { setTimeout as sleep } from 'node:timers/promises'
import type { Job, Release } from '../db/job-store.ts'
import { cancelChannel, claimJob, jobsChannel, purgeJobs, reclaimJobs, releaseJob, tenantStopChannel } from '../db/job-store.ts'
import type { ControlPlane } from '../db/open.ts'
import { isAppError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Lease } from './lease.ts'
import { JobCancelled, keepLease, LeaseLost, RunnerStopping, TenantStopped } from './lease.ts'
import { crashLimit, judge } from './outcome.ts'

export type { Job } from '../db/job-store.ts'

interface JobRun {
  /** Aborted when the lease is lost, the job is cancelled or the runner stops; its reason says which. */
  signal: AbortSignal
  /** Call it before a late or costly write. @throws when the job is no longer this handler's. */
  stillMine: () => Promise<void>
}
/** What it throws decides: RetryLater waits, anything else counts as a failed attempt. It may run again after a crash. */
export type JobHandler = (job: Job, run: JobRun) => Promise<void>

export interface JobRunnerOptions {
  control: ControlPlane
  handlers: Record<string, JobHandler>
  concurrency: number
  instanceId: string
  log: Log
  pollMs?: number
  leaseMs?: number
  /** Told before a job is given up for good, so that its room can say so; called again when it throws. */
  onFailed?: (job: Job, reason: string) => Promise<void>
}

export interface JobRunner {
  /** Takes no more jobs, signals those that run, and hands back what does not end in time. */
  stop: (graceMs: number) => Promise<void>
  running: () => number
}

interface Running {
  job: Job
  lease: Lease
  isReleased: boolean
  ended: Promise<void>
}

const keptDays = 7
const purgeEveryMs = 3_600_000

class Runner implements JobRunner {
  readonly #o: Required<Omit<JobRunnerOptions, 'onFailed'>> & Pick<JobRunnerOptions, 'onFailed'>
  readonly #running = new Map<string, Running>()
  readonly #unsubscribe: (() => Promise<void>)[] = []
  readonly #onJobs = (): void => this.#wake()
  readonly #onCancel = (id: string): void => this.#running.get(id)?.lease.abort(new JobCancelled())
  readonly #onStop = (tenantId: string): void => {
    for (const { job, lease } of this.#running.values()) if (job.tenant_id === tenantId) lease.abort(new TenantStopped())
  }
  #isSubscribed = false
  #poll: NodeJS.Timeout | null = null
  #pumping: Promise<void> | null = null
  #isWoken = false
  #isStopping = false
  #isFirst = true
  #purgedAt = 0

  constructor(o: JobRunnerOptions) {
    this.#o = { pollMs: 2000, leaseMs: 30_000, ...o }
  }

  start(): void {
    this.#poll = setInterval(() => this.#wake(), this.#o.pollMs)
    this.#wake()
  }

  running(): number {
    return this.#running.size
  }

  #wake(): void {
    this.#isWoken = true
    if (this.#isStopping) return
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = null
      if (this.#isWoken) this.#wake()
    })
  }

  async #pump(): Promise<void> {
    while (this.#isWoken && !this.#isStopping) {
      this.#isWoken = false
      try {
        await this.#subscribe()
        await this.#tidy()
        while (!this.#isStopping && this.#running.size < this.#o.concurrency && (await this.#take())) continue
      } catch (error) {
        this.#o.log.warn({ reason: (error as Error).message }, 'the job queue cannot be read now; it is tried again')
      }
    }
  }

  async #subscribe(): Promise<void> {
    if (this.#isSubscribed) return
    const { control } = this.#o
    this.#unsubscribe.push(
      await control.listen(jobsChannel, this.#onJobs),
      await control.listen(cancelChannel, this.#onCancel),
      await control.listen(tenantStopChannel, this.#onStop),
    )
    this.#isSubscribed = true
  }

  async #tidy(): Promise<void> {
    const { control, instanceId, log } = this.#o
    const othersAreDead = this.#isFirst && control.kind === 'embedded'
    const reclaimed = await reclaimJobs(control.auth, { instanceId, othersAreDead })
    this.#isFirst = false
    if (reclaimed > 0) log.warn({ jobs: reclaimed }, 'jobs of an instance that is gone go on here')
    if (Date.now() - this.#purgedAt < purgeEveryMs) return
    this.#purgedAt = Date.now()
    await purgeJobs(control.auth, keptDays)
  }

  /** Takes one job and starts it. False when there is none. */
  async #take(): Promise<boolean> {
    const { control, handlers, instanceId, leaseMs } = this.#o
    const job = await claimJob(control.auth, { instanceId, kinds: Object.keys(handlers), leaseMs })
    if (job === null) return false
    const running: Running = { job, lease: keepLease(control.auth, job, leaseMs), isReleased: false, ended: Promise.resolve() }
    this.#running.set(job.id, running)
    running.ended = this.#run(running)
      .catch((error: Error) => this.#o.log.error({ job_id: job.id, reason: error.message }, 'the end of a job could not be written'))
      .finally(() => {
        running.lease.end()
        this.#running.delete(job.id)
        this.#wake()
      })
    return true
  }

  async #run(running: Running): Promise<void> {
    const { job, lease } = running
    const log = this.#o.log.child({ job_id: job.id, job_kind: job.kind, tenant_id: job.tenant_id })
    let release: Release
    try {
      if (job.crashes >= crashLimit) throw new Error(`The server stopped ${job.crashes} times while this ran; it is not tried again.`)
      lease.signal.throwIfAborted()
      await this.#o.handlers[job.kind]?.(job, { signal: lease.signal, stillMine: lease.stillMine })
      release = { state: 'done', error: null, delayMs: 0, isCounted: true }
    } catch (error) {
      if (lease.signal.reason instanceof LeaseLost || error instanceof LeaseLost) {
        log.warn({}, 'the lease of a job was lost; its work here is void')
        return
      }
      release = judge(job, error, lease.signal.reason)
      log[release.state === 'failed' ? 'error' : 'info'](
        { state: release.state, attempts: job.attempts, reason: release.error },
        'a job stopped',
      )
      if (release.state === 'failed') release = await this.#told(job, release)
    }
    if (!running.isReleased && !(await this.#release(running, release))) log.warn({}, 'a job ended after its lease was lost')
  }

  async #told(job: Job, release: Release): Promise<Release> {
    try {
      await this.#o.onFailed?.(job, release.error ?? '')
      return release
    } catch (error) {
      this.#o.log.error({ job_id: job.id, reason: (error as Error).message }, 'the failure of a job could not be told to its room')
      return { ...release, state: 'queued', delayMs: 10_000 }
    }
  }

  /** The database may be away for a moment; while the lease holds, nobody else takes the job. */
  async #release(running: Running, release: Release): Promise<boolean> {
    for (const end = Date.now() + this.#o.leaseMs; ; await sleep(500)) {
      try {
        running.isReleased = true
        return await releaseJob(this.#o.control.auth, running.job, release)
      } catch (error) {
        if (!isAppError(error) || error.code !== 'unavailable' || Date.now() > end || this.#isStopping) throw error
      }
    }
  }

  /** Signals what runs, and resolves when all of it has ended. */
  async #quiet(): Promise<void> {
    const signalAll = (): void => {
      for (const { lease } of this.#running.values()) lease.abort(new RunnerStopping())
    }
    signalAll()
    await this.#pumping
    signalAll()
    await Promise.all([...this.#running.values()].map((r) => r.ended))
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true
    if (this.#poll !== null) clearInterval(this.#poll)
    const timer = new AbortController()
    await Promise.race([this.#quiet(), sleep(graceMs, undefined, { signal: timer.signal }).catch(() => undefined)])
    timer.abort()
    const late = [...this.#running.values()].filter((r) => !r.isReleased)
    for (const running of late) {
      running.lease.end()
      await this.#release(running, judge(running.job, null, new RunnerStopping())).catch((error: Error) =>
        this.#o.log.error({ job_id: running.job.id, reason: error.message }, 'a job could not be handed back; its lease will run out'),
      )
    }
    if (late.length > 0) this.#o.log.warn({ jobs: late.length }, 'jobs that did not end in time were handed back')
    await Promise.all(this.#unsubscribe.map((u) => u()))
  }
}

export const startJobRunner = (o: JobRunnerOptions): JobRunner => {
  const runner = new Runner(o)
  runner.start()
  return runner
}
