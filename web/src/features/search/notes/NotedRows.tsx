import { Link } from '@tanstack/react-router'
import type { Reply } from '../../../../../shared/contract/route.ts'
import type { listAnnotated } from '../../../../../shared/contract/notes/annotations.ts'
import { useSession } from '../../../api/session.ts'
import { Chip } from '../../../ui/data/Chip.tsx'
import { RowMarks } from '../../../ui/data/RowMarks.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import './notes.css'

type Noted = Reply<typeof listAnnotated>[number]

const RowLink = ({ row }: { row: Noted }) => {
  const tenantId = useSession().tenant_id
  return (
    <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ row: row.row_id, panel: 'notes' }} className="mono">
      {row.artifact === '' ? row.row_id.slice(0, 12) : row.artifact}
    </Link>
  )
}

const columns: readonly Column<Noted>[] = [
  {
    key: 'row',
    head: 'Row',
    cell: (row) => (
      <span className="row">
        <RowLink row={row} />
        {!row.is_stored && <Chip tone="warn">No longer stored</Chip>}
      </span>
    ),
  },
  { key: 'host', head: 'Host', cell: (row) => <span className="mono">{row.host_name}</span> },
  { key: 'notes', head: 'Tags', cell: (row) => <RowMarks tags={row.tags} comments={row.comments} /> },
  { key: 'said', head: 'Last comment', cell: (row) => <span className="noted-said">{row.last_comment ?? ''}</span> },
  { key: 'at', head: 'Newest note', cell: (row) => <Time at={row.last_at} to="second" /> },
]

/** Rows that something is written about, those that no import delivers now among them. */
export const NotedRows = ({ rows }: { rows: readonly Noted[] }) => (
  <Table caption="Rows with notes" columns={columns} rows={rows} rowKey={(row) => row.row_id} />
)
