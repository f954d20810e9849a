import { attackTactics } from '../../../../../shared/domain/attack-enterprise.data.ts'
import { currentTechnique } from '../../../../../shared/domain/attack.ts'
import type { DetectionKind, DetectionStatus, HostWeight } from '../../../../../shared/domain/detections.ts'

export const statusWords: Readonly<Record<DetectionStatus, string>> = {
  new: 'New',
  in_progress: 'In progress',
  true_positive: 'True positive',
  false_positive: 'False positive',
  benign: 'Benign',
  duplicate: 'Duplicate',
}
export const kindWords: Readonly<Record<DetectionKind, string>> = { rule: 'Rule', correlation: 'Correlation', indicator: 'Indicator' }
export const weightWords: Readonly<Record<HostWeight, string>> = { low: 'Low', normal: 'Normal', high: 'High' }

const tactics = new Map(attackTactics.map((tactic) => [tactic.shortname, tactic]))
export const tacticName = (shortname: string): string => tactics.get(shortname)?.name ?? shortname
export const phaseOf = (shortname: string | undefined): string => tactics.get(shortname ?? '')?.phase ?? 'none'

/** "T1003.001 LSASS Memory". An id that the table does not know stands alone. */
export const techniqueName = (id: string): string => {
  const technique = currentTechnique(id)
  return technique === null ? id : `${technique.id} ${technique.name}`
}

/** Two letters for a person: "Mara Okafor" is MO. */
export const initialsOf = (name: string): string => {
  const words = name.split(/[\s.@_-]+/).filter((word) => word !== '')
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase()
}
