import { useQuery } from '@tanstack/react-query'
import { hostLogons, type Logon, logon } from '../../../../../shared/contract/hunt/host-tabs.ts'
import { queryOf } from '../../../api/queries.ts'
import { Mono } from '../../../ui/data/Mono.tsx'
import type { Column } from '../../../ui/data/Table.tsx'
import { useZone } from '../../../ui/preferences.ts'
import { ValueLink } from '../side/ValueLink.tsx'
import { EntryTable, queryOfState, rowsColumn, timeColumns } from './EntryTable.tsx'
import { logonKindWords, logonTypeWords } from './entry-words.ts'
import type { EntryTabProps } from './PersistenceTab.tsx'

const kinds = logon.shape.kind.options
const sorts = ['kind', 'user', 'logon_type', 'source', 'rows', 'first_at', 'last_at'] as const

const columnsFor = (tenantId: string): readonly Column<Logon>[] => [
  {
    key: 'kind',
    head: 'What',
    sortable: true,
    cell: (e) => (
      <span className={e.kind === 'failed' ? 'warn-text' : ''}>
        {logonKindWords(e.kind)} <span className="muted mono">{e.event_code}</span>
      </span>
    ),
  },
  {
    key: 'user',
    head: 'User',
    sortable: true,
    cell: (e) => (e.user === '' ? null : <ValueLink tenantId={tenantId} field="user_target_name" value={e.user} />),
  },
  { key: 'domain', head: 'Domain', cell: (e) => <Mono value={e.domain} /> },
  { key: 'logon_type', head: 'Type', sortable: true, cell: (e) => logonTypeWords(e.logon_type) },
  {
    key: 'source',
    head: 'From',
    sortable: true,
    cell: (e) => (e.source === '' ? null : <ValueLink tenantId={tenantId} field="source_ip" value={e.source} />),
  },
  { key: 'workstation', head: 'Workstation', cell: (e) => <Mono value={e.workstation} /> },
]

export const LogonsTab = ({ tenantId, hostId, state, onChange }: EntryTabProps) => {
  const [zone] = useZone()
  const kind = kinds.find((one) => one === state.kind)
  const query = { ...queryOfState(state, sorts), ...(kind === undefined ? {} : { kind }) }
  const { data, error, refetch } = useQuery({
    ...queryOf(hostLogons, { params: { host_id: hostId }, query }),
    placeholderData: (before) => before,
  })
  return (
    <EntryTable
      caption="Logons"
      one="entry"
      many="entries"
      columns={[...columnsFor(tenantId), rowsColumn<Logon>(tenantId, hostId), ...timeColumns<Logon>(zone)]}
      answer={data}
      error={error}
      onRetry={() => void refetch()}
      state={state.sort === '' ? { ...state, sort: 'last_at', order: 'desc' } : state}
      onChange={onChange}
      nameOfKind={logonKindWords}
      none="No row of this host tells of a logon. That says nothing about who signed in to it."
    />
  )
}
