// Rows and queries with everything that has ever been hard: letters with case, numbers as text, times, addresses, quotes, SQL.
import * as fc from 'fast-check'
import { noTimeMicros } from '../../../server/events/columns.data.ts'
import { isAnything, type Pattern, type Test } from '../../../shared/query/tree.ts'
import { testRow, type TestRow } from '../event-rows.ts'
import { patternOf } from '../some-query.ts'

export const oddNowMs = Date.UTC(2026, 2, 10, 12)
const none = BigInt(noTimeMicros)
const day = 1_637_452_800_000_000n // 2021-11-21
export const oddValues = [
  'cmd.exe',
  'CMD.EXE',
  'C:\\Windows\\x.dll',
  '50%_off',
  'a*b?c',
  'Привет',
  'привет мир',
  'ÄRGER',
  '10.1.2.3',
  '10.200.0.1',
  '192.168.0.7',
  '42',
  '0x2a',
  '9223372036854775807',
  '9223372036854775806',
  '3.5',
  '-7',
  '1e3',
  '2021-11-21',
  'line one\nline two',
  '',
  '{p0:String}',
  "'; DROP TABLE events --",
  '\\',
  '\\\\srv\\c$',
  '😀',
  '$$x$$',
  'a"b',
  '[]',
  '{}',
  'ΟΔΟΣ',
  "x' OR 1=1",
  '`id`',
  '\u0000nul',
  '%',
  '_',
  '/* */',
  '#',
  'true',
]
const original = ['Name', 'name', 'Entry Location', 'EventData.User', "it's `odd`"]
export const oddArtifacts = ['Windows.System.Pslist', 'Custom.A']

const pick = fc.constantFrom(...oddValues)
const someRow = fc.record({
  artifact: fc.constantFrom(...oddArtifacts),
  artifact_source: fc.constantFrom('', 'Source'),
  process_name: pick,
  process_command_line: pick,
  process_pid: fc.option(fc.constantFrom(0, 4, 42, 4_294_967_295)),
  hash_md5: fc.constantFrom('', 'd41d8cd98f00b204e9800998ecf8427e'),
  source_ip: fc.constantFrom('', '10.1.2.3', '192.168.0.7', 'fe80::1'),
  timestamp: fc.constantFrom(none, day, day + 1n, day + 86_400_000_000n, day - 1n),
  fields: fc.dictionary(fc.constantFrom(...original), fc.array(pick, { maxLength: 3 })),
  times: fc.array(fc.constantFrom(day, day + 5n, day - 86_400_000_000n), { maxLength: 2 }),
})
export const oddRows: readonly TestRow[] = fc
  .sample(someRow, { numRuns: 400, seed: 7 })
  .map(({ times, ...row }, i) => testRow(`row ${i}`, { ...row, time_names: times.map((_, n) => original[n] ?? ''), time_values: times }))

export const oddTyped = ['artifact', 'process_name', 'process_command_line', 'process_pid', 'hash_md5', 'source_ip', 'timestamp']
export const oddName = fc.constantFrom(...oddTyped, ...oddTyped, 'raw.Name', 'raw.name', 'Entry Location', 'EventData.User', "it's `odd`")
const slice = fc.tuple(pick, fc.nat(6), fc.nat(9)).map(([v, from, length]) => [...v].slice(from, from + length + 1).join(''))
const asText = fc.oneof(
  pick,
  slice,
  fc.constantFrom('2021-11-21', '2021-11-20T23:59', '10.0.0.0/8', '42', '0x2a', '3', 'Custom.A/Source', 'now-1d'),
)
export const oddPattern: fc.Arbitrary<Pattern> = fc.oneof(
  asText.map((text) => patternOf([{ text }])),
  fc.tuple(slice, slice).map(([a, b]) => patternOf([{ text: a }, { wild: '*' }, { text: b }, { wild: '*' }])),
  slice.map((text) => patternOf([{ wild: '*' }, { text }, { wild: '*' }])),
  slice.map((text) => patternOf([{ wild: '?' }, { text }])),
)
const bound = asText.filter((t) => t !== '')
export const oddTest: fc.Arbitrary<Test> = fc.oneof(
  { weight: 5, arbitrary: oddPattern.map((pattern): Test => (isAnything(pattern) ? { kind: 'exists' } : { kind: 'is', pattern })) },
  fc.constant<Test>({ kind: 'exists' }),
  oddPattern.filter((pattern) => !isAnything(pattern)).map((pattern): Test => ({ kind: 'exact', pattern })),
  fc.record({ kind: fc.constant('compare' as const), op: fc.constantFrom('>', '>=', '<', '<='), value: bound }),
  fc
    .record({
      kind: fc.constant('range' as const),
      from: fc.option(bound),
      to: fc.option(bound),
      includes_from: fc.boolean(),
      includes_to: fc.boolean(),
    })
    .filter((r) => r.from !== null || r.to !== null),
  fc
    .constantFrom('^c', '\\.exe$', 'a.b', '^\\d+$', 'windows\\\\x', 'мир', 'line one.line')
    .map((source): Test => ({ kind: 'regex', source })),
)
