import { useQuery } from '@tanstack/react-query'
import { hostSoftware, type Software } from '../../../../../shared/contract/hunt/host-tabs.ts'
import { queryOf } from '../../../api/queries.ts'
import { Cut } from '../../../ui/data/Cut.tsx'
import { MiddleEllipsis } from '../../../ui/data/MiddleEllipsis.tsx'
import type { Column } from '../../../ui/data/Table.tsx'
import { useZone } from '../../../ui/preferences.ts'
import { EntryTable, queryOfState, rowsColumn, timeColumns } from './EntryTable.tsx'
import type { EntryTabProps } from './PersistenceTab.tsx'

const sorts = ['name', 'version', 'publisher', 'rows', 'first_at', 'last_at'] as const

const columns: readonly Column<Software>[] = [
  { key: 'name', head: 'Name', sortable: true, cell: (e) => <Cut text={e.name} className="mono" /> },
  { key: 'version', head: 'Version', sortable: true, cell: (e) => <Cut text={e.version} className="mono" /> },
  { key: 'publisher', head: 'Publisher', sortable: true, cell: (e) => <Cut text={e.publisher} className="mono" /> },
  { key: 'location', head: 'Where', className: 'cell-path', cell: (e) => <MiddleEllipsis value={e.location} /> },
  { key: 'artifact', head: 'Listed by', cell: (e) => <Cut text={e.kind} className="mono muted" /> },
]

export const SoftwareTab = ({ tenantId, hostId, state, onChange }: EntryTabProps) => {
  const [zone] = useZone()
  const query = { ...queryOfState(state, sorts), ...(state.kind === '' ? {} : { kind: state.kind }) }
  const { data, error, refetch } = useQuery({
    ...queryOf(hostSoftware, { params: { host_id: hostId }, query }),
    placeholderData: (before) => before,
  })
  return (
    <EntryTable
      caption="Installed software"
      one="program"
      many="programs"
      columns={[...columns, rowsColumn<Software>(tenantId, hostId), ...timeColumns<Software>(zone)]}
      answer={data}
      error={error}
      onRetry={() => void refetch()}
      state={state.sort === '' ? { ...state, sort: 'name' } : state}
      onChange={onChange}
      nameOfKind={(kind) => kind}
      none="No list of installed programs or packages was collected from this host."
    />
  )
}
