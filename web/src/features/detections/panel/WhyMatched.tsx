import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type DetectionDetail, type DetectionExplanation, explainDetection } from '../../../../../shared/contract/detect/detections.ts'
import { usePrevalence } from '../../../api/prevalence.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { Prevalence } from '../../../ui/data/Prevalence.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { type ExplainedLine, type ExplainedSelection, selectionsOf } from './explained.ts'
import { HitText } from './HitText.tsx'

/** A rule that asks for an empty text says so. */
const Wanted = ({ value }: { value: string }) => (value === '' ? <span>(empty)</span> : <Mono value={value} />)

const Asked = ({ line }: { line: ExplainedLine }) => (
  <span className={line.held ? '' : 'muted'}>
    {line.asks !== '' && `${line.asks} `}
    {line.wanted.map((one, at) => (
      <span key={`${at}${one.value}`}>
        {at > 0 && <span className="muted"> or </span>}
        {one.held ? (
          <mark>
            <Wanted value={one.value} />
          </mark>
        ) : (
          <span className="muted">
            <Wanted value={one.value} />
          </span>
        )}
      </span>
    ))}
    {line.more > 0 && <span className="muted"> or {formatNumber(line.more)} more</span>}
    {line.absent && <span className="why-absent"> (the row has no such field)</span>}
  </span>
)

const Selection = ({ selection }: { selection: ExplainedSelection }) => (
  <li>
    <span className={selection.held ? 'why-held' : 'why-not'}>
      {selection.held ? <Icon name="check" size={14} /> : <span aria-hidden="true">·</span>}
      <span className="visually-hidden">{selection.held ? 'true: ' : 'not true: '}</span>
    </span>
    <span>
      {selection.name !== '' && <b>{selection.name}: </b>}
      {selection.lines.map((line, at) => (
        <span key={`${at}${line.asks}`} className="why-line">
          <Asked line={line} />
        </span>
      ))}
      {!selection.held && <span className="muted"> (not true here)</span>}
    </span>
  </li>
)

const clampedLength = 600

const ValueOf = ({ of }: { of: DetectionExplanation['values'][number] }) => {
  const [isWhole, setWhole] = useState(false)
  const prevalence = usePrevalence(of.field, of.value_length === of.value.length ? of.value : null)
  const text = isWhole ? of.value : of.value.slice(0, clampedLength)
  return (
    <>
      <dt title={of.field}>{of.field}</dt>
      <dd>
        <span className="mono">
          <HitText value={text} hits={of.hits} />
        </span>{' '}
        {of.value.length > clampedLength && (
          <button type="button" className="link-button" onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Less' : `All ${countOf(of.value.length, 'character')}`}
          </button>
        )}
        {of.value_length > of.value.length && (
          <span className="muted">
            {' '}
            {formatNumber(of.value.length)} of {countOf(of.value_length, 'character')}
          </span>
        )}
        {prevalence !== undefined && <Prevalence {...prevalence} />}
        <CopyButton value={of.value} label={`Copy ${of.field}`} />
      </dd>
    </>
  )
}

const Told = ({ told }: { told: DetectionExplanation }) => (
  <>
    {!told.held && told.tree !== null && (
      <Note tone="warn">The rule was changed since: as it is now it does not match this row any more.</Note>
    )}
    {told.tree !== null && (
      <ul className="why" aria-label="What the rule asks for" tabIndex={0}>
        {selectionsOf(told).map((selection) => (
          <Selection key={selection.name} selection={selection} />
        ))}
        <li>
          <span className={told.held ? 'why-held' : 'why-not'}>{told.held ? <Icon name="check" size={14} /> : '·'}</span>
          <span>
            <b>condition: </b>
            <Mono value={told.condition} />
          </span>
        </li>
      </ul>
    )}
    {told.values.length > 0 && (
      <dl className="why-values">
        {told.values.map((of) => (
          <ValueOf key={`${of.field}\n${of.value}`} of={of} />
        ))}
      </dl>
    )}
    {told.logsource !== '' && <p className="muted why-source">Came to the rule as {told.logsource}.</p>}
  </>
)

const What = ({ detail }: { detail: DetectionDetail }) => {
  const { subject } = detail
  if (subject === null || subject.description === '') return null
  return <p className="soft panel-words">{subject.description}</p>
}

/** Which field, which value of the row, which value of the rule; of one row of the detection. */
export const WhyMatched = ({ detail, rowId }: { detail: DetectionDetail; rowId: string | null }) => {
  const { data, error } = useQuery({
    ...queryOf(explainDetection, { params: { detection_id: detail.id }, query: rowId === null ? {} : { row_id: rowId } }),
    staleTime: 60_000,
  })
  return (
    <section className="panel-part" aria-label="Why it matched">
      <h3 className="panel-title">Why it matched</h3>
      <What detail={detail} />
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {data === undefined && error === null && <Skeleton rows={4} label="Loading why it matched" />}
      {data !== undefined && data.reason !== null && <p className="soft panel-words">{data.reason}</p>}
      {data !== undefined && <Told told={data} />}
    </section>
  )
}
