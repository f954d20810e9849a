import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { EventStore } from '../../server/events/open.ts'
import { openEventStore } from '../../server/events/open.ts'
import type { TenantEvents } from '../../server/platform/ctx.ts'
import { newId } from '../../server/platform/ids.ts'
import type { Log } from '../../server/platform/log.ts'
import { createLog } from '../../server/platform/log.ts'

export interface TestEventStore {
  /** Open from beforeAll on. */
  readonly store: EventStore
  readonly dataDir: string
  readonly log: Log
  /** A fresh tenant with its tables; of the id when one is given. */
  createTenant: (id?: string) => Promise<{ id: string; events: TenantEvents }>
}

/** An embedded event store of its own for the tests of a file, in a temporary folder. */
export const withEventStore = (o: { queryTimeoutMs?: number; memoryBytes?: number } = {}): TestEventStore => {
  const log = createLog((process.env.TEST_LOG as 'debug' | undefined) ?? 'silent')
  let dataDir = ''
  let opened: EventStore | null = null
  const store = (): EventStore => {
    if (opened === null) throw new Error('the event store is open from beforeAll to afterAll only')
    return opened
  }
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'vc-events-'))
    const { queryTimeoutMs = 60_000, memoryBytes = 2_000_000_000 } = o
    opened = await openEventStore({ dataDir, memoryBytes, queryTimeoutMs, log })
  })
  afterAll(async () => {
    await opened?.close()
    opened = null
    if (dataDir !== '') rmSync(dataDir, { recursive: true, force: true })
  })
  return {
    get store() {
      return store()
    },
    get dataDir() {
      return dataDir
    },
    log,
    createTenant: async (id = newId()) => {
      await store().createTenant(id)
      return { id, events: store().forTenant(id) }
    },
  }
}
