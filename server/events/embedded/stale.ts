import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { execFileSync } from 'node:child_process'
import { CannotStart } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'

const commandOf = (pid: number): string => {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}

const recorded = (pidFile: string): number => {
  try {
    return Number(readFileSync(pidFile, 'utf8'))
  } catch {
    return 0
  }
}

/**
 * Ends the engine of a product that was killed, if it has not ended by itself. Only call it under the lock of the data
 * folder. A process that merely got the same number is left alone: its command line does not name the folder.
 * @throws Error when it does not go.
 */
export const endStale = async (pidFile: string, folder: string, log: Log): Promise<void> => {
  const pid = recorded(pidFile)
  const isOurs = (): boolean => pid > 1 && commandOf(pid).includes(folder)
  if (!isOurs()) return
  log.warn({ pid }, 'the event store of a killed instance still runs; ending it')
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it went by itself meanwhile
  }
  for (const end = Date.now() + 10_000; isOurs(); await sleep(20))
    if (Date.now() > end) throw new CannotStart(`The event store of an earlier run (pid ${pid}) does not end; end it and start again.`)
}
