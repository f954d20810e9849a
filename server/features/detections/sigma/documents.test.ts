import { describe, expect, it } from 'vitest'
import { applyFilters, filterConcerns, linkCorrelations } from './link.ts'
import { readSigma } from './read-sigma.ts'
import type { CorrelationRule, DetectionRule, Expr, FilterRule, ReadDocument, Reason, SigmaDocument } from './rule.ts'

const read = (text: string): readonly ReadDocument[] => readSigma(text, { valuesOf: () => null })
const documents = (text: string): SigmaDocument[] =>
  read(text).map((one) => {
    if (!one.ok) throw new Error(JSON.stringify(one.reasons))
    return one.document
  })
const reasonsOf = (text: string): readonly Reason[] => read(text).flatMap((one) => (one.ok ? [] : one.reasons))
const codesOf = (text: string): string[] => reasonsOf(text).map(({ code }) => code)

const rule = (condition: string, selections = 'a: { A: 1 }\n  b: { B: 1 }\n  c: { C: 1 }'): string =>
  `title: T\nlogsource: { product: windows }\ndetection:\n  ${selections}\n  condition: ${condition}\n`

/** A condition with its parentheses put in. */
const shown = (expr: Expr): string => {
  if (expr.kind === 'and' || expr.kind === 'or') return `(${expr.of.map(shown).join(` ${expr.kind} `)})`
  if (expr.kind === 'not') return `not ${shown(expr.of)}`
  return expr.kind === 'constant' ? String(expr.value) : expr.origin.selection
}
const conditionOf = (text: string): string => {
  const [first] = documents(text)
  return first?.kind === 'rule' || first?.kind === 'filter' ? shown(first.condition) : ''
}

describe('conditions', () => {
  it('bind or least, then and, then not', () => {
    expect(conditionOf(rule('a or b and not c'))).toBe('(a or (b and not c))')
    expect(conditionOf(rule('not a and b'))).toBe('(not a and b)')
    expect(conditionOf(rule('not (a or b) and c'))).toBe('(not (a or b) and c)')
    expect(conditionOf(rule('a AND NOT NOT b'))).toBe('(a and b)')
    expect(conditionOf(rule('((a)or(b))and c'))).toBe('((a or b) and c)')
  })

  it('take one, any or all of them, or of a pattern with its star anywhere', () => {
    const many = 'sel_a: { A: 1 }\n  sel_b: { B: 1 }\n  a_sel: { C: 1 }\n  _sel_x: { D: 1 }'
    expect(conditionOf(rule('1 of them', many))).toBe('(sel_a or sel_b or a_sel)')
    expect(conditionOf(rule('any of sel_*', many))).toBe('(sel_a or sel_b)')
    expect(conditionOf(rule('all of *_sel', many))).toBe('a_sel')
    expect(conditionOf(rule('all of s*_*', many))).toBe('(sel_a and sel_b)')
    expect(conditionOf(rule('1 of _sel*', many))).toBe('_sel_x')
    expect(conditionOf(rule('_sel_x and not 1 of sel_*', many))).toBe('(_sel_x and not (sel_a or sel_b))')
    expect(conditionOf(rule('sel-1', 'sel-1: { A: 1 }'))).toBe('sel-1')
  })

  it('are joined by or when there are several', () => {
    expect(conditionOf(rule('\n    - a\n    - b and c'))).toBe('(a or (b and c))')
    const [first] = documents(rule('\n    - a\n    - b and c'))
    expect(first?.kind === 'rule' && first.condition_text).toBe('(a) or (b and c)')
  })

  it('are refused with a reason where they mean nothing', () => {
    expect(codesOf(rule('a | count() > 5'))).toEqual(['pipe_condition'])
    expect(codesOf(rule('a and d'))).toEqual(['unknown_selection'])
    expect(codesOf(rule('1 of d*'))).toEqual(['unknown_selection'])
    for (const bad of ['a and', 'a b', '(a', 'a)', 'not', '1 of', "''", 'and a', '1 of (a)', '2 of them'])
      expect([bad, ...new Set(codesOf(rule(bad)))]).toEqual([bad, 'condition'])
    expect(codesOf('title: T\nlogsource: { product: x }\ndetection: { a: { A: 1 } }')).toEqual(['no_condition'])
  })
})

describe('documents', () => {
  it('are refused without title, log source or detection, and in another taxonomy', () => {
    expect(codesOf('logsource: { product: x }')).toEqual(['no_title'])
    expect(codesOf('title: T')).toEqual(['no_logsource'])
    expect(codesOf('title: T\nlogsource: { definition: x }')).toEqual(['no_logsource'])
    expect(codesOf('title: T\nlogsource: { product: x }')).toEqual(['no_detection'])
    expect(codesOf(`taxonomy: ecs\n${rule('a')}`)).toEqual(['taxonomy'])
    expect(codesOf('- a')).toEqual(['yaml'])
    expect(codesOf('')).toEqual(['yaml'])
  })

  it('are told all of their faults at once', () => {
    expect(codesOf(rule('a and d', 'a:\n    A|foo: 1\n    B|re: "("\n  b: { A|cidr: x }'))).toEqual(['unknown_modifier', 'regex', 'value'])
  })

  it('may be several in one text, of which a bad one spoils no other', () => {
    const all = read(`${rule('a')}---\n${rule('x')}---\n---\n${rule('b')}`)
    expect(all.map((one) => one.ok)).toEqual([true, false, true])
    expect(all[1]).toMatchObject({ index: 1, about: { title: 'T' }, reasons: [{ code: 'unknown_selection', line: 15 }] })
  })

  it('take what `action: global`, `reset` and `repeat` say', () => {
    const text = [
      'action: global\ntitle: G\nlogsource: { product: windows }\ndetection: { condition: sel }',
      'detection: { sel: { A: 1 } }',
      'action: repeat\ntitle: R',
      'action: reset',
      rule('c'),
    ].join('\n---\n')
    expect(documents(text).map(({ about }) => about.title)).toEqual(['G', 'R', 'T'])
    expect(documents(text).map((one) => (one.kind === 'rule' ? shown(one.condition) : ''))).toEqual(['sel', 'sel', 'c'])
  })

  it('bring in the keys of another map by "<<", under their own', () => {
    const text = rule('sel', 'x: &x { A: 1, B: 2 }\n  sel: { <<: *x, B: 3 }')
    const [first] = documents(text)
    expect(first?.kind === 'rule' && first.condition).toMatchObject({
      of: [
        { field: 'A', origin: { value: '1' } },
        { field: 'B', origin: { value: '3' } },
      ],
    })
  })

  it('keep dates as written, and take a text for a list, null for none and keys of their own', () => {
    const [first] = documents(
      `date: 2026-11-24\nmodified: 2026/11/25\nreferences: https://example.org\ntags:\nsample-evtx: x\nlevel: High\nauthor: 'a, b'\n${rule('a')}`,
    )
    expect(first?.about).toMatchObject({
      date: '2026-11-24',
      modified: '2026/11/25',
      references: ['https://example.org'],
      tags: [],
      level: 'high',
      author: 'a, b',
    })
  })

  it('warn of a level that is none and of a time frame that nothing uses', () => {
    const [one] = read(`level: severe\n${rule('a', 'timeframe: 5m\n  a: { A: 1 }')}`)
    expect(one?.ok && one.warnings.map(({ code }) => code)).toEqual(['value', 'pipe_condition'])
  })
})

const filter = (text: string, source = 'product: windows'): FilterRule => {
  const [first] = documents(`title: F\nlogsource: { ${source} }\nfilter:\n${text}`)
  if (first?.kind !== 'filter') throw new Error('no filter')
  return first
}
const base = documents(`id: 0A6A2B5E-0000-4000-8000-000000000001\nname: base_rule\n${rule('1 of *')}`)[0] as DetectionRule

describe('filters', () => {
  const not = '  rules: [base_rule]\n  sel: { User: adm }\n  condition: not sel'

  it('are joined by "and", with names that no pattern of the rule means', () => {
    const filtered = applyFilters(base, [filter(not)])
    expect(shown(filtered.condition)).toBe('((a or b or c) and not _filt_sel)')
    expect(filtered.condition_text).toBe('(1 of *) and (not _filt_sel)')
    expect(filtered.used_fields).toEqual(['A', 'B', 'C', 'User'])
    expect(applyFilters(base, [filter('  s1: { A: 1 }\n  condition: not 1 of them')]).condition_text).toBe(
      '(1 of *) and (not 1 of _filt_*)',
    )
  })

  it('concern the rules that they name by name or id, or any, within their log source', () => {
    expect(filterConcerns(filter(not), base)).toBe(true)
    expect(filterConcerns(filter(not.replace('base_rule', '0a6a2b5e-0000-4000-8000-000000000001')), base)).toBe(true)
    expect(filterConcerns(filter(not.replace('base_rule', 'other')), base)).toBe(false)
    expect(filterConcerns(filter(not.replace('[base_rule]', 'any')), base)).toBe(true)
    expect(filterConcerns(filter(not.replace('[base_rule]', '[]')), base)).toBe(true)
    expect(filterConcerns(filter(not, 'product: linux'), base)).toBe(false)
    expect(filterConcerns(filter(not, 'product: windows, service: security'), base)).toBe(false)
    expect(applyFilters(base, [filter(not, 'product: linux')])).toBe(base)
  })

  it('warn when they keep what they seem to leave out', () => {
    const text = (condition: string): string =>
      `title: F\nlogsource: { product: windows }\nfilter:\n  sel: { A: 1 }\n  condition: ${condition}`
    expect(read(text('sel'))).toMatchObject([{ warnings: [{ code: 'condition' }] }])
    expect(read(text('not sel'))).toMatchObject([{ warnings: [] }])
  })
})

const correlation = (text: string, name = 'corr'): string =>
  `title: C\nname: ${name}\ncorrelation:\n${text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`
const correlationOf = (text: string): CorrelationRule => {
  const [first] = documents(correlation(text))
  if (first?.kind !== 'correlation') throw new Error('no correlation')
  return first
}

describe('correlations', () => {
  it('are read with all they may say', () => {
    const read = correlationOf(
      'type: value_count\nrules: [a, b]\ngroup-by: [user, Host Name]\ntimespan: 5m\naliases:\n  user: { a: TargetUserName, b: User }\ncondition: { gt: 3, lte: 10, field: [X, Y] }\ngenerate: true',
    )
    expect(read).toMatchObject({
      type: 'value_count',
      rules: ['a', 'b'],
      group_by: ['user', 'HostName'],
      timespan_s: 300,
      aliases: { user: { a: 'TargetUserName', b: 'User' } },
      conditions: [
        { compare: 'gt', value: 3 },
        { compare: 'lte', value: 10 },
      ],
      value_fields: ['X', 'Y'],
      generate: true,
    })
  })

  it('take spans of every unit', () => {
    const seconds = { '30s': 30, '2m': 120, '1h': 3600, '1d': 86_400, '1w': 604_800, '1M': 2_592_000, '1y': 31_536_000 }
    for (const [text, span] of Object.entries(seconds))
      expect(correlationOf(`type: temporal\nrules: [a]\ntimespan: ${text}`).timespan_s).toBe(span)
    for (const bad of ['5', '0s', '99999999y', '1.5h', '-1s', 'PT5M'])
      expect(codesOf(correlation(`type: temporal\nrules: [a]\ntimespan: ${bad}`))).toEqual(['correlation'])
  })

  it('of each type say what they need', () => {
    const of = (type: string, condition: string): string => correlation(`type: ${type}\nrules: a\ntimespan: 1m\ncondition: ${condition}`)
    for (const type of ['value_count', 'value_sum', 'value_avg', 'value_median']) {
      expect(codesOf(of(type, '{ gte: 5, field: X }'))).toEqual([])
      expect(codesOf(of(type, '{ gte: 5 }'))).toEqual(['correlation'])
    }
    expect(codesOf(of('value_sum', '{ gte: 5, field: [X, Y] }'))).toEqual(['correlation'])
    expect(codesOf(of('value_percentile', '{ gte: 5, field: X }'))).toEqual(['correlation'])
    expect(codesOf(of('value_percentile', '{ gte: 5, field: X, percentile: 101 }'))).toEqual(['correlation'])
    expect(codesOf(of('value_percentile', '{ gte: 5, field: X, percentile: 95 }'))).toEqual([])
    expect(codesOf(of('event_count', '{ gte: many }'))).toEqual(['correlation'])
    expect(codesOf(of('event_count', '{ field: X }'))).toEqual(['correlation'])
    expect(codesOf(of('event_count', '{ gte: 5, within: 3 }'))).toEqual(['correlation'])
    expect(codesOf(of('event_count', 'a'))).toEqual(['correlation'])
    expect(codesOf(of('event_sum', '{ gte: 5 }'))).toEqual(['correlation'])
    expect(codesOf(correlation('type: event_count\nrules: a\ntimespan: 1m\ngroupby: X\ncondition: { gte: 5 }'))).toEqual(['correlation'])
    expect(codesOf(correlation('type: event_count\ntimespan: 1m\ncondition: { gte: 5 }'))).toEqual(['correlation'])
  })

  it('of rules that come together may name them in a condition', () => {
    const of = (type: string, rules: string): string => `type: ${type}\n${rules}timespan: 1m\ncondition: (a or b) and not c`
    const condition = {
      kind: 'and',
      of: [
        {
          kind: 'or',
          of: [
            { kind: 'rule', rule: 'a' },
            { kind: 'rule', rule: 'b' },
          ],
        },
        { kind: 'not', of: { kind: 'rule', rule: 'c' } },
      ],
    }
    expect(correlationOf(of('temporal', 'rules: [a, b, c]\n'))).toMatchObject({ condition, conditions: [] })
    expect(correlationOf(of('temporal_ordered', ''))).toMatchObject({ condition, rules: ['a', 'b', 'c'] })
    expect(codesOf(correlation(of('temporal', 'rules: [a, b]\n')))).toEqual(['correlation'])
  })

  it('refuse an alias for a rule that they do not refer to', () => {
    const text = 'type: temporal\nrules: [a]\ntimespan: 1m\ngroup-by: [x]\naliases: { x: { b: User } }'
    expect(codesOf(correlation(text))).toEqual(['correlation'])
  })
})

describe('references of correlations', () => {
  const count = (rules: string, more = ''): string => `type: event_count\nrules: ${rules}\ntimespan: 1m\ncondition: { gte: 5 }${more}`
  const linked = (text: string) => linkCorrelations(documents(text))
  const named = `name: one\nid: 11111111-1111-4111-8111-11111111111A\n${rule('a')}`

  it('are found by name or id, before or behind, and make a rule silent unless it shall raise too', () => {
    const both = linked(`${correlation(count('[one]'))}---\n${named}`)
    expect(both.correlations.map(({ rule: { about } }) => about.name)).toEqual(['corr'])
    expect([...both.silent].map(({ about }) => about.name)).toEqual(['one'])
    expect(linked(`${named}---\n${correlation(count('11111111-1111-4111-8111-11111111111a', '\ngenerate: true'))}`).silent.size).toBe(0)
  })

  it('make chains, inner ones first', () => {
    const chain = linked(`${correlation(count('[inner]'), 'outer')}---\n${correlation(count('[one]'), 'inner')}---\n${named}`)
    expect(chain.correlations.map(({ rule: { about } }) => about.name)).toEqual(['inner', 'outer'])
  })

  it('are refused when they point to nothing, to several or in a circle', () => {
    const codes = (text: string): string[] => [...linked(text).refused.values()].flatMap((all) => all.map(({ code }) => code))
    expect(codes(correlation(count('[nobody]')))).toEqual(['unknown_rule'])
    expect(codes(`${correlation(count('[one]'))}---\n${named}---\n${named}`)).toEqual(['unknown_rule'])
    expect(codes(`${correlation(count('[y]'), 'x')}---\n${correlation(count('[x]'), 'y')}`)).toEqual(['correlation', 'unknown_rule'])
    const long = Array.from({ length: 100 }, (_, i) => correlation(count(`[c${i + 1}]`), `c${i}`))
    expect(codes(`${long.join('---\n')}---\nname: c100\n${rule('a')}`)).toContain('too_large')
  })
})
