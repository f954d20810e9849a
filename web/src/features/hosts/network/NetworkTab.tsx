import { useQuery } from '@tanstack/react-query'
import { type Connection, hostNetwork } from '../../../../../shared/contract/hunt/host-tabs.ts'
import { queryOf } from '../../../api/queries.ts'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { Cut } from '../../../ui/data/Cut.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import type { Column } from '../../../ui/data/Table.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { useZone } from '../../../ui/preferences.ts'
import { ValueLink } from '../side/ValueLink.tsx'
import { type ChangeEntries, EntryTable, queryOfState, rowsColumn, timeColumns } from '../tables/EntryTable.tsx'
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
  {
    key: 'port',
    head: 'Port',
    sortable: true,
    number: true,
    cell: (e) => <Mono value={`${e.port ?? ''}${e.transport === '' ? '' : `/${e.transport}`}`} />,
  },
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

type View = 'connections' | 'listening' | 'graph'

const ViewSwitch = ({ view, onChange }: { view: View; onChange: ChangeEntries }) => (
  <Segmented
    label="Network"
    value={view}
    options={[
      { value: 'connections', label: 'Connections' },
      { value: 'listening', label: 'Listening' },
      { value: 'graph', label: 'Graph' },
    ]}
    onChange={(next) => onChange({ kind: next === 'connections' ? '' : next, search: '', skip: 0, sort: '' })}
  />
)

const Connections = ({ tenantId, hostId, state, onChange, view }: EntryTabProps & { view: View }) => {
  const [zone] = useZone()
  const kind = kinds.find((one) => one === state.kind) ?? 'connections'
  const query = { ...queryOfState(state, sorts), kind }
  const { data, error, refetch } = useQuery({
    ...queryOf(hostNetwork, { params: { host_id: hostId }, query }),
    placeholderData: (before) => before,
  })
  const isListening = view === 'listening'
  const all = [...columnsFor(tenantId), rowsColumn<Connection>(tenantId, hostId), ...timeColumns<Connection>(zone)]
  return (
    <EntryTable
      caption={isListening ? 'Listening ports' : 'Connections'}
      one={isListening ? 'listening port' : 'connection'}
      many={isListening ? 'listening ports' : 'connections'}
      columns={isListening ? all.filter((column) => !['kind', 'other_hosts'].includes(column.key)) : all}
      answer={data}
      error={error}
      onRetry={() => void refetch()}
      state={state.sort === '' ? { ...state, sort: isListening ? 'port' : 'other_hosts', order: 'asc' } : state}
      onChange={onChange}
      nameOfKind={connectionKindWords}
      hasKind={(one) => !isListening && one !== 'listening'}
      lead={<ViewSwitch view={view} onChange={onChange} />}
      none="No row of this host tells of one. That says nothing about whom it talks to."
    />
  )
}

export const NetworkTab = ({ hostname, ...props }: EntryTabProps & { hostname: string }) => {
  const view: View = props.state.kind === 'listening' || props.state.kind === 'graph' ? props.state.kind : 'connections'
  if (view === 'graph')
    return (
      <>
        <div className="tab-tools">
          <ViewSwitch view={view} onChange={props.onChange} />
        </div>
        <PeerGraph tenantId={props.tenantId} hostId={props.hostId} hostname={hostname} />
      </>
    )
  return <Connections key={view} {...props} view={view} />
}
