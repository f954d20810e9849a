import { beforeAll, describe, expect, it } from 'vitest'
import type { AuditRow, ChainReport } from '../../../shared/contract/audit.ts'
import { type Caller, withApp } from '../../../test/harness/app.ts'

const product = withApp()
let admin: Caller
let analyst: Caller
let other: Caller

interface Page {
  rows: AuditRow[]
  total: number
  next_cursor: string | null
}
const read = async (query: string, who = admin): Promise<Page> => {
  const reply = await who.call<Page>('GET', `/api/audit?${query}`)
  expect(reply.status, JSON.stringify(reply.body)).toBe(200)
  return reply.body
}
const file = async (query: string): Promise<{ text: string; headers: Record<string, unknown> }> => {
  const reply = await product.app().http.inject({
    method: 'GET',
    url: `/api/audit/export?${query}`,
    headers: { host: 'localhost', authorization: admin.authorization },
  })
  expect(reply.statusCode).toBe(200)
  return { text: reply.body, headers: reply.headers }
}

beforeAll(async () => {
  admin = await product.person('Halden')
  analyst = await product.person('Halden', 'user')
  other = await product.person('Elsewhere')
  for (const hostname of ['alpha', 'beta', '=cmd|calc']) await analyst.call('POST', '/api/hosts', { hostname })
  await other.call('POST', '/api/hosts', { hostname: 'theirs' })
  await analyst.importFile('a.jsonl', '{"a":1}\n', { artifact: 'Custom.A', hostname: 'alpha' })
})

describe('the audit log', () => {
  it('is read newest first, and in pages that meet', async () => {
    const all = await read('limit=1000')
    expect(all.rows.map((r) => r.seq)).toEqual(Array.from({ length: all.total }, (_, i) => all.total - i))
    const paged: number[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page = await read(`limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(page.total).toBe(all.total)
      paged.push(...page.rows.map((r) => r.seq))
      cursor = page.next_cursor
    }
    expect(paged).toEqual(all.rows.map((r) => r.seq))
    expect((await read('action=host.create&limit=3')).next_cursor).toBeNull()
  })
  it('is found by person, act, object, outcome, address, request and time', async () => {
    const hosts = await read('action=host.create')
    expect(hosts.rows.map((r) => r.details.hostname)).toEqual(['=cmd|calc', 'beta', 'alpha'])
    const [row] = hosts.rows
    const actor = encodeURIComponent(row?.actor_name.toUpperCase() ?? '')
    for (const query of [
      `actor=${actor}&action=host.create`,
      `actor=${row?.actor_id}&action=host.`,
      'object=host',
      'object=host&outcome=success&address=127.0.0.1',
      `object=host&from=${hosts.rows.at(-1)?.at}`,
    ])
      expect((await read(query)).total, query).toBe(3)
    for (const query of [`object=${row?.object_id}`, `request_id=${row?.request_id}`]) expect((await read(query)).total, query).toBe(1)
    for (const query of ['object=host&outcome=denied', 'object=host&address=10.0.0.1', `object=host&to=${hosts.rows.at(-1)?.at}`])
      expect((await read(query)).total, query).toBe(0)
  })
  it('tells of an import its file and hash, once', async () => {
    const { rows, total } = await read('action=import.create')
    expect(total).toBe(1)
    expect(rows[0]?.details.files).toMatchObject([{ file: 'a.jsonl', size_bytes: 8, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  })
  it('is for the admins of its tenant alone', async () => {
    expect((await analyst.call('GET', '/api/audit')).status).toBe(403)
    expect(JSON.stringify(await read('limit=1000', other))).not.toMatch(/alpha|beta|calc|Halden/)
    expect((await other.call('GET', '/api/audit?chain=platform')).status).toBe(403)
  })
  it('holds, and says how far', async () => {
    const { body } = await admin.call<ChainReport>('GET', '/api/audit/verify')
    expect(body).toMatchObject({ state: 'holds', breaks: [], breaks_total: 0 })
    expect(body.rows).toBe((await read('limit=1')).total)
  })
})

describe('an export', () => {
  it('holds every row that matches, oldest first, and is itself told before it begins', async () => {
    const before = (await read('limit=1')).total
    const { text, headers } = await file('format=jsonl')
    const lines = text.trimEnd().split('\n')
    expect(lines.map((l) => (JSON.parse(l) as { seq: number }).seq)).toEqual(Array.from({ length: before }, (_, i) => i + 1))
    expect(headers['x-total-count']).toBe(String(before))
    expect(headers['content-disposition']).toMatch(/^attachment; filename="audit-tenant-\d{4}-\d\d-\d\d\.jsonl"$/)
    expect((await read('limit=1')).rows[0]).toMatchObject({ action: 'audit.export', details: { format: 'jsonl', rows: before } })
  })
  it('links each line to the one before', async () => {
    const rows = (await file('format=jsonl')).text
      .trimEnd()
      .split('\n')
      .map((l) => JSON.parse(l) as { prev_hash: string; hash: string })
    for (const [i, row] of rows.entries()) if (i > 0) expect(row.prev_hash).toBe(rows[i - 1]?.hash)
  })
  it('as CSV takes the same filter', async () => {
    const { text, headers } = await file('format=csv&action=host.create')
    expect(text.trimEnd().split('\r\n')).toHaveLength(4)
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  })
})

it('a removal is told twice: when it was asked for and when it was done, by the person who asked', async () => {
  const receipt = await analyst.importFile('b.jsonl', '{"b":1}\n', { artifact: 'Custom.B', hostname: 'beta' })
  expect((await analyst.call('DELETE', `/api/ingestion/imports/${receipt.id}`)).status).toBe(202)
  for (const until = Date.now() + 20_000; (await read(`object=${receipt.id}&action=import.remove`)).total === 0; ) {
    expect(Date.now()).toBeLessThan(until)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { rows } = await read(`object=${receipt.id}`)
  expect(rows.map((r) => r.action)).toEqual(['import.remove', 'import.delete', 'import.create'])
  expect(new Set(rows.map((r) => r.actor_name)).size).toBe(1)
})
