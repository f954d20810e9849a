import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { searchHelp } from './help.data.ts'
import { highlightQuery } from './highlight.ts'
import { parseQuery } from './parse.ts'
import { parsePipeline, printPipeline, withStage } from './pipeline.ts'
import { printQuery } from './print.ts'
import type { Pattern, Query } from './tree.ts'
import { someQuery, someStages, stripSpans } from '../../test/harness/some-query.ts'

const tree = (text: string): Query => {
  const parsed = parseQuery(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.errors[0]?.message}`)
  return parsed.tree
}
const fault = (text: string) => {
  const parsed = parseQuery(text)
  if (parsed.ok) throw new Error(`${text}: no fault`)
  const [first] = parsed.errors
  if (first === undefined) throw new Error('a failure without a fault')
  return first
}
const show = (pattern: Pattern): string => pattern.map((p) => ('wild' in p ? `<${p.wild}>` : p.text)).join('')
/** The tree as prefix text. */
const shape = (query: Query): string => {
  switch (query.kind) {
    case 'all':
      return 'all'
    case 'word':
      return show(query.pattern)
    case 'not':
      return `not(${shape(query.of)})`
    case 'term': {
      const { test, field } = query
      if (test.kind === 'is') return `${field.name}=${show(test.pattern)}`
      if (test.kind === 'exact') return `${field.name}==${show(test.pattern)}`
      if (test.kind === 'exists') return `${field.name}=any`
      if (test.kind === 'compare') return `${field.name}${test.op}${test.value}`
      if (test.kind === 'regex') return `${field.name}~${test.source}`
      return `${field.name}${test.includes_from ? '[' : '{'}${test.from}..${test.to}${test.includes_to ? ']' : '}'}`
    }
    default:
      return `${query.kind}(${query.of.map(shape).join(', ')})`
  }
}

describe('the tree of a query', () => {
  it.each([
    ['', 'all'],
    ['  *  ', 'all'],
    ['a b', 'and(a, b)'],
    ['a AND b OR NOT c d', 'or(and(a, b), and(not(c), d))'],
    ['(a OR b) c', 'and(or(a, b), c)'],
    ['a and b', 'and(a, and, b)'],
    ['NOT NOT a', 'not(not(a))'],
    ['ANDROID ORACLE NOTE', 'and(ANDROID, ORACLE, NOTE)'],
    ['"AND"', 'AND'],
    ['-enc -nop', 'and(-enc, -nop)'],
    ['-user:bob -(a OR b)', 'and(not(user=bob), not(or(a, b)))'],
    ['-"Entry Location":x', 'not(Entry Location=x)'],
    ['process.name:cmd.exe', 'process.name=cmd.exe'],
    ['"Entry Location":HKLM*', 'Entry Location=HKLM<*>'],
    ['f:*', 'f=any'],
    ['f:[* TO *]', 'f=any'],
    ['f:""', 'f='],
    ['f:*part*', 'f=<*>part<*>'],
    ['f:a**?b', 'f=a<*><?>b'],
    ['f:"a*b?"', 'f=a*b?'],
    ['f:"a b"*c', 'f=a b<*>c'],
    ['f:>10 f:>=1 f:<-5 f:<=1.5e3', 'and(f>10, f>=1, f<-5, f<=1.5e3)'],
    ['t:>"2021-11-21 10:00"', 't>2021-11-21 10:00'],
    ['t:>2021-11-21T10:00:00Z', 't>2021-11-21T10:00:00Z'],
    ['f:[1 TO 5]', 'f[1..5]'],
    ['f:{1 TO "b c"]', 'f{1..b c]'],
    ['f:[* TO 5}', 'f[null..5}'],
    ['ff:/a b(c|d)\\/e/', 'ff~a b(c|d)/e'],
    ['ff:/^\\d+$/ g', 'and(ff~^\\d+$, g)'],
    ['f:(a OR "b c")', 'or(f=a, f=b c)'],
    ['f:(a b* NOT (c:d OR >5))', 'and(f=a, f=b<*>, not(or(f=c:d, f>5)))'],
    ['f:(*)', 'f=any'],
    ['f:AND', 'f=AND'],
    ['f:=Value', 'f==Value'],
    ['f:="A b"*', 'f==A b<*>'],
    ['f:="" f:"=x" f:==x', 'and(f==, f==x, f===x)'],
    ['f:=* f:(=A OR =B OR c)', 'and(f=any, or(f==A, f==B, f=c))'],
    ['f:=/x/ f:=>5 f:>=5', 'and(f==/x/, f==>5, f>=5)'],
    ['a|b c', 'and(a|b, c)'],
    ['f:|x "|" y', 'and(f=|x, |, y)'],
  ])('reads %s', (text, expected) => expect(shape(tree(text))).toBe(expected))

  it.each([
    ['C:\\Windows', 'C:\\Windows'],
    ['"C:\\Windows"', 'C:\\Windows'],
    ['file_path:C:\\Windows\\*', 'file_path=C:\\Windows\\<*>'],
    ['file_path:"C:\\Program Files\\x.exe"', 'file_path=C:\\Program Files\\x.exe'],
    ['file_path:"C:\\Program Files\\"', 'file_path=C:\\Program Files\\'],
    ['file_path:"C:\\Program Files\\\\"* b:"c"', 'and(file_path=C:\\Program Files\\<*>, b=c)'],
    ['(file_path:C:\\Temp\\)', 'file_path=C:\\Temp\\'],
    ['file_path:C:\\Temp\\ b', 'and(file_path=C:\\Temp\\, b)'],
    ['\\\\server\\share\\*', '\\\\server\\share\\<*>'],
    ['p:"\\\\server\\c$"', 'p=\\\\server\\c$'],
    ['p:"say \\"hi\\" now"', 'p=say "hi" now'],
    ['file_path:/etc/passwd OR file_path:/etc/shadow', 'or(file_path=/etc/passwd, file_path=/etc/shadow)'],
    ['/usr/bin/', '/usr/bin/'],
    ['C:/Windows', 'C:/Windows'],
    ['https://evil.example/a?b', 'https://evil.example/a<?>b'],
    ['aa:bb:cc:dd:ee:ff', 'aa:bb:cc:dd:ee:ff'],
    ['fe80::1', 'fe80::1'],
    ['10:22:33', '10:22:33'],
    ['source_ip:fe80::1', 'source_ip=fe80::1'],
    ['url_full:https://x/y', 'url_full=https://x/y'],
  ])('lets %s be typed as it is', (text, expected) => expect(shape(tree(text))).toBe(expected))
})

describe('a mistake', () => {
  it.each([
    ['a AND', 5, 0, 'What AND applies to is missing before the end of the query.'],
    ['OR a', 0, 2, 'Something to search for is missing before the OR at character 1. To search for it as a word, put it into quotes.'],
    ['a NOT', 5, 0, 'What NOT applies to is missing before the end of the query.'],
    ['a AND OR b', 6, 2, 'What AND applies to is missing before the OR at character 7. To search for it as a word, put it into quotes.'],
    ['(a OR b', 0, 1, 'The parenthesis opened at character 1 is not closed.'],
    ['a )', 2, 1, 'There is no open parenthesis for the ) at character 3.'],
    ['()', 1, 1, 'Something to search for is missing before the ) at character 2.'],
    ['x "abc', 2, 4, 'The quote opened at character 3 is not closed.'],
    ['f:"abc', 2, 4, 'The quote opened at character 3 is not closed.'],
    ['f:', 0, 2, 'There is no value after f: (character 3).'],
    ['(f:)', 1, 2, 'There is no value after f: (character 4).'],
    ['file: x', 0, 6, 'The value must follow the colon of file (character 5) without a blank.'],
    [':x', 0, 1, 'There is no field name before the colon at character 1.'],
    ['f:>', 2, 1, 'There is no value after f:> (character 4).'],
    ['f:= x', 2, 1, 'There is no value after := (character 4).'],
    ['f:="x', 3, 2, 'The quote opened at character 4 is not closed.'],
    ['a | b', 2, 1, 'A | begins a stage, and there can be none here (character 3). To search for a | put it into quotes.'],
    [
      '(a | b)',
      0,
      1,
      'The parenthesis opened at character 1 is not closed before the | at character 4. To search for a | put it into quotes.',
    ],
    ['a AND | b', 6, 0, 'What AND applies to is missing before the | at character 7.'],
    ['f: | b', 0, 2, 'There is no value after f: (character 3).'],
    ['f:>a*', 3, 2, 'A comparison needs one value (character 4); wildcards do not go with it.'],
    ['f:[1 5]', 2, 3, 'The range at character 3 has no TO between its bounds; a value that begins with [ or { goes into quotes.'],
    ['f:[1 TO 5', 2, 7, 'The range opened at character 3 is not closed.'],
    ['f:[1 TO ]', 2, 6, 'The range at character 3 needs a value or * as its second bound.'],
  ])('in %s is told at its place', (text, position, length, message) => {
    const found = fault(text)
    expect(found).toMatchObject({ position, length, message })
    expect(found.expected.length).toBeGreaterThan(0)
  })

  it('names the text that mends it', () => {
    for (const text of ['x "abc', 'file: x', '(f:)', 'a )', 'f:', 'f:= x']) {
      const { position, length, suggestion } = fault(text)
      const mended = text.slice(0, position) + suggestion + text.slice(position + length)
      expect(parseQuery(mended), mended).toMatchObject({ ok: true })
    }
  })

  it('of depth is refused at 201 levels and taken at 200', () => {
    expect(parseQuery(`${'('.repeat(200)}a${')'.repeat(200)}`).ok).toBe(true)
    expect(fault(`${'('.repeat(201)}a${')'.repeat(201)}`).message).toContain('deeper than 200')
    expect(fault('NOT '.repeat(30_000).slice(0, 60_000)).message).toContain('deeper than 200')
  })

  it('of size is refused over 64 KiB, counted in bytes', () => {
    expect(parseQuery('a'.repeat(65_536)).ok).toBe(true)
    expect(fault('a'.repeat(65_537)).message).toContain('longer than 65536 bytes')
    expect(fault('я'.repeat(32_769)).message).toContain('longer than 65536 bytes')
    expect(fault(`ff:/${'a'.repeat(1025)}/`).message).toContain('longer than 1024 bytes')
  })
})

describe('printing', () => {
  it('gives text that parses to the same tree', () => {
    fc.assert(
      fc.property(someQuery, (query) => {
        const text = printQuery(query)
        const parsed = parseQuery(text)
        expect(parsed.ok ? stripSpans(parsed.tree) : parsed.errors, text).toEqual(stripSpans(query))
      }),
      { numRuns: 5000 },
    )
  })
})

const pieces = [
  'AND',
  'OR',
  'NOT',
  ' ',
  ' ',
  '(',
  ')',
  '"',
  '\\',
  '*',
  '?',
  ':',
  'f:',
  'f:>',
  '[',
  '{',
  'TO',
  ']',
  '}',
  '/',
  '-',
  '>',
  '<=',
  '=',
  '|',
  ' | ',
  '| stack ',
  'by host',
  'where count',
  ',',
]
const noise = fc.oneof(
  fc.array(fc.constantFrom(...pieces, 'a', 'C:\\', 'é', '\u0000', '\n', '\ud800'), { maxLength: 60 }).map((p) => p.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .tuple(
      fc.tuple(someQuery, someStages).map(([filter, stages]) => printPipeline({ filter, stages })),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...pieces)), { maxLength: 5 }),
    )
    .map(([text, edits]) => edits.reduce((t, [at, p]) => t.slice(0, at % (t.length + 1)) + p + t.slice((at % (t.length + 1)) + 1), text)),
)

describe('any text', () => {
  it('ends in a tree or faults within the text, and is coloured without overlap', () => {
    const slowest = 20_000
    const tookMs: number[] = []
    fc.assert(
      fc.property(noise, (text) => {
        const before = performance.now()
        const parsed = parsePipeline(text)
        if (tookMs.length < slowest) tookMs.push(performance.now() - before)
        if (parsed.ok) {
          const again = parsePipeline(printPipeline(parsed.pipeline))
          const [left, right] = [again.ok ? stripSpans(again.pipeline) : again.errors, stripSpans(parsed.pipeline)]
          if (JSON.stringify(left) !== JSON.stringify(right)) expect(left).toEqual(right)
        } else if (!parsed.errors.every((f) => f.position >= 0 && f.position + f.length <= text.length && f.expected.length > 0))
          expect.fail(JSON.stringify(parsed.errors))
        const ends = [0, ...highlightQuery(text).flatMap((span) => [span.position, span.position + span.length]), text.length]
        if (ends.some((at, n) => n > 0 && at < (ends[n - 1] ?? 0))) expect(ends).toEqual(ends.toSorted((a, b) => a - b))
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 20_000) },
    )
    tookMs.sort((a, b) => a - b)
    // Other tests share the machine in the short run: only the long one says how long it takes.
    if (process.env.FUZZ_RUNS !== undefined) expect(tookMs[Math.floor(tookMs.length * 0.99)]).toBeLessThan(10)
  })

  it.each([
    'a ',
    '(',
    '"',
    '\\"',
    'ff:/',
    'ff:/\\/',
    'f:[',
    '-"',
    'f:(',
    '* ',
    'a:',
    'NOT ',
    '\\',
    ':',
    '" ',
    'a"',
    '-(',
    '[',
    'f:(>',
    '| ',
    '|',
    '| stack a ',
    '| where count > 1',
    '| sort a,',
  ])('of 64 KiB of %j takes linear time', (piece) => {
    const text = piece.repeat(Math.floor(65_536 / piece.length))
    // Time of this process and not of the clock: other tests share the machine. Quadratic time would be over ten seconds.
    const before = process.cpuUsage()
    parsePipeline(text)
    highlightQuery(text)
    withStage(text, null, 'stack')
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(2000)
  })
})

describe('highlighting', () => {
  it('names what each part is', () => {
    const text = 'file_path:C:\\a* NOT (x OR pid:>5)'
    expect(highlightQuery(text).map((s) => `${s.kind} ${text.slice(s.position, s.position + s.length)}`)).toEqual([
      'field file_path:',
      'value C:\\a*',
      'operator NOT',
      'paren (',
      'value x',
      'operator OR',
      'field pid:',
      'operator >',
      'value 5',
      'paren )',
    ])
  })
  it('names the parts of stages', () => {
    const text = 'a | stack x, "y z" by host top 5 | where count >= 3 | sort -x'
    expect(highlightQuery(text).map((s) => `${s.kind} ${text.slice(s.position, s.position + s.length)}`)).toEqual([
      'value a',
      'stage |',
      'stage stack',
      'field x',
      'paren ,',
      'field "y z"',
      'operator by',
      'operator host',
      'operator top',
      'value 5',
      'stage |',
      'stage where',
      'operator count',
      'operator >=',
      'value 3',
      'stage |',
      'error sort',
      'error -',
      'error x',
    ])
  })
  it('marks the mistake and colours the rest', () => {
    const text = 'a OR ) b "c'
    expect(highlightQuery(text).map((s) => `${s.kind} ${text.slice(s.position, s.position + s.length)}`)).toEqual([
      'value a',
      'operator OR',
      'error )',
      'value b',
      'error "c',
    ])
  })
})

describe('the help', () => {
  it.each(searchHelp.flatMap((s) => s.entries.map((e) => e.example)))('example %s parses and prints to the same tree', (example) => {
    const parsed = parsePipeline(example)
    if (!parsed.ok) throw new Error(parsed.errors[0]?.message)
    expect(stripSpans(parsePipeline(printPipeline(parsed.pipeline)))).toEqual(stripSpans(parsed))
  })
})
