import { sql } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AuditRow } from '../../../shared/contract/audit.ts'
import type { RowAnnotations, RowComment } from '../../../shared/contract/notes/annotations.ts'
import { type Caller, withApp } from '../../../test/harness/app.ts'
import { inTenant } from '../../db/tenant.ts'

const app = withApp()
let analyst: Caller
let colleague: Caller
let viewer: Caller
let admin: Caller
let stranger: Caller
let ids: string[]
let importId: string
const file = Array.from({ length: 12 }, (_, n) => JSON.stringify({ n, Path: `C:\\tools\\${n}.exe`, Tag: `own-${n % 2}` })).join('\n')

const search = async (query: string): Promise<string[]> => {
  const { status, body } = await viewer.call<{ events: { id: string }[] }>('POST', '/api/search', { query, sort: 'timestamp' })
  expect(status, JSON.stringify(body)).toBe(200)
  return body.events.map((row) => row.id).sort()
}
const tag = (who: Caller, row_ids: string[], change: { add?: string[]; remove?: string[] }) =>
  who.call<{ added: number; removed: number; rows: number }>('POST', '/api/annotations/tags', { row_ids, ...change })
const at = (n: number): string => ids[n] ?? ''
const some = (...places: number[]): string[] => places.map(at).sort()

beforeAll(async () => {
  analyst = await app.person('Notes', 'analyst')
  colleague = await app.person('Notes', 'analyst')
  viewer = await app.person('Notes', 'viewer')
  admin = await app.person('Notes', 'admin')
  stranger = await app.person('Elsewhere', 'admin')
  importId = (await analyst.importFile('rows.jsonl', file, { artifact: 'Custom.Rows', hostname: 'WS-1' })).id
  const { body } = await viewer.call<{ events: { id: string; fields: Record<string, string[]> }[] }>('POST', '/api/search', { limit: 100 })
  ids = [...body.events].sort((a, b) => Number(a.fields.n?.[0]) - Number(b.fields.n?.[0])).map((row) => row.id)
  expect(ids).toHaveLength(12)
})

describe('tags', () => {
  it('are put on many rows at once, found by the query language in any case, and counted', async () => {
    expect((await tag(analyst, some(0, 1, 2), { add: ['Evil', 'to  review'] })).body).toEqual({ rows: 3, added: 6, removed: 0 })
    expect((await tag(colleague, some(2, 3), { add: ['EVIL'], remove: ['to review'] })).body).toEqual({ rows: 2, added: 1, removed: 1 })
    expect(await search('tag:evil')).toEqual(some(0, 1, 2, 3))
    expect(await search('tag:Evil AND NOT tag:"to review"')).toEqual(some(2, 3))
    expect(await search('tag:ev*')).toEqual(some(0, 1, 2, 3))
    expect(await search('tag:*')).toEqual(some(0, 1, 2, 3))
    expect(await search('NOT tag:*')).toEqual(some(4, 5, 6, 7, 8, 9, 10, 11))
    expect(await search('tag:nobody-has-it')).toEqual([])
    expect(await search('tag:(a OR b OR c OR evil OR d)')).toEqual(some(0, 1, 2, 3))
    expect(await search('NOT tag:nobody-has-it')).toHaveLength(12)
    expect(await search('raw.tag:own-1')).toHaveLength(6)
    const { body } = await viewer.call('GET', '/api/annotations/tags')
    expect(body).toMatchObject({
      distinct: 2,
      tagged_rows: 4,
      tags: [
        { tag: 'evil', rows: 4 },
        { tag: 'to review', rows: 2 },
      ],
    })
    const facet = await viewer.call('POST', '/api/search/tags', { query: 'raw.tag:own-0' })
    expect(facet.body).toMatchObject({
      tagged: 2,
      tags: [
        { tag: 'evil', rows: 2 },
        { tag: 'to review', rows: 1 },
      ],
    })
  })

  it('are looked up for the rows in view, and rows without any are left out', async () => {
    const { body } = await viewer.call<{ annotations: { row_id: string }[] }>('POST', '/api/annotations/look-up', { ids })
    expect(body.annotations.map((one) => one.row_id).sort()).toEqual(some(0, 1, 2, 3))
    expect(body.annotations.find((one) => one.row_id === at(0))).toEqual({ row_id: at(0), tags: ['evil', 'to review'], comments: 0 })
    expect((await viewer.call('POST', '/api/annotations/look-up', { ids: Array.from({ length: 1001 }, () => at(0)) })).status).toBe(422)
  })

  it('are refused whole: for a row that is not there, a word that is none, and more than a row can have', async () => {
    const before = await search('tag:*')
    const { status, body } = await tag(analyst, [at(5), 'ab'.repeat(16)], { add: ['x'] })
    expect([status, (body as unknown as { detail: string }).detail]).toEqual([404, '1 of these 2 rows are not stored. No row was changed.'])
    expect((await tag(analyst, [at(5)], { add: ['*'] })).status).toBe(422)
    expect((await tag(analyst, [at(5)], {})).status).toBe(422)
    const many = (from: number) => Array.from({ length: 20 }, (_, n) => `many-${from + n}`)
    expect((await tag(analyst, [at(5)], { add: many(0) })).status).toBe(200)
    expect((await tag(analyst, [at(5)], { add: many(20) })).status).toBe(200)
    expect((await tag(analyst, [at(5)], { add: many(40) })).status).toBe(409)
    expect((await tag(analyst, [at(5)], { remove: many(0) })).body).toMatchObject({ removed: 20 })
    expect((await tag(analyst, [at(5)], { remove: many(20) })).body).toMatchObject({ removed: 20 })
    expect(await search('tag:*')).toEqual(before)
  })

  it('say what they cannot be asked, with its place, and that they are no field to count by', async () => {
    const wrong = await viewer.call<{ code: string; position: number }>('POST', '/api/search', { query: 'n:1 tag:>3' })
    expect(wrong.body).toMatchObject({ code: 'syntax', position: 8 })
    expect((await viewer.call('POST', '/api/search', { query: 'comment:/x/' })).status).toBe(400)
    expect((await viewer.call('POST', '/api/search/values', { field: 'tag' })).status).toBe(422)
    const near = await viewer.call<{ detail: string }>('POST', '/api/search', { query: 'tagg:x' })
    expect(near.body.detail).toContain('Did you mean tag?')
  })
})

describe('comments', () => {
  it('are of one row and one person, who alone changes and deletes them', async () => {
    const made = await analyst.call<RowComment>('POST', `/api/annotations/rows/${at(6)}/comments`, { body: 'Looks like Ärger 100%_' })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ row_id: at(6), author: await analyst.username(), edited_at: null })
    const path = `/api/annotations/comments/${made.body.id}`
    for (const who of [colleague, admin]) {
      expect((await who.call('PUT', path, { body: 'mine' })).status).toBe(403)
      expect((await who.call('DELETE', path)).status).toBe(403)
    }
    expect(await search('comment:*ärger*')).toEqual(some(6))
    expect(await search('comment:*100%_')).toEqual(some(6))
    expect(await search('comment:*1007_*')).toEqual([])
    expect(await search('comment:"looks like ärger 100%_"')).toEqual(some(6))
    expect(await search('comment:*')).toEqual(some(6))
    expect((await analyst.call<RowComment>('PUT', path, { body: 'Harmless' })).body).toMatchObject({ body: 'Harmless' })
    expect(await search('comment:*ärger*')).toEqual([])
    const shown = await viewer.call<RowAnnotations>('GET', `/api/annotations/rows/${at(6)}`)
    expect(shown.body).toMatchObject({ is_stored: true, host_name: 'WS-1', artifact: 'Custom.Rows', tags: [] })
    expect(shown.body.comments[0]?.edited_at).not.toBeNull()
    expect((await analyst.call('DELETE', path)).status).toBe(204)
    expect((await viewer.call<RowAnnotations>('GET', `/api/annotations/rows/${at(6)}`)).body.comments).toEqual([])
    expect((await analyst.call('DELETE', path)).status).toBe(404)
  })

  it('of a viewer are refused, and so are those about a row of another tenant as if it were not there', async () => {
    expect((await viewer.call('POST', `/api/annotations/rows/${at(6)}/comments`, { body: 'x' })).status).toBe(403)
    const [foreign, random] = await Promise.all(
      [at(6), 'cd'.repeat(16)].map((id) =>
        stranger.call<{ detail: string }>('POST', `/api/annotations/rows/${id}/comments`, { body: 'x' }),
      ),
    )
    expect(foreign?.status).toBe(404)
    expect(foreign?.body.detail).toBe(random?.body.detail)
    expect((await stranger.call('GET', `/api/annotations/rows/${at(0)}`)).status).toBe(404)
    expect((await tag(stranger, [at(0)], { remove: ['evil'] })).status).toBe(404)
    expect((await stranger.call<{ annotations: unknown[] }>('POST', '/api/annotations/look-up', { ids })).body.annotations).toEqual([])
  })
})

it('every act leaves one row in the audit log, which names the rows and never the words of a comment', async () => {
  await tag(analyst, some(8, 9), { add: ['audited'] })
  const made = await analyst.call<RowComment>('POST', `/api/annotations/rows/${at(8)}/comments`, { body: 'do not repeat this' })
  await analyst.call('DELETE', `/api/annotations/comments/${made.body.id}`)
  await tag(analyst, some(8, 9), { remove: ['audited'] })
  const rows = (await admin.call<{ rows: AuditRow[] }>('GET', '/api/audit?limit=4')).body.rows
  expect(rows.map((row) => row.action)).toEqual(['row.tag', 'comment.delete', 'comment.add', 'row.tag'])
  expect(rows[3]?.details).toMatchObject({ add: ['audited'], rows: 2, added: 2, row_ids: expect.arrayContaining(some(8, 9)) as string[] })
  expect(JSON.stringify(rows)).not.toContain('do not repeat')
})

it('a query asks for the notes of 20,000 rows, and of one more it says how many there are', async () => {
  const { tenant_id } = (await admin.call<{ tenant_id: string }>('GET', '/api/auth/me')).body
  const put = (from: number, to: number) =>
    inTenant(app.app().stores.control.forTenant(tenant_id), async (q) => {
      const of = `generate_series(${from}, ${to}) n`
      await sql.raw(`insert into annotated_rows select '${tenant_id}', md5(n::text), 'a', 'h' from ${of}`).execute(q)
      await sql.raw(`insert into row_tags select '${tenant_id}', md5(n::text), 'many', null, 'x' from ${of}`).execute(q)
    })
  await tag(analyst, [at(10)], { add: ['many'] })
  await put(1, 19_999)
  expect(await search('tag:many')).toEqual(some(10))
  expect(await search('NOT tag:many')).toHaveLength(11)
  await put(20_000, 20_000)
  const { status, body } = await viewer.call<{ detail: string; position: number }>('POST', '/api/search', { query: 'n:1 OR tag:many' })
  expect(status).toBe(400)
  expect(body.position).toBe(11)
  expect(body.detail).toContain('are on 20001 rows; a query can ask for 20000 such rows')
  expect((await viewer.call('POST', '/api/search/tags', {})).body).toMatchObject({
    tags: expect.arrayContaining([{ tag: 'many', rows: 1 }]) as unknown[],
  })
  await inTenant(app.app().stores.control.forTenant(tenant_id), async (q) => {
    await sql`delete from row_tags where tag = 'many'`.execute(q)
    await sql`delete from annotated_rows a where not exists (select from row_tags t where t.row_id = a.row_id)`.execute(q)
  })
})

it('what is written outlives its import, is shown as about a row no longer stored, and is there again when the row is', async () => {
  expect((await admin.call('DELETE', `/api/ingestion/imports/${importId}`)).status).toBe(202)
  await expect.poll(() => viewer.total(''), { timeout: 20_000 }).toBe(0)
  expect(await search('tag:evil')).toEqual([])
  const gone = await viewer.call<RowAnnotations>('GET', `/api/annotations/rows/${at(0)}`)
  expect(gone.body).toMatchObject({
    is_stored: false,
    artifact: 'Custom.Rows',
    host_name: 'WS-1',
    tags: [{ tag: 'evil' }, { tag: 'to review' }],
  })
  const list = await viewer.call<{ row_id: string; is_stored: boolean }[]>('GET', '/api/annotations?tag=evil')
  expect(list.headers['x-total-count']).toBe('4')
  expect(list.body.map((row) => row.is_stored)).toEqual([false, false, false, false])
  // what is known is written about still
  expect((await tag(analyst, [at(0)], { add: ['still'] })).status).toBe(200)
  await analyst.importFile('rows.jsonl', file, { artifact: 'Custom.Rows', hostname: 'WS-1' })
  expect(await search('tag:evil')).toEqual(some(0, 1, 2, 3))
  expect(await search('tag:still')).toEqual(some(0))
})
