import { describe, expect, it } from 'vitest'
import { coverageOf, type CoveringRule } from './coverage.ts'
import { navigatorLayer } from './layer.ts'

const rule = (id: string, more: Partial<CoveringRule> = {}): CoveringRule => ({
  id,
  title: id,
  level: 'high',
  tags: ['attack.t1059.001'],
  is_enabled: true,
  sources: ['a'],
  ...more,
})
const rows = new Map([['a', { rows: 7 }]])
const stateOf = (rules: CoveringRule[]) => coverageOf(rules, rows, []).techniques.get('T1059.001')?.state

describe('a technique', () => {
  it('is covered as far as enabled rules have rows of their sources', () => {
    expect(stateOf([])).toBeUndefined()
    expect(stateOf([rule('1', { is_enabled: false })])).toBe('off')
    expect(stateOf([rule('1', { sources: ['b'] })])).toBe('blind')
    expect(stateOf([rule('1', { sources: [] })])).toBe('blind')
    expect(stateOf([rule('1'), rule('2', { sources: ['b'] })])).toBe('partly')
    expect(stateOf([rule('1'), rule('2', { is_enabled: false, sources: ['b'] })])).toBe('covered')
  })

  it('counts its rules, rows and detections, and an older id counts as the one of now', () => {
    const { techniques, unknown, without } = coverageOf(
      [rule('1', { tags: ['attack.t1562.001'] }), rule('2', { tags: ['attack.t9999'] })],
      rows,
      [{ technique: 'T1685', detections: 3, open: 2, worst: 'high' }],
    )
    expect(techniques.get('T1685')).toEqual({
      id: 'T1685',
      state: 'covered',
      rules: 1,
      enabled: 1,
      running: 1,
      source_rows: 7,
      detections: 3,
      open: 2,
      worst: 'high',
    })
    expect([unknown.get('T9999')?.rules, without]).toEqual([1, 1])
  })
})

it('a Navigator layer names each technique under each of its tactics', () => {
  const { techniques } = coverageOf([rule('1', { tags: ['attack.t1053.005'] })], rows, [])
  const layer = navigatorLayer([...techniques.values()], { show: 'coverage', tenant: 'T', at: '', version: '19' }) as {
    versions: object
    techniques: { techniqueID: string; tactic: string; score: number }[]
  }
  expect(layer.versions).toEqual({ attack: '19', navigator: '5.1.0', layer: '4.5' })
  expect(layer.techniques.map((one) => [one.techniqueID, one.tactic, one.score])).toEqual([
    ['T1053.005', 'execution', 1],
    ['T1053.005', 'persistence', 1],
    ['T1053.005', 'privilege-escalation', 1],
  ])
  expect(
    (navigatorLayer([...techniques.values()], { show: 'detections', tenant: 'T', at: '', version: '19' }) as typeof layer).techniques,
  ).toEqual([])
})
