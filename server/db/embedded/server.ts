// A real PostgreSQL as a child process, on a Unix socket in a private folder. It ends with the product: by close(),
// by the keeper below when Node is killed, and at the latest when the next start finds it.
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { Binaries } from './binaries.ts'
import { findBinaries } from './binaries.ts'
import type { Command } from './not-as-root.ts'
import { notAsRoot } from './not-as-root.ts'
import { keepSpareRoom } from './spare-room.ts'
import { endProcess, isReady, lockStamp, shutdownSignals, stopStale } from './stale.ts'

export interface EmbeddedServer {
  socketDir: string
  dataDir: string
  pid: () => number | null
  stop: () => Promise<void>
}

interface Paths {
  dataDir: string
  logFile: string
  socketDir: string
}

const settings: readonly string[] = [
  'listen_addresses=',
  'unix_socket_permissions=0700',
  'max_connections=40',
  'shared_buffers=32MB',
  'work_mem=4MB',
  'maintenance_work_mem=32MB',
  'temp_buffers=1MB',
  'wal_buffers=1MB',
  'max_wal_size=64MB',
  // As much as the largest: segments are then used again and need no new room.
  'min_wal_size=64MB',
  'max_wal_senders=0',
  'wal_level=minimal',
  'io_method=sync',
  'jit=off',
  'huge_pages=off',
  'max_worker_processes=2',
  'max_parallel_workers=0',
  'max_parallel_workers_per_gather=0',
  'autovacuum_max_workers=1',
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_checkpoints=off',
  // A failed statement is reported to who sent it; its text and values belong in no log.
  'log_min_messages=log',
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
]

// sun_path holds 104 bytes on macOS and 108 on Linux, with the name of the socket and its lock file in it.
const longestSocketDir = 80

/** The folder of the socket: in the data folder, or where that path is too long a private one under the system's temp. */
const placeSocket = (home: string): string => {
  const note = join(home, 'socket-folder')
  if (existsSync(note)) {
    const old = readFileSync(note, 'utf8')
    if (old.startsWith(join(tmpdir(), 'vc-pg-'))) rmSync(old, { recursive: true, force: true })
    rmSync(note)
  }
  const near = join(home, 's')
  if (Buffer.byteLength(near) <= longestSocketDir) {
    mkdirSync(near, { recursive: true, mode: 0o700 })
    return near
  }
  const far = mkdtempSync(join(tmpdir(), 'vc-pg-'))
  writeFileSync(note, far, { mode: 0o600 })
  return far
}

const run = (command: Command, logFile: string): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const out = openSync(logFile, 'a', 0o600)
    const child = spawn(command[0], command[1], { stdio: ['ignore', out, out], env: environment(), detached: true })
    closeSync(out)
    child.once('error', reject)
    child.once('exit', (code) => resolve(code))
  })

// Nothing of the product's environment (secrets, PG* settings) is the database's business.
const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' })

const tail = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-6).join('\n') : '')

const initialise = async (binaries: Binaries, home: string, logFile: string): Promise<void> => {
  const dataDir = join(home, 'data')
  const [, major] = /^(\d+)/.exec(existsSync(join(dataDir, 'PG_VERSION')) ? readFileSync(join(dataDir, 'PG_VERSION'), 'utf8') : '') ?? []
  if (major !== undefined) {
    if (major !== '18')
      throw new CannotStart(`${dataDir} was made by PostgreSQL ${major}; this version of VelociCompanion brings PostgreSQL 18.`)
    return
  }
  // Into a folder beside it that gets the name only when it is whole: a kill in the middle leaves nothing to mend.
  const fresh = join(home, 'data.new')
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o700 })
  // Any process that reaches the socket, in its folder of mode 0700, could as well read the files; a password would add nothing.
  const args = ['-D', fresh, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--wal-segsize=4']
  const code = await run(notAsRoot()(binaries.initdb, [...args, '--locale-provider=builtin', '--builtin-locale=C.UTF-8']), logFile)
  if (code !== 0) throw new CannotStart(`The control database could not be made in ${dataDir}:\n${tail(logFile)}`)
  renameSync(fresh, dataDir)
}

// A fast shutdown that meets the server in crash recovery is never carried out, hence the second signal.
const keeperScript = `cat >/dev/null
kill -INT "$0" 2>/dev/null
for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$0" 2>/dev/null || exit 0; sleep 1; done
kill -QUIT "$0" 2>/dev/null`

/** A shell that waits for its standard input to end, which it does when Node is gone however it went, and stops the server. */
const keep = (pid: number): ChildProcess => {
  const keeper = spawn('sh', ['-c', keeperScript, String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  keeper.on('error', () => undefined)
  keeper.unref()
  const input = keeper.stdin as Socket | null
  input?.on('error', () => undefined)
  input?.unref()
  return keeper
}

/** One run of the server, from its start to its exit. */
const launch = (binaries: Binaries, paths: Paths): ChildProcess => {
  const args = ['-D', paths.dataDir, '-k', paths.socketDir, ...settings.flatMap((s) => ['-c', s])]
  const [program, all] = notAsRoot()(binaries.postgres, args)
  const out = openSync(paths.logFile, 'a', 0o600)
  // In a session of its own: Ctrl-C is for Node, which stops the database last.
  const child = spawn(program, all, { stdio: ['ignore', out, out], env: environment(), detached: true })
  closeSync(out)
  child.unref()
  return child
}

const startupLimitMs = 120_000

/**
 * Resolves when the server takes connections; recovery after a crash may take a while. `leftOver` is the lock file as it was
 * before the launch: in a container that was killed, the next server often gets the very process id that stands in it.
 */
const untilReady = async (child: ChildProcess, paths: Paths, leftOver: string | null): Promise<void> => {
  for (const end = Date.now() + startupLimitMs; Date.now() < end; ) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new CannotStart(`The control database does not start:\n${tail(paths.logFile)}`)
    if (isReady(paths.dataDir, child.pid, leftOver)) return
    await sleep(20)
  }
  throw new CannotStart(`The control database was not ready after ${startupLimitMs / 1000} s:\n${tail(paths.logFile)}`)
}

class Supervisor {
  #child: ChildProcess | null = null
  #keeper: ChildProcess | null = null
  #isStopping = false
  #delayMs = 200
  readonly #binaries: Binaries
  readonly #paths: Paths
  readonly #log: Log

  constructor(binaries: Binaries, paths: Paths, log: Log) {
    this.#binaries = binaries
    this.#paths = paths
    this.#log = log
  }

  async start(): Promise<void> {
    await stopStale(this.#paths.dataDir, this.#log)
    // Its own lock file names a process too, and that id may be a stranger's by now.
    for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) rmSync(join(this.#paths.socketDir, name), { force: true })
    const leftOver = lockStamp(this.#paths.dataDir)
    const child = launch(this.#binaries, this.#paths)
    const failed = new Promise<never>((_, reject) => {
      child.once('error', reject)
    })
    this.#child = child
    if (child.pid !== undefined) this.#keeper = keep(child.pid)
    child.once('exit', (code, signal) => this.#ended(child, code ?? signal))
    await Promise.race([untilReady(child, this.#paths, leftOver), failed])
    this.#delayMs = 200
  }

  #ended(child: ChildProcess, how: number | string | null): void {
    if (this.#child !== child) return
    this.#child = null
    this.#keeper?.kill()
    this.#keeper = null
    if (this.#isStopping) return
    this.#log.error({ how, retry_ms: this.#delayMs }, 'the control database ended by itself; starting it again')
    setTimeout(() => {
      if (this.#isStopping || this.#child !== null) return
      this.start().catch((error: Error) => this.#log.error({ reason: error.message }, 'the control database did not start'))
    }, this.#delayMs).unref()
    this.#delayMs = Math.min(this.#delayMs * 2, 5000)
  }

  pid(): number | null {
    return this.#child?.pid ?? null
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    const child = this.#child
    if (child?.pid === undefined) return
    const gone = new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve()
      else child.once('exit', () => resolve())
    })
    child.ref()
    await Promise.race([gone, endProcess(child.pid, shutdownSignals)])
    this.#keeper?.kill()
  }
}

const keptLogBytes = 1_000_000

/** Only under the lock of the data folder. Makes the cluster on the first run. */
export const startEmbedded = async (folder: string, log: Log): Promise<EmbeddedServer> => {
  const home = join(folder, 'postgres')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const logFile = join(home, 'server.log')
  if (existsSync(logFile) && statSync(logFile).size > keptLogBytes) renameSync(logFile, `${logFile}.old`)
  const binaries = findBinaries()
  await initialise(binaries, home, logFile)
  const dataDir = join(home, 'data')
  const paths: Paths = { dataDir, logFile, socketDir: placeSocket(home) }
  const supervisor = new Supervisor(binaries, paths, log)
  try {
    await supervisor.start()
  } catch (error) {
    await supervisor.stop()
    throw error
  }
  const spareRoom = keepSpareRoom(home, log)
  return {
    socketDir: paths.socketDir,
    dataDir,
    pid: () => supervisor.pid(),
    stop: async () => {
      await spareRoom.stop()
      await supervisor.stop()
      if (!paths.socketDir.startsWith(home)) rmSync(paths.socketDir, { recursive: true, force: true })
    },
  }
}
