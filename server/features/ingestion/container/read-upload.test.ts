import { generateKeyPairSync, publicEncrypt, constants } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildEvtx } from '../../../../test/harness/poison/build-evtx.ts'
import { buildZip, type ZipPart } from '../../../../test/harness/poison/build-zip.ts'
import { collectBytes, type Collected } from '../../../../test/harness/poison/collect.ts'
import { jsonLines } from '../../../../test/harness/poison/poison.ts'
import { ExactNumber, LockedError } from '../reading.ts'

const values = (found: Collected, member = 0) => found.members[member]?.rows.map((row) => row.value)
const codes = (found: Collected) => found.warnings.map((warning) => warning.code)
const client = 'C.0123456789abcdef'
const serverInfo = JSON.stringify({
  client_id: client,
  hostname: 'PC1',
  system: 'windows',
  ip_address: '10.0.0.5:4444',
  first_seen_at: 1_698_021_918,
})

describe('members of an archive that are named alike', () => {
  const part = (name: string, row: string): ZipPart => ({ name, data: Buffer.from(`${row}\n`) })
  const paths = (found: Collected) => found.members.map(({ member }) => member.path)

  it('have paths of their own, for rows are told apart by them', async () => {
    const parts = ['a.json', 'a.json', 'a.json (2)', 'a.json', 'A.json'].map((name, i) => part(name, `{"i":${i}}`))
    const found = await collectBytes(buildZip(parts))
    expect(paths(found)).toEqual(['a.json', 'a.json (2)', 'a.json (2) (2)', 'a.json (3)', 'A.json'])
    expect(found.rows).toBe(5)
  })

  it('have them too where only what is not kept of the names differs, or one looks like a member of a nested archive', async () => {
    const nested = buildZip([part('a.json', '{"i":1}')])
    const alike = [part('a\0.json', '{"i":2}'), part('a\uFFFD.json', '{"i":3}'), part('n.zip!a.json', '{"i":4}')]
    const found = await collectBytes(buildZip([...alike, { name: 'n.zip', data: nested }]))
    expect(found.rows).toBe(4)
    expect(new Set(paths(found)).size).toBe(4)
  })
})

describe('the header of a CSV', () => {
  it('that cannot be read is no reason to take the first row for one', async () => {
    const found = await collectBytes(`${'x,'.repeat(10_000)}y\nx,1\ny,2\n`, { name: 'x.csv' })
    expect(found.rows).toBe(0)
    expect(found.rejects).toHaveLength(3)
    const long = await collectBytes(`${'x,'.repeat(9_000_000)}y\nx,1\n`, { name: 'x.csv' })
    expect([long.rows, long.rejects.length]).toEqual([0, 2])
  })

  it('may name all its columns alike, and takes no longer for it', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => (i === 4000 ? 'a_7' : 'a'))
    const begun = performance.now()
    const found = await collectBytes(`${names.join(',')}\n${names.map((_, i) => i).join(',')}\n`, { name: 'x.csv' })
    const row = values(found)?.[0] ?? {}
    expect(Object.keys(row)).toHaveLength(10_000)
    expect(row).toMatchObject({ a: '0', a_2: '1', a_7: '6', a_7_2: '4000', a_9999: '9999' })
    expect(performance.now() - begun).toBeLessThan(1000)
  })
})

describe('bare files', () => {
  it('keeps all digits of numbers that a double would change, and only of those', async () => {
    const found = await collectBytes(
      '{"a":9007199254740993,"b":1474303806.4778783,"c":0.12345678901234567890,"d":1e400,"e":1e5,"f":"12345678901234567890"}\n',
    )
    const [row] = values(found) ?? []
    expect(row).toEqual({
      a: new ExactNumber('9007199254740993'),
      b: 1474303806.4778783,
      c: new ExactNumber('0.12345678901234567890'),
      d: new ExactNumber('1e400'),
      e: 100000,
      f: '12345678901234567890',
    })
  })

  it('says when a key stands twice with different values, and keeps the last', async () => {
    const found = await collectBytes('{"ClientId":"a","x":{"k":1,"k":1},"ClientId":"b"}\n{"s":"\\":","t":1}\n')
    expect(values(found)?.[0]).toEqual({ ClientId: 'b', x: { k: 1 } })
    expect(found.warnings.find((warning) => warning.code === 'duplicate_keys')?.count).toBe(1)
  })

  it('marks rows whose raw text is plain ASCII without escapes', async () => {
    const found = await collectBytes('{"a":"x"}\n{"a":"\\u00e9"}\n{"a":"é"}\n')
    expect(found.members[0]?.rows.map((row) => row.isAscii)).toEqual([true, false, false])
  })

  it('reads the body of the original API row by row with its artifact and host', async () => {
    const body =
      '{"data": {"results": [{"Id": 9007199254740993}, {"Id": 2}, 5], "artifact": "Windows.System.Pslist/Src"}, "hostname": "PC1"}'
    const found = await collectBytes(body)
    expect(found.kind).toBe('api_rows')
    expect(found.members[0]?.member).toMatchObject({ artifact: 'Windows.System.Pslist', source: 'Src', host: { hostname: 'PC1' } })
    expect(values(found)).toEqual([{ Id: new ExactNumber('9007199254740993') }, { Id: 2 }])
    expect(found.rejects).toHaveLength(1)
  })

  it('takes rows that only look like such a body as rows', async () => {
    const found = await collectBytes('{"hostname":"a","data":{"x":1}}\n{"hostname":"b","data":{"x":2}}\n')
    expect({ kind: found.kind, rows: found.rows }).toEqual({ kind: 'jsonl', rows: 2 })
  })

  it('reads lines of an array whose brackets are gone, each with its comma', async () => {
    const found = await collectBytes('{"a":1},\n{"a":{"b":2}},\r\n{"a":3},\n{"a":{"b":4},\n')
    expect(values(found)).toEqual([{ a: 1 }, { a: { b: 2 } }, { a: 3 }])
    expect(found.members[0]?.rows[0]?.raw).toBe('{"a":1}')
    expect(found.rejects.map((reject) => reject.raw)).toEqual(['{"a":{"b":4},'])
    const whole = await collectBytes('[\n{"a":1},\n{"a":2},\n{"a":3}\n]\n')
    expect([whole.kind, whole.rows, whole.rejects]).toEqual(['json', 3, []])
  })

  it('names the artifact by the file name or by the option, which comes first', async () => {
    const named = await collectBytes(jsonLines(1), { name: 'Windows.Events.ProcessCreation.2019-10-25.json' })
    expect(named.members[0]?.member.artifact).toBe('Windows.Events.ProcessCreation')
    const told = await collectBytes(jsonLines(1), { name: 'Windows.A.B.json', artifact: 'Custom.C/D' })
    expect(told.members[0]?.member).toMatchObject({ artifact: 'Custom.C', source: 'D' })
  })

  it('reads a gzip as what it holds', async () => {
    const found = await collectBytes(gzipSync('A,B\n1,2\n'), { name: 'x.csv.gz' })
    expect({ kind: found.kind, rows: values(found) }).toEqual({ kind: 'csv', rows: [{ A: '1', B: '2' }] })
  })

  it('stops when the signal is aborted', async () => {
    const abort = new AbortController()
    abort.abort(new Error('cancelled'))
    expect((await collectBytes(jsonLines(5), { signal: abort.signal })).error?.message).toBe('cancelled')
  })
})

describe('CSV dialects', () => {
  it('undoes what Velociraptor writes today: compact JSON in cells, a tab before formulas', async () => {
    const found = await collectBytes('Name,Data,Cmd\na,"{""k"":[1,9007199254740993]}","\t=1+1"\nb,, 5\n')
    expect(values(found)).toEqual([
      { Name: 'a', Data: { k: [1, new ExactNumber('9007199254740993')] }, Cmd: '=1+1' },
      { Name: 'b', Data: null, Cmd: ' 5' },
    ])
    expect(codes(found)).toContain('csv_header')
  })

  it('undoes the other writer: indented JSON over several lines, a blank before strings that look like something else', async () => {
    const text = 'Name,Data,Text\na,"{\n ""k"": 1\n}", 123\nb,"{\n ""k"": 2\n}",base64:AAAA\n'
    const found = await collectBytes(text)
    expect(values(found)).toEqual([
      { Name: 'a', Data: { k: 1 }, Text: '123' },
      { Name: 'b', Data: { k: 2 }, Text: 'base64:AAAA' },
    ])
    expect(found.members[0]?.rows[0]?.raw).toBe('a,"{\n ""k"": 1\n}", 123')
  })

  it('undoes the old one: every cell is JSON, but not the columns that a hunt appends', async () => {
    const found = await collectBytes('P,N,B,FlowId\n"""C:\\\\x""",null,false,F.1\n"""y""",5,true,F.2\n')
    expect(values(found)).toEqual([
      { P: 'C:\\x', N: null, B: false, FlowId: 'F.1' },
      { P: 'y', N: 5, B: true, FlowId: 'F.2' },
    ])
  })

  it.each([';', '\t', '|'])('finds the delimiter %j', async (delimiter) => {
    const found = await collectBytes(`A${delimiter}B\n1${delimiter}x,y\n`)
    expect(values(found)).toEqual([{ A: '1', B: 'x,y' }])
  })

  it('takes the line that tells Excel the delimiter for what it is', async () => {
    const found = await collectBytes('sep=;\r\nName;Path\r\na;C:\\x,y\r\n', { name: 'x.csv' })
    expect(values(found)).toEqual([{ Name: 'a', Path: 'C:\\x,y' }])
    const column = await collectBytes('sep=,x\n1,2\n', { name: 'x.csv' })
    expect(values(column)).toEqual([{ 'sep=': '1', x: '2' }])
  })

  it('finds nested cells in a column that is empty at first', async () => {
    const found = await collectBytes(`N,Data\n${'1,\n'.repeat(250)}2,"{""k"":5}"\n3,{text\n`, { name: 'x.csv' })
    expect(values(found)?.slice(249)).toEqual([
      { N: '1', Data: '' },
      { N: '2', Data: { k: 5 } },
      { N: '3', Data: '{text' },
    ])
  })

  it('says how many columns are too many, and how many bytes an unclosed quote takes along', async () => {
    const found = await collectBytes('A,B\n1,2,3\n4,"open\nnot a row')
    expect(found.rejects.map((reject) => reject.reason)).toEqual([
      '3 columns, header has 2',
      'A quote is opened and never closed: 17 bytes to the end of the file',
    ])
  })
})

describe('collections and hunts', () => {
  const rows = (name: string, count: number): ZipPart => ({ name, data: jsonLines(count) })

  it('knows client, flow, hunt and host of each member of a hunt, and reads each row once', async () => {
    const found = await collectBytes(
      buildZip([
        { name: 'hunt_info.json', data: '{"hunt_id":"H.ABC"}' },
        rows('results/All Windows.A.B%2FS.json', 5),
        rows('results/All Windows.A.B%2FS.csv', 5),
        rows('results/All Windows.Only.All.json', 4),
        { name: `PC1-${client}/client_info.json`, data: serverInfo },
        { name: `PC1-${client}/collection_context.json`, data: '{"context":{"session_id":"F.ABC.H"}}' },
        rows(`PC1-${client}/results/Windows.A.B%2FS.json`, 3),
        rows(`PC2-C.1111111111111111-ORG1/results/Windows.A.B%2FS.json`, 2),
        rows(`PC2-C.1111111111111111-ORG1/results/Windows.A.B%2FS.json.index`, 2),
      ]),
    )
    const told = found.members.map(({ member, count }) => [
      member.artifact,
      member.source,
      member.client_id,
      member.flow_id,
      member.hunt_id,
      member.host?.hostname ?? null,
      count,
    ])
    expect(told).toEqual([
      ['Windows.Only.All', null, null, null, 'H.ABC', null, 4],
      ['Windows.A.B', 'S', client, 'F.ABC.H', 'H.ABC', 'PC1', 3],
      ['Windows.A.B', 'S', 'C.1111111111111111', null, 'H.ABC', 'PC2', 2],
    ])
    expect(found.kind).toBe('hunt_zip')
  })

  it('takes clients of a hunt that have no file of their own, or a damaged one, from the file of all clients', async () => {
    const [one, two, three] = ['C.1111111111111111', 'C.2222222222222222', 'C.3333333333333333'] as const
    const row = (id: string, n: number) => `{"n":${n},"a":"no \\"ClientId\\":\\"x","FlowId":"F.A.H","ClientId":"${id}-ORG1","Fqdn":"pc"}`
    const all = [one, two, three].flatMap((id) => [row(id, 1), row(id, 2)])
    const combined: ZipPart = { name: 'results/All Windows.A.B.json', data: `${all.join('\n')}\n` }
    const info: ZipPart = { name: 'hunt_info.json', data: '{"hunt_id":"H.A"}' }
    const own = (id: string): ZipPart => rows(`PC-${id}/results/Windows.A.B.json`, 2)
    const zip = buildZip([info, combined, own(one), own(three)])
    const found = await collectBytes(zip)
    expect(found.members.map(({ member, count }) => [member.client_id, count])).toEqual([
      [one, 2],
      [three, 2],
      [null, 2],
    ])
    expect(found.members[2]?.rows.map(({ number, value }) => [number, value.ClientId])).toEqual([
      [2, `${two}-ORG1`],
      [3, `${two}-ORG1`],
    ])
    expect(codes(found)).toEqual(['combined_rows'])

    const whole = await collectBytes(buildZip([info, combined, own(one), own(two), own(three)]))
    expect([whole.rows, codes(whole)]).toEqual([6, []])

    const dataAt = zip.indexOf(`PC-${three}/results`) + `PC-${three}/results/Windows.A.B.json`.length
    zip.fill(0xff, dataAt, dataAt + 8)
    const damaged = await collectBytes(zip)
    expect(damaged.members.at(-1)?.count).toBe(4)
    expect(codes(damaged)).toEqual(['zip_member', 'combined_rows'])
  })

  it('reads an offline collection whose times are in nanoseconds and keys in any case', async () => {
    const info =
      '{"Hostname":"WIN1","OS":"windows","Platform":"Microsoft Windows 11","PlatformVersion":"10.0.22000","HostID":"abc","Fqdn":"WIN1.lan"}'
    const found = await collectBytes(
      buildZip([
        { name: 'client_info.json', data: info },
        { name: 'results/Windows.A.B.json', data: '' },
        { name: 'results/Windows.C.D.csv', data: 'A,B\n1,2\n' },
      ]),
    )
    expect(found.hosts).toMatchObject([
      { host_id: 'abc', hostname: 'WIN1', fqdn: 'WIN1.lan', os: 'windows', os_version: 'Microsoft Windows 11 10.0.22000' },
    ])
    expect(found.members.map(({ member, count }) => [member.artifact, member.format, count])).toEqual([
      ['Windows.A.B', 'jsonl', 0],
      ['Windows.C.D', 'csv', 1],
    ])
    expect(codes(found)).toContain('csv_header')
  })

  it('takes JSON before its CSV sibling, but a CSV whose JSON is empty', async () => {
    const csv: ZipPart = { name: 'results/Windows.A.B.csv', data: 'Pid,Name\n0,x\n' }
    const both = await collectBytes(buildZip([{ name: 'client_info.json', data: serverInfo }, rows('results/Windows.A.B.json', 2), csv]))
    expect([both.rows, codes(both)]).toEqual([2, ['csv_ignored']])
    const only = await collectBytes(
      buildZip([{ name: 'client_info.json', data: serverInfo }, { name: 'results/Windows.A.B.json', data: '' }, csv]),
    )
    expect(only.members.map(({ member }) => member.format)).toEqual(['csv'])
  })

  it('reads a raw copy of a flow and of the datastore by their folders', async () => {
    const found = await collectBytes(
      buildZip([
        { name: 'F.ABC123.H/logs.json', data: '{"a":1}\n' },
        { name: 'F.ABC123.H/uploads.json', data: '' },
        { name: 'F.ABC123.H/task.db', data: 'x' },
        rows('F.ABC123.H/results/Windows.A.B%2FS.json', 2),
        rows(`clients/${client}/artifacts/Windows.C.D/F.DEF/Src.json`, 3),
      ]),
    )
    expect(
      found.members.map(({ member, count }) => [member.artifact, member.source, member.client_id, member.flow_id, member.hunt_id, count]),
    ).toEqual([
      ['Windows.A.B', 'S', null, 'F.ABC123.H', 'H.ABC123', 2],
      ['Windows.C.D', 'Src', client, 'F.DEF', null, 3],
    ])
  })

  it('reads event logs among the uploads, with the path they had on their host', async () => {
    const uploads =
      '{"vfs_path":"C:\\\\Windows\\\\Security.evtx","_Components":["uploads","auto","C:","Windows","Security.evtx"],"Type":""}\n'
    const found = await collectBytes(
      buildZip([
        { name: 'client_info.json', data: serverInfo },
        { name: 'uploads.json', data: uploads },
        { name: 'uploads/auto/C%3A/Windows/Security.evtx', data: buildEvtx(1, 5) },
        { name: 'uploads/auto/C%3A/pagefile.sys', data: Buffer.alloc(9000, 1) },
      ]),
    )
    expect(found.members.map(({ member, count }) => [member.format, member.artifact, member.original_path, count])).toEqual([
      ['evtx', null, 'C:\\Windows\\Security.evtx', 5],
    ])
    expect(found.members[0]?.rows[0]?.value).toMatchObject({
      System: { EventID: '4688', Computer: 'HOST1' },
      EventData: { Data: [{ Name: 'NewProcessName', Value: 'C:\\p1.exe' }, { Name: 'SubjectUserName' }] },
    })
  })

  it('reads several collections in one ZIP, each with its own client', async () => {
    const inner = (id: string) =>
      buildZip([
        { name: 'collection_context.json', data: `{"client_id":"${id}","session_id":"F.${id.slice(2, 5)}"}` },
        rows('results/Windows.A.B.json', 2),
      ])
    const found = await collectBytes(
      buildZip([
        { name: 'one.zip', data: inner('C.aaaaaaaaaaaaaaaa'), method: 0 },
        { name: 'two.zip', data: inner('C.bbbbbbbbbbbbbbbb') },
      ]),
    )
    expect(found.members.map(({ member }) => [member.path, member.client_id])).toEqual([
      ['one.zip!results/Windows.A.B.json', 'C.aaaaaaaaaaaaaaaa'],
      ['two.zip!results/Windows.A.B.json', 'C.bbbbbbbbbbbbbbbb'],
    ])
  })

  it('opens a collection sealed to a certificate with its key, and says what is missing or wrong', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const pem = (key: typeof privateKey) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
    const sealed = publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha512' }, Buffer.from('s3cret'))
    const metadata = JSON.stringify([{ EncryptedPass: sealed.toString('base64'), Scheme: 'X509', PublicKey: '' }])
    const upload = buildZip([
      { name: 'metadata.json', data: metadata },
      { name: 'data.zip', data: buildZip([rows('results/Windows.A.B.json', 2)]), password: 's3cret', method: 0 },
    ])
    expect((await collectBytes(upload, { private_key: pem(privateKey) })).rows).toBe(2)
    const asked = [
      await collectBytes(upload),
      await collectBytes(upload, { private_key: pem(other) }),
      await collectBytes(upload, { private_key: '-----BEGIN ENCRYPTED PRIVATE KEY-----' }),
    ]
    expect(asked.map(({ error }) => (error instanceof LockedError ? [error.needs, error.wrong] : error))).toEqual([
      ['private_key', false],
      ['private_key', true],
      ['private_key', true],
    ])
    expect(asked[0]?.kind).toBe('encrypted_zip')
  })
})
