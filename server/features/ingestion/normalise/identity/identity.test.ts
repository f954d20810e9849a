import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlockBuilder } from '../block-builder.ts'
import { decodeBlock, facts, memberOf, rowFrom } from '../decode-block.test-kit.ts'
import { type Json, jsonText, type Member, type ReadRow } from '../../reading.ts'
import { Occurrences } from './occurrences.ts'
import { flowRowDigest, flowScope } from './row-identity.ts'

const idsOf = (member: Member, rows: readonly ReadRow[], more: Partial<typeof facts> = {}): string[] => {
  const builder = new BlockBuilder({ ...facts, ...more })
  builder.startMember(member)
  for (const row of rows) builder.add(row)
  return decodeBlock(builder.take(1).bytes).map((row) => row.id as string)
}
const artifact = 'Windows.System.Pslist'
const flow = memberOf(artifact)
/** As it stands in the combined file of a hunt: nothing is known of the member, the row says it. */
const combined = memberOf(artifact, {
  path: 'results/All Windows.System.Pslist.json',
  client_id: null,
  flow_id: null,
  hunt_id: 'H.1',
  host: null,
})
const withColumns = (raw: string): string =>
  `${raw.slice(0, -1)}${raw === '{}' ? '' : ','}"FlowId":"F.ABCDEF0123456","ClientId":"C.0123456789abcdef-O123","Fqdn":"h.test","_OrgId":"O123"}`
const anyRow = fc
  .dictionary(
    fc.string({ minLength: 1 }).filter((key) => !/^\d+$/.test(key)),
    fc.jsonValue({ maxDepth: 3 }),
    { maxKeys: 8 },
  )
  .map((row) => JSON.stringify(row))

describe('the identity of a row', () => {
  it('is the same in a flow ZIP, a hunt ZIP and the combined file of a hunt', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 5 }), (raws) => {
        const alone = idsOf(
          flow,
          raws.map((raw, i) => rowFrom(raw, i)),
        )
        const inHunt = idsOf(
          { ...flow, index: 5, path: 'HOST1-C.0123456789abcdef/results/A.json', hunt_id: 'H.1', client_id: 'C.0123456789abcdef-O123' },
          raws.map((raw, i) => rowFrom(raw, i + 9)),
          { file_sha256: 'cd'.repeat(32) },
        )
        const inOneFile = idsOf(
          combined,
          raws.map((raw, i) => rowFrom(withColumns(raw), i)),
          { file_sha256: 'ef'.repeat(32) },
        )
        expect(inHunt).toEqual(alone)
        expect(inOneFile).toEqual(alone)
        expect(new Set(alone).size).toBe(raws.length)
      }),
    )
  })

  it('does not depend on blanks or on how characters are escaped', () => {
    const compact = '{"Name":"<a> & b","CommandLine":"/x","N":1.5}'
    const other = '{ "Name" : "\\u003ca\\u003e \\u0026 b", "CommandLine": "\\/x",\n "N": 1.50 }'
    expect(idsOf(flow, [rowFrom(other)])).toEqual(idsOf(flow, [rowFrom(compact)]))
  })

  it('differs between rows, artifacts, sources, clients, flows and repeats', () => {
    const raw = '{"Pid":1}'
    const seen = [
      ...idsOf(flow, [
        rowFrom(raw),
        rowFrom(raw),
        rowFrom('{"Pid":"1"}'),
        rowFrom('{"pid":1}'),
        rowFrom('{"Pid":[1]}'),
        rowFrom('{"Pid":null}'),
        rowFrom('{}'),
      ]),
      ...idsOf(memberOf('Windows.System.Other'), [rowFrom(raw)]),
      ...idsOf(memberOf(`${artifact}/Source`), [rowFrom(raw)]),
      ...idsOf({ ...flow, client_id: 'C.ffff456789abcdef' }, [rowFrom(raw)]),
      ...idsOf({ ...flow, flow_id: 'F.OTHER' }, [rowFrom(raw)]),
    ]
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('keeps all digits: numbers that a double confuses are different rows', async () => {
    const { ExactNumber } = await import('../../reading.ts')
    const row = (digits: string): ReadRow => ({ number: 0, raw: `{"N":${digits}}`, value: { N: new ExactNumber(digits) }, isAscii: true })
    const posing = rowFrom('{"N":{"digits":"9007199254740993"}}')
    const seen = idsOf(flow, [row('9007199254740993'), row('9007199254740992'), posing])
    expect(new Set(seen).size).toBe(3)
  })

  it('is file, member and row number where nothing names the flow', () => {
    const bare = memberOf(artifact, { client_id: null, flow_id: null, path: 'a.json' })
    const raw = '{"Pid":1}'
    const first = idsOf(bare, [rowFrom(raw, 0), rowFrom(raw, 1)])
    expect(idsOf(bare, [rowFrom(raw, 0), rowFrom(raw, 1)], { file_name: 'renamed.zip' })).toEqual(first)
    expect(first[0]).not.toBe(first[1])
    expect(idsOf({ ...bare, path: 'b.json' }, [rowFrom(raw, 0)])[0]).not.toBe(first[0])
    expect(idsOf(bare, [rowFrom(raw, 0)], { file_sha256: 'cd'.repeat(32) })[0]).not.toBe(first[0])
  })

  it('counts the repeats of each flow of a combined file apart', () => {
    const raw = '{"Pid":1}'
    const other = withColumns(raw).replace('C.0123456789abcdef-O123', 'C.ffff456789abcdef')
    const mixed = idsOf(combined, [rowFrom(withColumns(raw)), rowFrom(other), rowFrom(withColumns(raw)), rowFrom(other)])
    const alone = idsOf(flow, [rowFrom(raw), rowFrom(raw)])
    expect([mixed[0], mixed[2]]).toEqual(alone)
    expect([mixed[1], mixed[3]]).toEqual(idsOf({ ...flow, client_id: 'C.ffff456789abcdef' }, [rowFrom(raw), rowFrom(raw)]))
  })
})

it('writes exact rows as JSON.stringify writes plain ones, for near a limit the same row may go either way', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => jsonText(value as Json) === JSON.stringify(value)))
})

describe('Occurrences', () => {
  const digest = (n: number): string => flowRowDigest(flowScope('C.1', 'F.1', 'A', ''), String(n))

  it('counts as a map does, also past 255 and while it grows', () => {
    const counted = new Occurrences()
    const expected = new Map<number, number>()
    for (let i = 0; i < 20_000; i++) {
      const n = i % 3 === 0 ? 7 : i % 5_000
      expect(counted.next(digest(n))).toBe(expected.get(n) ?? 0)
      expected.set(n, (expected.get(n) ?? 0) + 1)
    }
    counted.reset()
    expect(counted.next(digest(7))).toBe(0)
  })

  it('says so when it is full, and goes on counting what it knows', () => {
    const counted = new Occurrences(2)
    expect([1, 2, 3, 1, 3].map((n) => counted.next(digest(n)))).toEqual([0, 0, -1, 1, -1])
  })
})
