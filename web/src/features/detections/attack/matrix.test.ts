import { describe, expect, it } from 'vitest'
import type { TechniqueCoverage } from '../../../../../shared/contract/detect/attack.ts'
import { type Cell, columnsOf, type MatrixFilter } from './matrix.ts'

const known = (id: string, rest: Partial<TechniqueCoverage>): TechniqueCoverage => ({
  id,
  state: 'covered',
  rules: 1,
  enabled: 1,
  running: 1,
  source_rows: 10,
  detections: 0,
  open: 0,
  worst: null,
  ...rest,
})
const all: MatrixFilter = { text: '', isOnlyKnown: false, shown: 'coverage' }
const cell = (coverage: readonly TechniqueCoverage[], tactic: string, id: string, filter = all): Cell | undefined =>
  columnsOf(coverage, filter)
    .find((column) => column.shortname === tactic)
    ?.cells.find((one) => one.technique.id === id)

describe('the matrix', () => {
  it('has a column for each tactic, and a technique under each of its own', () => {
    const columns = columnsOf([], all)
    expect(columns).toHaveLength(15)
    expect(columns.every((column) => column.cells.length > 0)).toBe(true)
    expect(cell([], 'persistence', 'T1037')).toMatchObject({ state: 'none', rules: 0 })
    expect(cell([], 'privilege-escalation', 'T1037')).toBeDefined()
  })
  it('adds to a technique what is known of those under it, and takes the worst of their detections', () => {
    const found = cell(
      [
        known('T1003', { detections: 1, worst: 'low' }),
        known('T1003.001', { rules: 4, running: 4, detections: 2, open: 1, worst: 'critical' }),
      ],
      'credential-access',
      'T1003',
    )
    expect(found).toMatchObject({ state: 'covered', rules: 5, running: 5, detections: 3, open: 1, worst: 'critical', under: 8 })
  })
  it('calls partly covered what is covered here and blind there, and blind what no rule with data looks for', () => {
    const two = (first: TechniqueCoverage['state'], second: TechniqueCoverage['state']) =>
      cell([known('T1003.001', { state: first }), known('T1003.002', { state: second })], 'credential-access', 'T1003')?.state
    expect(two('covered', 'blind')).toBe('partly')
    expect(two('blind', 'off')).toBe('blind')
    expect(two('off', 'off')).toBe('off')
  })
  it('is narrowed to what has rules or detections, and by the name of a sub-technique', () => {
    const coverage = [known('T1003.001', {})]
    const count = (filter: MatrixFilter) => columnsOf(coverage, filter).reduce((sum, column) => sum + column.cells.length, 0)
    expect(count({ ...all, isOnlyKnown: true })).toBe(1)
    expect(count({ ...all, isOnlyKnown: true, shown: 'detections' })).toBe(0)
    expect(count({ ...all, text: 'lsass memory' })).toBe(1)
  })
})
