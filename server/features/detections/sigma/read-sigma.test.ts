import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { piecesOf, textOfPieces } from './pieces.ts'
import { readSigma } from './read-sigma.ts'
import type { Expr, Part, ReadDocument, Reason, Test } from './rule.ts'

const runs = (otherwise: number): number => Math.min(Number(process.env.FUZZ_RUNS ?? otherwise), 200_000)
const lists: Readonly<Record<string, readonly string[]>> = { Servers: ['srv1', 'srv2*'], Nets: ['10.0.0.0/8', 'fe80::/10'], Empty: [] }
const valuesOf = (name: string): readonly string[] | null => lists[name] ?? null

const read = (text: string): readonly ReadDocument[] => readSigma(text, { valuesOf })

const only = (text: string): ReadDocument => {
  const all = read(text)
  if (all.length !== 1 || all[0] === undefined) throw new Error(`${all.length} documents`)
  return all[0]
}

const ruleText = (selection: string, condition = 'condition: sel'): string => `
title: T
logsource: { product: windows, category: process_creation }
detection:
  sel:
${selection
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
  ${condition}
`

const condition = (selection: string, how?: string): Expr => {
  const one = only(ruleText(selection, how))
  if (!one.ok || one.document.kind !== 'rule') throw new Error(JSON.stringify(one))
  return one.document.condition
}

const reasonsOf = (text: string): readonly Reason[] => read(text).flatMap((one) => (one.ok ? [] : one.reasons))
const codesOf = (text: string): string[] => reasonsOf(text).map(({ code }) => code)

/** The tests of an expression, from left to right. */
const tests = (expr: Expr): Test[] => {
  if (expr.kind === 'and' || expr.kind === 'or') return expr.of.flatMap(tests)
  if (expr.kind === 'not') return tests(expr.of)
  return expr.kind === 'constant' ? [] : [expr.test]
}

const shown = (test: Test): string => {
  if (test.kind !== 'like') return test.kind
  return test.parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'any' ? '<*>' : '<?>')).join('')
}
const likes = (selection: string): string[] => tests(condition(selection)).map(shown)

describe('values', () => {
  it('reads escapes as the specification says', () => {
    const of: readonly (readonly [string, string])[] = [
      [String.raw`a\b`, String.raw`a\b`],
      [String.raw`a\\b`, String.raw`a\b`],
      [String.raw`a\\\\b`, String.raw`a\\b`],
      [String.raw`a\*b`, 'a*b'],
      [String.raw`a\?b`, 'a?b'],
      [String.raw`a\\*b`, String.raw`a\<*>b`],
      [String.raw`a\\\*b`, String.raw`a\*b`],
      ['a*b?c', 'a<*>b<?>c'],
      ['a\\', 'a\\'],
    ]
    for (const [written, meant] of of) expect(likes(`F: '${written}'`)).toEqual([meant])
  })

  it('keeps the backslash at the end of a value when a modifier puts a wildcard behind it', () => {
    expect(likes(String.raw`F|contains: '\Desktop\'`)).toEqual([String.raw`<*>\Desktop\<*>`])
  })

  it('adds no wildcard where one stands already', () => {
    expect(likes("F|contains: '*a*'")).toEqual(['<*>a<*>'])
    expect(likes("F|startswith: 'a*'")).toEqual(['a<*>'])
    expect(likes("F|endswith: '*a'")).toEqual(['<*>a'])
  })

  it('keeps numbers, dates and hexadecimal numbers as they are written', () => {
    expect(likes('F: [4, 0x17, 1.10, 2026-11-24, 007, "5", true]')).toEqual(['4', '0x17', '1.10', '2026-11-24', '007', '5', 'true'])
  })

  it('tells null, empty and the word null apart', () => {
    expect(tests(condition("F: [null, ~, '', 'null']"))).toEqual([
      { kind: 'null' },
      { kind: 'null' },
      { kind: 'like', parts: [], is_cased: false },
      { kind: 'like', parts: [{ kind: 'text', text: 'null' }], is_cased: false },
    ])
    expect(tests(condition('F:'))).toEqual([{ kind: 'null' }])
  })

  it('keeps blanks at the ends of values and takes them out of the names of fields', () => {
    const expr = condition("Threat Name: ' a '")
    expect(expr).toMatchObject({ kind: 'field', field: 'ThreatName', origin: { selection: 'sel', key: 'Threat Name', value: ' a ' } })
    expect(tests(expr).map(shown)).toEqual([' a '])
  })

  it('refuses a list that is empty and a map inside a field', () => {
    expect(codesOf(ruleText('F: []'))).toEqual(['value'])
    expect(codesOf(ruleText('F: { a: b }'))).toEqual(['value'])
  })

  it('reads back every value that is written from its pieces', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\\', '*', '?', 'é', ' ') })
    fc.assert(
      fc.property(text, (written) => {
        const pieces: Part[] = piecesOf(written)
        expect(piecesOf(textOfPieces(pieces))).toEqual(pieces)
      }),
      { numRuns: runs(500) },
    )
  })
})

describe('modifiers', () => {
  it('joins values by or, under "all" by and, and turns them round under "neq"', () => {
    expect(condition('F: [a, b]').kind).toBe('or')
    expect(condition('F|all: [a, b]').kind).toBe('and')
    expect(condition('F|neq: [a, b]')).toMatchObject({ kind: 'not', of: { kind: 'or' } })
    expect(condition('F|all|neq: [a, b]')).toMatchObject({ kind: 'not', of: { kind: 'and' } })
  })

  it('keeps what one value is made into joined by or under "all"', () => {
    expect(condition("F|windash|contains|all: [' -a', b]")).toMatchObject({ kind: 'and', of: [{ kind: 'or' }, { kind: 'field' }] })
  })

  it('compares with case under "cased" only', () => {
    const cased = (test: Test | undefined): boolean => test?.kind === 'like' && test.is_cased
    expect(tests(condition('F|cased: a')).map(cased)).toEqual([true])
    expect(tests(condition('F|contains|cased: a')).map(cased)).toEqual([true])
    expect(tests(condition('F: a')).map(cased)).toEqual([false])
  })

  it('asks whether a field is there', () => {
    expect(tests(condition('F|exists: true'))).toEqual([{ kind: 'exists', is_there: true }])
    expect(tests(condition('F|exists: false'))).toEqual([{ kind: 'exists', is_there: false }])
    expect(codesOf(ruleText('F|exists: maybe'))).toEqual(['value'])
    expect(codesOf(ruleText('F|exists|contains: true'))).toEqual(['modifier'])
  })

  it('writes a dash in all its forms where an option begins, and nowhere else', () => {
    expect(likes("F|windash: ' -a'")).toEqual([' -a', ' /a', ' –a', ' —a', ' ―a'])
    expect(likes("F|windash: 'a-b'")).toEqual(['a-b'])
    expect(likes("F|windash: '- '")).toEqual(['- '])
    expect(likes("F|windash: '-a /b'")).toHaveLength(25)
    expect(codesOf(ruleText("F|windash: '-a -b -c -d -e -f'"))).toEqual(['too_large'])
  })

  it('reads expressions as they stand, with their flags under all of their names', () => {
    expect(tests(condition(String.raw`F|re: '\d+\*'`))).toEqual([{ kind: 'regex', pattern: String.raw`\d+\*`, flags: '' }])
    expect(tests(condition('F|re|i|m|s: a'))).toEqual([{ kind: 'regex', pattern: 'a', flags: 'ims' }])
    expect(tests(condition('F|re|ignorecase|multiline|dotall: a'))).toEqual([{ kind: 'regex', pattern: 'a', flags: 'ims' }])
  })

  it('refuses expressions outside RE2, and flags without one', () => {
    for (const pattern of ['(?=a)', '(?<!a)b', String.raw`(a)\1`, '(a', 'a{2000}'])
      expect(codesOf(ruleText(`F|re: '${pattern}'`))).toEqual(['regex'])
    expect(codesOf(ruleText('F|i: a'))).toEqual(['modifier'])
    expect(codesOf(ruleText(`F|re: ${'a'.repeat(10_001)}`))).toEqual(['too_large'])
  })

  it('encodes as base64, at every offset, of bytes and not of characters', () => {
    expect(likes('F|base64: foobar')).toEqual(['Zm9vYmFy'])
    expect(likes('F|base64offset|contains: foobar')).toEqual(['<*>Zm9vYmFy<*>', '<*>Zvb2Jhc<*>', '<*>mb29iYX<*>'])
    const made = likes('F|base64offset: grün')
    for (const before of ['', 'x', 'xy'])
      for (const behind of ['', 'y', 'zz']) {
        const whole = Buffer.from(`${before}grün${behind}`).toString('base64')
        expect(whole).toContain(made[before.length])
      }
    expect(codesOf(ruleText("F|base64: 'a*'"))).toEqual(['modifier'])
  })

  it('encodes as UTF-16 in either order, with a mark and by all of its names', () => {
    const bytes = (key: string): string => Buffer.from(likes(`F|${key}|base64: ab`)[0] ?? '', 'base64').toString('hex')
    expect(bytes('wide')).toBe('61006200')
    expect(bytes('utf16le')).toBe('61006200')
    expect(bytes('utf16be')).toBe('00610062')
    expect(bytes('utf16')).toBe('fffe61006200')
    expect(likes('F|wide: ab')).toEqual(['a\0b\0'])
  })

  it('compares numbers', () => {
    expect(tests(condition('F|lt: 5\nG|lte: 5.5\nH|gt: -1\nI|gte: "7"'))).toEqual([
      { kind: 'number', compare: 'lt', value: 5 },
      { kind: 'number', compare: 'lte', value: 5.5 },
      { kind: 'number', compare: 'gt', value: -1 },
      { kind: 'number', compare: 'gte', value: 7 },
    ])
    expect(codesOf(ruleText('F|gt: abc'))).toEqual(['value'])
    expect(codesOf(ruleText('F|contains|gt: 5'))).toEqual(['modifier'])
  })

  it('compares parts of a time, and them by size', () => {
    for (const part of ['minute', 'hour', 'day', 'week', 'month', 'year'])
      expect(tests(condition(`F|${part}: 3`))).toEqual([{ kind: 'time', part, compare: 'eq', value: 3 }])
    expect(tests(condition('F|hour|gte: 22'))).toEqual([{ kind: 'time', part: 'hour', compare: 'gte', value: 22 }])
    expect(codesOf(ruleText('F|gte|hour: 22'))).toEqual(['modifier'])
    expect(codesOf(ruleText('F|hour: noon'))).toEqual(['value'])
  })

  it('takes networks of both kinds', () => {
    const networks = ['10.0.0.0/8', '192.168.1.1', 'fe80::/10', '::1', '::ffff:10.0.0.0/104']
    expect(tests(condition(`F|cidr: ['${networks.join("', '")}']`))).toEqual(networks.map((network) => ({ kind: 'cidr', network })))
    for (const bad of ['10.0.0.0/33', '300.0.0.0/8', 'fe80::/129', '192.168.*', 'fe80::1%eth0', '::1]?x', '10.0.0.0/8/8', ''])
      expect(codesOf(ruleText(`F|cidr: '${bad}'`))).toEqual(['value'])
  })

  it('fills placeholders from value lists, whose values may have wildcards', () => {
    expect(likes("F|expand: '%Servers%'")).toEqual(['srv1', 'srv2<*>'])
    expect(likes("F|contains|expand: 'x\\%Servers%'")).toEqual(['<*>x\\srv1<*>', '<*>x\\srv2<*>'])
    expect(likes("F: '%Servers%'")).toEqual(['%Servers%'])
    expect(tests(condition("F|cidr|expand: '%Nets%'"))).toEqual(lists.Nets?.map((network) => ({ kind: 'cidr', network })))
    const one = only(ruleText("F|expand: '%Servers%'"))
    expect(one.ok && one.document.kind === 'rule' && one.document.placeholders).toEqual(['Servers'])
  })

  it('names each placeholder that has no values, and where it stands', () => {
    expect(reasonsOf(ruleText("F|expand: '%Nobody%'\nG|expand: '%Empty%'"))).toMatchObject([
      { code: 'placeholder', line: 6, column: 15 },
      { code: 'placeholder', line: 7, column: 15 },
    ])
    expect(codesOf(ruleText("F|re|expand: '%Servers%'"))).toEqual(['modifier'])
  })

  it('compares fields with each other', () => {
    const how = (key: string): Test[] => tests(condition(`F|${key}: Other Field`))
    expect(how('fieldref')).toEqual([{ kind: 'fieldref', field: 'OtherField', how: 'equals', is_cased: false }])
    for (const end of ['startswith', 'endswith', 'contains']) {
      expect(how(`fieldref|${end}`)).toEqual([{ kind: 'fieldref', field: 'OtherField', how: end, is_cased: false }])
      expect(how(`${end}|fieldref`)).toEqual([{ kind: 'fieldref', field: 'OtherField', how: end, is_cased: false }])
    }
    expect(how('fieldref|cased')).toMatchObject([{ is_cased: true }])
    expect(condition('F|fieldref|neq: G')).toMatchObject({ kind: 'not', of: { test: { kind: 'fieldref' } } })
    const one = only(ruleText('F|fieldref: G'))
    expect(one.ok && one.document.kind === 'rule' && one.document.used_fields).toEqual(['F', 'G'])
  })

  it('names a modifier that is none, also one of JavaScript', () => {
    expect(codesOf(ruleText('F|contians: a'))).toEqual(['unknown_modifier'])
    expect(reasonsOf(ruleText('F|constructor: a'))[0]?.message).toBe('"constructor" is no modifier of Sigma 2.1.')
    expect(codesOf(ruleText('F|Contains: a'))).toEqual(['unknown_modifier'])
  })
})

describe('keywords', () => {
  it('stand anywhere in a row: any of a list, or under "|all" all of them', () => {
    expect(condition('- a\n- b*c')).toMatchObject({ kind: 'or', of: [{ kind: 'keyword' }, { kind: 'keyword' }] })
    expect(likes('- a\n- b*c')).toEqual(['<*>a<*>', '<*>b<*>c<*>'])
    expect(condition("'|all': [a, b]")).toMatchObject({ kind: 'and', of: [{ kind: 'keyword' }, { kind: 'keyword' }] })
    expect(tests(condition("'|re': 'a+'"))).toEqual([{ kind: 'regex', pattern: 'a+', flags: '' }])
  })

  it('are joined with maps of the same list by or', () => {
    expect(condition('- a\n- F: b\n  G: c')).toMatchObject({ kind: 'or', of: [{ kind: 'keyword' }, { kind: 'and' }] })
  })

  it('are refused where they would hold for every row or mean nothing', () => {
    expect(codesOf(ruleText("- ''"))).toEqual(['value'])
    expect(codesOf(ruleText("- '*'"))).toEqual(['value'])
    expect(codesOf(ruleText("'|gt': 4"))).toEqual(['modifier'])
    expect(codesOf(ruleText("'|exists': true"))).toEqual(['modifier'])
    expect(codesOf(ruleText('- a\n- ~'))).toEqual(['value'])
  })
})

// on a busy machine; what is not bounded takes minutes
const mostMs = 20_000

describe('hostile texts', { timeout: 60_000 }, () => {
  const within = (text: string): string[] => {
    const start = performance.now()
    const codes = codesOf(text)
    expect(performance.now() - start).toBeLessThan(mostMs)
    return codes
  }

  it('follows aliases only so far', () => {
    const bomb = ['a: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 9; i++) bomb.push(`b${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`)
    expect(within(Array.from({ length: 3 }, () => bomb.join('\n')).join('\n---\n'))).toEqual(Array(3).fill('too_large'))
    expect(codesOf('a: &a [*a]')).toEqual(['too_large'])
    expect(codesOf('a: *b')).toEqual(['yaml'])
  })

  it('refuses what is too large, too deep or written twice, with its place', () => {
    expect(codesOf('x'.repeat(8_000_001))).toEqual(['too_large'])
    expect(within(`a: ${'['.repeat(8_000)}`)).toHaveLength(1)
    expect(within(`a: ${'['.repeat(200)}${']'.repeat(200)}`)).toEqual(['too_large'])
    expect(reasonsOf('title: a\ntitle: b')).toMatchObject([{ code: 'yaml', line: 2, column: 1 }])
    expect(reasonsOf('title: a\nb: [')).toMatchObject([{ code: 'yaml', line: 2 }])
    expect(within(ruleText(Array.from({ length: 10_000 }, (_, i) => `F${i}: a`).join('\n')))).toEqual([])
  })

  it('multiplies no selection without end', () => {
    const many = `F: [${Array.from({ length: 1000 }, (_, i) => i).join(', ')}]`
    expect(within(ruleText(many, `condition: ${Array.from({ length: 2000 }, () => 'sel').join(' or ')}`))).toEqual(['too_large'])
    expect(within(ruleText('F: a', `condition: ${'('.repeat(5000)}sel${')'.repeat(5000)}`))).toEqual(['condition'])
    expect(within(ruleText('F: a', `condition: 1 of ${'*a'.repeat(5000)}`))).toEqual(['unknown_selection'])
    const dashes = Array.from({ length: 30 }, (_, i) => `F${i}|windash: '-a -b -c -d -e'`).join('\n')
    expect(within(ruleText(dashes))).toEqual(['too_large'])
  })

  it('keeps names of prototypes as names', () => {
    expect(condition('__proto__: a\nconstructor: b')).toMatchObject({ of: [{ field: '__proto__' }, { field: 'constructor' }] })
    expect(codesOf(ruleText('F: a', 'condition: constructor'))).toEqual(['unknown_selection'])
  })

  it('never throws', () => {
    const word = fc.constantFrom(
      'title: T\n',
      'logsource:\n  product: x\n',
      'detection:\n',
      '  sel:\n',
      '    F|re: "("\n',
      '    - a\n',
      '  condition: sel\n',
      '---\n',
      'correlation:\n',
      '  type: temporal\n',
      '  rules: [a]\n',
      'filter:\n',
      'action: global\n',
      '&a',
      '*a',
      '[',
      '{',
      '}',
      '"',
      '%',
      '!!x ',
      '<<: ',
      '|',
      '\t',
      '\0',
      ': ',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 25 }), (words) => {
        for (const one of read(words.join(''))) expect(one.ok || one.reasons.length > 0).toBe(true)
      }),
      { numRuns: runs(250) },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(read(text).length).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: runs(200) },
    )
  })
})
