import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const betweenTriesMs = 2000

/**
 * Writes a block where the store finds it and answers its name there, `<folder>/<name>`. On a full disk it tells so and tries until there is room.
 * It is not synced: a block counts only once the store has taken it in.
 */
export const leaveBlock = async (folder: string, name: string, bytes: Uint8Array, onFull: () => Promise<void>): Promise<string> => {
  for (;;) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(join(folder, name), bytes, { mode: 0o600, flag: 'wx' })
      return `${basename(folder)}/${name}`
    } catch (error) {
      await rm(join(folder, name), { force: true })
      if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
      await onFull()
      await pause(betweenTriesMs)
    }
  }
}
