import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { hostPeers, type Peer } from '../../../../../shared/contract/hunt/host-tabs.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { evidenceText } from '../../../ui/format/evidence.ts'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { graphHeight, graphSize, type PeerPlace, peerPlaces } from './peer-places.ts'

const portsOf = (peer: Peer): string => {
  const more = peer.ports_total - peer.ports.length
  return `${peer.ports.join(', ')}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`
}

const wordsOf = (peer: Peer): string =>
  [
    `${evidenceText(peer.address)}, ${peer.other_hosts === 0 ? 'no other host' : countOf(peer.other_hosts, 'other host')}, ${countOf(peer.rows, 'row')}`,
    peer.ports.length === 0 ? '' : `port ${portsOf(peer)}`,
    peer.processes.map(evidenceText).join(', '),
    peer.is_inbound ? 'it has called this host' : '',
  ]
    .filter((part) => part !== '')
    .join('; ')

const Node = ({ peer, place, tenantId, hostId }: { peer: Peer; place: PeerPlace; tenantId: string; hostId: string }) => {
  const isRight = place.side === 'right'
  const at = place.x + (isRight ? 12 : -12)
  return (
    <Link
      to="/t/$tenantId/explore"
      params={{ tenantId }}
      search={{ q: peer.query, hosts: hostId }}
      className={`peer ${peer.other_hosts === 0 ? 'is-only' : ''}`}
      aria-label={wordsOf(peer)}
    >
      <title>{wordsOf(peer)}</title>
      <rect className="peer-target" x={isRight ? place.x - 10 : place.x - 250} y={place.y - 13} width={260} height={26} rx={3} />
      <circle cx={place.x} cy={place.y} r={5} />
      <text x={at} y={place.y + 4} textAnchor={isRight ? 'start' : 'end'}>
        <tspan className="peer-address">{evidenceText(peer.address).slice(0, 40)}</tspan>
        <tspan className="peer-note" dx={6}>
          {peer.ports[0] === undefined ? '' : `:${peer.ports[0]}${peer.ports_total > 1 ? '…' : ''} `}
          {formatNumber(peer.other_hosts)}
        </tspan>
      </text>
    </Link>
  )
}

const Drawing = ({ peers, hostname, ...ids }: { peers: readonly Peer[]; hostname: string; tenantId: string; hostId: string }) => {
  const places = peerPlaces(peers.length)
  const height = graphHeight(peers.length)
  const [x, y] = [graphSize.width / 2, height / 2]
  return (
    <div className="peer-frame" role="region" aria-label="Graph of peers, scrolls sideways" tabIndex={0}>
      <svg
        viewBox={`0 0 ${graphSize.width} ${height}`}
        width={graphSize.width}
        height={height}
        role="group"
        aria-label={`Addresses that ${hostname} talks to`}
      >
        {places.map((place, at) => {
          const peer = peers[at] as Peer
          return (
            <path
              key={peer.address}
              className={`peer-line ${peer.is_inbound ? 'is-inbound' : ''} ${peer.other_hosts === 0 ? 'is-only' : ''}`}
              d={`M${x} ${y}C${(x + place.x) / 2} ${y} ${(x + place.x) / 2} ${place.y} ${place.x} ${place.y}`}
            />
          )
        })}
        <rect className="peer-host" x={x - 70} y={y - 13} width={140} height={26} rx={3} />
        <text className="peer-self" x={x} y={y + 4} textAnchor="middle">
          {evidenceText(hostname).slice(0, 18)}
        </text>
        {places.map((place, at) => (
          <Node key={(peers[at] as Peer).address} peer={peers[at] as Peer} place={place} {...ids} />
        ))}
      </svg>
    </div>
  )
}

/** The other sides that the fewest other hosts know, around this host; the table has all of them. */
export const PeerGraph = ({ tenantId, hostId, hostname }: { tenantId: string; hostId: string; hostname: string }) => {
  const { data, error } = useQuery(queryOf(hostPeers, { params: { host_id: hostId }, query: {} }))
  return (
    <section className="peer-graph" aria-label="Rarest peers">
      <header className="row">
        <h2>Rarest peers</h2>
        {data !== undefined && data.total > 0 && (
          <span className="muted">
            {data.total > data.peers.length
              ? `${formatNumber(data.peers.length)} of ${countOf(data.total, 'address', 'addresses')}, those that the fewest other hosts talk to; ${formatNumber(data.total - data.peers.length)} are in the table only`
              : `all ${countOf(data.total, 'address', 'addresses')}`}
            . The number behind an address is how many other hosts talk to it; a dashed line came in.
          </span>
        )}
      </header>
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {data === undefined && error === null && <Skeleton rows={6} label="Loading peers" />}
      {data?.total === 0 && (
        <EmptyState title="No peers">
          <p>No row of this host tells of a connection to another address. That says nothing about whom it talks to.</p>
        </EmptyState>
      )}
      {data !== undefined && data.peers.length > 0 && (
        <Drawing peers={data.peers} hostname={hostname} tenantId={tenantId} hostId={hostId} />
      )}
    </section>
  )
}
