import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columns } from '../../../events/columns.data.ts'
import { BlockBuilder } from './block-builder.ts'
import { bareMember, decodeBlock, facts, fieldsIn, memberOf, rowFrom, rowOf } from './decode-block.test-kit.ts'
import { Occurrences } from './identity/occurrences.ts'
import { normaliseRow } from './normalise-row.ts'
import { ExactNumber, type Json, type Member, type ReadRow, type Row } from '../reading.ts'

const netstat = {
  Pid: 5484,
  Name: 'beacon.exe',
  Family: 'IPv4',
  Type: 'TCP',
  Status: 'ESTAB',
  'Laddr.IP': '192.168.0.23',
  'Laddr.Port': 51234,
  'Raddr.IP': '::ffff:203.0.113.9',
  'Raddr.Port': 443,
  Timestamp: '2020-08-01T09:17:02.123456789Z',
}
const blockOf = (member: Member, rows: readonly ReadRow[], batch = 0) => {
  const builder = new BlockBuilder(facts)
  builder.startMember(member)
  for (const row of rows) builder.add(row)
  return { builder, block: builder.take(batch) }
}
const one = (row: ReadRow, member = memberOf('Custom.Unknown')): ReturnType<typeof decodeBlock>[number] => {
  const [decoded] = decodeBlock(blockOf(member, [row]).block.bytes)
  expect(decoded).toEqual(normaliseRow(member, facts, row))
  return decoded as ReturnType<typeof decodeBlock>[number]
}
const fieldsOf = (raw: string) => Object.fromEntries(fieldsIn(one(rowFrom(raw))))

describe('BlockBuilder', () => {
  it('writes a Netstat row that reads back as normaliseRow explains it', () => {
    const member = memberOf('Windows.Network.Netstat')
    const { block } = blockOf(member, [rowOf(netstat, 7)], 42)
    expect(block.rows).toBe(1)
    const [row] = decodeBlock(block.bytes)
    expect(row).toEqual({ ...normaliseRow(member, facts, rowOf(netstat, 7)), batch: 42 })
    expect(row).toMatchObject({
      import_id: facts.import_id,
      destination_ip: '203.0.113.9',
      destination_port: 443,
      source_port: 51234,
      process_pid: 5484,
      network_transport: 'tcp',
      network_state: 'ESTAB',
      timestamp: '2020-08-01T09:17:02.123456Z',
      time_field: 'Timestamp',
      event_category: 'network',
      host_name: 'HOST1',
      host_os: 'windows',
      row_number: 7,
    })
  })

  it('writes every column of the table, in its order', () => {
    expect(Object.keys(one(rowOf(netstat)))).toEqual(columns.map((column) => column.name))
  })

  it('writes what it explains for any rows: block and explanation never part', () => {
    const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'grapheme' })
    const row = fc.dictionary(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('Pid', 'Name', 'Hash', 'a.b', 'a', 'Timestamp', '__proto__', 'EventData', 'System'),
      ),
      json,
      { maxKeys: 10 },
    )
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('Windows.System.Pslist', 'Custom.Unknown', 'Windows.EventLogs.Evtx', 'Linux.Forensics.Journal'),
        (values, name) => {
          const rows = values.map((value, i) => rowFrom(JSON.stringify(value), i))
          const member = memberOf(name)
          const decoded = decodeBlock(blockOf(member, rows).block.bytes)
          const explained = rows.map((each) => normaliseRow(member, facts, each))
          // a repeated row has an id of its own
          expect(decoded.map((each) => ({ ...each, id: '' }))).toEqual(explained.map((each) => ({ ...each, id: '' })))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('gives every scalar of any row back by its path, and its text for words', () => {
    const leaves = (value: Json, path: string): [string, string | null][] => {
      if (Array.isArray(value))
        return value.length === 0 ? [[path, '[]']] : (value as readonly Json[]).flatMap((item) => leaves(item, path))
      if (typeof value !== 'object' || value === null) return [[path, value === null ? null : String(value)]]
      const entries = Object.entries(value as Row)
      return entries.length === 0 ? [[path, '{}']] : entries.flatMap(([key, item]) => leaves(item, path === '' ? key : `${path}.${key}`))
    }
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 4 }), { minKeys: 1, maxKeys: 8 }), (value) => {
        const row = one(rowFrom(JSON.stringify(value)))
        const fields = fieldsIn(row)
        const parsed = Object.entries(JSON.parse(JSON.stringify(value)) as Row).flatMap(([key, item]) => leaves(item, key))
        expect([...fields.keys()].sort()).toEqual([...new Set(parsed.map(([path]) => path))].sort())
        for (const [path, text] of parsed) {
          if (text === null) continue
          expect(fields.get(path)).toContain(text)
          if (text !== '[]' && text !== '{}') expect(row.text).toContain(text.toLowerCase())
        }
      }),
      { numRuns: 300 },
    )
  })

  it('keeps null, absent, empty text, empty array and empty object apart', () => {
    expect(fieldsOf('{"a":null,"b":"","c":[],"d":{},"e":[null],"f":[1,2],"g":[{"x":1},{"x":2},{"y":null}],"h":true}')).toEqual({
      a: [],
      b: [''],
      c: ['[]'],
      d: ['{}'],
      e: [],
      f: ['1', '2'],
      'g.x': ['1', '2'],
      'g.y': [],
      h: ['true'],
    })
  })

  it('joins a dotted column and a nested one of the same path', () => {
    expect(fieldsOf('{"a.b":1,"a":{"b":2},"c":{"d":{"e":1}},"c.d":{"e":2},"c.d.e":3}')).toEqual({
      'a.b': ['1', '2'],
      'c.d.e': ['1', '2', '3'],
    })
  })

  it('keeps all digits of a number', () => {
    const row: ReadRow = {
      number: 0,
      raw: '{"n":9223372036854775807,"FileSize":18446744073709551615}',
      isAscii: true,
      value: { n: new ExactNumber('9223372036854775807'), FileSize: new ExactNumber('18446744073709551615') },
    }
    const decoded = one(row, memberOf('Windows.NTFS.MFT'))
    expect(fieldsIn(decoded).get('n')).toEqual(['9223372036854775807'])
    expect(decoded.file_size).toBe('18446744073709551615')
  })

  it('keeps columns named after JavaScript’s own', () => {
    expect(Object.entries(fieldsOf('{"__proto__":{"a":1},"constructor":2,"toString":"x","hasOwnProperty":null}'))).toEqual([
      ['__proto__.a', ['1']],
      ['constructor', ['2']],
      ['toString', ['x']],
      ['hasOwnProperty', []],
    ])
  })

  it('writes other scripts by bytes, and lone surrogates as U+FFFD without breaking lengths', () => {
    const row = one(rowFrom('{"Name":"Ünïcödé 漢字 😀","k\\ud800":"a\\udc00b","after":"x"}'))
    expect(row).toMatchObject({
      raw: '{"Name":"Ünïcödé 漢字 😀","k\\ud800":"a\\udc00b","after":"x"}',
      text: 'ünïcödé 漢字 😀\na\ufffdb\nx',
    })
    expect(fieldsIn(row).get('k\ufffd')).toEqual(['a\ufffdb'])
  })

  it('puts values beyond 2,000 into one field and counts the rows', () => {
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`column${i}`, i]))
    const { builder, block } = blockOf(memberOf('Custom.Wide'), [
      rowOf(wide),
      rowOf({ list: Array.from({ length: 5_000 }, (_, i) => i) }),
      rowOf({ a: 1 }),
    ])
    const [first, second, third] = decodeBlock(block.bytes) as [Row & object, Row & object, Row & object] as unknown as ReturnType<
      typeof decodeBlock
    >
    expect(builder.restRows).toBe(2)
    const fields = fieldsIn(first ?? {})
    expect(fields.size).toBe(2_001)
    const rest = JSON.parse(fields.get('_rest')?.[0] ?? '') as Record<string, number>
    expect(Object.keys(rest)).toHaveLength(98_000)
    expect(rest.column99999).toBe(99_999)
    expect(fieldsIn(second ?? {}).get('list')).toHaveLength(2_000)
    expect(fieldsIn(third ?? {}).get('_rest')).toBeUndefined()
  })

  it('keeps what is nested too deep as JSON text', () => {
    let value: Json = { end: 'here' }
    for (let i = 0; i < 60; i++) value = { n: value }
    const row = one(rowOf({ deep: value }))
    const [[path, values]] = [...fieldsIn(row)] as [[string, string[]]]
    expect(path.split('.').length).toBeLessThan(30)
    expect(JSON.parse(values[0] ?? '')).toBeTypeOf('object')
    expect(row.text).toContain('here')
  })

  it('goes on with an empty block, and says once which fields an artifact has', () => {
    const builder = new BlockBuilder(facts)
    builder.startMember(memberOf('A.B'))
    builder.add(rowOf({ x: 1, y: { z: 2 } }))
    expect(builder.rows).toBe(1)
    expect(builder.bytes).toBeGreaterThan(100)
    expect(builder.take(1).fields).toEqual([{ artifact: 'A.B', names: ['x', 'y.z'] }])
    expect([builder.rows, builder.bytes]).toEqual([0, 0])
    builder.startMember(memberOf('A.B', { index: 1 }))
    builder.add(rowOf({ x: 1, y: { z: 2 }, w: 3 }))
    expect(builder.take(2).fields).toEqual([{ artifact: 'A.B', names: ['w'] }])
    expect(builder.take(3)).toMatchObject({ rows: 0, members: [], hosts: [], fields: [] })
  })

  it('grows to rows of any size', () => {
    const rows = [rowOf({ a: 'x'.repeat(3_000_000) }), rowOf({ a: 'é'.repeat(1_000_000) }), rowOf({ a: 'y' })]
    expect(decodeBlock(blockOf(memberOf('A'), rows).block.bytes).map((row) => (row.raw as string).length)).toEqual([
      3_000_008, 1_000_008, 9,
    ])
  })

  it('tells the members, scopes, hosts, users and times of a block', () => {
    const builder = new BlockBuilder(facts)
    builder.startMember(memberOf('Windows.System.Pslist', { index: 3 }))
    const process = (time: string, user: string) => rowOf({ Pid: 1, Ppid: 2, CommandLine: '', Exe: '', CreateTime: time, Username: user })
    builder.add(process('2024-03-01T00:00:00Z', 'CORP\\anna'))
    builder.add(process('2024-02-01T00:00:00Z', 'CORP\\bob'))
    builder.startMember(bareMember({ index: 4, path: 'b.json' }))
    builder.add(rowOf({ a: 1 }))
    const { members, hosts } = builder.take(1)
    expect(members).toEqual([
      {
        index: 3,
        scope: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        scope_kind: 'flow',
        artifact: 'Windows.System.Pslist',
        rows: 2,
        time_from: '2024-02-01T00:00:00.000000Z',
        time_to: '2024-03-01T00:00:00.000000Z',
      },
      {
        index: 4,
        scope: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        scope_kind: 'file',
        artifact: 'b',
        rows: 1,
        time_from: null,
        time_to: null,
      },
    ])
    expect(hosts).toEqual([
      {
        key: 'C.0123456789abcdef',
        host_name: 'HOST1',
        client_id: 'C.0123456789abcdef',
        os: 'windows',
        users: ['CORP\\anna', 'CORP\\bob'],
        time_from: '2024-02-01T00:00:00.000000Z',
        time_to: '2024-03-01T00:00:00.000000Z',
      },
    ])
  })

  it('knows rows by file and number, and says how many, where a flow has too many to count', () => {
    const builder = new BlockBuilder(facts, new Occurrences(2))
    builder.startMember(memberOf('A'))
    for (let i = 0; i < 5; i++) builder.add(rowOf({ n: i % 4 }, i))
    expect(builder.scopeOverflow).toBe(2)
    const { bytes, members } = builder.take(1)
    expect(members.map(({ scope_kind, rows }) => [scope_kind, rows])).toEqual([
      ['flow', 3],
      ['file', 2],
    ])
    expect(new Set(decodeBlock(bytes).map((row) => row.id)).size).toBe(5)
    expect(decodeBlock(bytes).map((row) => row.client_id)).toEqual(Array(5).fill('C.0123456789abcdef'))
  })

  it('refuses facts that it cannot work with', () => {
    expect(() => new BlockBuilder({ ...facts, time_zone: 'Mars/Olympus' })).toThrow(RangeError)
    expect(() => new BlockBuilder({ ...facts, import_id: 'x' })).toThrow(RangeError)
  })
})
