// ZIPs that lie, overlap, explode, escape, or break off.
import { gzipSync } from 'node:zlib'
import { buildZip, type ZipPart } from './build-zip.ts'
import { jsonLines, type Poison } from './poison.ts'

const good: ZipPart = { name: 'results/Windows.System.Pslist.json', data: jsonLines(3) }
const context: ZipPart = { name: 'collection_context.json', data: '{"session_id":"F.1","client_id":"C.0123456789abcdef"}' }
const symlink = (0xa1ff << 16) >>> 0
const named = (name: string | Buffer, count = 2): ZipPart => ({ name, data: jsonLines(count) })

/** One good member behind the bad one: it must be read. `rows` counts the good one's three; -1: more or less. */
const beside = (name: string, part: Omit<ZipPart, 'name'>, expected: Partial<Poison['expect']> = {}): Poison => ({
  name,
  bytes: () => buildZip([context, { ...part, name: 'results/Bad.Artifact.json' }, good]),
  expect: { rows: 3, rejects: 0, warns: ['zip_member'], ...expected },
})
/** Claims 50 MiB over the data of the first file. */
const shared = { localName: 'a', data: '', sharesWith: 0, declaredBytes: 52_428_800, storedBytes: 50_000 }
const kept = { rows: 5 }
const some = { rows: -1, rejects: -1 }

function nest(depth: number): Buffer {
  let zip = buildZip([named('rows.json', 1)])
  for (let at = 0; at < depth; at++) zip = buildZip([{ name: `level${at}.zip`, data: zip, method: 0 }])
  return zip
}

const zeros = (mebibytes: number) => Buffer.alloc(mebibytes * 1_048_576)
const bad = { name: 'results/Bad.Artifact.json' }

export const zipPoison: readonly Poison[] = [
  {
    name: 'bomb-ratio.zip',
    bytes: () => buildZip([context, { ...bad, data: Buffer.alloc(8_388_608, ' ') }, good]),
    expect: { rows: 3, rejects: 0, warns: ['zip_member'] },
  },
  {
    name: 'bomb-member-limit.zip',
    bytes: () => buildZip([context, { ...bad, data: jsonLines(2000) }, good]),
    limits: { maxMemberBytes: 10_000 },
    expect: { rows: 3, rejects: 0, warns: ['zip_member'] },
  },
  {
    name: 'bomb-total-limit.zip',
    bytes: () => buildZip([context, good, { ...bad, data: Buffer.concat([Buffer.from(jsonLines(10)), zeros(2)]), method: 0 }]),
    limits: { maxTotalBytes: 500_000 },
    expect: { rows: 13, rejects: 0, warns: ['limit'] },
  },
  {
    name: 'bomb-overlap.zip',
    bytes: () =>
      buildZip([{ name: 'a', data: zeros(50) }, ...Array.from({ length: 2000 }, (_, at): ZipPart => ({ ...shared, name: `a${at}` }))]),
    expect: { rows: 0, rejects: 0, throws: 'unreadable' },
  },
  {
    name: 'overlap-two.zip',
    bytes: () =>
      buildZip([
        context,
        { ...good, method: 0, data: jsonLines(300) },
        { ...named('results/B.C.json', 3), sharesWith: 1 },
        named('results/D.E.json', 4),
      ]),
    expect: { rows: 304, rejects: 0, warns: ['zip_member'] },
  },
  {
    name: 'too-many-entries.zip',
    bytes: () => buildZip(Array.from({ length: 300 }, (_, at) => named(`r${at}.json`, 1))),
    limits: { maxMembers: 200 },
    expect: { rows: 0, rejects: 0, throws: 'unreadable' },
  },
  {
    name: 'count-lies-more.zip',
    bytes: () => buildZip([context, good], { count: 900 }),
    expect: { rows: 3, rejects: 0, warns: ['zip_member'] },
  },
  { name: 'nested-3.zip', bytes: () => nest(3), expect: { rows: 1, rejects: 0 } },
  { name: 'nested-4.zip', bytes: () => nest(4), expect: { rows: 0, rejects: 0, warns: ['zip_member'] } },
  { name: 'nested-40.zip', bytes: () => nest(40), expect: { rows: 0, rejects: 0, warns: ['zip_member'] } },
  {
    name: 'gzip-chain.gz',
    bytes: () => {
      let data: Buffer = Buffer.from(jsonLines(2))
      for (let at = 0; at < 8; at++) data = gzipSync(data)
      return data
    },
    expect: { rows: 0, rejects: 0, throws: 'unreadable' },
  },
  {
    name: 'quine-like.zip',
    bytes: () => {
      const inner = buildZip([named('a.json', 1)])
      return buildZip([
        {
          name: 'self.zip',
          data: buildZip([
            { name: 'self.zip', data: inner },
            { name: 'self2.zip', data: inner },
          ]),
        },
        { name: 'self.zip', data: inner },
      ])
    },
    expect: { rows: 3, rejects: 0 },
  },
  {
    name: 'slip-names.zip',
    bytes: () =>
      buildZip(
        [
          '../../evil.json',
          '/etc/evil.json',
          'C:\\evil.json',
          '\\\\server\\share\\evil.json',
          'a/../../../evil2.json',
          'nul\0byte.json',
          'trailing.json.',
          '...json',
        ].map((name) => named(name, 1)),
      ),
    expect: { rows: 8, rejects: 0 },
  },
  {
    name: 'slip-in-collection.zip',
    bytes: () => buildZip([context, good, named('results/../../../../tmp/evil.json', 2)]),
    expect: { rows: 5, rejects: 0 },
  },
  { name: 'long-name.zip', bytes: () => buildZip([context, named(Buffer.alloc(65_000, 'n'), 1), good]), expect: { rows: 3, rejects: 0 } },
  {
    name: 'symlink.zip',
    bytes: () => buildZip([context, { name: 'results/Link.To.json', data: '/etc/passwd', method: 0, attributes: symlink }, good]),
    expect: { rows: 3, rejects: 0, warns: ['zip_member'] },
  },
  {
    name: 'directory-without-slash.zip',
    bytes: () =>
      buildZip([
        { name: 'results', data: '', method: 0 },
        context,
        good,
        { name: 'uploads', data: '', method: 0 },
        { name: 'uploads/x', data: 'x', method: 0 },
      ]),
    expect: { rows: 3, rejects: 0 },
  },
  {
    name: 'duplicate-names.zip',
    bytes: () => buildZip([context, good, { ...good, data: jsonLines(2, 50) }]),
    expect: { rows: 5, rejects: 0 },
  },
  { name: 'duplicate-copies.zip', bytes: () => buildZip([context, good, good, good]), expect: { rows: 3, rejects: 0 } },
  {
    name: 'case-collision.zip',
    bytes: () => buildZip([context, good, { ...good, name: 'results/WINDOWS.system.pslist.JSON', data: jsonLines(2, 9) }]),
    expect: { rows: 5, rejects: 0 },
  },
  beside('declared-less.zip', { data: jsonLines(2), declaredBytes: 5, localDeclaredBytes: 5 }, kept),
  beside('declared-more.zip', { data: jsonLines(2), declaredBytes: 500 }, kept),
  beside('local-size-differs.zip', { data: jsonLines(2), localDeclaredBytes: 7 }),
  beside('local-name-differs.zip', { localName: 'results/Evil.Artifact.json', data: jsonLines(2) }),
  beside('local-method-differs.zip', { localMethod: 0, data: jsonLines(2) }),
  beside('unknown-method.zip', { localMethod: 14, centralMethod: 14, data: jsonLines(2) }),
  beside('bad-crc.zip', { data: jsonLines(2), crc: 1 }, kept),
  beside(
    'damaged-deflate.zip',
    {
      data: jsonLines(500),
      damage: (packed) => {
        packed.fill(0xff, packed.length >> 1)
        return packed
      },
    },
    some,
  ),
  beside('cut-deflate.zip', { data: jsonLines(2), damage: (packed) => packed.fill(0, packed.length - 4) }, some),
  beside('stored-past-end.zip', { method: 0, data: jsonLines(1), storedBytes: 900, declaredBytes: 900 }),
  beside('strong-encryption.zip', { data: jsonLines(2), flags: 0x41 }),
  beside('bad-extra.zip', { data: jsonLines(2), extra: Buffer.from([1, 0, 255, 255, 1]) }, { rows: 5, warns: [] }),
  beside('binary-result.zip', { data: Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7) % 256)) }),
  {
    name: 'streamed.zip',
    bytes: () => buildZip([context, { ...good, isStreamed: true }, { ...named('results/A.B.json'), isStreamed: true, method: 0 }]),
    expect: { rows: 5, rejects: 0 },
  },
  { name: 'zip64.zip', bytes: () => buildZip([context, { ...good, isZip64: true }]), expect: { rows: 3, rejects: 0 } },
  {
    name: 'junk-before.zip',
    bytes: () => buildZip([context, good], { before: Buffer.from('#!/bin/sh\nexit 0\0\0junk\n') }),
    expect: { rows: 3, rejects: 0 },
  },
  {
    name: 'junk-before-adjusted.zip',
    bytes: () => buildZip([context, good], { before: Buffer.alloc(50, 1), offsetShift: 50 }),
    expect: { rows: 3, rejects: 0 },
  },
  {
    name: 'junk-after.zip',
    bytes: () => buildZip([context, good], { after: Buffer.from('\r\n--boundary--\r\n') }),
    expect: { rows: 3, rejects: 0 },
  },
  {
    name: 'end-record-in-comment.zip',
    bytes: () => buildZip([context, good], { comment: 'PK\u0005\u0006 is not the end of this comment, as long as it is checked' }),
    expect: { rows: 3, rejects: 0 },
  },
  {
    name: 'cut-in-half.zip',
    bytes: () => {
      const zip = buildZip([context, good, named('results/A.B.json', 400)])
      return zip.subarray(0, zip.length >> 1)
    },
    expect: { rows: 0, rejects: 0, throws: 'unreadable' },
  },
  { name: 'only-end.zip', bytes: () => buildZip([]), expect: { rows: 0, rejects: 0, throws: 'unreadable' } },
  {
    name: 'damaged-directory.zip',
    bytes: () => {
      const zip = buildZip([context, good, named('results/A.B.json')])
      zip.write('XX', zip.lastIndexOf('PK\u0001\u0002'))
      return zip
    },
    expect: { rows: 3, rejects: 0, warns: ['zip_member'] },
  },
  {
    name: 'aes-no-password.zip',
    bytes: () => buildZip([context, { ...good, password: 'hello' }]),
    expect: { rows: 0, rejects: 0, throws: 'locked' },
  },
  {
    name: 'aes-wrong-password.zip',
    bytes: () => buildZip([context, { ...good, password: 'hello' }]),
    password: 'guess',
    expect: { rows: 0, rejects: 0, throws: 'locked' },
  },
  {
    name: 'aes-128-192-256.zip',
    bytes: () =>
      buildZip([
        context,
        ...([1, 2, 3] as const).map(
          (strength): ZipPart => ({ ...named(`results/A.B${strength}.json`), password: 'hello', strength, isAe1: strength === 2 }),
        ),
      ]),
    password: 'hello',
    expect: { rows: 6, rejects: 0 },
  },
  {
    name: 'aes-tampered.zip',
    bytes: () =>
      buildZip([
        context,
        {
          ...bad,
          data: jsonLines(9),
          password: 'hello',
          damage: (packed) => {
            packed[packed.length - 15] = (packed.at(-15) ?? 0) ^ 1
            return packed
          },
        },
        { ...good, password: 'hello' },
      ]),
    password: 'hello',
    expect: { rows: 3, rejects: 0, warns: ['zip_member'] },
  },
  {
    name: 'pkzip-cipher.zip',
    bytes: () => buildZip([context, { ...good, password: 'hello', strength: 0 }]),
    password: 'hello',
    expect: { rows: 3, rejects: 0 },
  },
  {
    name: 'pkzip-cipher-wrong.zip',
    bytes: () => buildZip([context, { ...good, password: 'hello', strength: 0 }]),
    password: 'other',
    expect: { rows: 0, rejects: 0, throws: 'locked' },
  },
  {
    name: 'pgp.zip',
    bytes: () =>
      buildZip([
        { name: 'metadata.json', data: '[{"EncryptedPass":"AAAA","Scheme":"PGP","PublicKey":""}]' },
        { name: 'data.zip', data: buildZip([good]), password: 'x', method: 0 },
      ]),
    expect: { rows: 0, rejects: 0, throws: 'unreadable' },
  },
  {
    name: 'no-rows-at-all.zip',
    bytes: () => buildZip([{ name: 'readme.bin', data: Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]) }]),
    expect: { rows: 0, rejects: 0, throws: 'unreadable' },
  },
]
