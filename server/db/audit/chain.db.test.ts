// Tampering as somebody does who has the whole database and not the key.
import { join } from 'node:path'
import type { Client } from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { type TestTenant, withControlPlane } from '../../../test/harness/control-plane.ts'
import { inAuth } from '../auth.ts'
import { withClient } from '../pool.ts'
import { bindTransaction, inTenant } from '../tenant.ts'
import { appendAudit, auditedAuth, type NewAuditRow } from './append.ts'
import { type AuditRow, auditKeyFrom, genesisHash, hashOfRow, isSignedBy, macOfHead, platformChain } from './chain.ts'
import { type ChainState, checkpointsToKeep, type KeptPoint, type SavedPoint, verifyChain } from './verify.ts'

const plane = withControlPlane()
const verify = (tenant: TestTenant): Promise<ChainState> => verifyChain(tenant.db, { signal: new AbortController().signal })
const entry = (n: number, at = new Date()): NewAuditRow => ({
  at,
  actor_kind: 'user',
  actor_id: null,
  actor_name: 'ann',
  action: 'host.create',
  object_type: 'host',
  object_id: `host ${n}`,
  outcome: 'success',
  address: '192.0.2.7',
  user_agent: 'a browser',
  request_id: `request-${n}`,
  details: '{}',
})

let tenant: TestTenant
const fill = async (rows: number): Promise<void> => {
  for (let n = 1; n <= rows; n++) await appendAudit(tenant.db, entry(n))
}
const kinds = async (): Promise<string[]> => (await verify(tenant)).breaks.map((b) => `${b.kind} ${b.seq}`)

/** The superuser of the database, with every trigger out of the way. */
const intrude = <T>(work: (db: Client) => Promise<T>): Promise<T> =>
  withClient({ socketDir: join(plane.dataDir, 'postgres', 's'), user: 'postgres', database: 'velocicompanion' }, async (db) => {
    await db.query('set session_replication_role = replica')
    return await work(db)
  })
const tamper = (...statements: string[]): Promise<void> =>
  intrude(async (db) => {
    for (const text of statements) await db.query(text.replaceAll('$t', `tenant_id = '${tenant.id}'`))
  })

beforeEach(async () => {
  tenant = await plane.createTenant()
})

describe('a chain that nobody touched', () => {
  it('holds, row by row, with a checkpoint at its first row', async () => {
    await fill(6)
    expect(await verify(tenant)).toMatchObject({ rows: 6, last_seq: 6, checkpoints: 1, breaks: [], breaks_total: 0 })
  })
  it('is empty before its first row', async () => {
    expect(await verify(tenant)).toMatchObject({ rows: 0, head_hash: genesisHash, last_at: null, breaks: [] })
  })
  it('gets a checkpoint after five minutes and after a thousand rows', async () => {
    const day = (n: number): Date => new Date(Date.UTC(2026, 2, 1, 8, 5 * n))
    const points: number[] = []
    for (const [n, at] of [day(1), day(1), day(2), day(2), day(4)].entries())
      for (const point of await appendAudit(tenant.db, entry(n, at))) points.push(point.seq)
    expect(points).toEqual([1, 3, 5])
    const more = await bindTransaction(tenant.db, async (db) => {
      const made: number[] = []
      for (let n = 6; n <= 1010; n++) for (const point of await appendAudit(db, entry(n, day(4)))) made.push(point.seq)
      return made
    })
    expect(more).toEqual([1005])
    expect(await verify(tenant)).toMatchObject({ rows: 1010, checkpoints: 4, breaks: [] })
  })
  it('is apart from the chain of every other tenant and of the platform', async () => {
    await fill(2)
    const other = await plane.createTenant()
    await appendAudit(other.db, entry(1))
    await appendAudit(plane.control.platform, entry(1))
    expect((await verify(other)).last_seq).toBe(1)
    expect((await verify(tenant)).last_seq).toBe(2)
    expect((await verifyChain(plane.control.platform, { signal: new AbortController().signal })).tenant_id).toBe(platformChain)
  })
})

describe('an act and its row', () => {
  it('are both there or neither', async () => {
    await fill(1)
    const act = bindTransaction(tenant.db, async (db) => {
      await appendAudit(db, entry(2))
      throw new Error('the act failed after its row')
    })
    await expect(act).rejects.toThrow('the act failed')
    expect(await verify(tenant)).toMatchObject({ rows: 1, breaks: [] })
  })
  it('of the sign-in role share its transaction too, and an act that did nothing has none', async () => {
    const act = (result: string | null, fails = false): Promise<unknown> => {
      const rowOf = (made: string | null) => (made === null ? null : { chains: [tenant.id], row: entry(1) })
      return inAuth(auditedAuth(plane.control.auth, { rowOf, onCheckpoints: () => undefined }), async () => {
        if (fails) throw new Error('no')
        return result
      })
    }
    await act('done')
    await act(null)
    await act('done', true).catch(() => undefined)
    expect(await verify(tenant)).toMatchObject({ rows: 1, breaks: [] })
  })
  it('cannot be changed or removed by the owner of the tables, unless triggers are switched off', async () => {
    await fill(1)
    const owner = (text: string): Promise<unknown> =>
      withClient({ socketDir: join(plane.dataDir, 'postgres', 's'), user: 'postgres', database: 'velocicompanion' }, (db) => db.query(text))
    for (const text of [
      "update audit_rows set details = 'x'",
      'delete from audit_rows',
      'truncate audit_rows',
      'delete from audit_checkpoints',
    ])
      await expect(owner(text), text).rejects.toThrow(/only ever added to/)
  })
})

describe('tampering is found', () => {
  it.each([
    ["details = 'x'"],
    ["actor_name = 'bob'"],
    ["at = at + interval '1 second'"],
    ["outcome = 'failure'"],
    ['address = null'],
    ["user_agent = 'a browser', object_id = 'host 33'"],
  ])('an edit: %s', async (change) => {
    await fill(6)
    await tamper(`update audit_rows set ${change} where $t and seq = 3`)
    expect(await kinds()).toEqual(['edited 3'])
  })
  it('a field moved into its neighbour', async () => {
    await fill(3)
    await tamper("update audit_rows set object_type = 'hosthost', object_id = ' 2' where $t and seq = 2")
    expect(await kinds()).toEqual(['edited 2'])
  })
  it('a row taken out of the middle', async () => {
    await fill(6)
    await tamper('delete from audit_rows where $t and seq = 3')
    expect(await kinds()).toEqual(['missing 3'])
  })
  it('a row taken out and the rest moved up', async () => {
    await fill(6)
    await tamper(
      'delete from audit_rows where $t and seq = 3',
      'update audit_rows set seq = seq - 1 where $t and seq = 4',
      'update audit_rows set seq = seq - 1 where $t and seq = 5',
      'update audit_rows set seq = seq - 1 where $t and seq = 6',
    )
    expect(await kinds()).toContain('unlinked 3')
    expect(await kinds()).toContain('cut 6')
  })
  it('a cut at the beginning', async () => {
    await fill(6)
    await tamper('delete from audit_rows where $t and seq < 3')
    expect(await kinds()).toEqual(['missing 1'])
  })
  it('two rows swapped', async () => {
    await fill(6)
    await tamper(
      'update audit_rows set seq = 100 where $t and seq = 3',
      'update audit_rows set seq = 3 where $t and seq = 4',
      'update audit_rows set seq = 4 where $t and seq = 100',
    )
    expect(await kinds()).toEqual(expect.arrayContaining(['edited 3', 'unlinked 3', 'edited 4', 'unlinked 4']))
  })
  it('a cut at the end', async () => {
    await fill(6)
    await tamper('delete from audit_rows where $t and seq > 4')
    expect(await kinds()).toEqual(['cut 5'])
  })
  it('a cut at the end with the head moved back', async () => {
    await fill(6)
    await tamper(
      'delete from audit_rows where $t and seq > 4',
      'update audit_heads set seq = 4, hash = (select hash from audit_rows where $t and seq = 4) where $t',
    )
    expect(await kinds()).toEqual(['head_forged 4'])
  })
  it('a cut back to a checkpoint, with its signature as that of the head', async () => {
    await fill(6)
    await tamper(
      'delete from audit_rows where $t and seq > 1',
      'update audit_heads h set seq = c.seq, hash = c.hash, checkpoint_at = c.at, mac = c.mac from audit_checkpoints c where h.$t and c.$t'.replaceAll(
        '.$t',
        `.tenant_id = '${tenant.id}'`,
      ),
    )
    expect(await kinds()).toEqual(['head_forged 1'])
  })
  it('a head taken away, with rows behind it', async () => {
    await fill(3)
    await tamper('delete from audit_heads where $t')
    expect(await kinds()).toEqual(['beyond 3'])
  })
  it('a row put behind the head', async () => {
    await fill(3)
    await tamper(
      'insert into audit_rows select tenant_id, seq + 1, at, actor_kind, actor_id, actor_name, action, object_type, object_id, outcome, address, user_agent, request_id, details, hash, hash from audit_rows where $t and seq = 3',
    )
    expect(await kinds()).toEqual(['beyond 4'])
  })
  it('a checkpoint taken away, moved or changed', async () => {
    await fill(3)
    await tamper('delete from audit_checkpoints where $t')
    expect(await kinds()).toEqual(['checkpoint_missing 1'])
    await tamper(
      `insert into audit_checkpoints select tenant_id, seq, at, hash, key_id, mac from audit_heads, (select now() as at) n where $t`,
    )
    expect(await kinds()).toEqual(expect.arrayContaining(['checkpoint_forged 3', 'checkpoint_missing 1']))
  })
})

/** Every hash anew behind an edit, and the head with them: all that can be done without the key. */
const recompute = async (keyOf: 'none' | 'own' | 'stolen'): Promise<void> => {
  const key = auditKeyFrom(keyOf === 'stolen' ? 'for tests only, thirty-two characters' : 'the secret of somebody else entirely')
  await intrude(async (db) => {
    const rows = (await db.query<AuditRow>('select * from audit_rows where tenant_id = $1 order by seq', [tenant.id])).rows
    let before = genesisHash
    for (const found of rows) {
      const row = { ...found, seq: Number(found.seq), prev_hash: before, actor_name: found.seq === 2 ? 'nobody' : found.actor_name }
      before = hashOfRow(row)
      await db.query('update audit_rows set actor_name = $3, prev_hash = $4, hash = $5 where tenant_id = $1 and seq = $2', [
        tenant.id,
        row.seq,
        row.actor_name,
        row.prev_hash,
        before,
      ])
    }
    await db.query('update audit_heads set hash = $2 where tenant_id = $1', [tenant.id, before])
    if (keyOf === 'none') return
    const [head] = (await db.query('select * from audit_heads where tenant_id = $1', [tenant.id])).rows as [Parameters<typeof macOfHead>[1]]
    const mine = { ...head, key_id: key.id }
    await db.query('update audit_heads set key_id = $2, mac = $3 where tenant_id = $1', [tenant.id, key.id, macOfHead(key, mine)])
  })
}

describe('a chain made anew without the key', () => {
  it('is told by its head', async () => {
    await fill(6)
    await recompute('none')
    expect(await kinds()).toEqual(['head_forged 6'])
  })
  it('is told by the name of the key when it was signed with another', async () => {
    await fill(6)
    await recompute('own')
    expect(await kinds()).toEqual(['other_key 6'])
  })
  it('is not blessed by the next act: the chain says so from there on', async () => {
    await fill(6)
    await recompute('none')
    await appendAudit(tenant.db, entry(7))
    expect(await verify(tenant)).toMatchObject({ rows: 8, breaks: [{ kind: 'resealed', seq: 7 }] })
  })
})

const keep = async (since: Date | null = new Date(0)): Promise<KeptPoint[]> =>
  (await checkpointsToKeep(tenant.db, { now: new Date(), since })).points
const against = async (saved: SavedPoint[]): Promise<string[]> =>
  (await verifyChain(tenant.db, { signal: new AbortController().signal, saved })).breaks.map((b) => `${b.kind} ${b.seq}`)

describe('what is kept elsewhere', () => {
  it('is the checkpoints and the end of the chain, each signed so that the public key alone confirms it', async () => {
    await fill(6)
    const { points, public_key } = await checkpointsToKeep(tenant.db, { now: new Date(), since: new Date(0) })
    expect(points.map((p) => p.seq)).toEqual([1, 6])
    expect(await keep(null)).toHaveLength(1)
    for (const { signature, ...point } of points) {
      expect(isSignedBy(public_key, point, signature ?? '')).toBe(true)
      for (const change of [{ seq: 2 }, { hash: genesisHash }, { at: new Date(0) }, { tenant_id: platformChain }, { key_id: 'x' }])
        expect(isSignedBy(public_key, { ...point, ...change }, signature ?? '')).toBe(false)
    }
  })
  it('is compared, and holds while rows are added', async () => {
    await fill(3)
    const kept = await keep()
    await fill(3)
    const state = await verifyChain(tenant.db, { signal: new AbortController().signal, saved: kept })
    expect(state).toMatchObject({ rows: 6, breaks: [], saved: { compared: 2, unproven: 0 }, last_checkpoint: { seq: 1 } })
  })
  it('tells a table that was made anew whole, and signed anew with a stolen key: the chain itself does not', async () => {
    await fill(6)
    const kept = await keep()
    await recompute('stolen')
    expect(await kinds()).toEqual([])
    expect(await against(kept)).toEqual(['saved_differs 6'])
  })
  it('tells a cut at the end whose new end was signed with a stolen key', async () => {
    await fill(6)
    const kept = await keep()
    await tamper(
      'delete from audit_rows where $t and seq > 4',
      'update audit_heads set seq = 4, hash = (select hash from audit_rows where $t and seq = 4) where $t',
    )
    await recompute('stolen')
    expect(await kinds()).toEqual([])
    expect(await against(kept)).toEqual(['saved_missing 6'])
  })
  it('tells a chain that was taken away whole', async () => {
    await fill(3)
    const kept = await keep()
    await tamper(...['rows', 'heads', 'checkpoints'].map((table) => `delete from audit_${table} where $t`))
    expect(await kinds()).toEqual([])
    expect(await against(kept)).toEqual(['saved_missing 1', 'saved_missing 3'])
  })
  it('tells two kept checkpoints of one row that differ, and one that was written by hand', async () => {
    await fill(3)
    const [first, end] = await keep()
    if (first === undefined || end === undefined) throw new Error('nothing was kept')
    const other = { ...end, hash: 'f'.repeat(64) }
    expect(await against([first, end, other])).toEqual(['saved_differs 3', 'saved_forged 3'])
    const unsigned = await verifyChain(tenant.db, { signal: new AbortController().signal, saved: [{ ...end, signature: null }] })
    expect(unsigned).toMatchObject({ breaks: [], saved: { compared: 1, unproven: 1 } })
  })
  it('holds no end that this server did not write', async () => {
    await fill(3)
    await recompute('none')
    expect(await keep(null)).toEqual([])
  })
})

it('a signature that was taken away or changed is missed', async () => {
  await appendAudit(tenant.db, entry(1, new Date(Date.UTC(2026, 1, 1))))
  await appendAudit(tenant.db, entry(2, new Date(Date.UTC(2026, 1, 2))))
  expect(await kinds()).toEqual([])
  await tamper('update audit_checkpoints set signature = null where $t and seq = 2')
  expect(await kinds()).toEqual(['checkpoint_forged 2'])
  await tamper("update audit_checkpoints set signature = 'A' || substr(signature, 2) || 'x' where $t and seq = 1")
  expect(await kinds()).toContain('checkpoint_forged 1')
})

it('checkpoints from before there were signatures still hold', async () => {
  await fill(2)
  await tamper('update audit_checkpoints set signature = null where $t')
  await appendAudit(tenant.db, entry(3, new Date(Date.now() + 600_000)))
  expect(await verify(tenant)).toMatchObject({ checkpoints: 2, breaks: [] })
})

it('sixteen writers with 5,000 rows make one chain without a gap, and it verifies', async () => {
  const per = 5000 / 16
  const write = async (writer: number): Promise<void> => {
    for (let n = Math.floor(writer * per); n < Math.floor((writer + 1) * per); n++) await appendAudit(tenant.db, entry(n))
  }
  await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)))
  expect(await verify(tenant)).toMatchObject({ rows: 5000, last_seq: 5000, checkpoints: 5, breaks: [], breaks_total: 0 })
  const seen = await inTenant(tenant.db, (q) => q.selectFrom('audit_rows').select('object_id').distinct().execute())
  expect(seen).toHaveLength(5000)
})
