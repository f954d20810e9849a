import { useQuery } from '@tanstack/react-query'
import { type Connection, hostNetwork } from '../../../../../shared/contract/hunt/host-tabs.ts'
import { queryOf } from '../../../api/queries.ts'
import { Cut } from '../../../ui/data/Cut.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import type { Column } from '../../../ui/data/Table.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { useZone } from '../../../ui/preferences.ts'
import { ValueLink } from '../side/ValueLink.tsx'
import { EntryTable, lastColumns, queryOfState } from '../tables/EntryTable.tsx'
import { connectionKindWords } from '../tables/entry-words.ts'
import type { EntryTabProps } from '../tables/PersistenceTab.tsx'
import { PeerGraph } from './PeerGraph.tsx'
import './network.css'

const kinds = ['outbound', 'inbound', 'listening', 'connections'] as const
const sorts = ['address', 'port', 'process', 'user', 'state', 'rows', 'first_at', 'last_at', 'other_hosts'] as const

const columnsFor = (tenantId: string): readonly Column<Connection>[] => [
  { key: 'kind', head: 'Direction', cell: (e) => connectionKindWords(e.kind) },
  {
    key: 'address',
    head: 'Address',
    sortable: true,
    cell: (e) =>
      e.address === '' || e.kind === 'listening' ? (
        <Mono value={e.address} />
      ) : (
        <ValueLink tenantId={tenantId} field="destination_ip" value={e.address} isCounted={false} />
      ),
  },
  { key: 'port', head: 'Port', sortable: true, number: true, cell: (e) => e.port !== null && <Mono value={String(e.port)} /> },
  { key: 'transport', head: 'Protocol', cell: (e) => <Mono value={e.transport} /> },
  { key: 'state', head: 'State', sortable: true, cell: (e) => <Mono value={e.state} /> },
  {
    key: 'process',
    head: 'Process',
    sortable: true,
    cell: (e) => e.process_name !== '' && <ValueLink tenantId={tenantId} field="process_name" value={e.process_name} />,
  },
  { key: 'pid', head: 'PID', number: true, cell: (e) => e.process_pid !== null && <Mono value={String(e.process_pid)} /> },
  { key: 'user', head: 'User', sortable: true, cell: (e) => <Cut text={e.user} className="mono" /> },
  {
    key: 'other_hosts',
    head: 'Other hosts',
    number: true,
    sortable: true,
    cell: (e) => e.other_hosts !== null && <span className={e.other_hosts === 0 ? 'only-here' : ''}>{formatNumber(e.other_hosts)}</span>,
  },
]

export const NetworkTab = ({ tenantId, hostId, state, onChange, hostname }: EntryTabProps & { hostname: string }) => {
  const [zone] = useZone()
  const kind = kinds.find((one) => one === state.kind)
  const query = { ...queryOfState(state, sorts), ...(kind === undefined ? {} : { kind }) }
  const { data, error, refetch } = useQuery({
    ...queryOf(hostNetwork, { params: { host_id: hostId }, query }),
    placeholderData: (before) => before,
  })
  const hasPeers = data?.kinds.some((one) => one.kind !== 'listening') === true
  return (
    <div className="network-tab">
      <EntryTable
        caption="Connections and listening ports"
        one="connection or port"
        many="connections and ports"
        columns={[...columnsFor(tenantId), ...lastColumns<Connection>(tenantId, hostId, zone)]}
        answer={data}
        error={error}
        onRetry={() => void refetch()}
        state={state.sort === '' ? { ...state, sort: 'other_hosts' } : state}
        onChange={onChange}
        nameOfKind={connectionKindWords}
        none="No row of this host tells of a connection or a listening port. That says nothing about whom it talks to."
      />
      {hasPeers && <PeerGraph tenantId={tenantId} hostId={hostId} hostname={hostname} />}
    </div>
  )
}
