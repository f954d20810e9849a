import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { countDetections, listDetections } from '../../../../../shared/contract/detect/detections.ts'
import { severities } from '../../../../../shared/domain/detections.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf, queryOf } from '../../../api/queries.ts'
import { Mono } from '../../../ui/data/Mono.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { StatusMark } from '../marks/Marks.tsx'
import { SeverityMark } from '../../../ui/marks/SeverityMark.tsx'
import { openStatuses, searchOfFilter } from '../state/queue-state.ts'
import './host-detections.css'
import '../panel/panel.css'

const filter = { status: [...openStatuses] }

/** For the overview: what is open, by how severe it is, and the worst of it. */
export const OpenDetections = ({ tenantId }: { tenantId: string }) => {
  const counts = useQuery({ ...queryOf(countDetections, { body: { filter } }), refetchInterval: 30_000 })
  const list = useQuery(listOf(listDetections, { body: { filter, limit: 6 } }))
  const { data, error } = counts
  const ofSeverity = (severity: string) => data?.by_severity.find((one) => one.value === severity)?.detections ?? 0
  return (
    <Panel
      title="Open detections"
      actions={
        <Link to="/t/$tenantId/detections" params={{ tenantId }} search={{}}>
          {data === undefined || data.total === 0 ? 'Queue' : `All ${countOf(data.total, 'detection')}`}
        </Link>
      }
      padded
    >
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {data !== undefined && (
        <p className="row open-severities">
          {severities.toReversed().map((severity) => (
            <Link
              key={severity}
              to="/t/$tenantId/detections"
              params={{ tenantId }}
              search={searchOfFilter({ ...filter, severity: [severity] })}
              className="row"
            >
              <SeverityMark severity={severity} />
              <span className="num">{formatNumber(ofSeverity(severity))}</span>
            </Link>
          ))}
        </p>
      )}
      {data?.total === 0 && (
        <EmptyState title="Nothing is open">
          <p>
            {data.views.closed > 0
              ? `${countOf(data.views.closed, 'detection')} ${data.views.closed === 1 ? 'is' : 'are'} closed.`
              : 'Nothing was detected yet.'}{' '}
            <Link to="/t/$tenantId/detections/attack" params={{ tenantId }} search={{}}>
              What is covered
            </Link>
          </p>
        </EmptyState>
      )}
      <ul className="episode">
        {list.data?.rows.map((one) => (
          <li key={one.id}>
            <SeverityMark severity={one.severity} bare />
            <Link to="/t/$tenantId/detections/$detectionId" params={{ tenantId, detectionId: one.id }} search={{}} className="grow cut">
              {one.title}
            </Link>
            <Mono value={one.host_name} />
            <StatusMark status={one.status} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}
