import { beforeAll, describe, expect, it } from 'vitest'
import { compare as route, type CompareState, type Side } from '../../../shared/contract/hunt/compare.ts'
import { withControlPlane } from '../../../test/harness/control-plane.ts'
import { encodeRows, testId, testRow, type TestRow } from '../../../test/harness/event-rows.ts'
import { withEventStore } from '../../../test/harness/event-store.ts'
import { inTenant } from '../../db/tenant.ts'
import { insertBlock } from '../../events/query.ts'
import type { Ctx, TenantEvidence } from '../../platform/ctx.ts'
import { newId } from '../../platform/ids.ts'
import { saveBaseline as saveRoute } from '../../../shared/contract/hunt/stack.ts'
import { saveBaseline } from '../search/stack/baselines.ts'
import { artifactsOfSides, compareSides } from './compare.ts'

const plane = withControlPlane()
const store = withEventStore()
const [before, after, big, other] = [newId(), newId(), newId(), newId()]
const hostId = newId()
let ctx: Ctx

const newCtx = async (): Promise<Ctx> => {
  const tenant = await plane.createTenant()
  const { events } = await store.createTenant(tenant.id)
  const made: Ctx = {
    tenant,
    actor: { kind: 'system', user_id: null, username: 'test', role: 'admin', is_platform_admin: false, session_id: null },
    db: tenant.db,
    events,
    evidence: {} as TenantEvidence,
    log: store.log,
    requestId: 'test',
    now: () => new Date('2026-03-10T12:00:00Z'),
    signal: new AbortController().signal,
    client: null,
    can: () => true,
    inTx: (work) => work(made),
  }
  return made
}

interface Process {
  name: string
  exe: string
  fields: Record<string, string[]>
}
const process = (name: string, exe: string, more: Record<string, string[]> = {}): Process => ({
  name,
  exe,
  fields: { Name: [name], Exe: [exe], ...more },
})
const artifact = 'Windows.System.Pslist'
const rowsOf = (import_id: string, host: string, of: readonly Process[]): TestRow[] =>
  of.map(({ name, exe, fields }, i) =>
    testRow(`${import_id} ${i}`, {
      import_id,
      artifact,
      host_key: host,
      host_name: host,
      process_name: name,
      process_executable: exe,
      fields: { ...fields, Pid: [String(i * 4)] },
    }),
  )

const left = [
  process('same.exe', 'C:\\same.exe', { User: ['a'] }),
  process('order.exe', 'C:\\o.exe', { User: ['a'], Flags: ['1', '2'] }),
  process('changed.exe', 'C:\\c.exe', { User: ['a'], Hash: ['11'] }),
  process('gone.exe', 'C:\\g.exe'),
  process('twice.exe', 'C:\\t.exe', { User: ['a'] }),
  process('twice.exe', 'C:\\t.exe', { User: ['a'] }),
  process('twice.exe', 'C:\\t.exe', { User: ['b'] }),
  process('null.exe', 'C:\\n.exe', { User: [] }),
  process('', '', { User: ['nobody'] }),
]
const right = [
  process('same.exe', 'C:\\same.exe', { User: ['a'] }),
  { ...process('order.exe', 'C:\\o.exe'), fields: { Flags: ['1', '2'], user: ['a'], Exe: ['C:\\o.exe'], Name: ['order.exe'] } },
  process('changed.exe', 'C:\\c.exe', { User: ['a'], Hash: ['22'], Signed: ['no'] }),
  process('twice.exe', 'C:\\t.exe', { User: ['b'] }),
  process('twice.exe', 'C:\\t.exe', { User: ['a'] }),
  process('new.exe', 'C:\\\n"x"\u202e.exe'),
  process('null.exe', 'C:\\n.exe'),
]

beforeAll(async () => {
  ctx = await newCtx()
  await insertBlock(ctx.events, 'events', encodeRows([...rowsOf(before, 'C.1', left), ...rowsOf(after, 'C.2', right)]), 'both')
  const names = ['Name', 'Exe', 'User', 'user', 'Hash', 'Flags', 'Pid'].map((name) => ({ tenant_id: ctx.tenant.id, artifact, name }))
  await inTenant(ctx.db, async (q) => {
    await q.insertInto('field_names').values(names).execute()
    await q.insertInto('hosts').values({ tenant_id: ctx.tenant.id, id: hostId, hostname: 'one' }).execute()
    await q.insertInto('host_keys').values({ tenant_id: ctx.tenant.id, key: 'C.1', host_id: hostId }).execute()
  })
})

const imports = (...ids: string[]): Side => ({ kind: 'imports', ids })
const ask = (given: Record<string, unknown>, of: Ctx = ctx) =>
  compareSides(of, route.body.parse({ left: imports(before), right: imports(after), artifact, ...given }))
const keysOf = async (show: CompareState, given: Record<string, unknown> = {}) =>
  (await ask({ show, ...given })).entries.map((e) => e.key[0])

describe('a comparison', () => {
  it('finds each key new, gone, changed or same, by a key that fits the artifact, and the numbers add up', async () => {
    const answer = await ask({})
    expect(route.response.safeParse(answer).error).toBeUndefined()
    expect([answer.key, answer.ignore]).toEqual([['process_name', 'process_executable'], ['Pid']])
    expect(answer.counts).toEqual({ new: 1, gone: 2, changed: 1, same: 4, keys: 8 })
    expect(answer.left).toEqual({ rows: 9, keys: 7, repeats: 2, without_key: 1 })
    expect(answer.right).toEqual({ rows: 7, keys: 6, repeats: 1, without_key: 0 })
    const { counts, left: before, right: after } = answer
    expect(counts.gone + counts.changed + counts.same).toBe(before.keys)
    expect(counts.new + counts.changed + counts.same).toBe(after.keys)
    expect(await keysOf('new')).toEqual(['new.exe'])
    expect(await keysOf('gone')).toEqual(['', 'gone.exe'])
    // neither the order nor the case of columns nor a null makes a difference; nor how often the same row comes
    expect(await keysOf('same')).toEqual(['null.exe', 'order.exe', 'same.exe', 'twice.exe'])
  })
  it('says in which columns changed rows differ, with both values, and which rows these are', async () => {
    const [entry] = (await ask({ show: 'changed' })).entries
    expect(entry).toMatchObject({ key: ['changed.exe', 'C:\\c.exe'], rows_left: 1, rows_right: 1 })
    expect(entry?.changes).toEqual([
      { column: 'Hash', left: ['11'], right: ['22'] },
      { column: 'Signed', left: null, right: ['no'] },
    ])
    expect([entry?.left?.id, entry?.left?.host_id, entry?.right?.id]).toEqual([testId(`${before} 2`), hostId, testId(`${after} 2`)])
  })
  it('compares what it is told to: another key, nothing left out, whole rows', async () => {
    expect((await ask({ key: ['User'], ignore: ['Pid', 'Name', 'Exe', 'Hash', 'Signed', 'Flags'] })).counts).toMatchObject({ keys: 4 })
    const strict = await ask({ ignore: [] })
    expect(strict.counts).toMatchObject({ new: 1, gone: 2, same: 2, changed: 3 })
    const whole = await ask({ key: [], ignore: ['Pid'], show: 'gone' })
    expect(whole.counts).toEqual({ new: 2, gone: 3, changed: 0, same: 5, keys: 10 })
    expect(whole.entries.every((e) => e.key.length === 0 && e.left !== null && e.right === null)).toBe(true)
    await expect(ask({ key: ['Nmae'] })).rejects.toMatchObject({ code: 'validation' })
  })
  it('takes hosts and hunts as sides, and one row on both sides for the same', async () => {
    const hosts = await ask({ left: { kind: 'hosts', ids: [hostId] }, right: imports(before) })
    expect(hosts.counts).toMatchObject({ new: 0, gone: 0, changed: 0, same: 7 })
    const none = await ask({ left: { kind: 'hosts', ids: [newId()] }, right: { kind: 'hunt', id: 'H.none' } })
    expect([none.counts.keys, none.left.rows, none.right.rows, none.entries]).toEqual([0, 0, 0, []])
  })
  it('takes the groups of a baseline as a side: new is what it does not hold, and nothing is changed', async () => {
    const query = 'artifact:Windows.System.Pslist | stack process_name, User'
    const { id } = await saveBaseline(ctx, saveRoute.body.parse({ query, import_ids: [before], name: 'Known' }))
    const baseline: Side = { kind: 'baseline', id }
    const answer = await compareSides(ctx, route.body.parse({ left: baseline, right: imports(after), show: 'new' }))
    expect(route.response.safeParse(answer).error).toBeUndefined()
    expect([answer.key, answer.counts]).toEqual([['process_name', 'raw.user'], { new: 1, gone: 2, changed: 0, same: 6, keys: 9 }])
    expect([answer.left.rows, answer.right.rows]).toEqual([8, 7])
    expect(answer.entries).toMatchObject([{ key: ['new.exe', ''], rows_left: 0, rows_right: 1, left: null, right: { import_id: after } }])
    const turned = await compareSides(ctx, route.body.parse({ left: imports(after), right: baseline, show: 'new' }))
    expect(turned.entries.map((e) => e.key)).toEqual([
      ['', 'nobody'],
      ['gone.exe', ''],
    ])
    await expect(ask({ left: baseline })).rejects.toMatchObject({ code: 'validation' })
    const stranger = await newCtx()
    await expect(compareSides(stranger, route.body.parse({ left: baseline, right: imports(after) }))).rejects.toMatchObject({
      code: 'not_found',
    })
  })
  it('lists the artifacts of both sides', async () => {
    const { artifacts } = await artifactsOfSides(ctx, { left: imports(before), right: imports(after) })
    expect(artifacts).toEqual([{ artifact, left: 9, right: 7 }])
  })
  it('finds nothing of another tenant, whatever ids are given', async () => {
    const stranger = await newCtx()
    expect((await ask({ left: { kind: 'hosts', ids: [hostId] } }, stranger)).counts.keys).toBe(0)
  })
})

describe('two large sides', () => {
  it('are counted as a recount in memory counts them, and paged to every key once', async () => {
    const made = (import_id: string, shift: number): TestRow[] =>
      Array.from({ length: 6_000 }, (_, i) => {
        const n = (i * 7919 + shift) % 7_500
        return testRow(`${import_id} ${i}`, {
          import_id,
          artifact: 'Custom.Files',
          file_path: `/data/${n % 5_100}`,
          fields: { OSPath: [`/data/${n % 5_100}`], Size: [String((n * (1 + (n % 3 === 0 ? shift : 0))) % 1000)] },
        })
      })
    const [a, b] = [made(big, 0), made(other, 11)]
    for (const [name, rows] of [
      ['a', a],
      ['b', b],
    ] as const)
      await insertBlock(ctx.events, 'events', encodeRows(rows), name)
    const contents = (rows: readonly TestRow[]): Map<string, Set<string>> => {
      const found = new Map<string, Set<string>>()
      for (const row of rows) {
        const path = String(row.file_path)
        found.set(path, (found.get(path) ?? new Set()).add(JSON.stringify(row.fields)))
      }
      return found
    }
    const [inA, inB] = [contents(a), contents(b)]
    const wanted = { new: 0, gone: 0, changed: 0, same: 0 }
    const changed = new Set<string>()
    for (const path of new Set([...inA.keys(), ...inB.keys()])) {
      const [was, is] = [inA.get(path), inB.get(path)]
      if (was === undefined) wanted.new++
      else if (is === undefined) wanted.gone++
      else if (was.size === is.size && [...was].every((one) => is.has(one))) wanted.same++
      else {
        wanted.changed++
        changed.add(path)
      }
    }
    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await ask({
        left: imports(big),
        right: imports(other),
        artifact: 'Custom.Files',
        key: ['file_path'],
        ignore: [],
        limit: 200,
        cursor,
      })
      expect(page.counts).toEqual({ ...wanted, keys: inA.size + wanted.new })
      seen.push(...page.entries.map((e) => e.key[0] ?? ''))
      for (const entry of page.entries) expect(entry.changes.map((c) => c.column)).toEqual(['Size'])
      if (page.next_cursor === null || seen.length > 600) break
      cursor = page.next_cursor
    }
    expect(wanted.changed).toBeGreaterThan(100)
    expect(seen.every((path) => changed.has(path))).toBe(true)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual([...seen].sort())
  })
})
