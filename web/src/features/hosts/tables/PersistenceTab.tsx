import { useQuery } from '@tanstack/react-query'
import { hostPersistence, type PersistenceEntry, persistenceEntry } from '../../../../../shared/contract/hunt/host-tabs.ts'
import { queryOf } from '../../../api/queries.ts'
import { Cut } from '../../../ui/data/Cut.tsx'
import { MiddleEllipsis } from '../../../ui/data/MiddleEllipsis.tsx'
import type { Column } from '../../../ui/data/Table.tsx'
import { useZone } from '../../../ui/preferences.ts'
import type { EntryPlace } from '../host-tabs.ts'
import { ValueLink } from '../side/ValueLink.tsx'
import { type ChangeEntries, EntryTable, queryOfState, rowsColumn, timeColumns } from './EntryTable.tsx'
import { persistenceKindWords } from './entry-words.ts'

export interface EntryTabProps {
  tenantId: string
  hostId: string
  state: EntryPlace
  onChange: ChangeEntries
}

const kinds = persistenceEntry.shape.kind.options
const sorts = ['kind', 'name', 'program', 'user', 'signer', 'rows', 'first_at', 'last_at'] as const

const Signer = ({ entry }: { entry: PersistenceEntry }) =>
  entry.signer === '' && entry.is_trusted === null ? null : (
    <span className={entry.is_trusted === false ? 'warn-text' : ''}>
      {entry.is_trusted === false && 'not trusted '}
      <Cut text={entry.signer} className="mono" />
    </span>
  )

const columnsFor = (tenantId: string, rows: Column<PersistenceEntry>): readonly Column<PersistenceEntry>[] => [
  { key: 'kind', head: 'Kind', sortable: true, cell: (e) => persistenceKindWords(e.kind) },
  {
    key: 'name',
    head: 'Name',
    sortable: true,
    cell: (e) => (
      <ValueLink
        tenantId={tenantId}
        field={e.kind === 'registry' ? 'registry_path' : 'service_name'}
        value={e.kind === 'registry' ? e.location : e.name}
      />
    ),
  },
  rows,
  { key: 'program', head: 'Program', sortable: true, className: 'cell-path', cell: (e) => <MiddleEllipsis value={e.program} /> },
  { key: 'command', head: 'Command', className: 'cell-short', cell: (e) => <Cut text={e.command_line} className="mono" /> },
  { key: 'user', head: 'User', sortable: true, className: 'cell-short', cell: (e) => <Cut text={e.user} className="mono" /> },
  { key: 'state', head: 'State', cell: (e) => <Cut text={e.state} /> },
  { key: 'signer', head: 'Signer', sortable: true, cell: (e) => <Signer entry={e} /> },
]

export const PersistenceTab = ({ tenantId, hostId, state, onChange }: EntryTabProps) => {
  const [zone] = useZone()
  const kind = kinds.find((one) => one === state.kind)
  const query = { ...queryOfState(state, sorts), ...(kind === undefined ? {} : { kind }) }
  const { data, error, refetch } = useQuery({
    ...queryOf(hostPersistence, { params: { host_id: hostId }, query }),
    placeholderData: (before) => before,
  })
  return (
    <EntryTable
      caption="What starts by itself"
      one="entry"
      many="entries"
      columns={[...columnsFor(tenantId, rowsColumn(tenantId, hostId)), ...timeColumns<PersistenceEntry>(zone)]}
      answer={data}
      error={error}
      onRetry={() => void refetch()}
      state={state.sort === '' ? { ...state, sort: 'name' } : state}
      onChange={onChange}
      nameOfKind={persistenceKindWords}
      none="No row of this host tells of a service, a scheduled task, an autorun, a WMI subscription, a startup item or cron. That says nothing about what starts on it."
    />
  )
}
