import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ImportReceipt, listImports } from '../../../../shared/contract/ingestion.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { MiddleEllipsis } from '../../ui/data/MiddleEllipsis.tsx'
import { StateMark } from '../../ui/data/StateMark.tsx'
import { type Column, Table } from '../../ui/data/Table.tsx'
import { Age } from '../../ui/data/Time.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { countOf, formatPercent } from '../../ui/format/numbers.ts'
import { Panel } from '../../ui/layout/Panel.tsx'

const nameOf = (receipt: ImportReceipt): string => {
  const [first, ...rest] = receipt.files
  if (first === undefined) return receipt.id
  return rest.length === 0 ? first.name : `${first.name} and ${rest.length} more`
}

const outcomeOf = (receipt: ImportReceipt): string => {
  if (receipt.state === 'reading' || receipt.state === 'uploading') return formatPercent(receipt.bytes_read, receipt.bytes_total)
  if (receipt.rows_rejected > 0) return `${countOf(receipt.rows_stored, 'row')}, ${countOf(receipt.rows_rejected, 'rejected', 'rejected')}`
  if (receipt.rows_stored === 0 && receipt.rows_duplicate > 0)
    return `0 new, ${countOf(receipt.rows_duplicate, 'seen before', 'seen before')}`
  return receipt.state === 'locked' ? 'waits for a secret' : countOf(receipt.rows_stored, 'row')
}

const columnsFor = (tenantId: string): readonly Column<ImportReceipt>[] => [
  { key: 'state', head: 'State', cell: (one) => <StateMark state={one.state} /> },
  {
    key: 'file',
    head: 'File',
    className: 'cell-wide',
    cell: (one) => (
      <Link to="/t/$tenantId/imports/$importId" params={{ tenantId, importId: one.id }} search={{}}>
        <MiddleEllipsis value={nameOf(one)} />
      </Link>
    ),
  },
  { key: 'outcome', head: 'Outcome', cell: outcomeOf },
  { key: 'age', head: 'Age', number: true, cell: (one) => <Age at={one.created_at} /> },
]

export const LatestImports = ({ tenantId }: { tenantId: string }) => {
  const mayRead = useMay('imports.read')
  const { data, error } = useQuery({ ...listOf(listImports, { query: { limit: 12 } }), enabled: mayRead, refetchInterval: 10_000 })
  return (
    <Panel
      title="Latest imports"
      actions={
        <Link to="/t/$tenantId/imports" params={{ tenantId }} search={{}}>
          {data === undefined || data.total === 0 ? 'All imports' : `All ${countOf(data.total, 'import')}`}
        </Link>
      }
    >
      {error !== null && (
        <div className="panel-body">
          <Note tone="bad">{messageOf(error)}</Note>
        </div>
      )}
      {data === undefined && error === null && <Skeleton rows={6} label="Loading imports" />}
      {data?.total === 0 && <EmptyState title="No imports yet" />}
      {data !== undefined && data.total > 0 && (
        <Table caption="Imports, newest first" columns={columnsFor(tenantId)} rows={data.rows} rowKey={(one) => one.id} />
      )}
    </Panel>
  )
}
