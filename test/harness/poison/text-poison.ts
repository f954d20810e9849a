// JSON, CSV and gzip that try memory, parsers and prototypes.
import { gzipSync } from 'node:zlib'
import { jsonLines, seeded, type Poison } from './poison.ts'

const text = (name: string, content: string | Buffer, expect: Poison['expect'], limits?: Poison['limits']): Poison => ({
  name,
  bytes: () => Buffer.from(content),
  expect,
  ...(limits === undefined ? {} : { limits }),
})
const mixed = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
const deep = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}\n`
const wide = (columns: number) => `{${Array.from({ length: columns }, (_, at) => `"c${at}":${at}`).join(',')}}\n`
const utf16 = (content: string, isBig = false) => {
  const bytes = Buffer.from(content, 'utf16le')
  return isBig ? mixed(Buffer.from([0xfe, 0xff]), Buffer.from(bytes).swap16()) : mixed(Buffer.from([0xff, 0xfe]), bytes)
}
const csv = 'Name,Pid,Path\nsvchost.exe,1,C:\\a\ncmd.exe,2,C:\\b\n'

export const textPoison: readonly Poison[] = [
  text('empty.json', '', { rows: 0, rejects: 0, throws: 'unreadable' }),
  text('blank.json', ' \n\r\n\t\n', { rows: 0, rejects: 0, throws: 'unreadable' }),
  {
    name: 'noise.bin',
    bytes: () => {
      const next = seeded(7)
      return Buffer.from(Array.from({ length: 20_000 }, () => Math.floor(next() * 256)))
    },
    expect: { rows: 0, rejects: 0, throws: 'unreadable' },
  },
  text('prose.txt', 'This is a letter.\nIt has no columns\nand no rows.\n', { rows: 0, rejects: 0, throws: 'unreadable' }),
  {
    name: 'long-line.jsonl',
    bytes: () => mixed(jsonLines(2), '{"a":"', Buffer.alloc(40 * 1_048_576, 'x'), '"}\n', jsonLines(2)),
    expect: { rows: 4, rejects: 1 },
  },
  {
    name: 'long-line-no-end.jsonl',
    bytes: () => mixed(jsonLines(2), '{"a":"', Buffer.alloc(20 * 1_048_576, 'x')),
    expect: { rows: 2, rejects: 1 },
  },
  {
    name: 'long-element.json',
    bytes: () => mixed('[{"a":1},{"a":"', Buffer.alloc(20 * 1_048_576, 'x'), '"},{"a":2}]'),
    expect: { rows: 2, rejects: 1 },
  },
  { name: 'brackets-only.json', bytes: () => Buffer.alloc(20 * 1_048_576, '['), expect: { rows: 0, rejects: 1 } },
  text('deep-10000.jsonl', jsonLines(1) + deep(10_000) + jsonLines(1), { rows: 2, rejects: 1 }),
  { name: 'deep-2000000.jsonl', bytes: () => Buffer.from(jsonLines(1) + deep(2_000_000) + jsonLines(1)), expect: { rows: 2, rejects: 1 } },
  text('deep-at-limit.jsonl', deep(63) + deep(64), { rows: 1, rejects: 1 }),
  { name: 'columns-100000.jsonl', bytes: () => Buffer.from(jsonLines(1) + wide(100_000) + wide(9999)), expect: { rows: 2, rejects: 1 } },
  {
    name: 'columns-100000.csv',
    bytes: () => Buffer.from(`${Array.from({ length: 100_000 }, (_, at) => `c${at}`).join(',')}\n1,2\n`),
    expect: { rows: 0, rejects: 2 },
  },
  text('proto.jsonl', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"a":1}\n{"toString":1}\n', {
    rows: 2,
    rejects: 0,
  }),
  text('proto.csv', '__proto__,constructor,toString\npolluted,1,2\n', { rows: 1, rejects: 0 }),
  text('proto-exact.jsonl', '{"__proto__":12345678901234567890,"a":{"__proto__":1e999}}\n', { rows: 1, rejects: 0 }),
  text('nul.jsonl', mixed(jsonLines(1), '{"a":"\0"}\n', jsonLines(1)), { rows: 2, rejects: 1 }),
  text('nul-tail.jsonl', mixed(jsonLines(3), Buffer.alloc(300)), { rows: 3, rejects: 1, warns: ['truncated_file'] }),
  text('nul.csv', `${csv}bad\0.exe,3,C:\\c\nok.exe,4,C:\\d\n`, { rows: 3, rejects: 1 }),
  text('invalid-utf8.jsonl', mixed(jsonLines(1), '{"a":"\u00e9', Buffer.from([0xff, 0xfe]), '"}\n', jsonLines(1)), { rows: 2, rejects: 1 }),
  text('overlong-utf8.jsonl', mixed(jsonLines(1), '{"a":"', Buffer.from([0xc0, 0xaf]), '"}\n', jsonLines(1)), { rows: 2, rejects: 1 }),
  text('invalid-utf8.csv', mixed(csv, 'caf\u00e9.exe,3,C:\\c\nbad', Buffer.from([0xff]), '.exe,4,C:\\d\nok.exe,5,C:\\e\n'), {
    rows: 4,
    rejects: 1,
  }),
  text('latin1.csv', mixed('Name;Ort\n', Buffer.from('M\xfcller;K\xf6ln\nJos\xe9;Paris\n', 'latin1')), {
    rows: 2,
    rejects: 0,
    warns: ['encoding'],
  }),
  text('utf16le.csv', utf16(csv), { rows: 2, rejects: 0 }),
  text('utf16be.jsonl', utf16(jsonLines(3), true), { rows: 3, rejects: 0 }),
  text(
    'utf16-half-surrogate.jsonl',
    mixed(utf16(`${jsonLines(1)}{"a":"`), Buffer.from([0x00, 0xd8]), Buffer.from(`"}\n${jsonLines(1)}`, 'utf16le')),
    { rows: 2, rejects: 1 },
  ),
  text('utf16-odd.jsonl', mixed(utf16(jsonLines(2)), Buffer.from([0x7b])), { rows: 2, rejects: 1, warns: ['truncated_file'] }),
  text('lone-cr.jsonl', jsonLines(3).replaceAll('\n', '\r'), { rows: 3, rejects: 0 }),
  text('lone-cr.csv', csv.replaceAll('\n', '\r'), { rows: 2, rejects: 0 }),
  text('crlf.csv', csv.replaceAll('\n', '\r\n'), { rows: 2, rejects: 0 }),
  text('bom.jsonl', `\uFEFF${jsonLines(2)}`, { rows: 2, rejects: 0 }),
  text('garbage-lines.jsonl', `${jsonLines(3)}not json\n[1,2]\n"text"\n12\nnull\n{"a":1} trailing\n${jsonLines(2)}`, {
    rows: 5,
    rejects: 6,
  }),
  text('cut.jsonl', `${jsonLines(3)}{"a":"cut he`, { rows: 3, rejects: 1, warns: ['truncated_file'] }),
  text('cut-array.json', '[{"a":1},{"a":2},{"a":', { rows: 2, rejects: 1, warns: ['truncated_file'] }),
  text('mismatched.json', '[{"a":1]},{"b":2},{"c":3}]', { rows: 2, rejects: 1 }),
  text('scalars.json', '[1,"two",null,{"a":1},[2],{}]', { rows: 2, rejects: 4 }),
  text('pretty.json', '{\n  "a": 1,\n  "b": [1, 2]\n}\n{\n  "a": 2\n}\n', { rows: 2, rejects: 0 }),
  text(
    'bad-numbers.jsonl',
    '{"a":1234567890123456789.1.2}\n{"a":00000000000000000001}\n{"a":1,12345678901234567890:2}\n{"a":[1 12345678901234567890]}\n{"a":-12345678901234567890}\n',
    { rows: 1, rejects: 4 },
  ),
  {
    name: 'many-big-numbers.jsonl',
    bytes: () => Buffer.from(`{"a":[${Array.from({ length: 200_000 }, (_, at) => `9007199254740993${at % 10}`).join(',')}]}\n`),
    expect: { rows: 1, rejects: 0 },
  },
  text('unclosed-quote.csv', 'A,B\n1,"open\n2,x\n3,y\n', { rows: 2, rejects: 1 }),
  text('unclosed-quote-cell.csv', 'A,B\n1,x\n2,"{\n  ""k"": 1,\n  ""l"": 2', { rows: 1, rejects: 1, warns: ['truncated_file'] }),
  {
    name: 'unclosed-quote-long.csv',
    bytes: () => mixed('A,B\n1,"', Buffer.alloc(3_000_000, 'x\n'), '"\n2,y\n'),
    limits: { maxRowBytes: 1_000_000 },
    expect: { rows: 1, rejects: 1 },
  },
  {
    name: 'quote-traps.csv',
    bytes: () => Buffer.from(`A,B\n${'1,"x""\n'.repeat(30_000)}`),
    limits: { maxRowBytes: 20_000 },
    expect: { rows: -1, rejects: -1 },
  },
  text('behind-quote.csv', 'A,B\n1,"x"y\n2,z\n', { rows: 1, rejects: 1 }),
  text('ragged.csv', 'A,B,C\n1,2,3\n1,2,3,4\n1,2\n5,6,7\n', { rows: 3, rejects: 1, warns: ['csv_columns'] }),
  text('formulas.csv', 'A,B\n"\t=cmd|\' /C calc\'!A0",1\n=1+1,2\n', { rows: 2, rejects: 0 }),
  text('same-names.csv', 'A,A,,A\n1,2,3,4\n', { rows: 1, rejects: 0, warns: ['csv_columns'] }),
  {
    name: 'cut.jsonl.gz',
    bytes: () => {
      const zipped = gzipSync(jsonLines(20_000))
      return zipped.subarray(0, zipped.length - 2000)
    },
    expect: { rows: -1, rejects: -1, warns: ['truncated_file'] },
  },
  {
    name: 'cut-trailer.jsonl.gz',
    bytes: () => gzipSync(jsonLines(10)).subarray(0, -5),
    expect: { rows: 10, rejects: 0, warns: ['truncated_file'] },
  },
  {
    name: 'two-members.jsonl.gz',
    bytes: () => mixed(gzipSync(jsonLines(3)), gzipSync(jsonLines(4)), Buffer.alloc(100)),
    expect: { rows: 7, rejects: 0 },
  },
  {
    name: 'trailing-junk.jsonl.gz',
    bytes: () => mixed(gzipSync(jsonLines(3)), 'junk'),
    expect: { rows: 3, rejects: 0, warns: ['truncated_file'] },
  },
  {
    name: 'damaged.jsonl.gz',
    bytes: () => {
      const zipped = gzipSync(jsonLines(20_000))
      zipped.fill(0xff, zipped.length >> 1, (zipped.length >> 1) + 200)
      return zipped
    },
    expect: { rows: -1, rejects: -1, warns: ['truncated_file'] },
  },
  {
    name: 'bomb.jsonl.gz',
    bytes: () => gzipSync(Buffer.alloc(30 * 1_048_576, ' ')),
    expect: { rows: 0, rejects: 0, throws: 'unreadable' },
  },
  {
    name: 'bomb-line.jsonl.gz',
    bytes: () => gzipSync(mixed(jsonLines(2), '{"a":"', Buffer.alloc(30 * 1_048_576, 'x'))),
    expect: { rows: 2, rejects: 1, warns: ['limit'] },
  },
]
