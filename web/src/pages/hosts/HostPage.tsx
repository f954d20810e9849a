import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { getHost, hostArtifacts, type Host } from '../../../../shared/contract/hosts.ts'
import { ApiProblem, messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { HostArtifacts } from '../../features/hosts/HostArtifacts.tsx'
import { HostIdentity } from '../../features/hosts/HostIdentity.tsx'
import { queryOfHost, systemOf } from '../../features/hosts/host-words.ts'
import { buttonClass } from '../../ui/actions/Button.tsx'
import { Chip } from '../../ui/data/Chip.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { Age } from '../../ui/data/Time.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { Icon } from '../../ui/icons/Icon.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import './host-page.css'

const route = getRouteApi('/t/$tenantId/hosts/$hostId')

const HostHead = ({ host, tenantId }: { host: Host; tenantId: string }) => {
  useTitle(host.hostname)
  const system = systemOf(host)
  const address = host.ip_addresses[0] ?? host.ip_address
  return (
    <header className="host-head">
      <div className="row">
        <h1>
          <Mono value={host.hostname} />
        </h1>
        {host.labels.map((label) => (
          <Chip key={label}>{label}</Chip>
        ))}
      </div>
      <p className="host-line soft">
        {system !== '' && <span>{system}</span>}
        {address !== null && <Mono value={address} />}
        {host.last_seen !== null && (
          <span>
            last data <Age at={host.last_seen} /> ago
          </span>
        )}
        {host.client_ids[0] !== undefined && <Mono value={host.client_ids[0]} />}
      </p>
      <div className="row">
        <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ q: queryOfHost(host.hostname) }} className={buttonClass()}>
          <Icon name="search" />
          All rows <span className="muted">{formatNumber(host.rows)}</span>
        </Link>
      </div>
    </header>
  )
}

const Artifacts = ({ host, tenantId }: { host: Host; tenantId: string }) => {
  const { data, error } = useQuery(queryOf(hostArtifacts, { params: { host_id: host.id } }))
  return (
    <Panel title="Artifacts" actions={data !== undefined && <span className="muted">{countOf(data.length, 'artifact')}</span>}>
      {error !== null && (
        <div className="panel-body">
          <Note tone="bad" live>
            {messageOf(error)}
          </Note>
        </div>
      )}
      {data === undefined && error === null && <Skeleton rows={8} label="Loading artifacts" />}
      {data?.length === 0 && (
        <EmptyState title="Nothing was collected">
          <p>No row is stored from this host. That says nothing about what happens on it.</p>
        </EmptyState>
      )}
      {data !== undefined && data.length > 0 && <HostArtifacts tenantId={tenantId} hostname={host.hostname} artifacts={data} />}
    </Panel>
  )
}

export const HostPage = () => {
  const { tenantId, hostId } = route.useParams()
  const { data: host, error } = useQuery(queryOf(getHost, { params: { host_id: hostId } }))
  if (host === undefined)
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
  return (
    <div className="page">
      <HostHead host={host} tenantId={tenantId} />
      <div className="page-body host-columns">
        <Panel title="Identity" padded>
          <HostIdentity host={host} />
        </Panel>
        <Artifacts host={host} tenantId={tenantId} />
      </div>
    </div>
  )
}
