import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode, useState } from 'react'
import type { DetectionDetail } from '../../../../../shared/contract/detect/detections.ts'
import { getRule } from '../../../../../shared/contract/detect/rules.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'

/** As it is now; a detection may have been made by an earlier version, and says so. */
const RuleText = ({ ruleId, tenantId, version }: { ruleId: string; tenantId: string; version: number }) => {
  const { data, error } = useQuery({ ...queryOf(getRule, { params: { rule_id: ruleId } }), staleTime: 60_000 })
  if (error !== null) return <Note tone="bad">{messageOf(error)}</Note>
  if (data === undefined) return <Skeleton rows={6} label="Loading the rule" />
  return (
    <>
      {data.version !== version && (
        <p className="soft panel-words">
          Version {data.version} of the rule; the newest match is of version {version}.
        </p>
      )}
      <pre className="why rule-text" tabIndex={0} aria-label="Text of the rule">
        <Mono value={data.text} keep={'\n'} />
      </pre>
      <Link to="/t/$tenantId/rules/$ruleId" params={{ tenantId, ruleId }}>
        Open the rule
      </Link>
    </>
  )
}

const factsOf = (subject: NonNullable<DetectionDetail['subject']>): (readonly [name: string, value: ReactNode])[] => {
  const facts: (readonly [name: string, value: string | null])[] = [
    ['Author', subject.author],
    ['Status', subject.status],
    ['Log source', subject.logsource],
    ['Condition', subject.condition],
  ]
  return [
    ...facts.filter(([, value]) => value !== null && value !== ''),
    ...(subject.references.length === 0
      ? []
      : [
          [
            'References',
            subject.references.map((one) => (
              <span key={one} className="reference">
                {one}
              </span>
            )),
          ] as const,
        ]),
  ]
}

/** Who wrote the rule and what it says: facts, and its text when one wants to read it. */
export const AboutRule = ({ detail, tenantId }: { detail: DetectionDetail; tenantId: string }) => {
  const [isOpen, setOpen] = useState(false)
  const { subject, kind, subject_id, matched_version } = detail
  const what = kind === 'indicator' ? 'indicator' : 'rule'
  if (subject === null) return <p className="soft panel-words">The {what} is stored no longer.</p>
  return (
    <details className="panel-fold" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>About the {what}</summary>
      <dl className="why-values">
        {factsOf(subject).map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
      {isOpen && kind !== 'indicator' && <RuleText ruleId={subject_id} tenantId={tenantId} version={matched_version} />}
    </details>
  )
}
