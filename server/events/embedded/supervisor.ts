// Keeps the child with the embedded engine alive: starts it, starts it again with growing pauses, says so when it cannot
// live, and leaves none behind.
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { entryOf } from '../../platform/entry.ts'
import { CannotStart } from '../../platform/errors.ts'
import { newSecret } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { Orders, Report } from './child.ts'
import { endStale } from './stale.ts'

export interface Address {
  url: string
  token: string
}

export interface SupervisorOptions {
  folder: string
  memoryBytes: number
  log: Log
  /** Called with each new address, and with null when the child has gone. */
  onChange: (address: Address | null) => void
}

const startMs = 120_000
const crashLoop = { deaths: 5, withinMs: 60_000 }
const pause = { firstMs: 100, longestMs: 10_000, calmAfterMs: 60_000 }

/** The engine needs no secret of the product: the child gets what a program needs to start, and nothing else. */
const childEnv = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  NODE_ENV: process.env.NODE_ENV,
  UV_THREADPOOL_SIZE: '20',
})

export class Supervisor {
  readonly #o: SupervisorOptions
  #child: ChildProcess | null = null
  readonly #closing = new AbortController()
  #deaths: number[] = []
  #pauseMs = pause.firstMs
  readonly #pidFile: string
  #reviving: Promise<void> = Promise.resolve()

  constructor(o: SupervisorOptions) {
    this.#o = o
    this.#pidFile = join(o.folder, 'engine.pid')
    mkdirSync(o.folder, { recursive: true, mode: 0o700 })
  }

  pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** @throws Error when the engine cannot be opened. */
  async start(): Promise<void> {
    await endStale(this.#pidFile, this.#o.folder, this.#o.log)
    const { file, execArgv } = entryOf('events/embedded/child')
    const child = spawn(process.execPath, [...execArgv, file, this.#o.folder], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: childEnv(),
    })
    const startedAt = Date.now()
    this.#child = child
    if (child.pid !== undefined) writeFileSync(this.#pidFile, String(child.pid), { mode: 0o600 })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => this.#o.log.warn({ text: text.toString('utf8').slice(0, 2000) }, 'the event store says'))
    try {
      this.#o.onChange(await this.#ready(child))
    } catch (error) {
      child.kill('SIGKILL')
      this.#child = null
      throw error
    }
    child.once('exit', (code, signal) => this.#died(child, startedAt, { code, signal }))
    if (child.exitCode !== null || child.signalCode !== null)
      this.#died(child, startedAt, { code: child.exitCode, signal: child.signalCode })
    this.#o.log.info({ pid: child.pid, took_ms: Date.now() - startedAt }, 'the embedded event store is ready')
  }

  async #ready(child: ChildProcess): Promise<Address> {
    const token = newSecret()
    const orders: Orders = { folder: this.#o.folder, token, memoryBytes: this.#o.memoryBytes }
    const late = new AbortController()
    try {
      child.on('error', () => undefined)
      child.send(orders, () => undefined)
      const first = await Promise.race([
        once(child, 'message', { signal: late.signal }),
        once(child, 'exit', { signal: late.signal }).then(() => null),
        sleep(startMs, null, { signal: late.signal }),
      ])
      const report = first?.[0] as Report | undefined
      if (report?.kind === 'ready') return { url: `http://127.0.0.1:${report.port}`, token }
      throw new CannotStart(`The embedded event store does not start: ${report?.message ?? 'no answer from its process'}`)
    } finally {
      late.abort()
    }
  }

  #died(child: ChildProcess, startedAt: number, how: { code: number | null; signal: string | null }): void {
    if (this.#child !== child) return
    this.#child = null
    this.#o.onChange(null)
    if (this.#closing.signal.aborted) return
    const now = Date.now()
    if (now - startedAt > pause.calmAfterMs) this.#pauseMs = pause.firstMs
    this.#deaths = [...this.#deaths.filter((at) => now - at < crashLoop.withinMs), now]
    this.#o.log.error({ ...how, again_in_ms: this.#pauseMs }, 'the process of the embedded event store ended; starting it again')
    if (this.#deaths.length >= crashLoop.deaths)
      this.#o.log.error(
        { deaths: this.#deaths.length },
        'the embedded event store keeps ending: look at the memory of this machine and at its data folder',
      )
    this.#reviving = this.#revive()
  }

  async #revive(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await sleep(this.#pauseMs, null, { signal: this.#closing.signal }).catch(() => undefined)
      this.#pauseMs = Math.min(this.#pauseMs * 2, pause.longestMs)
      if (this.#closing.signal.aborted) return
      try {
        return await this.start()
      } catch (error) {
        this.#o.log.error({ error: String(error), again_in_ms: this.#pauseMs }, 'the embedded event store does not start')
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#reviving
    const child = this.#child
    this.#child = null
    this.#o.onChange(null)
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const isGone = await Promise.race([gone.then(() => true), sleep(5_000, false, { ref: false })])
      if (!isGone) {
        child.kill('SIGKILL')
        await gone
      }
    }
    rmSync(this.#pidFile, { force: true })
  }
}
