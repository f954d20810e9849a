import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stores } from './bind.ts'
import { type ControlPlane, openControlPlane } from './db/open.ts'
import { openEventStore } from './events/open.ts'
import { openEvidence } from './evidence/open.ts'
import type { Config } from './platform/config.ts'
import { AppError } from './platform/errors.ts'
import { newSecret } from './platform/ids.ts'
import { lockDataDir } from './platform/instance-lock.ts'
import type { Log } from './platform/log.ts'

const prepareFolder = (dataDir: string): void => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  chmodSync(dataDir, 0o700)
}

/** The given secret, or the one in the data folder, made at the first start. @throws AppError when others can read that file */
const secretOf = (config: Config): string => {
  if (config.SECRET_KEY !== undefined) return config.SECRET_KEY
  const path = join(config.DATA_DIR, 'secret.key')
  if (!existsSync(path)) writeFileSync(path, `${newSecret(48)}\n`, { mode: 0o600, flag: 'wx' })
  if ((statSync(path).mode & 0o077) !== 0)
    throw new AppError(
      'unavailable',
      `${path} can be read by others: run chmod 600 on it. If it may have been read, remove it; everybody then signs in anew.`,
    )
  return readFileSync(path, 'utf8').trim()
}

const controlOptions = (config: Config, log: Log, secret: string) => ({
  databaseUrl: config.DATABASE_URL,
  appUrl: config.DATABASE_APP_URL,
  authUrl: config.DATABASE_AUTH_URL,
  secret,
  dataDir: config.DATA_DIR,
  log,
})

/** The control plane alone, under the lock of the data folder: for the migrate command. */
export const openControl = async (config: Config, log: Log): Promise<{ control: ControlPlane; release: () => Promise<void> }> => {
  prepareFolder(config.DATA_DIR)
  const lock = lockDataDir(config.DATA_DIR)
  try {
    const control = await openControlPlane(controlOptions(config, log, secretOf(config)))
    return {
      control,
      release: async () => {
        await control.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

export interface OpenedStores extends Stores {
  secret: string
  close: () => Promise<void>
}

/** Locks the data folder, opens all stores side by side, and brings their schemas up. What was opened is closed when one fails. */
export const openStores = async (config: Config, log: Log): Promise<OpenedStores> => {
  prepareFolder(config.DATA_DIR)
  const lock = lockDataDir(config.DATA_DIR)
  const opened: (() => Promise<void>)[] = []
  const closeAll = async (): Promise<void> => {
    for (const close of opened.reverse())
      await close().catch((error: Error) => log.error({ reason: error.message }, 'a store did not close'))
    lock.release()
  }
  try {
    const secret = secretOf(config)
    const keep = async <T extends { close: () => Promise<void> }>(opening: Promise<T>): Promise<T> => {
      const store = await opening
      opened.push(() => store.close())
      return store
    }
    const results = await Promise.allSettled([
      keep(openControlPlane(controlOptions(config, log, secret))).then(async (control) => {
        await control.migrateUp()
        return control
      }),
      keep(
        openEventStore({
          url: config.CLICKHOUSE_URL,
          cluster: config.CLICKHOUSE_CLUSTER,
          dataDir: config.DATA_DIR,
          memoryBytes: config.EVENT_STORE_MEMORY,
          queryTimeoutMs: config.QUERY_TIMEOUT_SECONDS * 1000,
          log,
        }),
      ),
      keep(openEvidence({ dataDir: config.DATA_DIR, reserveBytes: config.DISK_RESERVE, log })),
    ])
    const failed = results.find((r) => r.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    const [control, events, evidence] = results
    if (control.status !== 'fulfilled' || events.status !== 'fulfilled' || evidence.status !== 'fulfilled')
      throw new Error('a store is missing')
    return { secret, control: control.value, events: events.value, evidence: evidence.value, close: closeAll }
  } catch (error) {
    await closeAll()
    throw error
  }
}
