import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type Detection, listDetections } from '../../../../../shared/contract/detect/detections.ts'
import { hostRisk } from '../../../../../shared/contract/detect/detection-views.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf, queryOf } from '../../../api/queries.ts'
import { useMay } from '../../../api/session.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { zoneName } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { PersonMark, StatusMark, TechniqueChips } from '../marks/Marks.tsx'
import { SeverityMark } from '../../../ui/marks/SeverityMark.tsx'
import { searchOfFilter } from '../state/queue-state.ts'
import { WeightDialog } from './WeightDialog.tsx'
import './host-detections.css'

type Risk = Reply<typeof hostRisk>
type RiskPart = Risk['parts'][number]
const mostListed = 200

const PartLink = ({ part, tenantId }: { part: RiskPart; tenantId: string }) => {
  if (part.filter !== null)
    return (
      <Link to="/t/$tenantId/detections" params={{ tenantId }} search={searchOfFilter(part.filter)}>
        {countOf(part.count, 'detection')}
      </Link>
    )
  if (part.query !== null)
    return (
      <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ q: part.query }}>
        {countOf(part.count, 'row')}
      </Link>
    )
  return null
}

const Parts = ({ risk, tenantId }: { risk: Risk; tenantId: string }) => {
  const { looked_at: looked } = risk
  if (risk.parts.length === 0)
    return (
      <p className="soft">
        {looked.rules === 0
          ? 'No rule runs in this tenant yet, so nothing can speak for looking at this host.'
          : `Nothing was found: ${countOf(looked.rules, 'rule')} looked at ${countOf(looked.rows, 'row')} of this host.`}
      </p>
    )
  return (
    <ul className="risk-parts">
      {risk.parts.map((part) => (
        <li key={part.kind}>
          {part.severity === null ? <span className="severity" /> : <SeverityMark severity={part.severity} bare />}
          <span className="grow">{part.says}</span>
          <PartLink part={part} tenantId={tenantId} />
        </li>
      ))}
    </ul>
  )
}

const weightSays = { low: 'low weight', normal: 'normal weight', high: 'high weight' } as const

/** What speaks for looking at the host, part by part. */
const RiskPanel = ({ risk, tenantId }: { risk: Risk; tenantId: string }) => {
  const [isOpen, setOpen] = useState(false)
  const mayWrite = useMay('detections.write')
  const { open, confirmed, dismissed, total } = risk.detections
  const { weight } = risk
  return (
    <section className="risk" aria-label="What speaks for looking at it">
      <div className="row">
        <h2>What speaks for looking at it</h2>
        {risk.worst !== null && <SeverityMark severity={risk.worst} />}
        <span className="grow" />
        <span className="soft">
          {weightSays[weight.weight]}
          {weight.reason !== '' && `: ${weight.reason}`}
          {weight.set_by !== null && `, by ${weight.set_by}`}
        </span>
        {mayWrite && (
          <Button size="sm" onClick={() => setOpen(true)}>
            Set weight
          </Button>
        )}
      </div>
      <Parts risk={risk} tenantId={tenantId} />
      {total > 0 && (
        <p className="muted risk-sum">
          {formatNumber(open)} open + {formatNumber(confirmed)} confirmed + {formatNumber(dismissed)} dismissed ={' '}
          {countOf(total, 'detection')}
        </p>
      )}
      {isOpen && <WeightDialog hostId={risk.host_id} weight={weight} onClose={() => setOpen(false)} />}
    </section>
  )
}

const columnsFor = (tenantId: string, hostId: string, zone: string): readonly Column<Detection>[] => [
  { key: 'severity', head: 'Severity', cell: (one) => <SeverityMark severity={one.severity} /> },
  {
    key: 'title',
    head: 'Detection',
    className: 'cell-wide',
    cell: (one) => (
      <Link
        to="/t/$tenantId/detections/$detectionId"
        params={{ tenantId, detectionId: one.id }}
        search={searchOfFilter({ host_id: [hostId] })}
      >
        <span className="cut host-detection">{one.title}</span>
      </Link>
    ),
  },
  { key: 'attack', head: 'ATT&CK', cell: (one) => <TechniqueChips ids={one.techniques} tactics={one.tactics} /> },
  { key: 'rows', head: 'Rows', number: true, cell: (one) => formatNumber(one.rows) },
  {
    key: 'first',
    head: `First, ${zone}`,
    cell: (one) => (one.first_at === null ? <span className="muted">no time</span> : <Time at={one.first_at} to="second" />),
  },
  { key: 'status', head: 'Status', cell: (one) => <StatusMark status={one.status} /> },
  { key: 'who', head: 'Who', cell: (one) => <PersonMark person={one.assignee} /> },
]

/** The tab of a host's page: what was found on it, in the order in which it happened, and what that makes of the host. */
export const HostDetections = ({ tenantId, hostId }: { tenantId: string; hostId: string }) => {
  const [zone] = useZone()
  const risk = useQuery(queryOf(hostRisk, { params: { host_id: hostId } }))
  const list = useQuery(
    listOf(listDetections, { body: { filter: { host_id: [hostId] }, sort: 'first_at', order: 'asc', limit: mostListed } }),
  )
  const error = risk.error ?? list.error
  return (
    <div className="tab-body host-detections">
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {risk.data === undefined ? (
        error === null && <Skeleton rows={4} label="Loading" />
      ) : (
        <RiskPanel risk={risk.data} tenantId={tenantId} />
      )}
      {list.data?.total === 0 && (
        <EmptyState title="Nothing was detected here">
          <p>That says nothing about what no rule looks for, and nothing about what was never collected.</p>
        </EmptyState>
      )}
      {list.data !== undefined && list.data.total > 0 && (
        <Table
          caption="Detections of this host, in the order in which they happened"
          columns={columnsFor(tenantId, hostId, zoneName(zone))}
          rows={list.data.rows}
          rowKey={(one) => one.id}
          foot={
            list.data.total > list.data.rows.length ? (
              <Link to="/t/$tenantId/detections" params={{ tenantId }} search={searchOfFilter({ host_id: [hostId] })}>
                All {formatNumber(list.data.total)} in the queue
              </Link>
            ) : undefined
          }
        />
      )}
    </div>
  )
}
