import { describe, expect, it } from 'vitest'
import { tenantHandle } from '../../db/tenant.ts'
import { auditKeyFrom } from '../../db/audit/chain.ts'
import type { TenantDb } from '../../platform/ctx.ts'
import type { ChainState } from './store.ts'
import { createWalks } from './walks.ts'

const key = auditKeyFrom('for tests only, thirty-two characters')
const chain = (n: number): TenantDb => tenantHandle(undefined as never, `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`, key)
const state = (n: number): ChainState => ({
  tenant_id: '',
  rows: n,
  last_seq: n,
  last_at: null,
  head_hash: '',
  checkpoints: 0,
  last_checkpoint: null,
  public_key: '',
  saved: { compared: 0, unproven: 0 },
  breaks: [],
  breaks_total: 0,
})

/** Walks that end when they are told to. */
const slowWalks = () => {
  const ends: (() => void)[] = []
  let running = 0
  let most = 0
  const walk = createWalks((_db, { signal }) => {
    most = Math.max(most, ++running)
    return new Promise<ChainState>((resolve, reject) => {
      const end = (): void => {
        running--
        resolve(state(ends.length))
      }
      ends.push(end)
      signal.addEventListener('abort', () => {
        running--
        reject(signal.reason as Error)
      })
    })
  })
  return { walk, ends, most: () => most, running: () => running }
}
const settle = (): Promise<void> => new Promise((done) => setImmediate(done))
const stays = (): AbortSignal => new AbortController().signal

describe('walks of chains', () => {
  it('are one for all who ask for the same chain at the same time, and a new one for who asks later', async () => {
    const { walk, ends } = slowWalks()
    const asked = Array.from({ length: 50 }, () => walk(chain(1), stays()))
    await settle()
    expect(ends).toHaveLength(1)
    ends[0]?.()
    expect(new Set(await Promise.all(asked)).size).toBe(1)
    void walk(chain(1), stays())
    await settle()
    expect(ends).toHaveLength(2)
  })
  it('are two at most, and when twenty wait the next is told to come back', async () => {
    const { walk, ends, most } = slowWalks()
    const asked = Array.from({ length: 22 }, (_, n) => walk(chain(n), stays()))
    await expect(walk(chain(99), stays())).rejects.toMatchObject({ code: 'limit' })
    for (let n = 0; n < 22; n++) {
      await settle()
      ends[n]?.()
    }
    await Promise.all(asked)
    expect(most()).toBe(2)
  })
  it('go on while one of those who asked is there, and end with the last', async () => {
    const { walk, ends, running } = slowWalks()
    const [goes, stops] = [new AbortController(), new AbortController()]
    const first = walk(chain(1), goes.signal)
    const second = walk(chain(1), stops.signal)
    await settle()
    goes.abort(new Error('gone'))
    await expect(first).rejects.toThrow('gone')
    expect([ends.length, running()]).toEqual([1, 1])
    stops.abort(new Error('gone too'))
    await expect(second).rejects.toThrow('gone too')
    await settle()
    expect(running()).toBe(0)
    void walk(chain(1), stays())
    await settle()
    expect(ends).toHaveLength(2)
  })
})
