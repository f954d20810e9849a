import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { parquetReadObjects } from 'hyparquet'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Caller, withApp } from '../../../../test/harness/app.ts'
import type { AuditRow } from '../../../../shared/contract/audit.ts'

const product = withApp()
const many = 12_345
const hostile = [
  { Name: '=HYPERLINK("http://evil.example","x")', Note: 'two\r\nlines', Tags: ['a', 'b'] },
  { Name: '+1+1', Note: 'a "quoted", cell', Tags: [] },
  { Name: '@SUM(A1)', Note: '\u202egnp.exe', Tags: ['one'] },
  { Name: '-2', Note: '\t=1', Tags: null },
  { Name: 'plain', Note: '', 'Sp ace, "q"': 'x' },
]
let caller: Caller
let address = ''

beforeAll(async () => {
  caller = await product.person('Halden', 'admin')
  await caller.importFile('Custom.Hostile.json', hostile.map((row) => JSON.stringify(row)).join('\n'))
  const lines = Array.from({ length: many }, (_, n) =>
    JSON.stringify({
      Filler: 'x'.repeat(900),
      Pid: n,
      Name: `tool${n % 7}.exe`,
      CreateTime: n % 5 === 0 ? '' : new Date(1.7e12 + n * 997).toISOString(),
    }),
  )
  await caller.importFile('Windows.System.Pslist.json', lines.join('\n'))
  address = await product.listen()
})

interface Taken {
  status: number
  headers: IncomingMessage['headers']
  trailers: IncomingMessage['trailers']
  bytes: Buffer
}

const open = async (body: object, headers: Record<string, string> = {}): Promise<IncomingMessage> => {
  const outgoing = request(`${address}/api/search/export`, {
    method: 'POST',
    headers: { authorization: caller.authorization, 'content-type': 'application/json', ...headers },
    agent: false,
  })
  outgoing.end(JSON.stringify(body))
  const [reply] = (await once(outgoing, 'response')) as [IncomingMessage]
  return reply
}
const take = async (body: object, headers: Record<string, string> = {}): Promise<Taken> => {
  const reply = await open(body, headers)
  const chunks: Buffer[] = []
  for await (const chunk of reply as AsyncIterable<Buffer>) chunks.push(chunk)
  return { status: reply.statusCode ?? 0, headers: reply.headers, trailers: reply.trailers, bytes: Buffer.concat(chunks) }
}
const linesOf = <T>(taken: Taken): T[] =>
  taken.bytes
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T)

describe('an export', () => {
  it('holds every row of the query once, newest first, those without a time last, and says so before and behind', async () => {
    const taken = await take({ query: 'artifact:Windows.System.Pslist', format: 'jsonl' })
    const rows = linesOf<{ id: string; timestamp: string | null; fields: { Pid: string[] } }>(taken)
    expect([taken.status, taken.headers['x-total-count'], taken.trailers['x-rows']]).toEqual([200, String(many), String(many)])
    expect(new Set(rows.map((r) => r.id)).size).toBe(many)
    expect(rows.map((r) => Number(r.fields.Pid[0])).sort((a, b) => a - b)).toEqual(Array.from({ length: many }, (_, n) => n))
    const times = rows.map((r) => r.timestamp ?? '')
    expect(times).toEqual([...times].sort().reverse())
    expect(times.filter((t) => t === '')).toHaveLength(Math.ceil(many / 5))
  })
  it.each(['process_pid', '-process_pid', 'timestamp'])('comes in the order of %s', async (sort) => {
    const taken = await take({ query: 'artifact:Windows.System.Pslist timestamp:*', format: 'jsonl', fields: ['process_pid'], sort })
    const pids = linesOf<{ process_pid: number }>(taken).map((r) => r.process_pid)
    const wanted = [...pids].sort((a, b) => (sort.startsWith('-') ? b - a : a - b))
    expect(pids).toEqual(wanted)
    expect(new Set(pids).size).toBe(Number(taken.trailers['x-rows']))
  })
  it('does what the stages of its query say, and counts what is left', async () => {
    const query = 'artifact:Windows.System.Pslist | sort process_name | dedup process_name | fields process_name, Pid'
    const taken = await take({ query, format: 'csv' })
    const [head, ...rows] = parse(taken.bytes) as string[][]
    expect([head, rows.map((r) => r[0])]).toEqual([['process_name', 'Pid'], Array.from({ length: 7 }, (_, n) => `tool${n}.exe`)])
    expect([taken.headers['x-total-count'], taken.trailers['x-rows']]).toEqual(['7', '7'])
  })
  it('has in CSV the columns that any row has, a row for each, and no cell that is a formula', async () => {
    const taken = await take({ query: 'artifact:Custom.Hostile', format: 'csv', bom: true })
    expect(taken.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(taken.bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    const rows = parse(taken.bytes, { columns: true, bom: true }) as Record<string, string>[]
    expect(rows).toHaveLength(hostile.length)
    const byName = new Map(rows.map((row) => [row.Name, row]))
    expect([...byName.keys()].sort()).toEqual(["'+1+1", "'-2", '\'=HYPERLINK("http://evil.example","x")', "'@SUM(A1)", 'plain'].sort())
    expect(byName.get("'+1+1")).toMatchObject({ Note: 'a "quoted", cell', Tags: '[]' })
    expect(byName.get('\'=HYPERLINK("http://evil.example","x")')).toMatchObject({
      Note: 'two\r\nlines',
      Tags: 'a, b',
      artifact: 'Custom.Hostile',
    })
    expect(byName.get("'-2")?.Note).toBe("'\t=1")
    expect(byName.get('plain')?.['Sp ace, "q"']).toBe('x')
    for (const row of rows) expect(row.row_id).toMatch(/^[0-9a-f]{32}$/)
  })
  it('has the columns that were chosen, in their order', async () => {
    const taken = await take({ query: 'artifact:Custom.Hostile', format: 'csv', fields: ['Tags', 'artifact', 'row_id', 'raw.name'] })
    const [head, ...rows] = parse(taken.bytes) as string[][]
    expect(head).toEqual(['Tags', 'artifact', 'row_id', 'raw.name'])
    expect(rows.map((r) => r[0]).sort()).toEqual(['', '', '[]', 'a, b', 'one'])
    const unknown = await take({ format: 'csv', fields: ['Nmae'] })
    expect([unknown.status, unknown.bytes.toString()]).toEqual([422, expect.stringContaining('Nmae')])
  })
  it('gives the rows as they stood, byte for byte, with where they stood', async () => {
    const taken = await take({ query: 'artifact:Custom.Hostile', format: 'jsonl', shape: 'raw' })
    const rows = linesOf<{ raw: string; row_number: number; file: string; file_sha256: string }>(taken)
    const inOrder = [...rows].sort((a, b) => a.row_number - b.row_number)
    expect(inOrder.map((r) => r.raw)).toEqual(hostile.map((row) => JSON.stringify(row)))
    expect(inOrder[0]).toMatchObject({ file: 'Custom.Hostile.json', row_number: 0, file_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    // what a terminal or a viewer would obey is an escape
    expect(taken.bytes.toString('utf8')).toMatch(/^[\x20-\x7e\n]+$/)
  })
  it('is a Parquet file with typed columns, and the rows’ own ones as JSON', async () => {
    const taken = await take({ query: 'artifact:Windows.System.Pslist', format: 'parquet', sort: 'process_pid' })
    const file = taken.bytes.buffer.slice(taken.bytes.byteOffset, taken.bytes.byteOffset + taken.bytes.length) as ArrayBuffer
    const rows = await parquetReadObjects({ file })
    expect([rows.length, taken.trailers['x-rows']]).toEqual([many, String(many)])
    expect(rows[5]).toMatchObject({ process_pid: 5n, process_name: 'tool5.exe', artifact: 'Windows.System.Pslist', timestamp: null })
    expect(rows[6]?.timestamp).toEqual(new Date(1.7e12 + 6 * 997))
    expect(JSON.parse(String(rows[6]?.fields))).toMatchObject({ Pid: ['6'], Name: ['tool6.exe'] })
    const chosen = await take({ query: 'artifact:Custom.Hostile', format: 'parquet', fields: ['Note', 'Tags'] })
    const own = await parquetReadObjects({ file: new Uint8Array(chosen.bytes).buffer })
    expect(own.map((row) => row.Note)).toContain('two\r\nlines')
    expect((await take({ format: 'parquet', shape: 'raw' })).status).toBe(422)
  })
  it('of a stack is all of its groups, in its order', async () => {
    const query = 'artifact:Windows.System.Pslist | stack process_name top'
    const csv = await take({ query, format: 'csv' })
    const groups = parse(csv.bytes, { columns: true }) as Record<string, string>[]
    expect(groups.map((g) => [g.process_name, g.rows])).toEqual(
      Array.from({ length: 7 }, (_, n) => [`tool${n}.exe`, String(Math.ceil((many - n) / 7))]).sort((a, b) => Number(b[1]) - Number(a[1])),
    )
    expect([csv.headers['x-total-count'], csv.trailers['x-rows']]).toEqual(['7', '7'])
    const jsonl = linesOf<{ values: object; rows: number }>(await take({ query: `${query} 2`, format: 'jsonl' }))
    expect(jsonl).toMatchObject([{ values: { process_name: 'tool0.exe' }, rows: 1764, share: expect.any(Number) }, { rows: 1764 }])
    const many_groups = await take({ query: 'artifact:Windows.System.Pslist | stack process_pid', format: 'parquet' })
    const read = await parquetReadObjects({ file: new Uint8Array(many_groups.bytes).buffer })
    expect([read.length, new Set(read.map((g) => g.process_pid)).size]).toEqual([many, many])
    expect((await take({ query, format: 'csv', fields: ['artifact'] })).status).toBe(422)
    expect((await take({ query: '', format: 'csv', baseline_id: '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11' })).status).toBe(422)
  })
  it('ends with a line that counts where that is asked for', async () => {
    const csv = (await take({ query: 'artifact:Custom.Hostile', format: 'csv', end_line: true })).bytes.toString('utf8')
    expect(csv.endsWith('\r\nend_of_export,5\r\n')).toBe(true)
    const jsonl = (await take({ query: 'artifact:none', format: 'jsonl', end_line: true })).bytes.toString('utf8')
    expect(jsonl).toBe('{"end_of_export":{"rows":0}}\n')
  })
  it('is packed for who takes it packed', async () => {
    const plain = await take({ query: 'artifact:Windows.System.Pslist', format: 'csv' })
    const packed = await take({ query: 'artifact:Windows.System.Pslist', format: 'csv' }, { 'accept-encoding': 'gzip' })
    expect([packed.headers['content-encoding'], packed.trailers['x-rows']]).toEqual(['gzip', String(many)])
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 3)
    expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true)
    const refused = await take({ query: 'artifact:none', format: 'csv' }, { 'accept-encoding': 'gzip;q=0' })
    expect(refused.headers['content-encoding']).toBeUndefined()
  })
  it('leaves one row of the audit log, with the query and how many rows there were', async () => {
    await take({ query: 'artifact:Custom.Hostile plain', format: 'csv' }, { 'x-request-id': 'export-for-audit' })
    const { body } = await caller.call<{ rows: AuditRow[] }>('GET', '/api/audit?request_id=export-for-audit')
    expect(body.rows).toHaveLength(1)
    expect(body.rows[0]).toMatchObject({
      action: 'search.export',
      object_id: 'csv',
      details: { query: 'artifact:Custom.Hostile plain', rows: 1, format: 'csv', shape: 'normalised' },
    })
  })
  it('is refused with the place of the mistake before anything is sent, and leaves no row', async () => {
    const taken = await take({ query: 'artifact:(', format: 'csv' }, { 'x-request-id': 'export-refused' })
    expect([taken.status, JSON.parse(taken.bytes.toString())]).toEqual([400, expect.objectContaining({ code: 'syntax', position: 10 })])
    expect((await caller.call<{ rows: AuditRow[] }>('GET', '/api/audit?request_id=export-refused')).body.rows).toEqual([])
  })
})

describe('a reader', () => {
  it('that takes nothing is waited for with a page in hand, and gets the rest when it goes on', async () => {
    const reply = await open({ query: 'artifact:Windows.System.Pslist', format: 'jsonl' })
    reply.pause()
    await new Promise((resolve) => setTimeout(resolve, 700))
    const sent = reply.socket.bytesRead
    let bytes = 0
    for await (const chunk of reply as AsyncIterable<Buffer>) bytes += chunk.length
    expect(reply.trailers['x-rows']).toBe(String(many))
    expect(bytes).toBeGreaterThan(15_000_000)
    // the rest had not been read from the store: what the operating system holds on the way is all that was sent
    expect(sent).toBeLessThan(bytes / 2)
  })
  it('that goes away ends the export, so that others have room', async () => {
    const opened = await Promise.all(Array.from({ length: 3 }, () => open({ query: 'artifact:Windows.System.Pslist', format: 'jsonl' })))
    for (const reply of opened) reply.pause()
    const refused = await take({ format: 'jsonl' })
    expect([refused.status, JSON.parse(refused.bytes.toString())]).toEqual([
      429,
      expect.objectContaining({ code: 'limit', retry_after_s: 30 }),
    ])
    for (const reply of opened) reply.destroy()
    for (const end = Date.now() + 5_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const { status } = await take({ query: 'artifact:none', format: 'jsonl' })
      if (status === 200) break
      expect(Date.now()).toBeLessThan(end)
    }
  })
  it('whose session ends in the middle sees the connection break and no end of the file', async () => {
    const other = await product.person('Halden', 'viewer')
    const { body: me } = await other.call<{ id: string }>('GET', '/api/auth/me')
    const reply = await open({ query: 'artifact:Windows.System.Pslist', format: 'jsonl' }, { authorization: other.authorization })
    reply.pause()
    expect((await caller.call('DELETE', `/api/users/${me.id}`)).status).toBe(204)
    await new Promise((resolve) => setTimeout(resolve, 3_200))
    const read = async (): Promise<void> => {
      for await (const _chunk of reply as AsyncIterable<Buffer>) continue
    }
    await expect(read()).rejects.toThrow('aborted')
    expect(reply.complete).toBe(false)
    expect(reply.trailers['x-rows']).toBeUndefined()
  })
})
