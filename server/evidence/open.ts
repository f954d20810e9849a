import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TenantEvidence } from '../platform/ctx.ts'
import type { Log } from '../platform/log.ts'
import type { DiskCalls } from './disk-calls.ts'
import { diskCalls, ensureFolder } from './disk-calls.ts'
import { evidenceBytes } from './files.ts'
import type { Store, Tally } from './handle.ts'
import { evidenceHandle } from './handle.ts'

interface DiskState {
  total_bytes: number
  free_bytes: number
  /** Kept free for sign-in and reading. */
  reserve_bytes: number
  is_full: boolean
}

export interface Evidence {
  forTenant: (tenantId: string) => TenantEvidence
  disk: () => Promise<DiskState>
  /** What each tenant's files take. Looked at anew at most once a minute: it reads every folder. */
  bytesByTenant: () => Promise<Map<string, number>>
  /** Removes all files and uploads of a tenant; can be repeated. */
  removeTenant: (tenantId: string) => Promise<void>
  /** False once the disk refused to keep what was written; true again only after a restart. */
  isHealthy: () => boolean
  close: () => Promise<void>
}

export interface EvidenceOptions {
  dataDir: string
  reserveBytes: number
  log: Log
  calls?: DiskCalls
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const rememberedMs = 60_000

const remembered = <T>(look: () => Promise<T>): (() => Promise<T>) => {
  let last: { at: number; seen: Promise<T> } | null = null
  return () => {
    if (last === null || Date.now() - last.at > rememberedMs) last = { at: Date.now(), seen: look() }
    return last.seen
  }
}

/** Only under the lock of the data folder: what an earlier run left half written is removed. */
export const openEvidence = async (o: EvidenceOptions): Promise<Evidence> => {
  const root = join(o.dataDir, 'evidence')
  const store: Store = {
    root,
    incomingDir: join(root, '.incoming'),
    scratchDir: join(root, '.scratch'),
    reserveBytes: o.reserveBytes,
    calls: o.calls ?? diskCalls,
    log: o.log,
    failed: null,
  }
  await ensureFolder(store.calls, root)
  for (const folder of [store.incomingDir, store.scratchDir]) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { mode: 0o700 })
  }
  const tallies = new Map<string, Tally>()
  return {
    forTenant: (tenantId) => {
      if (!uuid.test(tenantId)) throw new Error('a tenant is named by its id')
      const tally = tallies.get(tenantId) ?? { writing: 0, added: 0 }
      tallies.set(tenantId, tally)
      return evidenceHandle({ store, folder: join(root, tenantId), tally })
    },
    bytesByTenant: remembered(async () => {
      const names = (await readdir(root)).filter((name) => uuid.test(name))
      const sizes = await Promise.all(
        names.map((name) => evidenceBytes(evidenceHandle({ store, folder: join(root, name), tally: { writing: 0, added: 0 } }))),
      )
      return new Map(names.map((name, i) => [name, sizes[i]?.bytes ?? 0]))
    }),
    removeTenant: async (tenantId) => {
      if (!uuid.test(tenantId)) throw new Error('a tenant is named by its id')
      for (const folder of [join(root, tenantId), join(root, '.uploads', tenantId)]) await rm(folder, { recursive: true, force: true })
      await store.calls.syncDir(root)
      tallies.delete(tenantId)
    },
    disk: async () => {
      const { total, free } = await store.calls.freeBytes(root)
      return { total_bytes: total, free_bytes: free, reserve_bytes: o.reserveBytes, is_full: free < o.reserveBytes }
    },
    isHealthy: () => store.failed === null,
    close: () => rm(store.scratchDir, { recursive: true, force: true }),
  }
}
