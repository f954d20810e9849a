import type { DetectionStatus } from '../../../../../shared/domain/detections.ts'
import { currentTechnique } from '../../../../../shared/domain/attack.ts'
import { initialsOf, phaseOf, statusWords, tacticName, techniqueName } from './detection-words.ts'
import './marks.css'

const statusMarks: Readonly<Record<DetectionStatus, string>> = {
  new: 'new',
  in_progress: 'half',
  true_positive: 'diamond',
  false_positive: 'square',
  benign: 'square',
  duplicate: 'ring',
}

export const StatusMark = ({ status }: { status: DetectionStatus }) => (
  <span className={`triage triage-${statusMarks[status]}`}>{statusWords[status]}</span>
)

const tacticOf = (id: string, tactics: readonly string[]): string | undefined => {
  const own = currentTechnique(id)?.tactics ?? []
  return own.find((tactic) => tactics.includes(tactic)) ?? own[0]
}

/** The edge names the phase, the text the technique; technique and tactic stand in its title, or in full. */
export const TechniqueChip = ({ id, tactics = [], named = false }: { id: string; tactics?: readonly string[]; named?: boolean }) => {
  const tactic = tacticOf(id, tactics)
  const full = techniqueName(id)
  const title = tactic === undefined ? full : `${full}, ${tacticName(tactic)}`
  return (
    <span className={`technique phase-${phaseOf(tactic)}`} title={title}>
      {named ? full : id}
      {!named && <span className="visually-hidden">{title.slice(id.length)}</span>}
    </span>
  )
}

/** Techniques in a cell: the first, and how many more. */
export const TechniqueChips = ({ ids, tactics }: { ids: readonly string[]; tactics: readonly string[] }) => {
  const [first, ...rest] = ids
  if (first === undefined)
    return tactics[0] === undefined ? null : (
      <span className={`technique phase-${phaseOf(tactics[0])}`}>{tactics.map(tacticName).join(', ')}</span>
    )
  return (
    <>
      <TechniqueChip id={first} tactics={tactics} />
      {rest.length > 0 && (
        <span className="technique-more muted" title={rest.map(techniqueName).join('\n')}>
          +{rest.length}
        </span>
      )}
    </>
  )
}

/** Who works on it; a dashed ring for nobody. */
export const PersonMark = ({ person }: { person: { name: string } | null }) =>
  person === null ? (
    <span className="person person-none" title="No one">
      <span className="visually-hidden">no one</span>
    </span>
  ) : (
    <span className="person" title={person.name}>
      <span aria-hidden="true">{initialsOf(person.name)}</span>
      <span className="visually-hidden">{person.name}</span>
    </span>
  )
