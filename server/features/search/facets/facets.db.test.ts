import { beforeAll, describe, expect, it } from 'vitest'
import { facets as facetsRoute } from '../../../../shared/contract/hunt/facets.ts'
import { prevalence as prevalenceRoute } from '../../../../shared/contract/hunt/prevalence.ts'
import * as contract from '../../../../shared/contract/search.ts'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { encodeRows, testRow, type TestRow } from '../../../../test/harness/event-rows.ts'
import { withEventStore } from '../../../../test/harness/event-store.ts'
import { inTenant } from '../../../db/tenant.ts'
import { insertBlock } from '../../../events/query.ts'
import type { Ctx, TenantEvidence } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'
import { facets, fieldValues, histogram, listFields, prevalence } from '../index.ts'

const plane = withControlPlane()
const store = withEventStore()
const base = 1_741_600_000_000_000n // 2025-03-10T09:46:40Z
const second = 1_000_000n
const names = ['Created', 'Modified', 'Tags', 'Note'] as const
let ctx: Ctx

const pick = <T>(of: readonly T[], at: number): T => of[at % of.length] as T
const isoOf = (micros: bigint): string => new Date(Number(micros / 1000n)).toISOString()

interface Known {
  key: string
  user: string
  pid: number | undefined
  tags: string[]
  at: bigint | undefined
  /** What the row carries under Created, the earliest first. */
  created: bigint[]
  /** A time that stands in the column as text only. */
  modified: bigint | undefined
}

const known: Known[] = Array.from({ length: 400 }, (_, i) => ({
  key: pick(['C.1', 'C.2', 'two', '', 'C.3'], i),
  user: pick(['alice', 'bob', 'Other', '', 'alice', 'carol', 'dan', 'eve', 'fay', 'gil'], Math.floor((i * i) / 7)),
  pid: i % 9 === 0 ? undefined : i % 23,
  tags: pick([['a', 'b'], [], ['b', 'b'], [''], ['c']], i),
  at: i % 6 === 5 ? undefined : base + BigInt(i) * 90n * second,
  created: i % 4 === 0 ? [] : [base - BigInt(i) * 3600n * second, ...(i % 8 === 1 ? [base] : [])].sort((a, b) => (a < b ? -1 : 1)),
  modified: i % 10 === 2 ? base + BigInt(i) * second : undefined,
}))

const rows: TestRow[] = known.map((one, i) =>
  testRow(`row ${i}`, {
    ...(one.at === undefined ? {} : { timestamp: one.at, time_field: 'At' }),
    artifact: 'Windows.NTFS.MFT',
    host_key: one.key,
    user_name: one.user,
    process_pid: one.pid,
    time_names: one.created.map(() => 'Created'),
    time_values: one.created,
    ingested_at: 1_773_144_000_000n + BigInt(i % 3) * 86_400_000n,
    fields: {
      Tags: one.tags,
      Note: [i === 7 ? '2021-02-31T25:00:00Z' : `n${i}`],
      // as a number of seconds, which nobody would take for a time
      ...(one.created.length === 0 ? {} : { Created: one.created.map((at) => String(at / second)) }),
      ...(one.modified === undefined ? {} : { Modified: [isoOf(one.modified)] }),
    },
  }),
)

beforeAll(async () => {
  const tenant = await plane.createTenant()
  const { events } = await store.createTenant(tenant.id)
  ctx = {
    tenant,
    actor: { kind: 'system', user_id: null, username: 'test', role: 'admin', is_platform_admin: false, session_id: null },
    db: tenant.db,
    events,
    evidence: {} as TenantEvidence,
    log: store.log,
    requestId: 'test',
    now: () => new Date('2026-03-12T12:00:00Z'),
    signal: new AbortController().signal,
    client: null,
    can: () => true,
    inTx: (work) => work(ctx),
  }
  await insertBlock(events, 'events', encodeRows(rows), 'all')
  const host = newId()
  await inTenant(tenant.db, async (q) => {
    const own = names.map((name) => ({ tenant_id: tenant.id, artifact: 'Windows.NTFS.MFT', name }))
    await q.insertInto('field_names').values(own).execute()
    await q.insertInto('hosts').values({ tenant_id: tenant.id, id: host, hostname: 'TWO' }).execute()
    const keys = ['C.2', 'two'].map((key) => ({ tenant_id: tenant.id, key, host_id: host }))
    await q.insertInto('host_keys').values(keys).execute()
  })
})

/** A facet as it must be, from the values of each row. */
const facetOf = (field: string, valuesOf: (one: Known) => readonly string[], limit: number, of = known) => {
  const counts = new Map<string, { rows: number; hosts: Set<string> }>()
  let missing = 0
  for (const one of of) {
    const values = new Set(valuesOf(one))
    if (values.size === 0) missing += 1
    for (const value of values) {
      const count = counts.get(value) ?? { rows: 0, hosts: new Set<string>() }
      count.rows += 1
      if (one.key !== '') count.hosts.add(one.key === 'two' ? 'C.2' : one.key)
      counts.set(value, count)
    }
  }
  const all = [...counts].map(([value, count]) => ({ value, rows: count.rows, hosts: count.hosts.size }))
  const byValue = (a: { value: string }, b: { value: string }) => (a.value < b.value ? -1 : 1)
  return {
    field,
    rows: of.length - missing,
    missing,
    distinct: all.length,
    top: [...all].sort((a, b) => b.rows - a.rows || byValue(a, b)).slice(0, limit),
    rare: [...all].sort((a, b) => a.rows - b.rows || byValue(a, b)).slice(0, limit),
  }
}
const users = (one: Known) => (one.user === '' ? [] : [one.user])
const pids = (one: Known) => (one.pid === undefined ? [] : [String(one.pid)])

const ask = (given: Record<string, unknown>) => facets(ctx, facetsRoute.body.parse(given))

describe('facets', () => {
  it('are what counting row by row gives: rows with and without, different values, both ends, hosts', async () => {
    const found = await ask({ fields: ['user_name', 'process_pid', 'Tags'], limit: 4 })
    expect(facetsRoute.response.safeParse(found).error).toBeUndefined()
    expect(found.total).toBe(400)
    expect(found.facets).toEqual([facetOf('user_name', users, 4), facetOf('process_pid', pids, 4), facetOf('Tags', (one) => one.tags, 4)])
  })

  it('count the rows of the query and of its time range only', async () => {
    const from = base + 3600n * second
    const found = await ask({ fields: ['user_name'], query: 'Tags:b', from: isoOf(from), limit: 200 })
    const of = known.filter((one) => one.at !== undefined && one.at >= from && one.tags.includes('b'))
    expect(found).toMatchObject({ total: of.length, facets: [facetOf('user_name', users, 200, of)] })
  })

  it('are those of all normalised fields that rows have when none is named', async () => {
    const found = await ask({ limit: 1 })
    expect(found.facets.map((one) => one.field)).toEqual(['artifact', 'user_name', 'process_pid'])
    expect(await ask({ query: 'no-such-word' })).toMatchObject({ facets: [], total: 0 })
  })

  it('say the same as the list of values of one field', async () => {
    const { facets: found } = await ask({ fields: ['Tags'], limit: 3 })
    for (const order of ['top', 'rare'] as const) {
      const one = await fieldValues(ctx, contract.fieldValues.body.parse({ field: 'Tags', order, limit: 3 }))
      expect(found[0]).toMatchObject({ [order]: one.values, distinct: one.distinct, missing: one.missing })
    }
  })

  it('name the field that nobody knows', async () => {
    await expect(ask({ fields: ['user_name', 'user_nane'] })).rejects.toMatchObject({
      code: 'validation',
      details: { suggestion: 'user_name' },
    })
  })
})

describe('a histogram over another time', () => {
  const over = (given: Record<string, unknown>) => histogram(ctx, contract.histogram.body.parse(given))
  const totalOf = (found: Awaited<ReturnType<typeof over>>) => found.series.reduce((sum, one) => sum + one.total, 0)

  it('counts each row once, at the earliest of its times in that column, and says how many have none', async () => {
    const found = await over({ time_field: 'Created', by: 'user_name', buckets: 40 })
    expect(contract.histogram.response.safeParse(found).error).toBeUndefined()
    const timed = known.filter((one) => one.created.length > 0)
    const firsts = timed.map((one) => one.created[0] ?? 0n)
    const least = firsts.reduce((a, b) => (a < b ? a : b))
    const most = firsts.reduce((a, b) => (a > b ? a : b))
    expect(found).toMatchObject({
      total: timed.length,
      without_time: 400 - timed.length,
      from: isoOf(least).replace('.000', ''),
      to: isoOf(most).replace('.000', ''),
    })
    expect(totalOf(found)).toBe(timed.length)
    for (const [at, start] of found.starts.entries()) {
      const begins = BigInt(Date.parse(start)) * 1000n
      const inside = firsts.filter((first) => first >= begins && first < begins + BigInt(found.bucket_ms) * 1000n).length
      expect(found.series.reduce((sum, one) => sum + (one.counts[at] ?? 0), 0)).toBe(inside)
    }
  })

  it('reads the texts of a column that the rows do not carry as a time', async () => {
    const found = await over({ time_field: 'Modified' })
    const timed = known.filter((one) => one.modified !== undefined)
    expect([found.total, found.without_time, totalOf(found)]).toEqual([timed.length, 400 - timed.length, timed.length])
    expect(await over({ time_field: 'Note' })).toMatchObject({ total: 0, without_time: 400, starts: [] })
  })

  it('has the time at which rows were stored, and the whole reach of the rows where the range is one of the main time', async () => {
    const stored = await over({ time_field: 'ingested_at', buckets: 3, by: 'ingested_at' })
    expect([stored.total, stored.without_time, stored.starts.length]).toEqual([400, 0, 3])
    const from = isoOf(base + 3600n * second)
    const ranged = await over({ time_field: 'Created', from })
    const of = known.filter((one) => one.at !== undefined && one.at >= base + 3600n * second)
    expect([ranged.total, ranged.without_time]).toEqual([
      of.filter((one) => one.created.length > 0).length,
      of.filter((one) => one.created.length === 0).length,
    ])
  })

  it('tells rows without the main time apart from those of a bar, with a range and without', async () => {
    const untimed = known.filter((one) => one.at === undefined).length
    expect(await over({})).toMatchObject({ total: 400 - untimed, without_time: untimed })
    const ranged = await over({ from: isoOf(base + 3600n * second) })
    expect(ranged.without_time).toBe(untimed)
    expect(totalOf(ranged)).toBe(ranged.total)
  })

  it('tells a value that is called Other from all the others', async () => {
    const found = await over({ by: 'user_name', query: 'timestamp:*' })
    expect(found.series.filter((one) => one.key === 'Other').map((one) => one.is_other)).toEqual([false, true])
  })

  it('refuses a field that holds no times, and names it', async () => {
    await expect(over({ time_field: 'user_name' })).rejects.toMatchObject({ code: 'validation', message: 'user_name holds no times.' })
  })

  it('is offered by every name under which rows carry times', async () => {
    const { fields } = await listFields(ctx, contract.search.body.parse({}))
    const types = new Map(fields.map((one) => [one.name, one.type]))
    expect(names.map((name) => types.get(name))).toEqual(['time', 'time', 'text', 'text'])
  })
})

describe('a caller who has gone', () => {
  it('ends every view of the query', async () => {
    const gone = new AbortController()
    const of: Ctx = { ...ctx, signal: gone.signal }
    const views = [
      facets(of, facetsRoute.body.parse({ fields: ['Tags', 'user_name'] })),
      histogram(of, contract.histogram.body.parse({ time_field: 'Created' })),
      listFields(of, contract.search.body.parse({})),
      prevalence(of, prevalenceRoute.body.parse({ values: [{ field: 'Tags', value: 'never asked before' }] })),
    ]
    gone.abort(new Error('the browser went'))
    const ends = await Promise.allSettled(views)
    expect(ends.map((end) => (end.status === 'rejected' ? String(end.reason) : 'answered'))).toEqual(
      views.map(() => 'Error: the browser went'),
    )
  })
})
