import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { withApp } from '../../../test/harness/app.ts'
import { zipOf } from '../../../test/harness/zip.ts'

const product = withApp()

const row = (n: number): Record<string, unknown> => ({
  Pid: n,
  Ppid: 4,
  Name: `p${n}.exe`,
  Exe: `C:\\Made\\p${n}.exe`,
  CommandLine: `p${n}.exe --flag`,
  CreateTime: '2026-03-12T08:42:19.507Z',
  Username: 'HALDEN\\m',
})
const lines = (rows: readonly Record<string, unknown>[]): string => rows.map((r) => `${JSON.stringify(r)}\n`).join('')
const rows = (from: number, count: number): Record<string, unknown>[] => Array.from({ length: count }, (_, i) => row(from + i))

const client = 'C.0123456789abcdef'
const flow = 'F.CTEST0000001.H'
const info = JSON.stringify({ client_id: client, hostname: 'WS-17', fqdn: 'ws-17.halden.example', system: 'windows' })
const context = JSON.stringify({ client_id: client, session_id: flow, state: 2, artifacts_with_results: ['Windows.System.Pslist'] })
const flowZip = (of: readonly Record<string, unknown>[]): Buffer =>
  zipOf({ 'client_info.json': info, 'collection_context.json': context, 'results/Windows.System.Pslist.json': lines(of) })
const huntZip = (of: readonly Record<string, unknown>[]): Buffer => {
  const combined = of.map((r) => ({ ...r, FlowId: flow, ClientId: client, Fqdn: 'ws-17.halden.example' }))
  return zipOf({
    'hunt_info.json': JSON.stringify({ hunt_id: 'H.CTEST0000001', state: 'RUNNING' }),
    'results/All Windows.System.Pslist.json': lines(combined),
    [`WS-17-${client}/client_info.json`]: info,
    [`WS-17-${client}/collection_context.json`]: context,
    [`WS-17-${client}/results/Windows.System.Pslist.json`]: lines(of),
  })
}

describe('rows that arrive again', () => {
  test('the same file, and a renamed copy, store nothing twice and say so', async () => {
    const mara = await product.person('again')
    const data = lines(rows(0, 40))
    expect(await mara.importFile('Windows.System.Pslist.json', data)).toMatchObject({
      state: 'ready',
      rows_read: 40,
      rows_stored: 40,
      rows_duplicate: 0,
    })
    expect(await mara.importFile('Windows.System.Pslist.json', data)).toMatchObject({
      state: 'ready',
      rows_read: 40,
      rows_stored: 0,
      rows_duplicate: 40,
    })
    expect(await mara.importFile('copy of it.json', data)).toMatchObject({ rows_read: 40, rows_stored: 0, rows_duplicate: 40 })
    expect(await mara.total('')).toBe(40)
  })

  test('a hunt ZIP after the ZIP of the same flow brings only what is new', async () => {
    const mara = await product.person('flow-then-hunt')
    expect(await mara.importFile('flow.zip', flowZip(rows(0, 30)))).toMatchObject({ rows_stored: 30 })
    expect(await mara.importFile('H.zip', huntZip(rows(0, 35)))).toMatchObject({
      state: 'ready',
      rows_read: 35,
      rows_stored: 5,
      rows_duplicate: 30,
    })
    expect(await mara.total('')).toBe(35)
    expect(await mara.total('host_name:WS-17')).toBe(35)
  })

  test('equal rows within one flow are kept, each of them', async () => {
    const mara = await product.person('equal-rows')
    const three = [row(1), row(1), row(1)]
    expect(await mara.importFile('a.zip', flowZip(three))).toMatchObject({ rows_read: 3, rows_stored: 3, rows_duplicate: 0 })
    expect(await mara.importFile('b.zip', huntZip(three))).toMatchObject({ rows_read: 3, rows_stored: 0, rows_duplicate: 3 })
  })
})

describe('deleting an import', () => {
  const gone = async (mara: Awaited<ReturnType<typeof product.person>>, id: string): Promise<void> => {
    expect((await mara.call('DELETE', `/api/ingestion/imports/${id}`)).status).toBe(202)
    for (const until = Date.now() + 20_000; (await mara.call('GET', `/api/ingestion/imports/${id}`)).status !== 404; )
      if (Date.now() > until) throw new Error('it is still there')
  }

  test('removes its rows, keeps those that another import delivered too, under that one', async () => {
    const mara = await product.person('delete')
    const first = await mara.importFile('flow.zip', flowZip(rows(0, 20)))
    const second = await mara.importFile('H.zip', huntZip(rows(10, 20)))
    expect(second).toMatchObject({ rows_stored: 10, rows_duplicate: 10 })
    await gone(mara, first.id)
    expect(await mara.total('')).toBe(20)
    const left = await mara.call<{ events: { import_id: string }[] }>('POST', '/api/search', { query: 'process_pid:15' })
    expect(left.body.events.map((e) => e.import_id)).toEqual([second.id])
    await gone(mara, second.id)
    expect(await mara.total('')).toBe(0)
    expect((await mara.importFile('flow.zip', flowZip(rows(0, 20)))).rows_stored).toBe(20)
  })

  test('takes the file away with its last import only', async () => {
    const mara = await product.person('delete-file')
    const data = lines(rows(0, 3))
    const [a, b] = [await mara.importFile('a.json', data), await mara.importFile('b.json', data)]
    const sha256 = (await mara.call<{ files: { sha256: string }[] }>('GET', `/api/ingestion/imports/${a.id}`)).body.files[0]?.sha256
    await gone(mara, a.id)
    const kept = await mara.call<string>('GET', `/api/ingestion/imports/${b.id}/files/${sha256}`)
    expect(kept).toMatchObject({ status: 200, body: data })
    expect(kept.headers['content-disposition']).toMatch(/^attachment; filename="b\.json"/)
    expect(kept.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' })
    expect(String(kept.headers['content-security-policy'])).toContain('sandbox')
  })
})

describe('a receipt', () => {
  test('adds up and names each rejected row with its reason and text', async () => {
    const mara = await product.person('rejects')
    const receipt = await mara.importFile('Windows.System.Pslist.json', `${lines(rows(0, 5))}{"Pid": 7, "Na\n${lines(rows(6, 2))}[1,2]\n`)
    expect(receipt).toMatchObject({ state: 'partly', rows_read: 9, rows_stored: 7, rows_rejected: 2 })
    const rejects = await mara.call<{ row_number: number; reason: string; raw: string }[]>(
      'GET',
      `/api/ingestion/imports/${receipt.id}/rejects`,
    )
    expect(rejects.headers['x-total-count']).toBe('2')
    expect(rejects.body.map((r) => r.row_number)).toEqual([5, 8])
    expect(rejects.body[0]?.raw).toBe('{"Pid": 7, "Na')
    expect(rejects.body.every((r) => r.reason.length > 5)).toBe(true)
  })

  test('of a gzip file is that of what it holds', async () => {
    const mara = await product.person('gzip')
    expect(
      await mara.importFile('x.jsonl.gz', gzipSync(lines(rows(0, 12))), { artifact: 'Windows.System.Pslist', hostname: 'WS-9' }),
    ).toMatchObject({ state: 'ready', rows_stored: 12 })
    expect(await mara.total('artifact:Windows.System.Pslist AND host_name:WS-9')).toBe(12)
  })

  test('of a file that is no export says so in a sentence', async () => {
    const mara = await product.person('nonsense')
    const receipt = await mara.importFile('x.bin', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 2, 3, 0, 0, 0]))
    expect(receipt.state).toBe('failed')
    expect(receipt.error).toMatch(/\.$/)
  })
})

describe('the original JSON body', () => {
  test('is searchable when the answer comes, with every digit of its numbers', async () => {
    const mara = await product.person('json-body')
    const body = '{"hostname":"WS-3","data":{"artifact":"Windows.System.Pslist","results":[{"Pid":4,"Big":9223372036854775807},{"Pid":5}]}}'
    const reply = await product.app().http.inject({
      method: 'POST',
      url: '/api/ingestion/ingest',
      payload: body,
      headers: { host: 'localhost', 'content-type': 'application/json', authorization: mara.authorization },
    })
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({ message: '2 rows stored, 0 seen before, 0 rejected.' })
    const found = await mara.call<{ events: { fields: Record<string, string[]>; host_id: string }[] }>('POST', '/api/search', {
      query: 'Big:9223372036854775807',
    })
    expect(found.body.events[0]?.fields.Big).toEqual(['9223372036854775807'])
    expect(found.body.events[0]?.host_id).toBe(reply.json<{ host_id: string }>().host_id)
  })

  test('is refused with every fault named when it is not whole', async () => {
    const mara = await product.person('json-faults')
    const reply = await mara.call<{ errors: { field: string }[] }>('POST', '/api/ingestion/ingest', {
      hostname: '',
      data: { artifact: 'A' },
    })
    expect(reply.status).toBe(422)
    expect(reply.body.errors.map((e) => e.field)).toEqual(['hostname', 'data.results'])
  })
})

describe('quotas', () => {
  test('refuse an upload before it is acknowledged, and nothing of it stays', async () => {
    const mara = await product.person('quota')
    const me = await mara.call<{ tenant_id: string }>('GET', '/api/auth/me')
    await product.setQuota(me.body.tenant_id, 1000)
    const refused = await mara.upload([{ name: 'big.json', data: lines(rows(0, 100)) }])
    expect(refused.status).toBe(507)
    expect((await mara.call<unknown[]>('GET', '/api/ingestion/imports')).body).toEqual([])
    expect((await mara.upload([{ name: 'small.json', data: lines(rows(0, 2)) }])).status).toBe(202)
  })
})

describe('steering an import', () => {
  test('a locked one opens with its password and forgets it', async () => {
    const mara = await product.person('locked')
    const locked = await mara.importFile('locked.zip', zipOf({ 'Windows.System.Pslist.json': lines(rows(0, 6)) }, { password: 'hello' }))
    expect(locked).toMatchObject({ state: 'locked', rows_read: 0 })
    const path = `/api/ingestion/imports/${locked.id}`
    expect((await mara.call('POST', `${path}/unlock`, {})).status).toBe(422)
    await mara.call('POST', `${path}/unlock`, { password: 'wrong' })
    expect(await mara.settled(locked.id)).toMatchObject({ state: 'locked' })
    await mara.call('POST', `${path}/unlock`, { password: 'hello' })
    expect(await mara.settled(locked.id)).toMatchObject({ state: 'ready', rows_stored: 6 })
    expect((await mara.call('POST', `${path}/unlock`, { password: 'hello' })).status).toBe(409)
  })

  test('a cancelled one keeps what is stored, and retry brings the rest, once', async () => {
    const mara = await product.person('cancel')
    const sent = await mara.upload([{ name: 'Windows.System.Pslist.json', data: lines(rows(0, 120_000)) }])
    const id = sent.body.imports[0]?.id ?? ''
    const cancelled = await mara.call<{ state: string }>('POST', `/api/ingestion/imports/${id}/cancel`)
    expect(cancelled.body.state).toBe('cancelled')
    expect((await mara.call('POST', `/api/ingestion/imports/${id}/cancel`)).status).toBe(409)
    await mara.call('POST', `/api/ingestion/imports/${id}/retry`)
    expect(await mara.settled(id)).toMatchObject({ state: 'ready', rows_read: 120_000, rows_stored: 120_000, rows_duplicate: 0 })
    expect(await mara.total('')).toBe(120_000)
  })
})
