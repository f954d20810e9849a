import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { detectionContext, type DetectionDetail } from '../../../../../shared/contract/detect/detections.ts'
import { attackTactics } from '../../../../../shared/domain/attack-enterprise.data.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { formatTime } from '../../../ui/format/times.ts'
import { StatusMark, TechniqueChip } from '../marks/Marks.tsx'
import { SeverityMark } from '../../../ui/marks/SeverityMark.tsx'
import { statusWords, tacticName } from '../marks/detection-words.ts'

/** What the severity is made of; no part of it is hidden in a number. */
export const HowSevere = ({ detail }: { detail: DetectionDetail }) => (
  <section className="panel-part" aria-label="Severity">
    <h3 className="panel-title">Severity</h3>
    <ul className="panel-list">
      {detail.severity_parts.map((part) => (
        <li key={part.name}>{part.says}</li>
      ))}
    </ul>
  </section>
)

const phases = [
  ['prepare', 'Prepare'],
  ['enter', 'Enter'],
  ['stay', 'Stay'],
  ['spread', 'Spread'],
  ['act', 'Act'],
] as const

/** Which tactics the episode of the host goes through. */
const Chain = ({ tactics }: { tactics: readonly string[] }) => (
  <>
    <div
      className="chain"
      role="img"
      aria-label={`Tactics of this episode: ${tactics.length === 0 ? 'none named' : tactics.map(tacticName).join(', ')}`}
    >
      {attackTactics.map((tactic) => (
        <i key={tactic.id} title={tactic.name} className={tactics.includes(tactic.shortname) ? `chain-on phase-${tactic.phase}` : ''} />
      ))}
    </div>
    <div className="chain-words muted" aria-hidden="true">
      {phases.map(([phase, word]) => (
        <span key={phase} style={{ flex: attackTactics.filter((tactic) => tactic.phase === phase).length }}>
          {word}
        </span>
      ))}
    </div>
  </>
)

export const AttackOf = ({ detail, tenantId }: { detail: DetectionDetail; tenantId: string }) => (
  <section className="panel-part" aria-label="ATT&CK">
    <h3 className="panel-title">ATT&CK</h3>
    {detail.techniques.length === 0 && detail.tactics.length === 0 && <p className="soft panel-words">The rule names no technique.</p>}
    <p className="chips">
      {detail.techniques.map((id) => (
        <Link key={id} to="/t/$tenantId/detections/attack" params={{ tenantId }} search={{ technique: id }} className="chip-link">
          <TechniqueChip id={id} tactics={detail.tactics} named />
        </Link>
      ))}
    </p>
    <Chain tactics={detail.tactics_of_episode.length > 0 ? detail.tactics_of_episode : detail.tactics} />
  </section>
)

/** The host's other detections around this one, in the order in which they happened: the story. */
export const Episode = ({ detail, onOpen }: { detail: DetectionDetail; onOpen: (id: string) => void }) => {
  if (detail.episode.length === 0) return null
  return (
    <section className="panel-part" aria-label="Episode">
      <h3 className="panel-title">{countOf(detail.episode.length, 'other detection')} within four hours</h3>
      <ol className="episode">
        {detail.episode.map((one) => (
          <li key={one.id}>
            <SeverityMark severity={one.severity} bare />
            <span className="muted">{one.first_at === null ? 'no time' : <Time at={one.first_at} to="second" />}</span>
            <button type="button" className="link-button cut" onClick={() => onOpen(one.id)}>
              {one.title}
            </button>
            <StatusMark status={one.status} />
          </li>
        ))}
      </ol>
    </section>
  )
}

const seenWords = ({ seen_before: seen, kind }: DetectionDetail): string => {
  const others = seen.detections - 1
  const what = kind === 'indicator' ? 'indicator' : 'rule'
  const since = seen.first_at === null ? '' : ` since ${formatTime(seen.first_at, { to: 'date' })}`
  if (others <= 0) return `The first detection of this ${what}.`
  const closed = seen.closed_as.map((one) => `${formatNumber(one.detections)} ${statusWords[one.status].toLowerCase()}`).join(', ')
  const all = `${countOf(seen.detections, 'detection')} of this ${what} on ${countOf(seen.hosts, 'host')}${since}, this one among them.`
  return closed === '' ? `${all} None was closed yet.` : `${all} Closed: ${closed}.`
}

export const SeenBefore = ({ detail }: { detail: DetectionDetail }) => (
  <section className="panel-part" aria-label="Seen before">
    <h3 className="panel-title">Seen before</h3>
    <p className="soft panel-words">{seenWords(detail)}</p>
    {detail.exceptions > 0 && (
      <p className="soft panel-words">{countOf(detail.exceptions, 'exception silences', 'exceptions silence')} rows of this rule now.</p>
    )}
    {detail.subject !== null && detail.subject.falsepositives.length > 0 && (
      <>
        <h4>Its author names as false positives</h4>
        <ul className="panel-list">
          {detail.subject.falsepositives.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </>
    )}
  </section>
)

/** What else was on the host in that hour; asked for when one wants to see it. */
export const Surroundings = ({ detail, at }: { detail: DetectionDetail; at: string | null }) => {
  const { data, error } = useQuery({
    ...queryOf(detectionContext, { params: { detection_id: detail.id }, query: at === null ? {} : { at } }),
    staleTime: 60_000,
  })
  if (error !== null) return <Note tone="bad">{messageOf(error)}</Note>
  if (data === undefined) return <Skeleton rows={4} label="Loading what else was on the host" />
  if (data.from === null) return <p className="soft panel-words">The rows have no time, or no host that is known.</p>
  return (
    <>
      <p className="soft panel-words">
        {countOf(data.rows, 'row')} of the host from <Time at={data.from} to="minute" /> to <Time at={data.to} to="minute" named />
        {data.detections.length > 0 && `, ${countOf(data.detections.length, 'detection')} among them`}.
      </p>
      <ul className="around-artifacts">
        {data.by_artifact.map((one) => (
          <li key={one.artifact}>
            <span className="mono cut">{one.artifact}</span>
            <span className="num">{formatNumber(one.rows)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

export const Merged = ({ detail, onTakeOut }: { detail: DetectionDetail; onTakeOut: ((id: string) => void) | undefined }) => {
  if (detail.merged_detections.length === 0) return null
  return (
    <section className="panel-part" aria-label="Merged">
      <h3 className="panel-title">{countOf(detail.merged_detections.length, 'detection')} merged into this one</h3>
      <ul className="episode">
        {detail.merged_detections.map((one) => (
          <li key={one.id}>
            <SeverityMark severity={one.severity} bare />
            <span className="grow cut">
              {one.title} <span className="muted mono">{one.host_name}</span>
            </span>
            {onTakeOut !== undefined && (
              <Button size="sm" variant="ghost" onClick={() => onTakeOut(one.id)}>
                Take out
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
