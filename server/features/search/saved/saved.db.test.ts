import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AuditRow } from '../../../../shared/contract/audit.ts'
import type { HistoryEntry, SavedSearch } from '../../../../shared/contract/notes/saved.ts'
import type { Notice, SearchSchedule } from '../../../../shared/contract/notes/schedules.ts'
import type { SavedState } from '../../../../shared/domain/hunt.ts'
import { type Caller, withApp } from '../../../../test/harness/app.ts'
import { jobsChannel } from '../../../db/job-store.ts'
import { inTenant } from '../../../db/tenant.ts'
import { failSchedule } from '../index.ts'
import { nextRun } from '../schedules/schedules.ts'

const app = withApp()
let analyst: Caller
let colleague: Caller
let viewer: Caller
let lead: Caller
let admin: Caller
let stranger: Caller
let tenantId: string

const state = (q: string, more: Partial<SavedState> = {}): SavedState => ({
  view: 'rows',
  q,
  pills: [],
  from: null,
  to: null,
  sort: null,
  cols: null,
  imports: [],
  artifacts: [],
  hosts: [],
  others: {},
  ...more,
})
const save = async (
  who: Caller,
  body: { name: string; state: SavedState; is_shared?: boolean; parameters?: unknown[] },
): Promise<SavedSearch> => {
  const reply = await who.call<SavedSearch>('POST', '/api/saved-searches', body)
  expect(reply.status, JSON.stringify(reply.body)).toBe(201)
  return reply.body
}
const names = async (who: Caller): Promise<string[]> =>
  (await who.call<{ searches: { name: string }[] }>('GET', '/api/saved-searches')).body.searches.map((s) => s.name)
const detailOf = (body: unknown): string => (body as { detail: string }).detail
const rows = (n: number, of: string): string =>
  Array.from({ length: n }, (_, at) =>
    JSON.stringify({ Path: `C:\\${of}\\${at}.exe`, Port: at, Owner: at % 2 === 0 ? 'ann b' : 'bob' }),
  ).join('\n')
const bring = (n: number, of: string) => analyst.importFile(`${of}.jsonl`, rows(n, of), { artifact: 'Custom.Things', hostname: 'WS-1' })
const inDb = <T>(text: string): Promise<T[]> =>
  inTenant(app.app().stores.control.forTenant(tenantId), async (q) => (await sql.raw<T>(text).execute(q)).rows)

beforeAll(async () => {
  analyst = await app.person('Hunting', 'analyst')
  colleague = await app.person('Hunting', 'analyst')
  viewer = await app.person('Hunting', 'viewer')
  lead = await app.person('Hunting', 'lead')
  admin = await app.person('Hunting', 'admin')
  stranger = await app.person('Elsewhere', 'admin')
  tenantId = (await admin.call<{ tenant_id: string }>('GET', '/api/auth/me')).body.tenant_id
  await bring(10, 'first')
})

describe('saved searches', () => {
  it('are their owner’s until shared; a viewer keeps but does not share, and only owner or lead changes a shared one', async () => {
    const own = await save(analyst, { name: 'Own', state: state('Port:1') })
    const shared = await save(analyst, { name: 'Shared', state: state('Port:2'), is_shared: true })
    await save(viewer, { name: 'Of the viewer', state: state('Port:3') })
    expect((await viewer.call('POST', '/api/saved-searches', { name: 'x', state: state(''), is_shared: true })).status).toBe(403)
    expect(await names(analyst)).toEqual(['Own', 'Shared'])
    expect(await names(colleague)).toEqual(['Shared'])
    expect(await names(viewer)).toEqual(['Of the viewer', 'Shared'])
    expect(await names(stranger)).toEqual([])
    for (const who of [colleague, lead, stranger]) expect((await who.call('GET', `/api/saved-searches/${own.id}`)).status).toBe(404)
    const path = `/api/saved-searches/${shared.id}`
    expect((await colleague.call('PUT', path, { name: 'Mine' })).status).toBe(403)
    expect((await colleague.call('DELETE', path)).status).toBe(403)
    expect((await lead.call<SavedSearch>('PUT', path, { folder: 'Triage/First' })).body).toMatchObject({
      folder: 'Triage/First',
      may_edit: true,
    })
    expect((await lead.call('PUT', path, { is_shared: false })).status).toBe(403)
    expect((await stranger.call('PUT', path, { name: 'x' })).status).toBe(404)
    expect((await lead.call('DELETE', path)).status).toBe(204)
    const acts = (await admin.call<{ rows: AuditRow[] }>('GET', '/api/audit?limit=20&action=search.delete')).body.rows
    expect(acts[0]).toMatchObject({ object_id: shared.id, details: { name: 'Shared' } })
  })

  it('ask for their parameters, and put each value in as a value', async () => {
    const parameters = [
      { name: 'who', type: 'text', default: null },
      { name: 'port', type: 'number', default: '3' },
    ]
    const pills = [{ text: 'Port:>{{port}}', is_off: false }]
    const search = await save(analyst, { name: 'By owner', state: state('Owner:{{who}}', { pills }), parameters })
    const run = (values: Record<string, string>) =>
      analyst.call<{ state: SavedState; previous: unknown }>('POST', `/api/saved-searches/${search.id}/run`, { values })
    expect((await run({ who: 'ann b' })).body.state).toMatchObject({ q: 'Owner:"ann b"', pills: [{ text: 'Port:>3' }] })
    expect(detailOf((await run({})).body)).toContain('{{who}}: Give a value.')
    expect(detailOf((await run({ who: 'x', port: 'many' })).body)).toContain('Give a number')
    expect(detailOf((await run({ who: 'x', other: 'y' })).body)).toContain('other is no parameter')
    expect((await run({ who: '*" OR *' })).body.state.q).toBe('Owner:"*\\" OR *"')
    const wrong = (body: object) => analyst.call('POST', '/api/saved-searches', { name: 'x', ...body })
    expect(detailOf((await wrong({ state: state('Owner:{{who}}') })).body)).toContain('{{who}} stands in the query')
    expect(detailOf((await wrong({ state: state('x'), parameters })).body)).toContain('stands nowhere')
    expect(detailOf((await wrong({ state: state('Owner:/{{who}}/'), parameters: parameters.slice(0, 1) })).body)).toContain(
      'regular expression',
    )
  })

  it('say since when rows are new, for each person by themselves, and no row between two runs is missed or told twice', async () => {
    const search = await save(analyst, { name: 'News', state: state('Port:*'), is_shared: true })
    const run = async (who: Caller) =>
      (await who.call<{ previous: { seen_until: string } | null }>('POST', `/api/saved-searches/${search.id}/run`, {})).body.previous
    expect(await run(analyst)).toBeNull()
    const since = await run(analyst)
    expect(await analyst.total(`Port:* ingested_at:>=${since?.seen_until}`)).toBe(0)
    await run(analyst)
    await bring(3, 'second')
    const again = await run(analyst)
    expect(await analyst.total(`Port:* ingested_at:>=${again?.seen_until}`)).toBe(3)
    expect(await run(colleague)).toBeNull()
    const last = await run(analyst)
    expect(await analyst.total(`Port:* ingested_at:>=${last?.seen_until}`)).toBe(0)
  })

  it('count an import that is being read as unseen until it is done', async () => {
    const search = await save(analyst, { name: 'Under way', state: state('Port:*') })
    const [begun] = await inDb<{ id: string; started_at: Date }>(
      `update imports set state = 'reading', started_at = now() - interval '3 minutes' where id = (select id from imports limit 1) returning id, started_at`,
    )
    const path = `/api/saved-searches/${search.id}/run`
    await analyst.call('POST', path, {})
    const { body } = await analyst.call<{ previous: { seen_until: string } }>('POST', path, {})
    expect(body.previous.seen_until).toBe(begun?.started_at.toISOString())
    await inDb(`update imports set state = 'ready' where id = '${begun?.id}'`)
  })
})

describe('the history', () => {
  const note = async (who: Caller, q: string, parent_id: string | null): Promise<string> =>
    (await who.call<{ id: string }>('POST', '/api/search-history', { state: state(q), parent_id, rows_found: q.length })).body.id
  const list = async (who: Caller) => who.call<HistoryEntry[]>('GET', '/api/search-history?limit=1000')

  it('is a tree of one person: the same search is one entry, and a foreign parent is none', async () => {
    const a = await note(analyst, 'a', null)
    const b = await note(analyst, 'ab', a)
    const c = await note(analyst, 'ac', a)
    expect(await note(analyst, 'a', b)).toBe(a)
    const other = await note(colleague, 'x', a)
    const found = (await list(analyst)).body
    expect(found.map((e) => [e.id, e.parent_id, e.runs])).toEqual([
      [a, null, 2],
      [c, a, 1],
      [b, a, 1],
    ])
    expect((await list(colleague)).body.map((e) => [e.id, e.parent_id])).toEqual([[other, null]])
    expect((await list(viewer)).body).toEqual([])
    expect((await analyst.call('POST', '/api/search-history', { state: state('x'.repeat(20_000)) })).body).toEqual({ id: null })
  })

  it('keeps the last 1,000, and hangs what hung on a forgotten search on the one above it', async () => {
    const root = await note(lead, 'root', null)
    const middle = await note(lead, 'middle', root)
    const leaf = await note(lead, 'leaf', middle)
    await inDb(`insert into search_history (tenant_id, user_id, id, state, state_hash, last_run_at)
      select tenant_id, user_id, gen_random_uuid(), state, 'filler ' || n, now() - interval '1 hour'
      from search_history cross join generate_series(1, 997) n where id = '${root}'`)
    await inDb(`update search_history set last_run_at = now() - interval '1 day' where id = '${middle}'`)
    await note(lead, 'one more', leaf)
    const { body, headers } = await list(lead)
    expect(headers['x-total-count']).toBe('1000')
    expect(body.some((e) => e.id === middle)).toBe(false)
    expect(body.find((e) => e.id === leaf)?.parent_id).toBe(root)
    expect((await lead.call('DELETE', '/api/search-history')).status).toBe(204)
    expect((await list(lead)).body).toEqual([])
    expect((await list(analyst)).body).toHaveLength(3)
  })
})

describe('aliases', () => {
  const set = (who: Caller, name: string, field: string) => who.call('POST', '/api/field-aliases', { name, field })

  it('stand for a field in queries, stages, sorting and facets, in any case, and are offered with the fields', async () => {
    expect((await set(lead, 'Where_From', 'Owner')).status).toBe(200)
    expect((await set(lead, 'box', 'host_name')).status).toBe(200)
    expect(await analyst.total('where_from:bob')).toBe(await analyst.total('Owner:bob'))
    expect(await analyst.total('WHERE_FROM:(bob OR a OR b OR c) AND BOX:WS-1')).toBe(await analyst.total('Owner:bob'))
    expect((await analyst.call('POST', '/api/search', { query: 'where_from:*', sort: '-box' })).status).toBe(200)
    const values = await analyst.call<{ values: { value: string }[] }>('POST', '/api/search/values', { field: 'where_from' })
    expect(values.body.values.map((v) => v.value).sort()).toEqual(['ann b', 'bob'])
    expect(detailOf((await analyst.call('POST', '/api/search', { query: 'where_fron:x' })).body)).toContain('where_from')
    expect((await stranger.call('POST', '/api/search', { query: 'box:x' })).status).toBe(200)
    const fields = await analyst.call<{ fields: { name: string; alias_of?: string }[] }>('POST', '/api/search/fields', {})
    expect(fields.body.fields.filter((f) => f.alias_of !== undefined).map((f) => [f.name, f.alias_of])).toEqual([
      ['box', 'host_name'],
      ['where_from', 'Owner'],
    ])
  })

  it('never stand in the place of a field, of what people write, of a column or of an alias, and are a lead’s', async () => {
    for (const [name, status] of [
      ['process.name', 409],
      ['timestamp', 409],
      ['tag', 409],
      ['port', 409],
      ['raw.port', 422],
      ['a b', 422],
    ] as const)
      expect([name, (await set(lead, name, 'host_name')).status]).toEqual([name, status])
    expect((await set(lead, 'spot', 'box')).status).toBe(422)
    expect((await set(lead, 'spot', 'no_such_field')).status).toBe(422)
    expect((await set(lead, 'spot', 'tag')).status).toBe(422)
    expect((await set(analyst, 'spot', 'host_name')).status).toBe(403)
    expect((await lead.call('DELETE', '/api/field-aliases/BOX')).status).toBe(204)
    expect((await lead.call('DELETE', '/api/field-aliases/box')).status).toBe(404)
    expect((await analyst.call('POST', '/api/search', { query: 'box:x' })).status).toBe(400)
  })

  it('that a later column has the name of keep working, and the list says so', async () => {
    await analyst.importFile('later.jsonl', '{"Where_From":"elsewhere"}', { artifact: 'Custom.Later', hostname: 'WS-1' })
    expect(await analyst.total('where_from:elsewhere')).toBe(0)
    expect(await analyst.total('raw.where_from:elsewhere')).toBe(1)
    const { body } = await viewer.call('GET', '/api/field-aliases')
    expect(body).toMatchObject({ aliases: [{ name: 'where_from', field: 'Owner', hidden_in: 1 }] })
  })
})

describe('schedules', () => {
  const make = async (who: Caller, q: string): Promise<SearchSchedule> => {
    const search = await save(who, { name: `scheduled ${q}`, state: state(q) })
    const reply = await who.call<SearchSchedule>('POST', '/api/schedules', { search_id: search.id, every_minutes: 5 })
    expect(reply.status, JSON.stringify(reply.body)).toBe(201)
    return reply.body
  }
  const read = async (who: Caller, id: string) =>
    (await who.call<{ schedules: SearchSchedule[] }>('GET', '/api/schedules')).body.schedules.find((one) => one.id === id)
  const ranAfter = async (who: Caller, id: string, before: string | null): Promise<SearchSchedule | undefined> => {
    await expect.poll(async () => (await read(who, id))?.last_run_at, { timeout: 15_000, interval: 30 }).not.toBe(before)
    return read(who, id)
  }
  /** As if its time had come. */
  const due = async (id: string): Promise<void> => {
    await inDb(`update jobs set run_after = now() where subject_id = '${id}' and state = 'queued'`)
    await inDb(`select pg_notify('${jobsChannel}', '')`)
  }
  const told = async (who: Caller) => (await who.call<{ notices: Notice[]; unread: number }>('GET', '/api/notices')).body

  it('run with what their owner may see, tell of new rows once, and count from the run before', async () => {
    const made = await make(analyst, 'Path:*sched*')
    const first = await ranAfter(analyst, made.id, null)
    expect(first).toMatchObject({ last_total: 0, last_new: 0, last_error: null, state: 'active' })
    expect((await told(analyst)).unread).toBe(0)
    await bring(4, 'sched')
    await due(made.id)
    const second = await ranAfter(analyst, made.id, first?.last_run_at ?? null)
    expect(second).toMatchObject({ last_total: 4, last_new: 4 })
    const notices = await told(analyst)
    expect(notices).toMatchObject({ unread: 1, notices: [{ kind: 'schedule.found', facts: { rows: 4, schedule_id: made.id } }] })
    const { since, until } = notices.notices[0]?.facts ?? {}
    expect(await analyst.total(`Path:*sched* ingested_at:>=${since} ingested_at:<${until}`)).toBe(4)
    await due(made.id)
    const third = await ranAfter(analyst, made.id, second?.last_run_at ?? null)
    expect(third).toMatchObject({ last_total: 4, last_new: 0 })
    // an import of before that is read once more brings nothing back that was told
    const again = 'Path:*sched*'
    const saved = await save(analyst, { name: 'Told', state: state(again) })
    const previous = async () => {
      const { body } = await analyst.call<{ previous: { seen_until: string } | null }>('POST', `/api/saved-searches/${saved.id}/run`, {})
      return body.previous?.seen_until ?? ''
    }
    await previous()
    await inDb("update imports set state = 'reading' where file_name = 'first.jsonl'")
    const seen = await previous()
    expect(await previous()).toBe(seen)
    await due(made.id)
    const fourth = await ranAfter(analyst, made.id, third?.last_run_at ?? null)
    await inDb("update imports set state = 'ready' where file_name = 'first.jsonl'")
    await due(made.id)
    expect(await ranAfter(analyst, made.id, fourth?.last_run_at ?? null)).toMatchObject({ last_total: 4, last_new: 0 })
    expect((await told(colleague)).notices).toEqual([])
    expect((await analyst.call('POST', '/api/notices/read', { ids: notices.notices.map((n) => n.id) })).body).toEqual({ unread: 0 })
    expect(await inDb(`select 1 from jobs where subject_id = '${made.id}' and state = 'queued'`)).toHaveLength(1)
  })

  it('say why a run failed, once by a notice, and go on', async () => {
    const made = await make(analyst, 'Path:*x*')
    const first = await ranAfter(analyst, made.id, null)
    await inDb(`update saved_searches set state = jsonb_set(state, '{q}', '"no_such_field:x"') where id = '${made.search_id}'`)
    await due(made.id)
    const second = await ranAfter(analyst, made.id, first?.last_run_at ?? null)
    expect(second).toMatchObject({ failures: 1, state: 'active', last_error: expect.stringContaining('no_such_field') as string })
    await due(made.id)
    expect(await ranAfter(analyst, made.id, second?.last_run_at ?? null)).toMatchObject({ failures: 2 })
    expect((await told(analyst)).notices.filter((n) => n.kind === 'schedule.failed')).toHaveLength(1)
    // and a job that was given up is not the end of it
    await inDb(`update jobs set state = 'failed', finished_at = now() where subject_id = '${made.id}' and state = 'queued'`)
    const control = app.app().stores.control.forTenant(tenantId)
    const ctx = {
      db: control,
      tenant: { id: tenantId, name: '' },
      now: () => new Date(),
      log: app.app().log,
      inTx: async (work: (tx: unknown) => Promise<void>) => work(ctx),
    }
    const given = { id: made.id, reason: 'The server stopped 100 times while this ran; it is not tried again.' }
    await failSchedule(ctx as never, { put: () => Promise.resolve() }, given)
    expect(await read(analyst, made.id)).toMatchObject({ failures: 3, last_error: expect.stringContaining('stopped 100 times') as string })
    expect(await inDb(`select 1 from jobs where subject_id = '${made.id}' and state = 'queued'`)).toHaveLength(1)
  })

  it('stop when their owner may no longer search, and say so', async () => {
    const gone = await app.person('Hunting', 'analyst')
    const made = await make(gone, 'Path:*y*')
    await ranAfter(gone, made.id, null)
    const { id } = (await gone.call<{ id: string }>('GET', '/api/auth/me')).body
    expect((await admin.call('DELETE', `/api/users/${id}`)).status).toBe(204)
    await due(made.id)
    await expect.poll(async () => (await read(lead, made.id))?.state, { timeout: 15_000, interval: 30 }).toBe('stopped')
    expect(await read(lead, made.id)).toMatchObject({
      stopped_reason: 'Its owner has no access to this tenant any more.',
      next_run_at: null,
    })
    const acts = (await admin.call<{ rows: AuditRow[] }>('GET', '/api/audit?action=schedule.stop')).body.rows
    expect(acts).toHaveLength(1)
    expect(acts[0]).toMatchObject({ actor_kind: 'system', object_id: made.id })
    expect(await inDb(`select 1 from jobs where subject_id = '${made.id}' and state = 'queued'`)).toEqual([])
  })

  it('are their owner’s to change, a lead’s to pause and delete, and nobody else’s', async () => {
    const made = await make(analyst, 'Path:*z*')
    const path = `/api/schedules/${made.id}`
    expect((await colleague.call('PUT', path, { state: 'paused' })).status).toBe(404)
    expect((await stranger.call('DELETE', path)).status).toBe(404)
    expect((await lead.call('PUT', path, { every_minutes: 10 })).status).toBe(403)
    expect((await lead.call<SearchSchedule>('PUT', path, { state: 'paused' })).body).toMatchObject({ state: 'paused', next_run_at: null })
    expect((await lead.call('PUT', path, { state: 'active' })).status).toBe(403)
    expect((await analyst.call<SearchSchedule>('PUT', path, { state: 'active', every_minutes: 60 })).body.next_run_at).not.toBeNull()
    expect(await inDb(`select 1 from jobs where subject_id = '${made.id}' and state = 'queued'`)).toHaveLength(1)
    expect((await analyst.call('DELETE', `/api/saved-searches/${made.search_id}`)).status).toBe(204)
    expect(await read(lead, made.id)).toBeUndefined()
  })

  it('that missed their time run once, and then as before', () => {
    const from = new Date('2026-01-01T00:00:00Z')
    expect(nextRun(from, 60, new Date('2026-01-01T05:30:00Z'))).toEqual(new Date('2026-01-01T06:00:00Z'))
    expect(nextRun(from, 60, new Date('2025-12-31T00:00:00Z'))).toEqual(from)
    expect(nextRun(from, 60, new Date('2026-01-01T05:00:00Z'))).toEqual(new Date('2026-01-01T05:00:00Z'))
  })
})
