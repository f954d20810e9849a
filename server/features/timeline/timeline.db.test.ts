import { beforeAll, describe, expect, it } from 'vitest'
import * as contract from '../../../shared/contract/hunt/timeline.ts'
import { withControlPlane } from '../../../test/harness/control-plane.ts'
import { encodeRows, testId, testRow, type TestRow } from '../../../test/harness/event-rows.ts'
import { withEventStore } from '../../../test/harness/event-store.ts'
import { inTenant } from '../../db/tenant.ts'
import { insertBlock } from '../../events/query.ts'
import type { Ctx, TenantEvidence } from '../../platform/ctx.ts'
import { isAppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { createTimeline, density, surrounding, timeFields } from './index.ts'

const plane = withControlPlane()
const store = withEventStore()
const timeline = createTimeline({ cursorKey: 'a key of the tests' })
const hostId = newId()

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
const iso = (micros: bigint): string => {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  return `${new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19)}.${String(fraction).padStart(6, '0')}Z`
}

const withTimes = (key: string, times: readonly [field: string, at: bigint][], row: TestRow): TestRow =>
  testRow(key, {
    timestamp: times[0]?.[1],
    time_field: times[0]?.[0] ?? '',
    time_names: times.map(([field]) => field),
    time_values: times.map(([, at]) => at),
    ...row,
  })

const macb = [
  'Created0x10',
  'LastModified0x10',
  'LastRecordChange0x10',
  'LastAccess0x10',
  'Created0x30',
  'LastModified0x30',
  'LastRecordChange0x30',
  'LastAccess0x30',
]
const minute = 60_000_000n
// Of eight times of an entry some are equal; each tenth entry has them all at once, each seventh was made before 1970.
const mft = Array.from({ length: 60 }, (_, i) => {
  const made = i % 7 === 6 ? -BigInt(i) * 86_400_000_000n - 1n : base + BigInt(i) * minute + BigInt(i)
  const times = macb.map((field, at): [string, bigint] => [field, i % 10 === 9 ? made : made + BigInt((at * (i % 4)) % 6) * 1000n])
  return withTimes(`mft ${i}`, times, {
    artifact: 'Windows.NTFS.MFT',
    host_key: `C.${i % 3}`,
    host_name: `HOST-${i % 3}`,
    event_category: 'file',
    file_name: `f${i}`,
    fields: { OSPath: [`C:\\f${i}`] },
  })
})
const pslist = Array.from({ length: 40 }, (_, i) =>
  withTimes(`ps ${i}`, i % 4 === 3 ? [] : [['CreateTime', base + BigInt(i) * minute]], {
    artifact: 'Windows.System.Pslist',
    host_key: `C.${i % 3}`,
    host_name: `HOST-${i % 3}`,
    event_category: 'process',
  }),
)
// A column may hold several times, of which two are the same.
const prefetch = withTimes(
  'prefetch',
  [
    ['LastRunTimes', base],
    ['LastRunTimes', base + minute],
    ['LastRunTimes', base],
    ['CreationTime', base],
  ],
  {
    artifact: 'Windows.Forensics.Prefetch',
    host_key: 'C.1',
    host_name: 'HOST-1',
    service_name: 'not a service, but named as one',
  },
)
const rows = [...mft, ...pslist, prefetch]

interface Expected {
  id: string
  at: bigint
  fields: string[]
  row: TestRow
}
const momentsOf = (row: TestRow, isWanted: (field: string) => boolean = () => true): Expected[] => {
  const found = new Map<bigint, Set<string>>()
  const values = row.time_values as bigint[]
  for (const [i, field] of (row.time_names as string[]).entries()) {
    const at = values[i] ?? 0n
    if (isWanted(field)) found.set(at, (found.get(at) ?? new Set()).add(field))
  }
  return [...found].map(([at, fields]) => ({ id: String(row.id), at, fields: [...fields], row }))
}
const inOrder = (list: Expected[]): Expected[] => list.toSorted((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1))
const expected = inOrder(rows.flatMap((row) => momentsOf(row)))
const keyOf = (one: { id: string; at: bigint | string }): string =>
  `${typeof one.at === 'string' ? iso(microsOf(one.at)) : iso(one.at)} ${one.id}`
const microsOf = (at: string): bigint =>
  BigInt(Date.parse(at.replace(/\.\d+/, ''))) * 1000n + BigInt((/\.(\d+)/.exec(at)?.[1] ?? '').padEnd(6, '0'))

let ctx: Ctx
beforeAll(async () => {
  ctx = await newCtx()
  await insertBlock(ctx.events, 'events', encodeRows(rows), 'all')
  const names = [
    ...macb.map((name) => ({ artifact: 'Windows.NTFS.MFT', name })),
    { artifact: 'Windows.System.Pslist', name: 'CreateTime' },
    { artifact: 'Windows.Forensics.Prefetch', name: 'LastRunTimes' },
  ].map((n) => ({ tenant_id: ctx.tenant.id, ...n }))
  await inTenant(ctx.db, async (q) => {
    await q.insertInto('field_names').values(names).execute()
    await q.insertInto('hosts').values({ tenant_id: ctx.tenant.id, id: hostId, hostname: 'HOST-1' }).execute()
    await q.insertInto('host_keys').values({ tenant_id: ctx.tenant.id, key: 'C.1', host_id: hostId }).execute()
  })
})

const ask = async (given: Record<string, unknown>, of: Ctx = ctx) => {
  const answer = await timeline.moments(of, contract.timeline.body.parse(given))
  expect(contract.timeline.response.safeParse(answer).error).toBeUndefined()
  return answer
}
const askDensity = async (given: Record<string, unknown>, of: Ctx = ctx) => {
  const answer = await density(of, contract.timelineDensity.body.parse(given))
  expect(contract.timelineDensity.response.safeParse(answer).error).toBeUndefined()
  return answer
}
const askAll = async (given: Record<string, unknown>) => {
  const moments: contract.Moment[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await ask({ ...given, ...(cursor === undefined ? {} : { cursor }) })
    moments.push(...page.moments)
    if (page.next_cursor === null) return { moments, last: page }
    cursor = page.next_cursor
  }
}
const faultOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!isAppError(error)) throw new Error(`no AppError but ${String(error)}`)
  return { code: error.code, message: error.message, ...error.details }
}

describe('a timeline', () => {
  it('has a row once for each of its different times, and says which columns hold it', async () => {
    const { moments, last } = await askAll({ limit: 1000 })
    expect(moments.map(keyOf)).toEqual(expected.map(keyOf))
    expect(moments.map((one) => one.fields)).toEqual(expected.map((one) => one.fields))
    expect(moments.map((one) => one.is_main)).toEqual(expected.map((one) => one.row.timestamp === one.at))
    expect(last).toMatchObject({ total: expected.length, rows: 91, without_time: 10, before: null })
  })
  it('keeps microseconds, and times before 1970', async () => {
    const { moments } = await ask({ limit: 1 })
    expect(moments[0]?.at).toBe('1969-11-06T23:59:59.999999Z')
  })
  it.each([17, 50])('is the whole from both ends in pages of %i, the same in either order', async (limit) => {
    const [up, down] = [await askAll({ limit, query: 'artifact:*MFT' }), await askAll({ limit, query: 'artifact:*MFT', order: 'newest' })]
    const want = expected.filter((one) => one.row.artifact === 'Windows.NTFS.MFT').map(keyOf)
    expect(up.moments.map(keyOf)).toEqual(want)
    expect(down.moments.map(keyOf).toReversed()).toEqual(want)
    expect(up.last.total).toBe(want.length)
  })
  it('is the whole around any anchor: what is before it and what comes from it on, with their numbers', async () => {
    const places = [0, 1, 40, expected.length - 1].map((at) => expected[at])
    for (const place of places) {
      if (place === undefined) throw new Error('no such place')
      for (const anchor of [{ at: iso(place.at) }, { at: iso(place.at), id: place.id }]) {
        const before = await askAll({ anchor, order: 'newest', limit: 30 })
        const after = await askAll({ anchor, limit: 30 })
        expect([...before.moments.toReversed(), ...after.moments].map(keyOf)).toEqual(expected.map(keyOf))
        expect((await ask({ anchor, limit: 1 })).before).toBe(before.moments.length)
      }
    }
  })
  it('counts nothing where that is not asked for, and gives the same moments', async () => {
    const anchor = { at: iso(base) }
    const { moments, next_cursor, total, before } = await ask({ anchor, limit: 3, counts: false })
    expect(moments.map(keyOf)).toEqual((await ask({ anchor, limit: 3 })).moments.map(keyOf))
    expect([total, before]).toEqual([null, null])
    expect((await ask({ anchor, limit: 3, cursor: next_cursor })).total).toBeNull()
  })
  it('passes over as many as it is told to', async () => {
    const { moments } = await ask({ skip: 33, limit: 5 })
    expect(moments.map(keyOf)).toEqual(expected.slice(33, 38).map(keyOf))
  })
  it('applies a range to the moment itself, not to the main time of its row', async () => {
    const [from, to] = [base + 2n * minute + 3000n, base + 30n * minute]
    const want = expected.filter((one) => one.at >= from && one.at < to)
    const found = await askAll({ from: iso(from), to: iso(to), limit: 20 })
    expect(found.moments.map(keyOf)).toEqual(want.map(keyOf))
    expect(found.last).toMatchObject({ total: want.length, rows: new Set(want.map((one) => one.id)).size, without_time: 10 })
  })
  it('may be of one column, of whose times there may be several, and counts rows without it', async () => {
    const want = rows.flatMap((row) => momentsOf(row, (field) => field === 'LastRunTimes'))
    const found = await ask({ time_field: 'lastruntimes' })
    expect(found.moments.map(keyOf)).toEqual(inOrder(want).map(keyOf))
    expect(found).toMatchObject({ total: 2, rows: 1, without_time: 100 })
    expect(found.moments[0]?.fields).toEqual(['LastRunTimes'])
    expect((await ask({ query: '* | timeline LastRunTimes' })).total).toBe(2)
  })
  it('may be of main times alone', async () => {
    const want = rows.flatMap((row) => momentsOf(row).filter((one) => one.at === row.timestamp))
    const found = await askAll({ time_field: 'timestamp', limit: 13 })
    expect(found.moments.map(keyOf)).toEqual(inOrder(want).map(keyOf))
    expect(found.moments.every((one) => one.is_main)).toBe(true)
    const [from, to] = [iso(base), iso(base + 10n * minute)]
    const inside = want.filter((one) => one.at >= base && one.at < base + 10n * minute)
    expect((await ask({ query: '| timeline timestamp', from, to })).total).toBe(inside.length)
  })
  it('gives each row of a page once, with all that a search gives', async () => {
    const { moments, events } = await ask({ query: 'file_name:f5', lanes: 'artifact' })
    expect(moments.length).toBeGreaterThan(1)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ id: testId('mft 5'), artifact: 'Windows.NTFS.MFT', ecs: { file_name: 'f5' } })
    expect(new Set(moments.map((one) => one.lane))).toEqual(new Set(['Windows.NTFS.MFT']))
  })
  it('refuses what holds no time, a field that nobody knows, and a cursor of another question', async () => {
    expect(await faultOf(ask({ time_field: 'file_name' }))).toMatchObject({ code: 'validation' })
    expect(await faultOf(ask({ query: '* | timeline file_name' }))).toMatchObject({ code: 'syntax', position: 13 })
    expect(await faultOf(ask({ lanes: 'nobody_knows' }))).toMatchObject({ code: 'validation' })
    const { next_cursor } = await ask({ limit: 1 })
    expect(await faultOf(ask({ limit: 1, query: 'x', cursor: next_cursor }))).toMatchObject({ code: 'validation' })
  })
})

describe('the density', () => {
  it.each(['host', 'artifact', 'kind', 'file_name'])('adds up to every moment by %s', async (lanes) => {
    const found = await askDensity({ lanes, top: 3 })
    expect(found.total).toBe(expected.length)
    const sum = (list: readonly number[]) => list.reduce((all, n) => all + n, 0)
    expect(sum(found.lanes.map((one) => one.moments))).toBe(expected.length)
    for (const one of found.lanes) expect(sum(one.counts)).toBe(one.moments)
    expect(found).toMatchObject({ rows: 91, without_time: 10 })
  })
  it('counts each bucket as a recount does, in the range that was asked for', async () => {
    const [from, to] = [base, base + 30n * minute]
    const found = await askDensity({ lanes: 'host', from: iso(from), to: iso(to), buckets: 40 })
    const width = BigInt(found.bucket_micros)
    for (const one of found.lanes)
      for (const [at, start] of found.starts.entries()) {
        const begin = microsOf(start)
        const inside = expected.filter(
          (m) => m.row.host_name === one.key && m.at >= from && m.at < to && m.at >= begin && m.at < begin + width,
        )
        expect(one.counts[at], `${one.key} ${start}`).toBe(inside.length)
      }
    expect(found).toMatchObject({ from: '2025-03-10T09:46:40Z', to: '2025-03-10T10:16:40Z' })
  })
  it('is shown to the microsecond', async () => {
    const found = await askDensity({ from: iso(base), to: iso(base + 100n), buckets: 100 })
    expect(found.bucket_micros).toBe(1)
    expect(found.starts[1]).toBe('2025-03-10T09:46:40.000001Z')
  })
  it('names the lanes with the most moments, and the number of the others', async () => {
    const found = await askDensity({ lanes: 'file_name', top: 2 })
    expect(found.lanes).toHaveLength(3)
    expect(found.lanes[2]).toMatchObject({ key: 'Other', is_other: true, lanes: 59 })
  })
  it('has the lanes of kinds in their order, also where nothing is', async () => {
    const found = await askDensity({ lanes: 'kind' })
    expect(found.lanes.map((one) => [one.key, one.moments > 0])).toEqual([
      ['Processes', true],
      ['Files', true],
      ['Persistence', true],
      ['Network', false],
      ['Logons', false],
    ])
  })
  it('is empty where nothing is found', async () => {
    expect(await askDensity({ query: 'artifact:none' })).toMatchObject({ from: null, lanes: [], total: 0, without_time: 0 })
    expect(await askDensity({ from: '2200-01-01T00:00:00Z', to: '2201-01-01T00:00:00Z' })).toMatchObject({ total: 0, lanes: [] })
  })
})

describe('what surrounds a row', () => {
  const ofHost = (row: TestRow) => row.host_key === 'C.1'
  it('is every moment of its host, as long before as after', async () => {
    const found = await surrounding(ctx, contract.surrounding.body.parse({ event_id: testId('mft 4'), minutes: 2 }))
    expect(contract.surrounding.response.safeParse(found).error).toBeUndefined()
    const at = base + 4n * minute + 4n
    const want = expected.filter((one) => ofHost(one.row) && one.at >= at - 2n * minute && one.at <= at + 2n * minute)
    expect(found.moments.map(keyOf)).toEqual(want.map(keyOf))
    expect(found).toMatchObject({ host_id: hostId, host_name: 'HOST-1', total: want.length })
    expect(found.before).toBe(want.findIndex((one) => one.id === testId('mft 4')))
    expect(found.events.every((one) => one.host_name === 'HOST-1')).toBe(true)
  })
  it('of a host that is not known are the rows with its key', async () => {
    const found = await surrounding(ctx, contract.surrounding.body.parse({ event_id: testId('mft 3'), minutes: 1, limit: 1000 }))
    expect(found.host_id).toBeNull()
    expect(new Set(found.events.map((one) => one.host_name))).toEqual(new Set(['HOST-0']))
  })
  it('is asked in vain of a row without a time, and of a row of another tenant', async () => {
    const stranger = await newCtx()
    const given = (key: string) => contract.surrounding.body.parse({ event_id: testId(key) })
    expect(await faultOf(surrounding(ctx, given('ps 3')))).toMatchObject({ code: 'validation' })
    expect(await faultOf(surrounding(stranger, given('mft 4')))).toMatchObject({ code: 'not_found' })
    expect(await ask({}, stranger)).toMatchObject({ total: 0, moments: [] })
  })
})

describe('rows that are too large to be handed over at once', () => {
  it('come in shorter pages, and around a row as many as can', async () => {
    const large = await newCtx()
    const rows = Array.from({ length: 36 }, (_, n) =>
      withTimes(`large ${n}`, [['At', base + BigInt(n) * 1_000_000n]], {
        host_key: 'C.9',
        host_name: 'LARGE',
        fields: { Dump: ['x'.repeat(2_000_000)] },
      }),
    )
    await insertBlock(large.events, 'events', encodeRows(rows), 'large')
    const ids: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await ask({ limit: 36, ...(cursor === undefined ? {} : { cursor }) }, large)
      expect(page).toMatchObject({ total: 36, events: { length: page.moments.length } })
      ids.push(...page.moments.map((one) => one.id))
      if (page.next_cursor === null) break
      cursor = page.next_cursor
    }
    expect(ids).toEqual(rows.map((_, n) => testId(`large ${n}`)))
    const around = await surrounding(large, contract.surrounding.body.parse({ event_id: testId('large 30'), minutes: 5, limit: 100 }))
    expect(around).toMatchObject({ total: 36, before: 30 })
    const shown = around.moments.map((one) => one.id)
    const from = 30 - shown.indexOf(testId('large 30'))
    expect(shown.length).toBeGreaterThan(8)
    expect(shown).toEqual(ids.slice(from, from + shown.length))
  })
})

describe('the columns that hold times', () => {
  it('are counted by rows', async () => {
    const { fields, total } = await timeFields(ctx, contract.timelineFields.body.parse({}))
    expect(total).toBe(11)
    expect(fields[0]?.rows).toBe(60)
    expect(fields.find((one) => one.name === 'LastRunTimes')?.rows).toBe(1)
  })
})
