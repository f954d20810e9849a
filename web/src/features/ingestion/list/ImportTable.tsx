import { Link, useNavigate } from '@tanstack/react-router'
import type { ImportReceipt } from '../../../../../shared/contract/ingestion.ts'
import { useSession } from '../../../api/session.ts'
import { evidenceText } from '../../../ui/format/evidence.ts'
import { FileName } from './FileName.tsx'
import { StateMark } from '../../../ui/data/StateMark.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { formatBytes } from '../../../ui/format/numbers.ts'
import { shareYear, zoneName } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { ImportAction } from './ImportActions.tsx'
import { canRetry, kindOf, nameOf, outcomeOf, sizeOf } from './import-words.ts'

const FileLink = ({ receipt }: { receipt: ImportReceipt }) => {
  const tenantId = useSession().tenant_id
  const name = nameOf(receipt)
  return (
    <Link
      to="/t/$tenantId/imports/$importId"
      params={{ tenantId, importId: receipt.id }}
      search={(before) => before}
      className="import-link"
      aria-label={evidenceText(name)}
      onClick={(event) => event.stopPropagation()}
    >
      <FileName name={name} />
    </Link>
  )
}

const Outcome = ({ receipt }: { receipt: ImportReceipt }) => {
  const hasAction = receipt.state === 'locked' || canRetry(receipt)
  return (
    <span className="row">
      {!hasAction || receipt.state === 'cancelled' ? outcomeOf(receipt) : null}
      <ImportAction receipt={receipt} />
    </span>
  )
}

const useColumns = (rows: readonly ImportReceipt[]): readonly Column<ImportReceipt>[] => {
  const [zone] = useZone()
  const isOneYear = shareYear(
    rows.map((row) => row.created_at),
    zone,
  )
  return [
    { key: 'state', head: 'State', cell: (row) => <StateMark state={row.state} /> },
    { key: 'file', head: 'File', className: 'cell-wide', cell: (row) => <FileLink receipt={row} /> },
    { key: 'kind', head: 'Kind', className: 'not-phone-cell', cell: (row) => <span className="soft">{kindOf(row)}</span> },
    { key: 'outcome', head: 'Outcome', cell: (row) => <Outcome receipt={row} /> },
    { key: 'size', head: 'Size', number: true, className: 'not-phone-cell', cell: (row) => formatBytes(sizeOf(row)) },
    {
      key: 'started',
      head: `Started, ${zoneName(zone)}`,
      className: 'not-phone-cell',
      cell: (row) => (
        <span className="soft">
          <Time at={row.created_at} to="second" isOneYear={isOneYear} />
        </span>
      ),
    },
  ]
}

export const ImportTable = ({ rows, selected }: { rows: readonly ImportReceipt[]; selected: string | undefined }) => {
  const columns = useColumns(rows)
  const navigate = useNavigate()
  const tenantId = useSession().tenant_id
  return (
    <Table
      caption="Imports, newest first"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      isSelected={(row) => row.id === selected}
      onRowClick={(row) =>
        void navigate({ to: '/t/$tenantId/imports/$importId', params: { tenantId, importId: row.id }, search: (before) => before })
      }
    />
  )
}
