import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CorrelationRule } from '../sigma/rule.ts'
import { type Alert, type BaseMatch, correlate, fieldsNeeded, type KeyedCorrelation } from './correlate.ts'

const about = {} as CorrelationRule['about']
const rule = (of: Partial<CorrelationRule>): CorrelationRule => ({
  kind: 'correlation',
  about,
  type: 'event_count',
  rules: ['a'],
  group_by: [],
  aliases: {},
  timespan_s: 10,
  conditions: [],
  condition: null,
  value_fields: [],
  percentile: null,
  generate: false,
  ...of,
})
const second = 1_000_000
let number = 0
const match = (key: string, seconds: number | null, values: Record<string, string | string[]> = {}): BaseMatch => ({
  rule: key,
  row_id: `${key}${number++}`,
  at: seconds === null ? null : Math.round(seconds * second),
  values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()])),
})
const run = (correlations: KeyedCorrelation[], matches: readonly BaseMatch[]) =>
  correlate({ correlations, resolve: (name) => name, matches })
const alertsOf = (of: Partial<CorrelationRule>, matches: readonly BaseMatch[]): readonly Alert[] =>
  run([{ key: 'c', rule: rule(of) }], matches).alerts
const spans = (alerts: readonly Alert[]): [number, number, number][] =>
  alerts.map(({ from, to, value }) => [from / second, to / second, value])
const at = (key: string, ...seconds: number[]): BaseMatch[] => seconds.map((one) => match(key, one))
const gte = (value: number): CorrelationRule['conditions'] => [{ compare: 'gte', value }]

describe('a window', () => {
  it('takes in what comes exactly at its end, and not what comes a microsecond later', () => {
    expect(spans(alertsOf({ conditions: gte(2) }, at('a', 0, 10)))).toEqual([[0, 10, 2]])
    expect(alertsOf({ conditions: gte(2) }, at('a', 0, 10.000001))).toEqual([])
  })
  it('begins anywhere: five within the span are found wherever they lie', () => {
    expect(spans(alertsOf({ conditions: gte(5) }, at('a', 0, 8, 9, 10, 11, 18, 40)))).toEqual([[8, 18, 5]])
  })
  it('that shares a match with the one before it is the same alert; one that does not is another', () => {
    expect(spans(alertsOf({ conditions: gte(2) }, at('a', 0, 9, 18, 27, 60, 61)))).toEqual([
      [0, 27, 2],
      [60, 61, 2],
    ])
    expect(spans(alertsOf({ conditions: gte(2) }, at('a', 0, 10, 21, 31)))).toEqual([
      [0, 10, 2],
      [21, 31, 2],
    ])
  })
  it('holds all of its conditions: a range is one', () => {
    const range: CorrelationRule['conditions'] = [
      { compare: 'gt', value: 1 },
      { compare: 'lte', value: 2 },
    ]
    expect(spans(alertsOf({ conditions: range, timespan_s: 1 }, at('a', 0, 5, 5.5, 9, 9.2, 9.4, 9.6)))).toEqual([
      [5, 5.5, 2],
      [9.4, 9.6, 2],
    ])
  })
  it('with fewer than asked is found where less is asked for, and no window is empty', () => {
    expect(spans(alertsOf({ conditions: [{ compare: 'lt', value: 2 }], timespan_s: 1 }, at('a', 0, 5, 5.5)))).toEqual([
      [0, 0, 1],
      [5.5, 5.5, 1],
    ])
    expect(alertsOf({ conditions: [{ compare: 'neq', value: 1 }], timespan_s: 1 }, at('a', 0, 5))).toEqual([])
    expect(spans(alertsOf({ conditions: [{ compare: 'eq', value: 2 }], timespan_s: 1 }, at('a', 0, 0.5)))).toEqual([[0, 0.5, 2]])
  })
  it('does not depend on the order in which matches come, and counts those without a time aside', () => {
    const found = run([{ key: 'c', rule: rule({ conditions: gte(3) }) }], [...at('a', 9, 0, 4), match('a', null)])
    expect(spans(found.alerts)).toEqual([[0, 9, 3]])
    expect(found.without_time).toBe(1)
  })
})

describe('a group', () => {
  const grouped = { group_by: ['User'], conditions: gte(2) }
  it('is what has the same value without regard to case', () => {
    const found = alertsOf(grouped, [match('a', 0, { User: 'Bob' }), match('a', 1, { User: 'BOB' }), match('a', 2, { User: 'eve' })])
    expect(found.map(({ group }) => group)).toEqual([[{ field: 'User', value: 'Bob' }]])
  })
  it('of those without a value is one of its own, and an empty value is another', () => {
    const found = alertsOf(grouped, [match('a', 0), match('a', 1), match('a', 0, { User: '' }), match('a', 3, { User: '' })])
    expect(found.map(({ group, row_ids }) => [group[0]?.value, row_ids.length])).toEqual([
      [null, 2],
      ['', 2],
    ])
  })
  it('by several fields has all of them in common', () => {
    const of = (seconds: number, User: string, Host: string): BaseMatch => match('a', seconds, { User, Host })
    const found = alertsOf({ ...grouped, group_by: ['User', 'Host'] }, [of(0, 'x', '1'), of(1, 'x', '2'), of(2, 'y', '1'), of(3, 'x', '1')])
    expect(found.map(({ from, to }) => [from, to])).toEqual([[0, 3 * second]])
  })
  it('has one name in several rules by an alias', () => {
    const aliases = { account: { a: 'TargetUserName', b: 'SubjectUserName' } }
    const of = { type: 'temporal' as const, rules: ['a', 'b'], group_by: ['account'], aliases }
    const matches = [
      match('a', 0, { TargetUserName: 'bob' }),
      match('b', 1, { SubjectUserName: 'bob' }),
      match('b', 2, { TargetUserName: 'x' }),
    ]
    expect(alertsOf(of, matches)).toHaveLength(1)
    expect(fieldsNeeded([{ key: 'c', rule: rule(of) }], (name) => name)).toEqual(
      new Map([
        ['a', new Set(['TargetUserName'])],
        ['b', new Set(['SubjectUserName'])],
      ]),
    )
  })
})

describe('values', () => {
  const of = (type: CorrelationRule['type'], conditions: CorrelationRule['conditions'], more: Partial<CorrelationRule> = {}) => ({
    type,
    conditions,
    value_fields: ['v'],
    ...more,
  })
  const values = (...list: string[]): BaseMatch[] => list.map((v, i) => match('a', i, { v }))
  it('that differ are counted, whichever their case, and those of a field with several each', () => {
    expect(spans(alertsOf(of('value_count', gte(3)), values('x', 'X', 'y', 'z')))).toEqual([[0, 3, 3]])
    expect(alertsOf(of('value_count', gte(3)), [...values('x', 'X', 'y'), match('a', 4)])).toEqual([])
    expect(spans(alertsOf(of('value_count', gte(2)), [match('a', 0, { v: ['x', 'y'] })]))).toEqual([[0, 0, 2]])
  })
  it('of several fields are counted as tuples', () => {
    const pairs = [match('a', 0, { v: '1', w: '1' }), match('a', 1, { v: '1', w: '2' }), match('a', 2, { v: '1', w: '1' })]
    expect(spans(alertsOf(of('value_count', gte(2), { value_fields: ['v', 'w'] }), pairs))).toEqual([[0, 2, 2]])
  })
  it('leave the count of differing ones when they leave the window', () => {
    expect(alertsOf(of('value_count', gte(3), { timespan_s: 1 }), values('x', 'y', 'z'))).toEqual([])
  })
  it('are summed and averaged; those that are no numbers are left out and told', () => {
    expect(spans(alertsOf(of('value_sum', gte(6)), values('1', '2', 'none', '3')))).toEqual([[0, 3, 6]])
    expect(spans(alertsOf(of('value_avg', gte(2)), values('1', '2', 'none', '3')))).toEqual([[0, 3, 3]])
    expect(run([{ key: 'c', rule: rule(of('value_sum', gte(6))) }], values('1', 'none')).not_numbers).toBe(1)
    expect(alertsOf(of('value_sum', [{ compare: 'lt', value: 9 }]), values('none'))).toEqual([])
  })
  it('with fractions leave nothing of themselves behind', () => {
    const large = [match('a', 0, { v: '1e20' }), ...[20, 21, 22].map((seconds) => match('a', seconds, { v: '0.1' }))]
    expect(alertsOf(of('value_sum', gte(0.3), { timespan_s: 5 }), large).map(({ value }) => value)).toEqual([1e20, 0.1 + 0.1 + 0.1])
  })
  it('are ranked: the median of an even number lies between the two in the middle, a percentile in proportion', () => {
    expect(spans(alertsOf(of('value_median', [{ compare: 'eq', value: 2.5 }]), values('4', '1', '3', '2')))[0]).toEqual([0, 3, 2.5])
    expect(
      spans(alertsOf(of('value_percentile', [{ compare: 'eq', value: 9 }], { percentile: 90 }), values('0', '10', '5', '2', '8'))),
    ).toEqual([])
    const eleven = values('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10')
    expect(spans(alertsOf(of('value_percentile', [{ compare: 'eq', value: 9 }], { percentile: 90 }), eleven))[0]).toEqual([0, 10, 9])
  })
})

describe('rules that come together', () => {
  const both = { type: 'temporal' as const, rules: ['a', 'b'] }
  it('are found in any order, within the span', () => {
    expect(spans(alertsOf(both, [...at('b', 0), ...at('a', 10)]))).toEqual([[0, 10, 2]])
    expect(alertsOf(both, [...at('b', 0), ...at('a', 10.000001)])).toEqual([])
  })
  it('in their order are found in that order alone', () => {
    const ordered = { ...both, type: 'temporal_ordered' as const }
    expect(alertsOf(ordered, [...at('b', 0), ...at('a', 5)])).toEqual([])
    expect(spans(alertsOf(ordered, [...at('b', 0), ...at('a', 5), ...at('b', 6)]))).toEqual([[0, 6, 2]])
    expect(spans(alertsOf(ordered, [...at('b', 5), ...at('a', 5)]))).toEqual([[5, 5, 2]])
  })
  it('in the order of three need each in its place', () => {
    const three = { type: 'temporal_ordered' as const, rules: ['a', 'b', 'c1'] }
    expect(alertsOf(three, [...at('a', 0), ...at('c1', 1), ...at('b', 2)])).toEqual([])
    expect(alertsOf(three, [...at('a', 0), ...at('c1', 1), ...at('b', 2), ...at('c1', 3)])).toHaveLength(1)
  })
  it('named twice must be there twice', () => {
    const twice = { type: 'temporal_ordered' as const, rules: ['a', 'a'] }
    expect(alertsOf(twice, at('a', 1))).toEqual([])
    expect(alertsOf(twice, at('a', 1, 2))).toHaveLength(1)
  })
  it('hold a condition over them: one and not the other', () => {
    const condition: CorrelationRule['condition'] = {
      kind: 'and',
      of: [
        { kind: 'rule', rule: 'a' },
        { kind: 'not', of: { kind: 'rule', rule: 'b' } },
      ],
    }
    expect(spans(alertsOf({ ...both, condition }, [...at('a', 0, 30), ...at('b', 5)]))).toEqual([[30, 30, 1]])
  })
})

describe('a correlation over another', () => {
  const inner: KeyedCorrelation = { key: 'many', rule: rule({ rules: ['a'], conditions: gte(3), group_by: ['User'], timespan_s: 5 }) }
  const outer = (of: Partial<CorrelationRule>): KeyedCorrelation => ({
    key: 'outer',
    rule: rule({ rules: ['many', 'b'], group_by: ['User'], ...of }),
  })
  const User = 'bob'
  const failures = [0, 1, 2, 60].map((seconds) => match('a', seconds, { User }))
  it('is told when it held: many failures and then a success', () => {
    const found = run([outer({ type: 'temporal_ordered' }), inner], [...failures, match('b', 4, { User }), match('b', 40, { User })])
    expect(found.alerts.map(({ correlation, from, to, row_ids }) => [correlation, from / second, to / second, row_ids.length])).toEqual([
      ['outer', 2, 4, 4],
      ['many', 0, 2, 3],
    ])
  })
  it('is not told of what came before it held', () => {
    const found = run([outer({ type: 'temporal_ordered' }), inner], [...failures, match('b', 1, { User })])
    expect(found.alerts.map(({ correlation }) => correlation)).toEqual(['many'])
  })
  it('counts its alerts, not its matches', () => {
    const twice = [...failures, ...[61, 62].map((seconds) => match('a', seconds, { User }))]
    const counted = (n: number): number =>
      run([inner, outer({ rules: ['many'], conditions: gte(n), timespan_s: 100 })], twice).alerts.filter(
        (one) => one.correlation === 'outer',
      ).length
    expect([counted(2), counted(3)]).toEqual([1, 0])
  })
  it('that is not there, or is itself, is told', () => {
    const found = correlate({
      correlations: [outer({}), { key: 'x', rule: rule({ rules: ['y'] }) }, { key: 'y', rule: rule({ rules: ['x'] }) }],
      resolve: (name) => (name === 'many' ? null : name),
      matches: [],
    })
    expect(found.skipped.map(({ reason }) => reason)).toEqual([
      'it refers to "many", which is not there',
      'it refers to itself through "x"',
    ])
  })
})

describe('by brute force', () => {
  const holdsIn = (type: CorrelationRule['type'], window: readonly BaseMatch[], least: number): boolean => {
    const numbers = window.map(({ values }) => Number(values.v?.[0])).toSorted((a, b) => a - b)
    if (type === 'event_count') return window.length >= least
    if (type === 'value_count') return new Set(numbers).size >= least
    if (type === 'value_sum') return numbers.reduce((a, b) => a + b, 0) >= least
    if (type === 'value_avg') return numbers.reduce((a, b) => a + b, 0) / numbers.length >= least
    if (type === 'value_median')
      return ((numbers[(numbers.length - 1) >> 1] as number) + (numbers[numbers.length >> 1] as number)) / 2 >= least
    const times = (key: string): number[] => window.filter((one) => one.rule === key).map((one) => one.at ?? 0)
    if (type === 'temporal') return ['a', 'b', 'd'].every((key) => times(key).length > 0)
    return times('a').some((a) => times('b').some((b) => b >= a && times('d').some((d) => d >= b)))
  }
  const types = ['event_count', 'value_count', 'value_sum', 'value_avg', 'value_median', 'temporal', 'temporal_ordered'] as const
  const someMatches = fc.array(
    fc.record({ key: fc.constantFrom('a', 'b', 'd'), seconds: fc.integer({ min: 0, max: 40 }), v: fc.nat({ max: 4 }) }),
    {
      maxLength: 25,
    },
  )
  it('every window is found, and what lies in none is in no alert', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        someMatches,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 12 }),
        (type, some, least, timespan_s) => {
          const matches = some.map(({ key, seconds, v }) => match(key, seconds, { v: String(v) }))
          const isTemporal = type.startsWith('temporal')
          const inside = new Set<string>()
          for (const { at: from } of matches) {
            const window = matches.filter((one) => (one.at ?? 0) >= (from ?? 0) && (one.at ?? 0) <= (from ?? 0) + timespan_s * second)
            if (holdsIn(type, window, least)) for (const one of window) inside.add(one.row_id)
          }
          const of = { type, rules: ['a', 'b', 'd'], timespan_s, conditions: isTemporal ? [] : gte(least), value_fields: ['v'] }
          const alerts = alertsOf(of, matches)
          const found = alerts.flatMap(({ row_ids }) => row_ids)
          expect(new Set(found)).toEqual(inside)
          expect(found.length).toBe(inside.size)
        },
      ),
      { numRuns: 400 },
    )
  })
})
