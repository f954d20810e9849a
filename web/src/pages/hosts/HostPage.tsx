import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useId } from 'react'
import { hostRisk } from '../../../../shared/contract/detect/detection-views.ts'
import { hostOverview } from '../../../../shared/contract/hunt/host-tabs.ts'
import { getHost, type Host } from '../../../../shared/contract/hosts.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { ApiProblem, messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { HostHead } from '../../features/hosts/HostHead.tsx'
import { HostIdentity } from '../../features/hosts/HostIdentity.tsx'
import { type HostSearch, type HostTab, hostTabNamed, hostTabs, labelOfTab } from '../../features/hosts/host-tabs.ts'
import { HostCoverage } from '../../features/hosts/side/HostCoverage.tsx'
import { buttonClass } from '../../ui/actions/Button.tsx'
import { Tabs } from '../../ui/actions/Tabs.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { TabContent } from './TabContent.tsx'
import './host-page.css'

const route = getRouteApi('/t/$tenantId/hosts/$hostId')
type Overview = Reply<typeof hostOverview>

/** Detections are counted for themselves: they change without a new row. */
const countOfTab = (tab: HostTab, overview: Overview | undefined, detections: number | undefined): number | undefined => {
  if (tab === 'detections') return detections
  return tab === 'overview' || tab === 'timeline' ? undefined : overview?.counts[tab]
}

interface SideProps {
  tenantId: string
  host: Host
  overview: Overview | undefined
  error: Error | null
}

const Side = ({ tenantId, host, overview, error }: SideProps) => (
  <aside className="host-side" aria-label="Identity and coverage">
    <h2>Identity</h2>
    <HostIdentity tenantId={tenantId} host={host} overview={overview} />
    {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
    {overview === undefined && error === null && <Skeleton rows={8} label="Loading coverage" />}
    {overview !== undefined && <HostCoverage tenantId={tenantId} hostId={host.id} overview={overview} />}
  </aside>
)

const Loaded = ({ host }: { host: Host }) => {
  const { tenantId, hostId } = route.useParams()
  const tab = hostTabNamed(useParams({ strict: false, select: (params) => params.tab }))
  const search = route.useSearch()
  const navigate = useNavigate()
  const panelId = useId()
  useTitle(tab === 'overview' ? host.hostname : `${host.hostname}, ${labelOfTab(tab).toLowerCase()}`)
  const { data: overview, error } = useQuery(queryOf(hostOverview, { params: { host_id: host.id } }))
  const { data: risk } = useQuery(queryOf(hostRisk, { params: { host_id: host.id } }))
  const open = (to: HostTab) =>
    void (to === 'overview'
      ? navigate({ to: '/t/$tenantId/hosts/$hostId', params: { tenantId, hostId } })
      : navigate({ to: '/t/$tenantId/hosts/$hostId/$tab', params: { tenantId, hostId, tab: to } }))
  const change = useCallback(
    (next: HostSearch) => void navigate({ to: '.', search: (before: HostSearch) => ({ ...before, ...next }), replace: true }),
    [navigate],
  )
  return (
    <div className={`page host-page host-page-${tab}`}>
      <HostHead host={host} tenantId={tenantId} />
      <Tabs
        label="Host"
        value={tab}
        panelId={panelId}
        tabs={hostTabs.map((value) => {
          const count = countOfTab(value, overview, risk?.detections.open)
          return {
            value,
            label: labelOfTab(value),
            isMore: value === 'processes' && overview?.is_processes_whole === false,
            ...(count === undefined ? {} : { count }),
          }
        })}
        onChange={open}
      />
      <div className="host-columns">
        <Side tenantId={tenantId} host={host} overview={overview} error={error} />
        <div id={panelId} className="host-panel" role="tabpanel" aria-label={labelOfTab(tab)}>
          <TabContent tab={tab} tenantId={tenantId} host={host} overview={overview} search={search} onChange={change} />
        </div>
      </div>
    </div>
  )
}

export const HostPage = () => {
  const { tenantId, hostId } = route.useParams()
  const { data: host, error } = useQuery(queryOf(getHost, { params: { host_id: hostId } }))
  if (host !== undefined) return <Loaded host={host} />
  return (
    <div className="page">
      {error === null ? (
        <Skeleton rows={10} label="Loading the host" />
      ) : (
        <EmptyState
          isPage
          title={
            error instanceof ApiProblem && ['not_found', 'validation'].includes(error.code)
              ? 'No such host here'
              : 'The host could not be read'
          }
          actions={
            <Link to="/t/$tenantId/hosts" params={{ tenantId }} className={buttonClass({ variant: 'primary' })}>
              All hosts
            </Link>
          }
        >
          <p role="alert">{messageOf(error)}</p>
        </EmptyState>
      )}
    </div>
  )
}
