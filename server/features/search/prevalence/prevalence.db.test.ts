import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { prevalence as route } from '../../../../shared/contract/hunt/prevalence.ts'
import { search as searchRoute } from '../../../../shared/contract/search.ts'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { encodeRows, testRow, type TestRow } from '../../../../test/harness/event-rows.ts'
import { withEventStore } from '../../../../test/harness/event-store.ts'
import { printName, printValue } from '../../../../shared/query/print.ts'
import { inTenant } from '../../../db/tenant.ts'
import { blockDirOf, execute, insertBlock, table } from '../../../events/query.ts'
import type { Ctx, TenantEvidence } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'
import { sql } from '../../../platform/sql.ts'
import { dropRows, removeRows, setAsideShared, storeFresh, storeNew } from '../../ingestion/store-rows.ts'
import { removeAlias, setAlias } from '../aliases/aliases.ts'
import { createSearch, fleetOf, prevalence } from '../index.ts'

const plane = withControlPlane()
const store = withEventStore()
const search = createSearch({ cursorKey: 'a key of the tests' })

const newCtx = async (): Promise<Ctx> => {
  const tenant = await plane.createTenant()
  const { events } = await store.createTenant(tenant.id)
  const ctx: Ctx = {
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
    inTx: (work) => work(ctx),
  }
  return ctx
}

const base = 1_741_600_000_000_000n // 2025-03-10T09:46:40Z
const pick = <T>(of: readonly T[], at: number): T => of[at % of.length] as T
const rowsOfTest = (from: number, to: number): TestRow[] =>
  Array.from({ length: to - from }, (_, n) => {
    const i = from + n
    const time = i % 7 === 3 ? {} : { timestamp: base + BigInt(i) * 61_000_001n, time_field: 'At' }
    return testRow(`row ${i}`, {
      ...time,
      artifact: pick(['Windows.System.Pslist', 'Windows.System.Services'], i),
      artifact_source: i % 4 === 0 ? 'One' : '',
      // One host has two keys; some rows are of no host.
      host_key: pick(['C.1', 'C.2', 'host:two', 'C.3', ''], i),
      host_name: 'H',
      process_name: pick(['cmd.exe', 'CMD.EXE', 'svchost.exe', 'Ünï.exe', 'ünï.EXE'], Math.floor(i / 3)),
      process_executable: pick(['C:\\Windows\\a.exe', 'c:\\WINDOWS\\A.EXE', 'D:\\b', '10.0.0.0/8'], Math.floor(i / 2)),
      process_pid: i % 11,
      event_code: pick(['4688', '0x1250', '1'], i),
      hash_sha256: i % 3 === 0 ? 'ab'.repeat(32) : '',
      source_ip: pick(['10.0.0.1', '192.168.1.1', ''], i),
      user_name: pick(['NT AUTHORITY\\SYSTEM', 'alice', '*', 'a"b\\'], Math.floor(i / 5)),
      fields: {
        Tags: pick([['x', 'X', 'y'], [], ['y', '2025-03-10T09:46:40Z'], ['999', '0x3e7']], i),
        ...(i % 2 === 0 ? { tags: ['Y'] } : {}),
      },
    })
  })

const asked = [
  ...['cmd.exe', 'Cmd.Exe', 'ÜNÏ.exe', 'svchost.exe', 'nobody.exe', '*'].map((value) => ({ field: 'process_name', value })),
  ...['C:\\windows\\A.exe', 'D:\\b', '10.0.0.0/8', 'c:\\windows\\*'].map((value) => ({ field: 'process_executable', value })),
  ...['0', '0x3', '10', '77', '-1', 'no number', '99999999999999999999'].map((value) => ({ field: 'process_pid', value })),
  ...['4688', '0x1250', '1'].map((value) => ({ field: 'event_code', value })),
  { field: 'hash_sha256', value: 'AB'.repeat(32) },
  ...['10.0.0.1', '10.0.0.0/8'].map((value) => ({ field: 'source_ip', value })),
  ...['nt authority\\system', 'alice', '*', 'a"b\\'].map((value) => ({ field: 'user_name', value })),
  ...['x', 'Y', '2025-03-10T09:46:40Z', '999', '0x3E7', 'z'].map((value) => ({ field: 'Tags', value })),
  ...['Windows.System.Pslist', 'windows.system.services/one', 'Windows.System.Pslist/One'].map((value) => ({ field: 'artifact', value })),
  { field: 'timestamp', value: '2025-03-10T09:46:40Z' },
]

const ask = async (ctx: Ctx, values: { field: string; value: string }[] = asked) => prevalence(ctx, route.body.parse({ values }))

/** What a search finds for a value, looked at row by row. */
const recount = async (ctx: Ctx, { field, value }: { field: string; value: string }) => {
  const isNumber = field === 'process_pid' && !/^(-?\d+|0x[0-9a-f]+)$/.test(value)
  if (isNumber) return { hosts: 0, rows: 0, first_seen: null, last_seen: null }
  const body = searchRoute.body.parse({ query: `${printName(field)}:${printValue(value)}`, limit: 1000 })
  const { events, total } = await search.searchRows(ctx, body)
  expect(events.length).toBe(total)
  const keys = events.map((event) => event.client_id ?? '')
  const times = events.flatMap((event) => (event.timestamp === null ? [] : [event.timestamp])).sort()
  const hosts = new Set(keys.filter((key) => key !== '').map((key) => (key === 'host:two' ? 'C.2' : key)))
  return { hosts: hosts.size, rows: total, first_seen: times[0] ?? null, last_seen: times.at(-1) ?? null }
}

/** Every asked value, and the fleet, against the rows as they are. */
const expectRecount = async (ctx: Ctx, values = asked): Promise<void> => {
  const { prevalence: found } = await ask(ctx, values)
  for (const [at, one] of values.entries()) expect(found[at], `${one.field} ${one.value}`).toEqual({ ...one, ...(await recount(ctx, one)) })
}

const withKeys = (rows: TestRow[]): TestRow[] => rows.map((row) => ({ ...row, client_id: row.host_key }))

const knowTags = async (ctx: Ctx): Promise<void> => {
  const hostId = newId()
  await inTenant(ctx.db, async (q) => {
    const names = ['Tags', 'tags'].map((name) => ({ tenant_id: ctx.tenant.id, artifact: 'Windows.System.Pslist', name }))
    const others = ['Tags', 'tags'].map((name) => ({ tenant_id: ctx.tenant.id, artifact: 'Windows.System.Services', name }))
    await q
      .insertInto('field_names')
      .values([...names, ...others])
      .execute()
    await q.insertInto('hosts').values({ tenant_id: ctx.tenant.id, id: hostId, hostname: 'TWO' }).execute()
    await q
      .insertInto('host_keys')
      .values(['C.2', 'host:two'].map((key) => ({ tenant_id: ctx.tenant.id, key, host_id: hostId })))
      .execute()
  })
}

let ctx: Ctx

beforeAll(async () => {
  ctx = await newCtx()
  await knowTags(ctx)
  await insertBlock(ctx.events, 'events', encodeRows(withKeys(rowsOfTest(0, 300))), 'all')
})

describe('the prevalence of values', () => {
  it('is what a search for each of them finds, over all rows: hosts with several keys once, rows of no host for none', async () => {
    await expectRecount(ctx)
    expect((await ask(ctx)).fleet).toBe(3)
    expect(await fleetOf(ctx)).toBe(3)
  })

  it('answers every value in the order in which they were asked, also one that is asked twice', async () => {
    const values = [
      { field: 'process_name', value: 'nobody.exe' },
      { field: 'user_name', value: 'alice' },
      { field: 'process_name', value: 'nobody.exe' },
    ]
    const { prevalence: found } = await ask(ctx, values)
    expect(found.map(({ field, value }) => ({ field, value }))).toEqual(values)
    expect(found[0]).toEqual(found[2])
    expect((await ask(ctx, [])).prevalence).toEqual([])
  })

  it('names a field that nobody knows', async () => {
    await expect(ask(ctx, [{ field: 'proces_name', value: 'x' }])).rejects.toMatchObject({
      code: 'validation',
      details: { suggestion: 'process_name' },
    })
  })

  it('sees no row of another tenant', async () => {
    const stranger = await newCtx()
    const { prevalence: found, fleet } = await ask(stranger, [{ field: 'process_name', value: 'cmd.exe' }])
    expect([found[0]?.rows, found[0]?.hosts, fleet]).toEqual([0, 0, 0])
  })

  it('is asked for two hundred values at once, and for no more', async () => {
    const values = Array.from({ length: 200 }, (_, i) => ({
      field: pick(['process_name', 'hash_sha256', 'Tags', 'process_pid'], i),
      value: `${i}`,
    }))
    expect((await ask(ctx, values)).prevalence.length).toBe(200)
    expect(route.body.safeParse({ values: [...values, { field: 'Tags', value: 'z' }] }).success).toBe(false)
  })
})

describe('the prevalence of values after the rows changed', () => {
  const few = asked.filter((_, at) => at % 5 === 0)
  const block = (of: Ctx, rows: TestRow[]): string => {
    const name = `${newId()}/1.rows`
    const file = join(blockDirOf(of.events), name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, encodeRows(rows))
    return name
  }

  it('is that of what a name stands for now: an alias that was set anew, one that was removed, and a new spelling of a column', async () => {
    const of = await newCtx()
    const row = (key: string, more: TestRow) => testRow(key, { host_key: `C.${key}`, artifact: 'Custom.A', process_name: 'a.exe', ...more })
    await insertBlock(
      of.events,
      'events',
      encodeRows([row('1', { fields: { Tool: ['x'] } }), row('2', { user_name: 'a.exe', fields: { TOOL: ['x'] } })]),
      'all',
    )
    const spell = (name: string) =>
      inTenant(of.db, (q) => q.insertInto('field_names').values({ tenant_id: of.tenant.id, artifact: 'Custom.A', name }).execute())
    const alias = (field: string) => setAlias(of, { name: 'who', field })
    const rowsOf = async (field: string, value: string) =>
      (await prevalence(of, route.body.parse({ values: [{ field, value }] }))).prevalence[0]?.rows
    await spell('Tool')
    await alias('process_name')
    expect([await rowsOf('who', 'a.exe'), await rowsOf('Tool', 'x')]).toEqual([2, 1])
    await alias('user_name')
    await spell('TOOL')
    expect([await rowsOf('who', 'a.exe'), await rowsOf('Tool', 'x')]).toEqual([1, 2])
    await removeAlias(of, 'who')
    await expect(rowsOf('who', 'a.exe')).rejects.toThrow('who')
  })

  it('equals a recount: imports, the same rows from two of them, removals, the same import again, rows made anew, hosts joined', async () => {
    const of = await newCtx()
    await knowTags(of)
    const [first, second, third] = [newId(), newId(), newId()]
    const rows = (id: string, from: number, to: number) => withKeys(rowsOfTest(from, to)).map((row) => ({ ...row, import_id: id }))
    const fresh = async (id: string, from: number, to: number, attempt = 1) => {
      const made = rows(id, from, to)
      await storeFresh(of.events, { import_id: id, attempt, batch: 1 }, { block: block(of, made), rows: made.length, isRepeat: false })
    }
    const steps: readonly [string, () => Promise<void>][] = [
      ['nothing yet', () => Promise.resolve()],
      ['a first import', () => fresh(first, 0, 90)],
      ['a second', () => fresh(second, 90, 150)],
      [
        'a third that delivers rows of the first again',
        async () => {
          await storeNew(of.events, { import_id: third, attempt: 1, batch: 1 }, { block: block(of, rows(third, 40, 170)), isRepeat: false })
        },
      ],
      [
        'the first removed',
        async () => {
          await setAsideShared(of.events, first)
          await removeRows(of.events, first)
        },
      ],
      ['the second made anew, its rows gone', () => dropRows(of.events, second)],
      ['the second made anew, its rows back', () => fresh(second, 90, 150, 2)],
      ['the first again', () => fresh(first, 0, 40, 2)],
      ['merged', () => execute(of.events, sql`OPTIMIZE TABLE ${table(of.events, 'events')} FINAL`)],
    ]
    let before = ''
    for (const [step, act] of steps) {
      await act()
      await expectRecount(of, few)
      const { prevalence: found } = await ask(of, few)
      const now = JSON.stringify(found)
      if (step !== 'merged' && step !== 'nothing yet') expect(now, step).not.toBe(before)
      before = now
    }
    const pids = await ask(of, [{ field: 'process_name', value: 'cmd.exe' }])
    await inTenant(of.db, (q) => q.deleteFrom('host_keys').where('key', '=', 'host:two').execute())
    const apart = await ask(of, [{ field: 'process_name', value: 'cmd.exe' }])
    expect([pids.fleet, apart.fleet]).toEqual([3, 4])
    expect(apart.prevalence[0]?.hosts).toBe((pids.prevalence[0]?.hosts ?? 0) + 1)
  })
})
