// Room that is the database's own when the disk is full otherwise. PostgreSQL cannot even read without room for its
// log: it ends, and cannot recover. So a file of real bytes is kept beside it, and given up when the disk runs out,
// which leaves room to sign in, to read and to delete; it is made again once there is plenty.
import { randomBytes } from 'node:crypto'
import { existsSync, rmSync, statSync } from 'node:fs'
import { open, rename, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../platform/log.ts'

const spareBytes = 64 * 1024 * 1024
const giveUpBelowBytes = 24 * 1024 * 1024
const lookEveryMs = 1000

const freeBytes = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Random bytes, for a file system that compresses would give zeros no room. */
const fill = async (path: string): Promise<void> => {
  const fresh = `${path}.new`
  rmSync(fresh, { force: true })
  const block = randomBytes(1024 * 1024)
  const file = await open(fresh, 'wx', 0o600)
  try {
    for (let written = 0; written < spareBytes; written += block.length) await file.write(block)
    await file.sync()
  } catch (error) {
    rmSync(fresh, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await rename(fresh, path)
}

export interface SpareRoom {
  stop: () => Promise<void>
}

export const keepSpareRoom = (folder: string, log: Log): SpareRoom => {
  const path = join(folder, 'spare-room')
  if (existsSync(path) && statSync(path).size < spareBytes) rmSync(path)
  let looking: Promise<void> | null = null
  const look = async (): Promise<void> => {
    const free = await freeBytes(folder)
    const isKept = existsSync(path)
    if (isKept && free < giveUpBelowBytes) {
      rmSync(path)
      log.warn({ free_bytes: free, given_bytes: spareBytes }, 'the disk is full: the room kept for the control database is now used')
    } else if (!isKept && free > 3 * spareBytes) {
      await fill(path)
      log.debug({ bytes: spareBytes }, 'room is kept for the control database')
    }
  }
  const timer = setInterval(() => {
    looking ??= look()
      .catch((error: Error) => log.warn({ reason: error.message }, 'the room kept for the control database could not be looked after'))
      .finally(() => {
        looking = null
      })
  }, lookEveryMs)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await looking
    },
  }
}
