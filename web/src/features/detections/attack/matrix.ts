// The matrix as it is drawn: tactics as columns, techniques under them, and what is said of each.
import { attackTactics } from '../../../../../shared/domain/attack-enterprise.data.ts'
import { allTechniques, type Technique } from '../../../../../shared/domain/attack.ts'
import type { CoverageState, TechniqueCoverage } from '../../../../../shared/contract/detect/attack.ts'
import { type Severity, severities } from '../../../../../shared/domain/detections.ts'

export type Shown = 'coverage' | 'detections'

export const stateWords: Readonly<Record<CoverageState, string>> = {
  covered: 'covered',
  partly: 'partly covered',
  blind: 'rules without data',
  off: 'rules not enabled',
  none: 'no rule',
}
export const stateOrder: readonly CoverageState[] = ['covered', 'partly', 'blind', 'off', 'none']

/** What is known of a technique and of those under it. */
export interface Cell {
  technique: Technique
  state: CoverageState
  rules: number
  running: number
  detections: number
  open: number
  worst: Severity | null
  under: number
}
export interface TacticColumn {
  id: string
  shortname: string
  name: string
  phase: string
  cells: Cell[]
}

const emptyOf = (id: string): TechniqueCoverage => ({
  id,
  state: 'none',
  rules: 0,
  enabled: 0,
  running: 0,
  source_rows: 0,
  detections: 0,
  open: 0,
  worst: null,
})

const worse = (a: Severity | null, b: Severity | null): Severity | null => {
  if (a === null || b === null) return a ?? b
  return severities.indexOf(b) > severities.indexOf(a) ? b : a
}

/** Of a technique with sub-techniques: as good as the best of what looks for it, partly where others are not looked for well. */
const stateOf = (own: readonly CoverageState[]): CoverageState => {
  const named = own.filter((state) => state !== 'none')
  if (named.length === 0) return 'none'
  if (named.every((state) => state === named[0])) return named[0] ?? 'none'
  if (named.includes('covered') || named.includes('partly')) return 'partly'
  return 'blind'
}

const cellOf = (technique: Technique, children: readonly Technique[], known: ReadonlyMap<string, TechniqueCoverage>): Cell => {
  const all = [technique, ...children].map(({ id }) => known.get(id) ?? emptyOf(id))
  const sum = (part: (one: TechniqueCoverage) => number) => all.reduce((total, one) => total + part(one), 0)
  return {
    technique,
    state: stateOf(all.map((one) => one.state)),
    rules: sum((one) => one.rules),
    running: sum((one) => one.running),
    detections: sum((one) => one.detections),
    open: sum((one) => one.open),
    worst: all.reduce<Severity | null>((before, one) => worse(before, one.worst), null),
    under: children.length,
  }
}

export interface MatrixFilter {
  text: string
  /** Only techniques with a rule, or with a detection. */
  isOnlyKnown: boolean
  shown: Shown
}

const passes = ({ technique, rules, detections }: Cell, children: readonly Technique[], filter: MatrixFilter): boolean => {
  const isKnown = filter.shown === 'coverage' ? rules > 0 || detections > 0 : detections > 0
  if (filter.isOnlyKnown && !isKnown) return false
  const text = filter.text.trim().toLowerCase()
  return text === '' || [technique, ...children].some((one) => `${one.id} ${one.name}`.toLowerCase().includes(text))
}

export const columnsOf = (coverage: readonly TechniqueCoverage[], filter: MatrixFilter): TacticColumn[] => {
  const known = new Map(coverage.map((one) => [one.id, one]))
  const children = new Map<string, Technique[]>()
  for (const technique of allTechniques)
    if (technique.parent_id !== null) children.set(technique.parent_id, [...(children.get(technique.parent_id) ?? []), technique])
  const parents = allTechniques.filter((technique) => technique.parent_id === null)
  return attackTactics.map(({ id, shortname, name, phase }) => ({
    id,
    shortname,
    name,
    phase,
    cells: parents
      .filter((technique) => technique.tactics.includes(shortname))
      .flatMap((technique) => {
        const under = children.get(technique.id) ?? []
        const cell = cellOf(technique, under, known)
        return passes(cell, under, filter) ? [cell] : []
      }),
  }))
}
