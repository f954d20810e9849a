import { beforeAll, describe, expect, it } from 'vitest'
import { search as searchRoute } from '../../../shared/contract/search.ts'
import * as contract from '../../../shared/contract/search.ts'
import { withControlPlane } from '../../../test/harness/control-plane.ts'
import { encodeRows, testId, testImport, testRow, type TestRow } from '../../../test/harness/event-rows.ts'
import { withEventStore } from '../../../test/harness/event-store.ts'
import { searchHelp } from '../../../shared/query/help.data.ts'
import { inTenant } from '../../db/tenant.ts'
import { insertBlock } from '../../events/query.ts'
import type { Ctx, TenantEvidence } from '../../platform/ctx.ts'
import { isAppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { always } from './compile/patterns.ts'
import { originalCoverage, typedCoverage } from './store-views.ts'
import { createSearch, fieldValues, getEvent, histogram, listFields, overview } from './index.ts'

const plane = withControlPlane()
const store = withEventStore()
const search = createSearch({ cursorKey: 'a key of the tests' })
const now = new Date('2026-03-10T12:00:00Z')
const hostId = newId()
const otherImport = newId()

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
    now: () => now,
    signal: new AbortController().signal,
    client: null,
    can: () => true,
    inTx: (work) => work(ctx),
  }
  return ctx
}

const base = 1_741_600_000_000_000n // 2025-03-10T09:46:40Z
const pslist = Array.from({ length: 250 }, (_, i) =>
  testRow(`pslist ${i}`, {
    timestamp: i % 10 === 9 ? undefined : base + BigInt(i) * 60_000_000n,
    time_field: i % 10 === 9 ? '' : 'CreateTime',
    time_names: i % 10 === 9 ? [] : ['CreateTime'],
    time_values: i % 10 === 9 ? [] : [base + BigInt(i) * 60_000_000n],
    artifact: 'Windows.System.Pslist',
    host_key: `C.${i % 4}`,
    host_name: `HOST-${i % 4}`,
    client_id: `C.${i % 4}`,
    process_name: i % 5 === 0 ? 'cmd.exe' : `tool${i % 7}.exe`,
    process_pid: i,
    ingested_at: BigInt(now.getTime()),
    fields: {
      Pid: [String(i)],
      Name: [i % 5 === 0 ? 'cmd.exe' : `tool${i % 7}.exe`],
      Tags: i % 2 === 0 ? ['a', 'b'] : [],
      Elevated: [String(i % 2 === 0)],
    },
    raw: `{"Pid":${i}}`,
  }),
)
const evtx = ['file', 'rows'].map((key) =>
  testRow(`evtx ${key}`, {
    timestamp: base + 123_456n,
    artifact: 'Windows.EventLogs.Evtx',
    artifact_source: key === 'rows' ? 'Records' : '',
    host_key: 'C.1',
    winlog_channel: 'Security',
    winlog_record_id: 9_223_372_036_854_775_807n,
    winlog_computer_name: key === 'rows' ? 'host-1' : 'HOST-1',
    ingested_at: BigInt(now.getTime() - 86_400_000),
    fields: { 'EventData.TargetUserName': ['alice'] },
    raw: '{"x":1}',
  }),
)
const all: TestRow[] = [...pslist, ...evtx]
let empty: Promise<Ctx> | null = null
const emptyTenant = (): Promise<Ctx> => (empty ??= newCtx())
let ctx: Ctx
let stranger: Ctx

beforeAll(async () => {
  ctx = await newCtx()
  stranger = await newCtx()
  await insertBlock(ctx.events, 'events', encodeRows(all), 'all')
  await insertBlock(
    stranger.events,
    'events',
    encodeRows([testRow('canary', { artifact: 'Secret', fields: { Name: ['cmd.exe'] } })]),
    'canary',
  )
  const names = [
    ...['Pid', 'Name', 'Tags', 'Elevated'].map((name) => ({ artifact: 'Windows.System.Pslist', name })),
    { artifact: 'Windows.EventLogs.Evtx', name: 'EventData.TargetUserName' },
    { artifact: 'Windows.EventLogs.Evtx/Records', name: 'EventData.TargetUserName' },
  ].map((n) => ({ tenant_id: ctx.tenant.id, ...n }))
  await inTenant(ctx.db, async (q) => {
    await q.insertInto('field_names').values(names).execute()
    await q.insertInto('hosts').values({ tenant_id: ctx.tenant.id, id: hostId, hostname: 'HOST-1' }).execute()
    await q.insertInto('host_keys').values({ tenant_id: ctx.tenant.id, key: 'C.1', host_id: hostId }).execute()
  })
})

const body = (given: Record<string, unknown>) => searchRoute.body.parse(given)
const ask = (given: Record<string, unknown>, of: Ctx = ctx) => search.searchRows(of, body(given))
const faultOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!isAppError(error)) throw new Error(`no AppError but ${String(error)}`)
  return { code: error.code, message: error.message, ...error.details }
}

describe('a search', () => {
  it('gives every row once, newest first, those without a time last, page by page', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await ask({ limit: 37, ...(cursor === undefined ? {} : { cursor }) })
      expect(searchRoute.response.safeParse(page).error).toBeUndefined()
      expect(page.total).toBe(all.length)
      seen.push(...page.events.map((e) => e.id))
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(seen.length).toBe(all.length)
    expect(new Set(seen)).toEqual(new Set(all.map((r) => r.id)))
    const untimed = new Set(pslist.filter((r) => r.timestamp === undefined).map((r) => r.id))
    expect(seen.slice(-untimed.size).every((id) => untimed.has(id))).toBe(true)
  })

  it('gives rows with megabytes each in shorter pages, and every one of them', async () => {
    const own = await newCtx()
    const long = Array.from({ length: 30 }, (_, i) =>
      testRow(`long${i}`, { artifact: 'Long', fields: { Data: ['x'.repeat(4_000_000)] }, text: '' }),
    )
    for (let at = 0; at < 30; at += 5) await insertBlock(own.events, 'events', encodeRows(long.slice(at, at + 5)), newId())
    const seen: string[] = []
    const counts: number[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await ask({ limit: 25, ...(cursor === undefined ? {} : { cursor }) }, own)
      seen.push(...page.events.map((e) => e.id))
      counts.push(page.events.length)
      if (page.next_cursor === null) break
      cursor = page.next_cursor
    }
    expect(seen.toSorted()).toEqual(long.map((r) => String(r.id)).toSorted())
    expect(Math.max(...counts)).toBeLessThan(17)
  })

  it.each(['timestamp:asc', '-process_pid', 'process_pid', 'process_name', '-process_name', 'host.name:desc', 'artifact'])(
    'by %s gives every row once, rows without the field last',
    async (sort) => {
      const seen: (string | number | null)[] = []
      const ids = new Set<string>()
      let cursor: string | undefined
      do {
        const page = await ask({ sort, limit: 41, ...(cursor === undefined ? {} : { cursor }) })
        const name = sort.replace(/^-|:.*$/g, '').replace('.', '_')
        for (const e of page.events) {
          ids.add(e.id)
          seen.push(name === 'timestamp' ? (e.timestamp?.replace('Z', '') ?? null) : (e.ecs[name] ?? null))
        }
        cursor = page.next_cursor ?? undefined
      } while (cursor !== undefined)
      expect(ids.size).toBe(all.length)
      const present = seen.filter((v) => v !== null)
      expect(seen.slice(0, present.length)).toEqual(present)
      const sign = /^-|:desc$/.test(sort) ? -1 : 1
      const sorted = [...present].sort((a, b) => sign * (a < b ? -1 : a > b ? 1 : 0))
      expect(present).toEqual(sorted)
    },
  )

  it('shows rows as they are', async () => {
    const { events } = await ask({ query: 'process_pid:2' })
    expect(events).toEqual([
      {
        id: testId('pslist 2'),
        timestamp: '2025-03-10T09:48:40Z',
        time_field: 'CreateTime',
        artifact: 'Windows.System.Pslist',
        artifact_source: null,
        host_id: null,
        host_name: 'HOST-2',
        client_id: 'C.2',
        flow_id: null,
        hunt_id: null,
        import_id: testImport,
        ecs: { client_id: 'C.2', artifact: 'Windows.System.Pslist', host_name: 'HOST-2', process_name: 'tool2.exe', process_pid: 2 },
        fields: { Pid: ['2'], Name: ['tool2.exe'], Tags: ['a', 'b'], Elevated: ['true'] },
      },
    ])
  })

  it('counts the rows that a time range leaves out because they have none', async () => {
    const page = await ask({ query: 'process_name:cmd.exe', from: '2025-03-10T09:46:40Z', to: '2025-03-10T10:46:40Z' })
    expect(page).toMatchObject({ total: 12, without_time: 0 })
    expect(await ask({ from: '2025-03-10T09:46:40Z' })).toMatchObject({ total: 227, without_time: 25 })
    expect(await ask({ to: '2025-03-10T09:46:41Z' })).toMatchObject({ total: 3, without_time: 25 })
    expect(await ask({ from: '2025-03-10T09:46:40.1234561Z', to: '2025-03-10T09:46:40.123457Z' })).toMatchObject({ total: 2 })
  })

  it('takes artifacts with and without their source, hosts and imports', async () => {
    expect((await ask({ artifacts: ['Windows.EventLogs.Evtx'] })).total).toBe(2)
    expect((await ask({ artifacts: ['Windows.EventLogs.Evtx/Records'] })).total).toBe(1)
    expect((await ask({ query: 'artifact:windows.eventlogs.evtx/records' })).total).toBe(1)
    expect((await ask({ host_ids: [hostId] })).total).toBe(65)
    expect((await ask({ host_ids: [newId()] })).total).toBe(0)
    expect((await ask({ import_ids: [testImport] })).total).toBe(252)
    expect((await ask({ import_ids: [newId()] })).total).toBe(0)
    expect((await ask({ host_ids: [hostId], limit: 1 })).events[0]?.host_id).toBe(hostId)
  })

  it("finds the artifact's own columns in any case", async () => {
    expect((await ask({ query: 'eventdata.targetusername:ALICE' })).total).toBe(2)
    expect((await ask({ query: 'Tags:b' })).total).toBe(125)
    expect((await ask({ query: 'NOT Tags:*' })).total).toBe(127)
    expect((await ask({ query: 'pid:[10 TO 19]' })).total).toBe(10)
    expect((await ask({ query: 'CreateTime2:x', limit: 1 }, await newCtx())).total).toBe(0)
  })

  it('tells a mistake at its place, with the name that was meant', async () => {
    expect(await faultOf(ask({ query: 'cmd.exe AND TargetUserName:x' }))).toMatchObject({
      code: 'syntax',
      position: 12,
      length: 14,
      message: 'No field is named TargetUserName (character 13). Did you mean EventData.TargetUserName?',
      suggestion: 'EventData.TargetUserName',
    })
    expect(await faultOf(ask({ query: '(a' }))).toMatchObject({ code: 'syntax', position: 0, expected: [')', 'AND', 'OR'] })
    expect(await faultOf(ask({ sort: 'process_nam' }))).toMatchObject({ code: 'validation', suggestion: 'process_name' })
  })

  it('begins so many rows behind the first one or the cursor, in any order, and is empty behind the last', async () => {
    for (const sort of ['-timestamp', 'timestamp', 'process_pid', '-process_name']) {
      const { events, next_cursor } = await ask({ sort, limit: 1000 })
      expect(next_cursor).toBeNull()
      const ids = events.map((e) => e.id)
      const first = await ask({ sort, limit: 5 })
      for (const skip of [1, 7, 60, all.length - 3]) {
        const page = await ask({ sort, limit: 10, skip })
        expect(page.events.map((e) => e.id)).toEqual(ids.slice(skip, skip + 10))
        expect(page.total).toBe(all.length)
        const next = await ask({ sort, limit: 10, skip, cursor: first.next_cursor ?? '' })
        expect(next.events.map((e) => e.id)).toEqual(ids.slice(5 + skip, 15 + skip))
      }
      expect(await ask({ sort, limit: 10, skip: all.length })).toMatchObject({ events: [], next_cursor: null, total: all.length })
    }
    const heavy = await ask({ query: 'Name:cmd.exe', limit: 1000 })
    const later = await ask({ query: 'Name:cmd.exe', limit: 1000, skip: 3 })
    expect(later.events).toEqual(heavy.events.slice(3))
  })

  it("never shows another tenant's rows, and takes no cursor of another tenant or question", async () => {
    const page = await ask({ query: 'cmd.exe', limit: 1 })
    expect(page.total).toBe(50)
    expect((await ask({ query: 'cmd.exe' }, stranger)).total).toBe(1)
    const cursor = page.next_cursor ?? ''
    expect(await faultOf(ask({ query: 'cmd.exe', limit: 1, cursor }, stranger))).toMatchObject({ code: 'validation' })
    expect(await faultOf(ask({ query: 'tool1.exe', limit: 1, cursor }))).toMatchObject({ code: 'validation' })
    expect(await faultOf(ask({ query: 'cmd.exe', limit: 1, cursor: `${cursor}A` }))).toMatchObject({ code: 'validation' })
  })

  it.each(searchHelp.flatMap((s) => s.entries.map((e) => e.example)))('answers the example %s of the help', async (query) => {
    expect((await ask({ query }, await emptyTenant())).total).toBe(0)
  })

  it('tells that an expression is too large for the engine', async () => {
    const query = `process_name:/${'(\\pL{200}){4}'.repeat(20)}/`
    expect(await faultOf(ask({ query }))).toMatchObject({
      code: 'syntax',
      message: expect.stringContaining('regular expression') as string,
    })
  })

  it('ends when its caller has gone', async () => {
    const gone = new AbortController()
    gone.abort(new Error('gone'))
    await expect(search.searchRows({ ...ctx, signal: gone.signal }, body({}))).rejects.toThrow('gone')
  })
})

describe('one row', () => {
  it('is whole, with the same record from elsewhere and the imports that delivered it too', async () => {
    const { id } = evtx[0] ?? {}
    await insertBlock(ctx.events, 'deliveries', deliveryOf(String(id)), 'delivery')
    const row = await getEvent(ctx, String(id))
    expect(contract.eventDetail.safeParse(row).error).toBeUndefined()
    expect(row).toMatchObject({
      timestamp: '2025-03-10T09:46:40.123456Z',
      raw: '{"x":1}',
      ecs: { winlog_record_id: '9223372036854775807' },
      same_record: [{ id: testId('evtx rows'), artifact: 'Windows.EventLogs.Evtx/Records' }],
      provenance: { also_in: [otherImport], ingested_at: '2026-03-09T12:00:00Z', import_id: testImport },
    })
    expect((await ask({ import_ids: [otherImport] })).events.map((e) => e.id)).toEqual([id])
    expect((await getEvent(ctx, testId('pslist 3'))).times).toEqual([{ field: 'CreateTime', at: '2025-03-10T09:49:40Z' }])
  })
  it('of another tenant is not there', async () => {
    const random = await faultOf(getEvent(ctx, testId('nobody')))
    expect(await faultOf(getEvent(ctx, testId('canary')))).toEqual(random)
    expect(random.code).toBe('not_found')
  })
})

describe('the views of a query', () => {
  it('count the same rows in the histogram, by time and by field', async () => {
    const found = await histogram(ctx, contract.histogram.body.parse({ by: 'process_name', buckets: 50 }))
    expect(contract.histogram.response.safeParse(found).error).toBeUndefined()
    expect(found).toMatchObject({ total: 227, bucket_ms: 300_000, from: '2025-03-10T09:46:40Z' })
    expect(found.series.map((s) => s.key)).toContain('Other')
    expect(found.series.length).toBe(7)
    expect(found.series.reduce((sum, s) => sum + s.total, 0)).toBe(227)
    for (const s of found.series) expect(s.counts.reduce((a, b) => a + b, 0)).toBe(s.total)
    const [first] = found.starts
    expect(first).toBe('2025-03-10T09:45:00Z')
    const inFirst = pslist.filter((r) => r.timestamp !== undefined && (r.timestamp as bigint) < base + 200_000_000n).length + evtx.length
    expect(found.series.reduce((sum, s) => sum + (s.counts[0] ?? 0), 0)).toBe(inFirst)
    const own = await histogram(ctx, contract.histogram.body.parse({ query: 'Tags:a', by: 'Tags', from: '2025-03-10T00:00:00Z' }))
    expect(own.series.map((s) => [s.key, s.total])).toEqual([['a, b', 125]])
    const empty = await histogram(ctx, contract.histogram.body.parse({ query: 'nothing-at-all' }))
    expect(empty).toMatchObject({ total: 0, series: [], from: null })
  })

  it('name every field with the rows that have it', async () => {
    const found = await listFields(ctx, body({}))
    expect(contract.listFields.response.safeParse(found).error).toBeUndefined()
    expect(found).toMatchObject({ total: 252, is_exact: true })
    const byName = new Map(found.fields.map((f) => [f.name, f]))
    expect(byName.get('process_pid')).toEqual({ name: 'process_pid', type: 'number', is_ecs: true, rows: 250 })
    expect(byName.get('Pid')).toEqual({ name: 'Pid', type: 'number', is_ecs: false, rows: 250 })
    expect(byName.get('Tags')).toEqual({ name: 'Tags', type: 'text', is_ecs: false, rows: 125 })
    expect(byName.get('Elevated')?.type).toBe('boolean')
    expect(byName.has('file_path')).toBe(false)
  })

  it('look at whole blocks of a table where only a part of it is looked at', async () => {
    const signal = ctx.signal
    expect((await typedCoverage(ctx.events, always, 1, signal)).rows).toBe(252)
    const part = await typedCoverage(ctx.events, always, 3, signal)
    expect([0, 2, 250, 252]).toContain(part.rows)
    const own = await originalCoverage(ctx.events, always, { every: 3, limit: 100 }, signal)
    expect(own.every((o) => o.rows <= part.rows)).toBe(true)
  })

  it('give the commonest and rarest values with their hosts', async () => {
    const values = (given: Record<string, unknown>) => fieldValues(ctx, contract.fieldValues.body.parse(given))
    const top = await values({ field: 'process_name', limit: 1 })
    expect(top).toMatchObject({ values: [{ value: 'cmd.exe', rows: 50, hosts: 4 }], distinct: 8, rows: 252, missing: 2 })
    // the two records of event logs stand on a host, the canary of the stranger on none
    expect((await values({ field: 'artifact' })).values.map((v) => v.hosts)).toEqual([4, 1])
    const onNone = await fieldValues(stranger, contract.fieldValues.body.parse({ field: 'artifact' }))
    expect(onNone.values).toEqual([{ value: 'Secret', rows: 1, hosts: 0 }])
    expect((await values({ field: 'Tags' })).values.map((v) => [v.value, v.rows])).toEqual([
      ['a', 125],
      ['b', 125],
    ])
    expect(await values({ field: 'process_pid', order: 'rare', limit: 2 })).toMatchObject({
      values: [{ rows: 1 }, { rows: 1 }],
      distinct: 250,
    })
    expect(await faultOf(values({ field: 'nope_nope_nope' }))).toMatchObject({ code: 'validation' })
  })

  it('sum up the tenant', async () => {
    const found = await overview(ctx)
    expect(contract.overview.response.safeParse(found).error).toBeUndefined()
    expect(found).toMatchObject({ rows: 252, hosts: 4, time_from: '2025-03-10T09:46:40Z' })
    expect(found.artifacts.map((a) => [a.artifact, a.rows, a.hosts])).toEqual([
      ['Windows.System.Pslist', 250, 4],
      ['Windows.EventLogs.Evtx', 2, 1],
    ])
    expect(found.arrived.length).toBe(30)
    expect(found.arrived.slice(-2)).toEqual([
      { day: '2026-03-09', rows: 2 },
      { day: '2026-03-10', rows: 250 },
    ])
    expect(await overview(await newCtx())).toMatchObject({ rows: 0, hosts: 0, time_from: null, artifacts: [] })
  })
})

/** One row of `deliveries`: id, import, batch, three texts, row number. */
const deliveryOf = (id: string): Uint8Array => {
  const uuid = Buffer.from(otherImport.replaceAll('-', ''), 'hex')
  return Buffer.concat([
    Buffer.from(id, 'hex'),
    Buffer.from(uuid.subarray(0, 8)).reverse(),
    Buffer.from(uuid.subarray(8)).reverse(),
    Buffer.alloc(4),
    Buffer.from([0, 0, 0]),
    Buffer.alloc(8),
  ])
}
