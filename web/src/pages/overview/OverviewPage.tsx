import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { overview } from '../../../../shared/contract/search.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { OpenDetections } from '../../features/detections/host/OpenDetections.tsx'
import { Button } from '../../ui/actions/Button.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { formatNumber } from '../../ui/format/numbers.ts'
import { Facts } from '../../ui/layout/Facts.tsx'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { ArrivedChart } from './ArrivedChart.tsx'
import { ArtifactsPanel } from './ArtifactsPanel.tsx'
import { FirstSteps } from './FirstSteps.tsx'
import { LatestImports } from './LatestImports.tsx'
import './overview.css'

const route = getRouteApi('/t/$tenantId/')
type Overview = Reply<typeof overview>

const Numbers = ({ data, tenantId }: { data: Overview; tenantId: string }) => (
  <Panel padded>
    <Facts
      facts={[
        {
          label: 'Rows',
          value: (
            <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{}}>
              {formatNumber(data.rows)}
            </Link>
          ),
        },
        {
          label: 'Hosts',
          value: (
            <Link to="/t/$tenantId/hosts" params={{ tenantId }} search={{}}>
              {formatNumber(data.hosts)}
            </Link>
          ),
        },
        { label: 'Artifacts', value: formatNumber(data.artifacts.length) },
        {
          label: 'Times in rows',
          value:
            data.time_from === null ? (
              <span className="muted">none</span>
            ) : (
              <span className="overview-span">
                <Time at={data.time_from} to="minute" /> <span className="muted">to</span> <Time at={data.time_to} to="minute" named />
              </span>
            ),
        },
      ]}
    />
  </Panel>
)

export const OverviewPage = () => {
  const { tenantId } = route.useParams()
  const { data, error, isPending, refetch } = useQuery(queryOf(overview, {}))
  return (
    <div className="page">
      <PageHead title="Overview" />
      <div className="page-body">
        {error !== null && (
          <Note
            tone="bad"
            live
            action={
              <Button size="sm" onClick={() => void refetch()}>
                Try again
              </Button>
            }
          >
            {messageOf(error)}
          </Note>
        )}
        {isPending && (
          <Panel>
            <Skeleton rows={8} label="Loading the overview" />
          </Panel>
        )}
        {data?.rows === 0 && <FirstSteps tenantId={tenantId} />}
        {data !== undefined && data.rows > 0 && (
          <>
            <Numbers data={data} tenantId={tenantId} />
            <Panel title="What arrived" actions={<span className="muted">rows stored on each of the last 30 days, UTC</span>} padded>
              <ArrivedChart arrived={data.arrived} />
            </Panel>
          </>
        )}
        {data !== undefined && data.rows > 0 && <OpenDetections tenantId={tenantId} />}
        <div className="overview-columns">
          {data !== undefined && data.rows > 0 && <ArtifactsPanel artifacts={data.artifacts} tenantId={tenantId} />}
          <LatestImports tenantId={tenantId} />
        </div>
      </div>
    </div>
  )
}
