import { beforeAll, describe, expect, it } from 'vitest'
import type { AuditRow } from '../../../../shared/contract/audit.ts'
import type { Detection, DetectionAct } from '../../../../shared/contract/detect/detections.ts'
import { type Caller, password } from '../../../../test/harness/app.ts'
import { execute, table } from '../../../events/query.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { param, sql } from '../../../platform/sql.ts'
import { createException, deleteException } from '../rules/upkeep/exceptions.ts'
import { type Changed, foldMatches } from './fold/fold.ts'
import { day, only, subject, withTriage } from '../../../../test/harness/detections/triage-kit.ts'

const { app, given, match, unmatch, list, of, detail, history, triage } = withTriage()
let analyst: Caller
let colleague: Caller
let viewer: Caller
let admin: Caller
let stranger: Caller
let ctx: Ctx
let ids: string[]
let importId: string
beforeAll(() => {
  ;({ ctx, ids, importId } = given())
  ;({ analyst, colleague, viewer, admin, stranger } = given().who)
})

describe('matches', () => {
  it('are one detection for each episode of a host, which ends after four hours, and one for the rows of an import without a time', async () => {
    const one = subject('Episodes')
    expect(await match(one, [0, 1, 2, 3, 4, 5])).toMatchObject({ made: 3, grown: 0 })
    expect((await of(one)).map((d) => [d.rows, d.first_at, d.last_at, d.import_id, d.host_name])).toEqual([
      [3, day(0), day(181), null, 'WS-1'],
      [1, day(1500), day(1500), null, 'WS-1'],
      [2, null, null, importId, 'WS-1'],
    ])
    expect((await of(one))[0]).toMatchObject({ severity: 'high', techniques: ['T1003.001'], tactics: ['credential-access'], status: 'new' })
  })

  it('that are folded again, or were stored twice, change nothing', async () => {
    const one = subject('Repeats')
    await match(one, [0, 1])
    const before = await of(one)
    expect(await match(one, [0, 1])).toMatchObject({ made: 0, grown: 0, shrunk: 0, removed: 0, worst: [] })
    const [two, three] = await Promise.all([foldMatches(ctx, [one]), foldMatches(ctx, [one])])
    expect([two?.made, three?.made]).toEqual([0, 0])
    const matched_at = expect.any(String) as string
    expect(await of(one)).toEqual(before.map((d) => ({ ...d, matched_at, updated_at: matched_at })))
  })

  it('that come later join a detection whatever its status, which says how many are new', async () => {
    const one = subject('Later')
    await match(one, [0])
    const raised = only(await of(one))
    expect((await triage(analyst, { detections: [{ id: raised.id, version: raised.version }], status: 'benign' })).status).toBe(200)
    expect(await match(one, [1, 2])).toMatchObject({ made: 0, grown: 1 })
    expect(only(await of(one))).toMatchObject({ id: raised.id, status: 'benign', rows: 3, new_rows: 2 })
    expect(only(await list({ subject_id: [one.subject_id], news: true })).id).toBe(raised.id)
    expect((await history(raised.id)).map((entry) => entry.what)).toEqual(['more_rows', 'triage', 'raised'])
  })

  it('that fill the gap between two make one of them, and what people wrote stays', async () => {
    const one = subject('Bridge')
    await match(one, [0])
    await match(one, [3])
    await match(one, [2])
    const [first, last] = await of(one)
    expect([first?.rows, last?.rows]).toEqual([2, 1])
    await analyst.call('POST', `/api/detections/${last?.id}/comments`, { body: 'Kept' })
    await execute(
      ctx.events,
      sql`INSERT INTO ${table(ctx.events, 'matches')} SELECT kind, subject_id, 1, MD5(toString(number)), host_key,
        timestamp + toIntervalMinute(200 * (number + 1)), import_id, '', now64(3)
        FROM ${table(ctx.events, 'matches')} AS m CROSS JOIN numbers(6) AS n WHERE subject_id = ${param('String', one.subject_id)} AND lower(hex(row_id)) = ${param('String', ids[2])}`,
    )
    expect(await foldMatches(ctx, [one])).toMatchObject({ made: 0, removed: 1 })
    const joined = only(await of(one))
    expect((await detail(joined.id)).comment_list.map((c) => c.body)).toEqual(['Kept'])
    expect((await history(joined.id)).map((entry) => entry.what)).toContain('joined')
  })

  it('that are deleted shrink a detection and then remove it, unless somebody said something about it', async () => {
    const [plain, said] = [subject('Plain'), subject('Said')]
    await match(plain, [0, 1])
    await match(said, [0, 1])
    await triage(analyst, { detections: [{ id: only(await of(said)).id }], status: 'true_positive' })
    expect(await unmatch(plain, [0])).toMatchObject({ shrunk: 1 })
    expect(only(await of(plain)).rows).toBe(1)
    expect(await unmatch(plain, [1])).toMatchObject({ removed: 1 })
    expect(await of(plain)).toEqual([])
    await unmatch(said, [0, 1])
    expect(only(await of(said))).toMatchObject({ rows: 0, status: 'true_positive' })
    await match(said, [0])
    expect(only(await of(said))).toMatchObject({ rows: 1, status: 'true_positive' })
  })
})

describe('an exception', () => {
  const asked = (of: Changed, query: string) => ({
    subject_kind: of.kind,
    subject_id: of.subject_id,
    query,
    reason: 'Known',
    expires_at: null,
  })

  it('silences rows, which are counted and not lost, and what it silences whole leaves the queue until it ends', async () => {
    const rule = only((await viewer.call<{ id: string }[]>('POST', '/api/rules/list', { limit: 1 })).body)
    const [one, other] = [{ ...subject('Silenced'), subject_id: rule.id }, subject('Loud')]
    await match(one, [0, 1])
    await match(other, [0, 1])
    const { id } = only(await of(one))
    const some = await createException(ctx, asked(one, 'N:0'))
    expect(only(await of(one))).toMatchObject({ id, rows: 1, silenced_rows: 1, first_at: day(1) })
    const rows = async (silenced: boolean) =>
      (await viewer.call<{ id: string }[]>('GET', `/api/detections/${id}/rows?silenced=${silenced}`)).body.map((row) => row.id)
    expect([await rows(false), await rows(true)]).toEqual([[ids[1]], [ids[0]]])
    const all = await createException(ctx, asked(one, 'N:1'))
    expect(await of(one)).toEqual([])
    expect(only(await list({ subject_id: [one.subject_id], silenced: true }))).toMatchObject({ id, rows: 0, silenced_rows: 2 })
    // the level of the rule may make it another severity on the way
    const happened = (await history(id)).map((entry) => entry.what).filter((what) => what !== 'severity')
    expect(happened).toEqual(['silenced', 'silenced', 'raised'])
    expect(await detail(id)).toMatchObject({ exceptions: 2 })
    await deleteException(ctx, all.id)
    await deleteException(ctx, some.id)
    expect(only(await of(one))).toMatchObject({ id, rows: 2, silenced_rows: 0 })
    expect(only(await of(other)).rows).toBe(2)
  })

  it('from everything silences the rows whatever matched them', async () => {
    const one = subject('Everything')
    await match(one, [0, 3])
    const made = await createException(ctx, { subject_kind: null, subject_id: null, query: 'N:3', reason: 'A test host', expires_at: null })
    expect(only(await of(one)).rows).toBe(1)
    await deleteException(ctx, made.id)
    expect((await of(one)).map((d) => d.rows)).toEqual([1, 1])
  })
})

describe('one detection', () => {
  it('has its exact rows, page by page, and what else was on the host at that time', async () => {
    const one = subject('Rows')
    await match(one, [0, 1, 2])
    const { id } = only(await of(one))
    const page = await viewer.call<{ id: string }[]>('GET', `/api/detections/${id}/rows?limit=2`)
    expect([page.headers['x-total-count'], page.body.map((row) => row.id)]).toEqual(['3', [ids[0], ids[1]]])
    await unmatch(one, [1])
    expect((await viewer.call('GET', `/api/detections/${id}/explanation?row_id=${ids[2]}`)).body).toMatchObject({
      row_id: ids[2],
      reason: 'The rule is stored no longer.',
    })
    expect((await viewer.call('GET', `/api/detections/${id}/explanation?row_id=${ids[3]}`)).status).toBe(404)
    const near = await viewer.call('GET', `/api/detections/${id}/context`)
    expect(near.body).toMatchObject({ rows: 1, by_artifact: [{ artifact: 'Custom.Rows', rows: 1 }], nearest: [{ id: ids[1] }] })
    expect(await detail(id)).toMatchObject({
      rows: 2,
      seen_before: { detections: 1, hosts: 1 },
      severity_parts: [{ value: 'high' }, { value: 'normal' }],
    })
  })

  it('of another tenant is as unknown as one that is made up', async () => {
    const one = subject('Foreign')
    await match(one, [0])
    const { id } = only(await of(one))
    for (const path of ['', '/rows', '/explanation', '/context', '/history', '/exception-draft'])
      expect((await stranger.call('GET', `/api/detections/${id}${path}`)).status, path).toBe(404)
    expect((await triage(stranger, { detections: [{ id }], status: 'benign' })).status).toBe(404)
    expect((await stranger.call<Detection[]>('POST', '/api/detections/list', {})).body).toEqual([])
  })
})

describe('an act', () => {
  it('with a detection that somebody changed meanwhile does nothing at all, and says who did what', async () => {
    const [a, b] = [subject('Stale A'), subject('Stale B')]
    await match(a, [0])
    await match(b, [0])
    const [one, two] = [only(await of(a)), only(await of(b))]
    await triage(colleague, { detections: [{ id: two.id }], status: 'false_positive' })
    const late = await triage(analyst, { detections: [one, two].map(({ id, version }) => ({ id, version })), status: 'benign' })
    expect(late.status).toBe(409)
    expect(late.body.detail).toContain('“Stale B” is a false positive now')
    expect(late.body.detail).toContain(String(await colleague.username()))
    expect(only(await of(a)).status).toBe('new')
  })

  it('of many is one row of the audit log, is counted, and can be undone where nobody did something since', async () => {
    const [a, b] = [subject('Bulk A'), subject('Bulk B')]
    await match(a, [0])
    await match(b, [0])
    const both = [only(await of(a)), only(await of(b))]
    const act = await triage(analyst, {
      detections: both.map(({ id }) => ({ id })),
      status: 'in_progress',
      assignee_id: 'me',
      comment: 'Mine',
    })
    expect(act.body).toMatchObject({ changed: 2, unchanged: 0 })
    const [row] = (await admin.call<{ rows: AuditRow[] }>('GET', '/api/audit?limit=1')).body.rows
    expect(row).toMatchObject({ action: 'detection.triage', details: { detections: 2, changed: 2, status: 'in_progress' } })
    const mine = await analyst.call<Detection[]>('POST', '/api/detections/list', { filter: { assignee: ['me'] } })
    expect(mine.body.map((d) => d.title).sort()).toEqual(['Bulk A', 'Bulk B'])
    await triage(colleague, { detections: [{ id: both[1]?.id }], status: 'benign' })
    const undone = await analyst.call<DetectionAct & { skipped: number }>('POST', `/api/detections/acts/${act.body.act_id}/undo`)
    expect(undone.body).toMatchObject({ changed: 1, skipped: 1 })
    expect(only(await of(a))).toMatchObject({ status: 'new', assignee: null, comments: 1 })
    expect(only(await of(b))).toMatchObject({ status: 'benign' })
    expect((await analyst.call('POST', `/api/detections/acts/${act.body.act_id}/undo`)).status).toBe(409)
  })

  it('merges detections into one with all their rows, and takes them out again', async () => {
    const [a, b] = [subject('Merge A'), subject('Merge B')]
    await match(a, [0])
    await match(b, [1, 2])
    const [into, other] = [only(await of(a)), only(await of(b))]
    const merged = await analyst.call('POST', '/api/detections/merge', {
      into: { id: into.id, version: into.version },
      detections: [{ id: other.id }],
    })
    expect(merged.status, JSON.stringify(merged.body)).toBe(200)
    expect(only(await of(a))).toMatchObject({ rows: 3, merged: 1 })
    expect(await of(b)).toEqual([])
    expect((await viewer.call('GET', `/api/detections/${into.id}/rows`)).headers['x-total-count']).toBe('3')
    await foldMatches(ctx, [a, b])
    expect(only(await of(a)).merged).toBe(1)
    const out = await analyst.call('POST', `/api/detections/${into.id}/split`, { take_out: other.id })
    expect(out.body).toMatchObject({ made: other.id })
    expect([only(await of(a)).rows, only(await of(b)).rows]).toEqual([1, 2])
  })

  it('divides a detection at a time, which a later fold keeps and an undo heals', async () => {
    const one = subject('Split')
    await match(one, [0, 1, 2])
    const { id } = only(await of(one))
    expect((await analyst.call('POST', `/api/detections/${id}/split`, { at: day(0) })).status).toBe(422)
    const split = await analyst.call<{ made: string; act_id: string }>('POST', `/api/detections/${id}/split`, { at: day(1) })
    expect(split.status, JSON.stringify(split.body)).toBe(200)
    expect((await of(one)).map((d) => [d.id, d.rows])).toEqual([
      [id, 1],
      [split.body.made, 2],
    ])
    await foldMatches(ctx, [one])
    expect((await of(one)).map((d) => d.rows)).toEqual([1, 2])
    await analyst.call('POST', `/api/detections/acts/${split.body.act_id}/undo`)
    expect(only(await of(one))).toMatchObject({ id, rows: 3 })
  })

  it('is refused to a viewer, and of a comment to everybody but who wrote it', async () => {
    const one = subject('Rights')
    await match(one, [0])
    const { id } = only(await of(one))
    expect((await triage(viewer, { detections: [{ id }], status: 'benign' })).status).toBe(403)
    const made = await analyst.call<{ id: string }>('POST', `/api/detections/${id}/comments`, { body: 'Mine' })
    expect((await colleague.call('PUT', `/api/detections/comments/${made.body.id}`, { body: 'Ours' })).status).toBe(403)
    expect((await analyst.call('DELETE', `/api/detections/comments/${made.body.id}`)).status).toBe(204)
  })
})

it('a host of high value makes its detections one step more severe, those to come too, and its risk says why', async () => {
  const [a, b] = [subject('Weight A'), subject('Weight B', 'medium')]
  await match(a, [0])
  const { host_id } = only(await of(a))
  const set = await analyst.call<{ detections: number }>('PUT', `/api/hosts/${host_id}/weight`, { weight: 'high', reason: 'Payroll' })
  expect(set.body.detections).toBeGreaterThan(0)
  expect(only(await of(a)).severity).toBe('critical')
  await match(b, [1])
  expect(only(await of(b)).severity).toBe('high')
  const risk = await viewer.call<{ worst: string; parts: { kind: string; says: string }[]; detections: Record<string, number> }>(
    'GET',
    `/api/hosts/${host_id}/risk`,
  )
  expect(risk.body).toMatchObject({ worst: 'critical', weight: { weight: 'high', reason: 'Payroll' } })
  expect(risk.body.parts.map((part) => part.kind)).toEqual(expect.arrayContaining(['open', 'confirmed', 'episode', 'weight']))
  const { open = 0, confirmed = 0, dismissed = 0, total = 0 } = risk.body.detections
  expect(open + confirmed + dismissed).toBe(total)
  expect((await history(only(await of(a)).id)).map((entry) => entry.what)).toContain('severity')
  await analyst.call('PUT', `/api/hosts/${host_id}/weight`, { weight: 'normal' })
  expect(only(await of(a)).severity).toBe('high')
})

it('lists are narrowed by every part, and each count leaves its own part out', async () => {
  const [a, b] = [subject('Needle in the queue'), subject('Hay', 'medium')]
  await match(a, [0])
  await match(b, [0])
  const subject_id = [a.subject_id, b.subject_id]
  expect((await list({ subject_id })).length).toBe(2)
  expect(only(await list({ subject_id, text: 'NEEDLE' })).title).toBe('Needle in the queue')
  expect(only(await list({ subject_id, severity: ['medium'] })).title).toBe('Hay')
  expect(
    (await list({ subject_id, technique: ['T1003'], tactic: ['credential-access'], status: ['new'], assignee: ['none'] })).length,
  ).toBe(2)
  expect(await list({ subject_id, from: day(10_000) })).toEqual([])
  expect(await list({ subject_id, silenced: true })).toEqual([])
  const counts = await viewer.call('POST', '/api/detections/counts', { filter: { subject_id, severity: ['medium'] } })
  expect(counts.body).toMatchObject({
    total: 1,
    by_severity: [
      { value: 'high', detections: 1 },
      { value: 'medium', detections: 1 },
    ],
    by_status: [{ value: 'new', detections: 1 }],
    distinct: { subjects: 1, hosts: 1, techniques: 1 },
  })
  expect((await list({ subject_id }, { group_by_host: true, sort: 'severity', order: 'desc' })).map((d) => d.severity)).toEqual([
    'high',
    'medium',
  ])
  const view = await analyst.call<{ id: string; detections: number }>('POST', '/api/detection-views', {
    name: 'Mine',
    filter: { subject_id },
    is_shared: true,
  })
  expect(view.body).toMatchObject({ detections: 2 })
  expect((await viewer.call<object[]>('GET', '/api/detection-views')).body).toHaveLength(1)
  expect((await viewer.call('DELETE', `/api/detection-views/${view.body.id}`)).status).toBe(403)
})

describe('the page of ATT&CK', () => {
  it('counts detections by technique, and its layer is one that Navigator reads', async () => {
    await match(subject('Technique'), [0])
    const { body } = await viewer.call<{
      techniques: { id: string; detections: number }[]
      tactics: { shortname: string; detections: number }[]
    }>('GET', '/api/attack')
    expect(body.techniques.find((one) => one.id === 'T1003.001')?.detections).toBeGreaterThan(0)
    expect(body.tactics).toHaveLength(15)
    const technique = await viewer.call<{ detections: { title: string }[] }>('GET', '/api/attack/techniques/t1003.001')
    expect(technique.body).toMatchObject({ id: 'T1003.001', name: 'LSASS Memory', parent_id: 'T1003', description: null })
    expect(technique.body.detections.map((one) => one.title)).toContain('Technique')
    expect((await viewer.call('GET', '/api/attack/techniques/T9999')).status).toBe(404)
    const layer = await viewer.call('GET', '/api/attack/layer?show=detections')
    expect(layer.body).toMatchObject({ versions: { layer: '4.5' }, domain: 'enterprise-attack' })
  })

  it('has descriptions, groups and software of a bundle that who runs the installation has loaded, and nobody else', async () => {
    const named = (type: string, id: string, name: string, more: object = {}) => ({
      type,
      id: `${type}--${id}`,
      name,
      external_references: [{ source_name: 'mitre-attack', external_id: id }],
      ...more,
    })
    const uses = (by: string) => ({
      type: 'relationship',
      relationship_type: 'uses',
      source_ref: by,
      target_ref: 'attack-pattern--T1003.001',
    })
    const objects = [
      { type: 'x-mitre-collection', id: 'x', x_mitre_version: '19.0' },
      named('attack-pattern', 'T1003.001', 'LSASS Memory', { description: 'Memory of LSASS.(Citation: Somebody)' }),
      named('attack-pattern', 'T1562', 'Old', { revoked: true }),
      named('intrusion-set', 'G0001', 'A group'),
      named('tool', 'S0002', 'A tool'),
      uses('intrusion-set--G0001'),
      uses('tool--S0002'),
    ]
    const load = (who: Caller, body: unknown) => who.call<{ bundle: object }>('POST', '/api/attack/bundle?file_name=enterprise.json', body)
    expect((await load(admin, { objects })).status).toBe(403)
    await app.app().operator.create_user({ username: 'runs-it', tenant: 'platform', role: 'admin', password, is_platform_admin: true })
    const platform = await app.signIn('runs-it')
    expect((await load(platform, { objects: [{ type: 'nothing' }] })).status).toBe(400)
    expect((await load(platform, { objects })).body.bundle).toMatchObject({
      version: '19.0',
      techniques: 1,
      groups: 1,
      software: 1,
      uses: 2,
      skipped: 1,
    })
    for (const who of [viewer, stranger])
      expect((await who.call('GET', '/api/attack/techniques/T1003.001')).body).toMatchObject({
        description: 'Memory of LSASS.',
        groups: [{ id: 'G0001', name: 'A group' }],
        software: [{ id: 'S0002', name: 'A tool', type: 'tool' }],
      })
    expect((await platform.call('DELETE', '/api/attack/bundle')).status).toBe(204)
    expect((await viewer.call<{ bundle: null }>('GET', '/api/attack/bundle')).body.bundle).toBeNull()
  })
})
