import { beforeAll, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import * as contract from '../../../../shared/contract/hunt/stack.ts'
import { search as searchRoute } from '../../../../shared/contract/search.ts'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { encodeRows } from '../../../../test/harness/event-rows.ts'
import { combinations, type Counted, hostOf, type Plain, plainRows, recount, stored } from '../../../../test/harness/rows/stack-rows.ts'
import { withEventStore } from '../../../../test/harness/event-store.ts'
import { inTenant } from '../../../db/tenant.ts'
import { execute, insertBlock, queryRows, table } from '../../../events/query.ts'
import type { Ctx, TenantEvidence } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'
import { sql } from '../../../platform/sql.ts'
import { groupTerm } from '../../../../shared/query/group-term.ts'
import { createSearch } from '../index.ts'
import { addToBaseline, deleteBaseline, listBaselines, saveBaseline } from './baselines.ts'
import { stackGroupDetail } from './peek.ts'
import { stack } from './stack.ts'

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

const knowNames = async (ctx: Ctx): Promise<void> => {
  const hostId = newId()
  await inTenant(ctx.db, async (q) => {
    const names = ['Tags', 'Company'].flatMap((name) =>
      ['Windows.System.Pslist', 'Windows.System.Services'].map((artifact) => ({ tenant_id: ctx.tenant.id, artifact, name })),
    )
    await q.insertInto('field_names').values(names).execute()
    await q.insertInto('hosts').values({ tenant_id: ctx.tenant.id, id: hostId, hostname: 'TWO' }).execute()
    await q
      .insertInto('host_keys')
      .values(['C.2', 'host:two'].map((key) => ({ tenant_id: ctx.tenant.id, key, host_id: hostId })))
      .execute()
  })
}

const microsOf = (iso: string | null): bigint | null => {
  if (iso === null) return null
  const fraction = /\.(\d+)Z/.exec(iso)?.[1] ?? ''
  return BigInt(Date.parse(iso.replace(/\.\d+/, ''))) * 1000n + BigInt(fraction.padEnd(6, '0'))
}
const counted = (group: contract.StackGroup): Counted => ({
  values: group.values,
  rows: group.rows,
  hosts: group.hosts,
  first: microsOf(group.first_seen),
  last: microsOf(group.last_seen),
})
const sorted = (groups: readonly Counted[]): Counted[] =>
  [...groups].sort((a, b) => (JSON.stringify(a.values) < JSON.stringify(b.values) ? -1 : 1))

let ctx: Ctx
const ask = (body: Record<string, unknown>, of: Ctx = ctx) => stack(of, 'a key of the tests', contract.stack.body.parse(body))

beforeAll(async () => {
  ctx = await newCtx()
  await knowNames(ctx)
  await insertBlock(ctx.events, 'events', encodeRows(stored), 'all')
})

const fieldSets = [
  ['process_name'],
  ['artifact'],
  ['process_pid'],
  ['Tags'],
  ['raw.Company'],
  ['process_name', 'user_name'],
  ['Company', 'Tags', 'process_pid'],
  ['process_name', 'user_name', 'process_pid', 'Company', 'Tags'],
]
const bare = (fields: readonly string[]): string[] => fields.map((field) => field.replace('raw.', ''))

describe('a stack', () => {
  it.each(fieldSets)('by %s %s %s is what counting the rows one by one gives', async (...fields) => {
    const answer = await ask({ fields: fields.filter((one) => typeof one === 'string'), limit: 1000 })
    const names = bare(fields.filter((one) => typeof one === 'string'))
    const expected = recount(plainRows, names)
    expect(sorted(answer.groups.map(counted))).toEqual(sorted(expected))
    expect(answer.total_groups).toBe(expected.length)
    const held = plainRows.filter((row) => combinations(row, names).length > 0)
    expect([answer.rows, answer.missing]).toEqual([held.length, plainRows.length - held.length])
    expect(answer.hosts).toBe(new Set(held.map((row) => hostOf(row.host)).filter(Boolean)).size)
    expect(answer.fleet).toBe(6)
    expect(answer.by_hosts.reduce((sum, bar) => sum + bar.groups, 0)).toBe(expected.length)
    for (const { from, to, groups } of answer.by_hosts)
      expect(groups).toBe(expected.filter((group) => group.hosts >= from && (to === null || group.hosts <= to)).length)
    for (const group of answer.groups) expect(group.share).toBeCloseTo(group.hosts / 6)
  })

  it('shows rows over time as they are, and all of those that have a time', async () => {
    const answer = await ask({ fields: ['process_name'], limit: 1000 })
    const { from, bar_ms } = answer.spark ?? { from: '', bar_ms: 0 }
    const start = microsOf(from) ?? 0n
    for (const group of answer.groups) {
      const bars = Array.from({ length: 14 }, () => 0)
      for (const row of plainRows)
        if (row.at !== null && row.values.process_name?.[0] === group.values[0]) {
          const at = Number((row.at - start) / BigInt(Math.round(bar_ms * 1000)))
          bars[at] = (bars[at] ?? 0) + 1
        }
      expect(group.spark, String(group.values[0])).toEqual(bars)
    }
  })

  it('comes in the order that was asked for, by rows or by hosts', async () => {
    const key = {
      rare: (g: Counted) => [g.rows, g.hosts],
      top: (g: Counted) => [-g.rows, -g.hosts],
      newest: (g: Counted) => [g.first === null ? Number.MAX_VALUE : -Number(g.first), g.rows],
    }
    for (const order of ['rare', 'top', 'newest'] as const)
      for (const by_host of [false, true]) {
        const { groups } = await ask({ fields: ['process_name', 'user_name'], order, by_host, limit: 1000 })
        const ranks = groups.map((group) => {
          const [a = 0, b = 0] = key[order](counted(group))
          if (!by_host) return [a, b]
          return order === 'newest' ? [a, group.hosts] : [b, a]
        })
        const again = [...ranks].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d)
        expect(ranks, `${order} ${by_host}`).toEqual(again)
      }
  })

  it('keeps what a condition on rows or hosts leaves, and still says how all are spread', async () => {
    const all = recount(plainRows, ['process_name'])
    const having = [
      { of: 'hosts', op: '<=', value: 3 },
      { of: 'count', op: '>', value: 1 },
    ]
    const answer = await ask({ fields: ['process_name'], having, limit: 1000 })
    expect(sorted(answer.groups.map(counted))).toEqual(sorted(all.filter((g) => g.hosts <= 3 && g.rows > 1)))
    expect(answer.by_hosts.reduce((sum, bar) => sum + bar.groups, 0)).toBe(all.length)
    const none = await ask({ fields: ['process_name'], having: [{ of: 'hosts', op: '>', value: 100 }] })
    expect([none.groups, none.total_groups, none.next_cursor]).toEqual([[], 0, null])
  })

  it('reads fields, order, number and conditions from the stages of its query', async () => {
    const answer = await ask({ query: 'artifact:Windows.System.Pslist | stack process_name by host top 3 | where count > 2' })
    const rows = plainRows.filter((row) => row.values.artifact?.[0] === 'Windows.System.Pslist')
    const expected = recount(rows, ['process_name'])
      .filter((group) => group.rows > 2)
      .sort((a, b) => b.hosts - a.hosts || b.rows - a.rows || (String(a.values[0]) < String(b.values[0]) ? -1 : 1))
    expect(answer.groups.map(counted).map((g) => [g.hosts, g.rows])).toEqual(expected.slice(0, 3).map((g) => [g.hosts, g.rows]))
    expect([answer.total_groups, answer.stops_after, answer.next_cursor]).toEqual([expected.length, 3, null])
    expect([answer.fields, answer.order, answer.by_host]).toEqual([['process_name'], 'top', true])
  })

  it('leaves out the rows without a time where a time range is set', async () => {
    const from = '2025-03-15T00:00:00Z'
    const answer = await ask({ fields: ['process_name'], from, limit: 1000 })
    const inside = plainRows.filter((row) => row.at !== null && row.at >= (microsOf(from) ?? 0n))
    expect(sorted(answer.groups.map(counted))).toEqual(sorted(recount(inside, ['process_name'])))
    expect(answer.spark?.from).toBe(from)
  })

  it('of nothing is empty, and sees no row of another tenant', async () => {
    const stranger = await newCtx()
    const answer = await ask({ fields: ['process_name'] }, stranger)
    expect(answer).toMatchObject({ groups: [], total_groups: 0, rows: 0, missing: 0, hosts: 0, fleet: 0, spark: null, next_cursor: null })
  })

  it('is refused where it names no field, an unknown one, or one twice', async () => {
    await expect(ask({})).rejects.toMatchObject({ code: 'validation', message: expect.stringContaining('Say what to stack') as string })
    await expect(ask({ fields: ['proces_name'] })).rejects.toMatchObject({ details: { suggestion: 'process_name' } })
    await expect(ask({ fields: ['process_name', 'process.name'] })).rejects.toMatchObject({ code: 'validation' })
    await expect(ask({ fields: ['Tags', 'raw.tags'] })).rejects.toMatchObject({ code: 'validation' })
  })

  it('ends with the caller', async () => {
    const stop = new AbortController()
    stop.abort(new Error('gone'))
    await expect(ask({ fields: ['process_name'] }, { ...ctx, signal: stop.signal })).rejects.toThrow('gone')
  })
})

describe('the pages of a stack', () => {
  it('put one behind the other are the whole, whatever their length, order and fields', async () => {
    const wholes = new Map<string, contract.StackAnswer>()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...fieldSets),
        fc.constantFrom('rare', 'top', 'newest'),
        fc.boolean(),
        fc.integer({ min: 60, max: 400 }),
        async (fields, order, by_host, limit) => {
          const body = { fields, order, by_host }
          const key = JSON.stringify(body)
          const whole = wholes.get(key) ?? (await ask({ ...body, limit: 1000 }))
          wholes.set(key, whole)
          const pages: contract.StackGroup[] = []
          let cursor: string | null = null
          do {
            const page: contract.StackAnswer = await ask({ ...body, limit, ...(cursor === null ? {} : { cursor }) })
            expect([page.total_groups, page.rows, page.by_hosts]).toEqual([whole.total_groups, whole.rows, whole.by_hosts])
            pages.push(...page.groups)
            cursor = page.next_cursor
          } while (cursor !== null)
          expect(pages).toEqual(whole.groups)
        },
      ),
      { numRuns: 6 },
    )
  })

  it('may begin further on, from the first group or from a page', async () => {
    const { groups } = await ask({ fields: ['process_name', 'user_name'], limit: 1000 })
    const later = await ask({ fields: ['process_name', 'user_name'], limit: 5, skip: 20 })
    expect(later.groups).toEqual(groups.slice(20, 25))
    const further = await ask({ fields: ['process_name', 'user_name'], limit: 5, skip: 3, cursor: later.next_cursor })
    expect(further.groups).toEqual(groups.slice(28, 33))
    expect(further.total_groups).toBe(groups.length)
  })

  it('of another question or with a changed place are refused', async () => {
    const { next_cursor } = await ask({ fields: ['process_name'], limit: 2 })
    await expect(ask({ fields: ['user_name'], limit: 2, cursor: next_cursor })).rejects.toMatchObject({ code: 'validation' })
    await expect(ask({ fields: ['process_name'], limit: 2, cursor: `x${next_cursor}` })).rejects.toMatchObject({ code: 'validation' })
  })
})

describe('a look into one group', () => {
  const peek = (body: Record<string, unknown>) => stackGroupDetail(ctx, contract.stackGroupDetail.body.parse(body))

  it('has the hosts, rows and first times of exactly its rows', async () => {
    for (const values of [
      ['cmd.exe', 'alice'],
      [null, 'alice'],
      ['cmd.exe', null],
    ]) {
      const rows = plainRows.filter(
        (row) => (row.values.process_name?.[0] ?? null) === values[0] && (row.values.user_name?.[0] ?? null) === values[1],
      )
      const found = await peek({ fields: ['process_name', 'user_name'], values })
      const hosts = new Map<string, Plain[]>()
      for (const row of rows) if (row.host !== '') hosts.set(hostOf(row.host), [...(hosts.get(hostOf(row.host)) ?? []), row])
      expect([found.rows, found.total_hosts]).toEqual([rows.length, hosts.size])
      const counts = [...hosts.values()].map((of) => ({
        rows: of.length,
        first: of.reduce<bigint | null>((least, { at }) => (at !== null && (least === null || at < least) ? at : least), null),
      }))
      const shown = found.hosts.map(({ rows: n, first_seen }) => ({ rows: n, first: microsOf(first_seen) }))
      const order = (a: { rows: number; first: bigint | null }, b: { rows: number; first: bigint | null }) =>
        b.rows - a.rows || Number((a.first ?? 0n) - (b.first ?? 0n))
      expect(shown.sort(order)).toEqual(counts.sort(order))
      expect(found.hosts.some((host) => host.host_id !== null)).toBe(hosts.has('C.2'))
    }
  })

  it('tells what else its rows hold, exactly', async () => {
    const found = await peek({ fields: ['process_name'], values: ['svchost.exe'] })
    const rows = plainRows.filter((row) => row.values.process_name?.[0] === 'svchost.exe')
    const users = recount(rows, ['user_name']).sort((a, b) => b.rows - a.rows)
    const other = found.others.find(({ field }) => field === 'user_name')
    expect(other).toMatchObject({ distinct: users.length, rows: users.reduce((sum, one) => sum + one.rows, 0) })
    expect(other?.values.map((one) => one.rows)).toEqual(users.slice(0, 3).map((one) => one.rows))
    expect(found.others.map(({ field }) => field)).not.toContain('process_name')
  })

  it('finds a value of several in every group of it', async () => {
    const found = await peek({ fields: ['Tags'], values: ['x'] })
    expect(found.rows).toBe(plainRows.filter((row) => row.values.Tags?.includes('x')).length)
    const blank = await peek({ fields: ['Tags'], values: [''] })
    expect(blank.rows).toBe(plainRows.filter((row) => row.values.Tags?.includes('')).length)
    const none = await peek({ fields: ['Tags'], values: [null] })
    expect(none.rows).toBe(plainRows.filter((row) => row.values.Tags?.length === 0).length)
  })

  it('names values that are written almost alike, the nearest first', async () => {
    const { nearest } = await peek({ fields: ['process_name'], values: ['tool1.exe'] })
    expect(nearest.map((one) => one.value).every((value) => value.startsWith('tool'))).toBe(true)
    expect(nearest).toHaveLength(5)
    const all = recount(plainRows, ['process_name'])
    for (const { value, rows, hosts } of nearest) expect(all.find((g) => g.values[0] === value)).toMatchObject({ rows, hosts })
  })
})

describe('a baseline', () => {
  const save = (body: Record<string, unknown>, of: Ctx = ctx) => saveBaseline(of, contract.saveBaseline.body.parse(body))
  const known = 'artifact:Windows.System.Pslist'

  it('holds every group of its stack; a later stack marks the others as new, and can show them alone', async () => {
    const fields = ['process_name', 'Company', 'Tags']
    const baseline = await save({ name: 'Gold', fields, query: known })
    const before = new Set(
      recount(
        plainRows.filter((r) => r.values.artifact?.[0] === 'Windows.System.Pslist'),
        fields,
      ).map((g) => JSON.stringify(g.values)),
    )
    expect(baseline).toMatchObject({ name: 'Gold', groups: before.size, asked: { query: known } })
    const answer = await ask({ fields, baseline_id: baseline.id, limit: 1000 })
    for (const group of answer.groups) expect(group.is_new, JSON.stringify(group.values)).toBe(!before.has(JSON.stringify(group.values)))
    const fresh = answer.groups.filter((group) => group.is_new)
    expect(answer.new_groups).toBe(fresh.length)
    expect(fresh.length).toBeGreaterThan(0)
    const alone = await ask({ fields, baseline_id: baseline.id, only_new: true, limit: 1000 })
    expect(alone.groups).toEqual(fresh)
    expect(alone.total_groups).toBe(fresh.length)
    // the same fields in another order are compared all the same
    const turned = await ask({ fields: ['Tags', 'process_name', 'raw.company'], baseline_id: baseline.id, limit: 1000 })
    expect(turned.new_groups).toBe(fresh.length)
    await expect(ask({ fields: ['process_name'], baseline_id: baseline.id })).rejects.toMatchObject({ code: 'validation' })
  })

  it('takes one more group, once', async () => {
    const [baseline] = await listBaselines(ctx)
    const id = baseline?.id ?? ''
    const body = { fields: ['process_name', 'Company', 'Tags'], baseline_id: id, only_new: true, limit: 1000 }
    const before = await ask(body)
    const [first] = before.groups
    const one = contract.addToBaseline.body.parse({ fields: body.fields, values: first?.values })
    expect(await addToBaseline(ctx, id, one)).toEqual({ added: true, groups: (baseline?.groups ?? 0) + 1 })
    expect(await addToBaseline(ctx, id, one)).toEqual({ added: false, groups: (baseline?.groups ?? 0) + 1 })
    const after = await ask(body)
    expect(after.groups).toEqual(before.groups.slice(1))
  })

  it('has a name of its own, is seen in its tenant alone, and can be deleted with all its groups', async () => {
    await expect(save({ name: 'gold', fields: ['artifact'] })).rejects.toMatchObject({ code: 'conflict' })
    const stranger = await newCtx()
    const [baseline] = await listBaselines(ctx)
    const id = baseline?.id ?? ''
    expect(await listBaselines(stranger)).toEqual([])
    await expect(deleteBaseline(stranger, id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(ask({ fields: ['process_name', 'Company', 'Tags'], baseline_id: id }, stranger)).rejects.toMatchObject({
      code: 'not_found',
    })
    await deleteBaseline(ctx, id)
    expect(await listBaselines(ctx)).toEqual([])
    const { rows } = await queryRows<{ n: string }>(ctx.events, sql`SELECT count() AS n FROM ${table(ctx.events, 'baseline_groups')}`)
    expect(rows[0]?.n).toBe('0')
  })

  it('that was cut off while it was saved is swept a day later, and no other', async () => {
    const kept = await save({ name: 'Kept', fields: ['artifact'] })
    const groups = table(ctx.events, 'baseline_groups')
    for (const days of ['2', '0'])
      await execute(
        ctx.events,
        sql`INSERT INTO ${groups} (baseline_id, group_key, group_values, added_at)
          SELECT generateUUIDv4(), toFixedString('x', 16), ['x'], now64(3) - toIntervalDay(${{ kind: 'param', type: 'UInt32', value: days }})`,
      )
    await save({ name: 'Later', fields: ['artifact'] })
    const { rows } = await queryRows<{ n: string }>(ctx.events, sql`SELECT uniqExact(baseline_id) AS n FROM ${groups}`)
    expect(rows[0]?.n).toBe('3')
    expect((await listBaselines(ctx)).find((one) => one.id === kept.id)?.groups).toBe(2)
  })
})

it('the rows of a group are found by a search for its values, and no others', async () => {
  for (const fields of [
    ['process_name', 'raw.Company'],
    ['process_pid', 'artifact'],
    ['Tags', 'user_name'],
  ]) {
    const { groups } = await ask({ fields, limit: 30 })
    for (const group of groups) {
      const query = fields.map((field, at) => groupTerm(field, group.values[at] ?? null)).join(' ')
      const { total } = await search.searchRows(ctx, searchRoute.body.parse({ query }))
      expect(total, query).toBe(group.rows)
    }
  }
})
