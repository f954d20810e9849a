import type { DetectionStatus, Severity } from '../../../../../shared/domain/detections.ts'
import { currentTechnique } from '../../../../../shared/domain/attack.ts'
import { initialsOf, phaseOf, severityWords, statusWords, tacticName, techniqueName } from './detection-words.ts'
import './marks.css'

const filled: Readonly<Record<Severity, number>> = { critical: 4, high: 3, medium: 2, low: 1, informational: 0 }
const bars = [
  { x: 1, y: 9, height: 4 },
  { x: 5.5, y: 5.5, height: 7.5 },
  { x: 10, y: 2, height: 11 },
]

/** A word and a mark whose shape says the same: one to three bars, and a diamond for the worst. */
export const SeverityMark = ({ severity, bare = false }: { severity: Severity; bare?: boolean }) => (
  <span className={`severity severity-${severity}`} title={bare ? severityWords[severity] : undefined}>
    <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      {severity === 'critical' ? (
        <>
          <path d="M7 .5 13.5 7 7 13.5.5 7z" fill="currentColor" />
          <path d="M7 3.8v3.7M7 9.6v.2" stroke="var(--on-critical)" strokeWidth="1.7" strokeLinecap="round" />
        </>
      ) : (
        bars.map((bar, at) => (
          <rect
            key={bar.x}
            x={bar.x}
            y={bar.y}
            width="3"
            height={bar.height}
            rx=".8"
            fill="currentColor"
            opacity={at < filled[severity] ? 1 : 0.28}
          />
        ))
      )}
    </svg>
    <span className={bare ? 'visually-hidden' : 'severity-word'}>{severityWords[severity]}</span>
  </span>
)

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
