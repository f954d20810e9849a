// What the rules of a tenant cover: a rule counts for a technique where its tags say so, and it runs where the tenant has rows
// of a source that it needs. A rule that is enabled and has none is blind, and is said to be.
import type { CoverageState, TechniqueCoverage } from '../../../../shared/contract/detect/attack.ts'
import { attackOfTags } from '../../../../shared/domain/attack.ts'
import type { Severity } from '../../../../shared/domain/detections.ts'

export interface CoveringRule {
  id: string
  title: string
  level: Severity | null
  tags: readonly string[]
  is_enabled: boolean
  /** Ids of the sources that it is read by; none: its log source is not mapped. */
  sources: readonly string[]
}

export interface DetectedCount {
  technique: string
  detections: number
  open: number
  worst: Severity | null
}

export type RowsOfSource = ReadonlyMap<string, { rows: number }>

interface Tally {
  rules: number
  enabled: number
  running: number
  sources: Set<string>
}

const stateOf = ({ rules, enabled, running }: Tally): CoverageState => {
  if (rules === 0) return 'none'
  if (enabled === 0) return 'off'
  if (running === 0) return 'blind'
  return running < enabled ? 'partly' : 'covered'
}

export const hasRows = (rule: CoveringRule, rows: RowsOfSource): boolean => rule.sources.some((id) => (rows.get(id)?.rows ?? 0) > 0)

export interface Coverage {
  techniques: Map<string, TechniqueCoverage>
  unknown: Map<string, { rules: number; detections: number }>
  /** Rules whose tags name no technique that is known. */
  without: number
}

const empty = (): Tally => ({ rules: 0, enabled: 0, running: 0, sources: new Set() })

const tallyRules = (
  rules: readonly CoveringRule[],
  rows: RowsOfSource,
): { tallies: Map<string, Tally>; unknown: Map<string, number>; without: number } => {
  const tallies = new Map<string, Tally>()
  const unknown = new Map<string, number>()
  let without = 0
  for (const rule of rules) {
    const attack = attackOfTags(rule.tags)
    for (const id of attack.unknown) unknown.set(id, (unknown.get(id) ?? 0) + 1)
    if (attack.techniques.length === 0) without++
    const isRunning = rule.is_enabled && hasRows(rule, rows)
    for (const id of attack.techniques) {
      const tally = tallies.get(id) ?? empty()
      tallies.set(id, tally)
      tally.rules++
      if (rule.is_enabled) tally.enabled++
      if (isRunning) tally.running++
      for (const source of rule.sources) tally.sources.add(source)
    }
  }
  return { tallies, unknown, without }
}

export const coverageOf = (rules: readonly CoveringRule[], rows: RowsOfSource, detected: readonly DetectedCount[]): Coverage => {
  const { tallies, unknown, without } = tallyRules(rules, rows)
  const found = new Map(detected.map((one) => [one.technique, one]))
  const techniques = new Map<string, TechniqueCoverage>()
  for (const id of new Set([...tallies.keys(), ...found.keys()])) {
    const tally = tallies.get(id) ?? empty()
    const { detections = 0, open = 0, worst = null } = found.get(id) ?? {}
    const source_rows = [...tally.sources].reduce((sum, source) => sum + (rows.get(source)?.rows ?? 0), 0)
    const { rules: all, enabled, running } = tally
    techniques.set(id, { id, state: stateOf(tally), rules: all, enabled, running, source_rows, detections, open, worst })
  }
  return { techniques, unknown: new Map([...unknown].map(([id, n]) => [id, { rules: n, detections: 0 }])), without }
}

export const noCoverage = (id: string): TechniqueCoverage => ({
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
