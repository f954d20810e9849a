// What a killed product leaves: its PostgreSQL may still run, or only its lock file may be there.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const commandLine = (pid: number): string => {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}

export const endProcess = async (pid: number, signals: readonly [NodeJS.Signals, number][]): Promise<boolean> => {
  for (const [signal, waitMs] of signals) {
    if (!isAlive(pid)) return true
    try {
      process.kill(pid, signal)
    } catch {
      return !isAlive(pid)
    }
    for (const end = Date.now() + waitMs; Date.now() < end; ) {
      if (!isAlive(pid)) return true
      await sleep(20)
    }
  }
  return !isAlive(pid)
}

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one, from which it recovers at the next start. */
export const shutdownSignals: readonly [NodeJS.Signals, number][] = [
  ['SIGINT', 6_000],
  ['SIGQUIT', 4_000],
]

const lockOf = (dataDir: string): string => join(dataDir, 'postmaster.pid')

/** Which lock file stands in `dataDir`: changes whenever a server writes it. */
export const lockStamp = (dataDir: string): string | null => {
  const found = statSync(lockOf(dataDir), { bigint: true, throwIfNoEntry: false })
  return found === undefined ? null : `${found.ino} ${found.mtimeNs}`
}

/** Whether the server with this id takes connections, by its lock file; the one that was there before it proves nothing. */
export const isReady = (dataDir: string, pid: number | undefined, leftOver: string | null): boolean => {
  const stamp = lockStamp(dataDir)
  if (stamp === null || stamp === leftOver) return false
  const lines = readFileSync(lockOf(dataDir), 'utf8').split('\n')
  return lines[0] === String(pid) && lines[7]?.startsWith('ready') === true
}

/**
 * Leaves `dataDir` without a server. Only call it under the lock of the data folder: whatever runs there then
 * belongs to an instance that is dead.
 */
export const stopStale = async (dataDir: string, log: Log): Promise<void> => {
  const lockFile = lockOf(dataDir)
  let lines: string[]
  try {
    lines = readFileSync(lockFile, 'utf8').split('\n')
  } catch {
    return
  }
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return
  const command = commandLine(pid)
  if (!command.includes('postgres') || !command.includes(dataDir)) {
    // The id went to another process, as after a restart of the machine or container; PostgreSQL would wait for it for ever.
    rmSync(lockFile, { force: true })
    return
  }
  log.warn({ pid }, 'the PostgreSQL of a killed instance still runs; stopping it')
  if (!(await endProcess(pid, shutdownSignals)))
    throw new CannotStart(`The PostgreSQL of an earlier run (pid ${pid}) does not stop; end it and start again.`)
}
