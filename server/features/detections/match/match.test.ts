import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSigma } from '../sigma/read-sigma.ts'
import type { DetectionRule, Expr, Part, Test } from '../sigma/rule.ts'
import type { RowView } from '../sources/row-view.ts'
import { compileRuleSet } from './rule-set.ts'

const logsource = { category: 'process_creation', product: 'windows', service: null }

const ruleOf = (detection: string): DetectionRule => {
  const [read] = readSigma(
    `title: x\nlogsource: {category: process_creation, product: windows}\ndetection:\n  a:\n${detection}\n  condition: a`,
    {
      valuesOf: () => null,
    },
  )
  if (read?.ok !== true || read.document.kind !== 'rule') throw new Error(JSON.stringify(read))
  return read.document
}

type Data = Readonly<Record<string, string | readonly string[] | null>>
const started = (data: Data): RowView => ({
  artifact: '',
  artifact_source: '',
  channel: 'Microsoft-Windows-Sysmon/Operational',
  event_code: '1',
  provider: 'Microsoft-Windows-Sysmon',
  os: 'windows',
  fields: new Map(Object.entries(data).map(([key, value]) => [`EventData.${key}`, value === null ? [] : [value].flat()])),
})
const holds = (detection: string, data: Data): boolean =>
  compileRuleSet([{ key: 'x', rule: ruleOf(detection) }]).match(started(data)).length === 1

describe('a rule matches', () => {
  it.each<[string, string, Data, boolean]>([
    ['equal texts without case', '    Image: "c:\\\\A.EXE"', { Image: 'C:\\a.exe' }, true],
    ['equal texts with case when it is cased', '    Image|cased: "a.EXE"', { Image: 'a.exe' }, false],
    ['letters beyond ASCII without case', '    Image: "ÄÖ.exe"', { Image: 'äö.EXE' }, true],
    ['a Turkish capital I as it folds', '    Image|contains: "x\\u0130y"', { Image: 'AX\u0130YB' }, true],
    ['a Kelvin sign as the letter k', '    Image|contains: "kelvin"', { Image: '\u212Aelvin' }, true],
    ['a final sigma as any other', '    Image|contains: "ος λόγος"', { Image: 'Ος ΛΌΓΟΣ' }, true],
    ['an emoji by itself', '    CommandLine|contains: "😀"', { CommandLine: 'x 😀 y' }, true],
    ['one letter, whatever it takes, by ?', '    Image: "a?c"', { Image: 'a😀c' }, true],
    ['no letter by ?', '    Image: "a?c"', { Image: 'ac' }, false],
    ['a star that is escaped as itself', "    Image: 'a\\*c'", { Image: 'abc' }, false],
    ['nothing that was trimmed', '    CommandLine|endswith: "a.exe"', { CommandLine: 'a.exe ' }, false],
    ['any of several values of a field', '    Image: b', { Image: ['a', 'B'] }, true],
    ['a number that is a text', '    EventID: 1', { EventID: '1' }, true],
    ['hexadecimal against a decimal of a field that is hexadecimal', "    LogonId: '0x3e7'", { LogonId: '999' }, true],
    ['a field that is not there by null', '    Image: null', { CommandLine: 'x' }, true],
    ['a field that is null by null', '    Image: null', { Image: null }, true],
    ['no empty text by null', '    Image: null', { Image: '' }, false],
    ['an empty text that is there', "    Image: ''", { Image: '' }, true],
    ['no empty text where the field is not there', "    Image: ''", { CommandLine: 'x' }, false],
    ['a field that is there', '    Image|exists: true', { Image: '' }, true],
    ['a field that is not there', '    Image|exists: false', { CommandLine: '' }, true],
    ['what is not equal', '    Image|neq: a', { Image: 'b' }, true],
    ['numbers that are less', '    Size|lt: 10', { Size: '9' }, true],
    ['no numbers that are equal by less', '    Size|lt: 10', { Size: '10' }, false],
    ['no text that is no number by less', '    Size|lt: 10', { Size: 'n/a' }, false],
    ['numbers that are greater or equal', '    Size|gte: 10', { Size: '10' }, true],
    ['an address in a network', '    Ip|cidr: 10.0.0.0/8', { Ip: '10.1.2.3' }, true],
    ['an address of IPv4 written as one of IPv6', '    Ip|cidr: 10.0.0.0/8', { Ip: '::ffff:10.1.2.3' }, true],
    ['no dash as an address', '    Ip|cidr: 0.0.0.0/0', { Ip: '-' }, false],
    ['an address of IPv6', '    Ip|cidr: fe80::/10', { Ip: 'fe80::1' }, true],
    ['a regular expression anywhere, with case', '    Image|re: "b.d"', { Image: 'abcde' }, true],
    ['no line feed by a dot', '    Image|re: "b.d"', { Image: 'ab\nde' }, false],
    ['a line feed by a dot that may', '    Image|re|s: "b.d"', { Image: 'ab\nde' }, true],
    ['no other case by a regular expression', '    Image|re: "B.D"', { Image: 'abcde' }, false],
    ['another case by one that ignores it', '    Image|re|i: "B.D"', { Image: 'abcde' }, true],
    ['the beginning of a line by ^ that may', '    Image|re|m: "^d"', { Image: 'ab\nde' }, true],
    ['only the beginning of the text by ^', '    Image|re: "^d"', { Image: 'ab\nde' }, false],
    ['another field of the same value without case', '    Image|fieldref: ParentImage', { Image: 'a.exe', ParentImage: 'A.EXE' }, true],
    ['no field that is not there by another one that is not there', '    Image|fieldref: ParentImage', { CommandLine: 'x' }, false],
    ['the hour of a time', '    UtcTime|hour: 7', { UtcTime: '2026-11-24 07:51:41.123' }, true],
    ['the week of a time', '    UtcTime|week: 53', { UtcTime: '2027-01-02 00:00:00' }, true],
    [
      'base64 of UTF-16 at any offset',
      '    CommandLine|utf16le|base64offset|contains: "IEX (New"',
      { CommandLine: Buffer.from('xIEX (NewY', 'utf16le').toString('base64') },
      true,
    ],
    ['all values where all are asked', '    CommandLine|contains|all: [a, b]', { CommandLine: 'xbya' }, true],
    ['no part of them', '    CommandLine|contains|all: [a, b]', { CommandLine: 'xax' }, false],
    ['any dash', "    CommandLine|contains|windash: ' -enc'", { CommandLine: 'x –enc' }, true],
    ['keywords in any value', '    - mimi?atz', { Whatever: 'a MIMIKATZ b' }, true],
    ['no keyword in a name of a field', '    - whatever', { Whatever: 'x' }, false],
  ])('%s', (_, detection, data, wanted) => {
    expect(holds(detection, data)).toBe(wanted)
  })

  it('in its own log alone', () => {
    const set = compileRuleSet([{ key: 'x', rule: ruleOf('    Image: a') }])
    const row = started({ Image: 'a' })
    expect(set.match(row)).toEqual(['x'])
    expect(set.match({ ...row, channel: 'Security' })).toEqual([])
    expect(set.match({ ...row, event_code: '3' })).toEqual([])
  })
  it('when the field it asks for is first seen after many rows without it', () => {
    const set = compileRuleSet([{ key: 'x', rule: ruleOf('    CommandLine: a') }])
    for (let i = 0; i < 5000; i++) expect(set.match(started({ [`Name${i}`]: 'a' }))).toEqual([])
    expect(set.match(started({ CommandLine: 'a' }))).toEqual(['x'])
  })
})

/** What a rule means, said as plainly as can be; no index, nothing compiled. */
const plain = (expr: Expr, row: RowView): boolean => {
  switch (expr.kind) {
    case 'constant':
      return expr.value
    case 'not':
      return !plain(expr.of, row)
    case 'and':
      return expr.of.every((one) => plain(one, row))
    case 'or':
      return expr.of.some((one) => plain(one, row))
    case 'field':
      return plainTest(expr.test, row.fields.get(`EventData.${expr.field}`))
    case 'keyword':
      return [...row.fields.values()].some((values) => plainTest(expr.test, values))
  }
}
const lower = (text: string): string => [...text].map((one) => one.toLowerCase().replace('ς', 'σ')).join('')
const globbed = (parts: readonly Part[], text: string): boolean => {
  const [part, ...rest] = parts
  if (part === undefined) return text === ''
  if (part.kind === 'text') return text.startsWith(part.text) && globbed(rest, text.slice(part.text.length))
  const letters = [...text]
  if (part.kind === 'one') return letters.length > 0 && globbed(rest, letters.slice(1).join(''))
  return Array.from({ length: letters.length + 1 }, (_, n) => letters.slice(n).join('')).some((tail) => globbed(rest, tail))
}
const plainTest = (test: Test, values: readonly string[] | undefined): boolean => {
  if (test.kind === 'null') return (values ?? []).length === 0
  if (test.kind === 'exists') return (values !== undefined) === test.is_there
  if (test.kind !== 'like') throw new Error('not made here')
  const { parts, is_cased } = test
  const own = is_cased ? parts : parts.map((part): Part => (part.kind === 'text' ? { kind: 'text', text: lower(part.text) } : part))
  return (values ?? []).some((value) => globbed(own, is_cased ? value : lower(value)))
}

const letters = fc.string({ unit: fc.constantFrom('a', 'B', 'ß', 'Σ', 'ς', 'İ', 'k', '\u212A', '😀', '\\', '.', '-'), maxLength: 6 })
const part: fc.Arbitrary<Part> = fc.oneof(
  letters.filter((text) => text !== '').map((text): Part => ({ kind: 'text', text })),
  fc.constantFrom<Part>({ kind: 'any' }, { kind: 'one' }),
)
const like = fc.record({ kind: fc.constant('like' as const), parts: fc.array(part, { maxLength: 4 }), is_cased: fc.boolean() })
const field = fc.constantFrom('Image', 'CommandLine', 'User')
const origin = { selection: 'a', key: '', value: '' }
const { expr } = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4 },
    fc.record({
      kind: fc.constant('field' as const),
      field,
      test: fc.oneof<fc.Arbitrary<Test>[]>(like, fc.constantFrom<Test>({ kind: 'null' }, { kind: 'exists', is_there: true })),
      origin: fc.constant(origin),
    }),
    like.map((test): Expr => ({ kind: 'keyword', test, origin })),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('expr'), { minLength: 1, maxLength: 10 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('expr') }),
  ),
}))
const row = fc.dictionary(field, fc.oneof(letters, fc.constant(null), fc.array(letters, { minLength: 1, maxLength: 2 })))

describe('an index', () => {
  it('leaves out no rule that holds, and adds none', () => {
    const runs = Number(process.env.FUZZ_RUNS ?? 0)
    fc.assert(
      fc.property(fc.array(expr, { minLength: 1, maxLength: 12 }), fc.array(row, { minLength: 1, maxLength: 6 }), (conditions, rows) => {
        const rules = conditions.map((condition, n) => ({
          key: String(n),
          rule: { ...ruleOf('    Image: a'), condition, logsource, has_keywords: true, used_fields: ['Image', 'CommandLine', 'User'] },
        }))
        const set = compileRuleSet(rules)
        for (const data of rows) {
          const view = started(data)
          const wanted = rules.filter(({ rule }) => plain(rule.condition, view)).map(({ key }) => key)
          expect([...set.match(view)].sort()).toEqual(wanted.sort())
        }
      }),
      { numRuns: runs === 0 ? 100 : Math.min(runs, 20_000) },
    )
  })
})
