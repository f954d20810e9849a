// One process for a data folder. The lock is the kernel's own (flock), so that it is gone the moment its holder is,
// however that ended; a pid file alone is fooled by kill -9 and by ids that are used again. Node has no flock, but a lock
// belongs to the open file: the `flock` program locks the descriptor that it inherits, and the lock stays with ours when it ends.
import { spawnSync } from 'node:child_process'
import { closeSync, constants, fchmodSync, ftruncateSync, mkdirSync, openSync, readFileSync, realpathSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { CannotStart } from './errors.ts'
import { sha256Hex } from './ids.ts'

/** The message names the folder and, where it is known, the process that has it. */
export class FolderInUse extends CannotStart {
  readonly pid: number | null
  constructor(dataDir: string, pid: number | null) {
    super(
      `Another VelociCompanion${pid === null ? '' : ` (pid ${pid})`} already uses ${dataDir}. Stop it first, or set DATA_DIR to another folder.`,
    )
    this.name = 'FolderInUse'
    this.pid = pid
  }
}

type Held = (() => void) | 'taken' | 'not possible here'

/** macOS and the BSDs lock while they open; Node has no name for the flag. */
const lockOnOpen = (path: string): Held => {
  const exclusiveLock = 0x20
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | exclusiveLock, 0o600)
    return () => closeSync(fd)
  } catch (error) {
    if (['EAGAIN', 'EWOULDBLOCK'].includes((error as NodeJS.ErrnoException).code ?? '')) return 'taken'
    throw error
  }
}

const lockByProgram = (path: string): Held => {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  const { error, status } = spawnSync('flock', ['-n', '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd], timeout: 5000 })
  if (error === undefined && status === 0) return () => closeSync(fd)
  closeSync(fd)
  return error === undefined && status === 1 ? 'taken' : 'not possible here'
}

/** Without the program: a name in the kernel's abstract socket namespace, bound by listen() before it returns. */
const lockByName = (dataDir: string): Held => {
  const server = createServer((socket) => socket.destroy())
  server.on('error', () => undefined)
  server.listen(`\0velocicompanion-${sha256Hex(realpathSync(dataDir))}`)
  if (!server.listening) return 'taken'
  server.unref()
  return () => server.close()
}

const acquire = (dataDir: string, path: string): Held => {
  if (process.platform !== 'linux') return lockOnOpen(path)
  const held = lockByProgram(path)
  return held === 'not possible here' ? lockByName(dataDir) : held
}

const pause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const writtenPid = (file: string): number | null => {
  try {
    const pid = Number(readFileSync(file, 'utf8').trim())
    return Number.isInteger(pid) && pid > 0 && isAlive(pid) ? pid : null
  } catch {
    return null
  }
}

// A process that was just killed still holds its files until the kernel has taken it apart.
const usualPatienceMs = 1000

/**
 * Takes the data folder, which it makes when it is missing, or refuses within two seconds.
 * @throws FolderInUse
 */
export const lockDataDir = (dataDir: string, patienceMs = usualPatienceMs): { release: () => void } => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, 'lock')
  const pidFile = join(dataDir, 'pid')
  let held = acquire(dataDir, path)
  for (const end = Date.now() + patienceMs; held === 'taken' && Date.now() < end; held = acquire(dataDir, path)) pause(100)
  if (typeof held === 'string') throw new FolderInUse(dataDir, writtenPid(pidFile))
  const fd = openSync(pidFile, constants.O_WRONLY | constants.O_CREAT, 0o600)
  fchmodSync(fd, 0o600)
  ftruncateSync(fd)
  writeSync(fd, `${process.pid}\n`)
  closeSync(fd)
  const release = held
  let isReleased = false
  return {
    release: () => {
      if (isReleased) return
      isReleased = true
      release()
    },
  }
}
