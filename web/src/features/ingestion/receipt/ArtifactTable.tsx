import { Link } from '@tanstack/react-router'
import type { ImportReceipt } from '../../../../../shared/contract/ingestion.ts'
import { useSession } from '../../../api/session.ts'
import { Mono } from '../../../ui/data/Mono.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { inAddress } from '../list/import-words.ts'

type Artifact = ImportReceipt['artifacts'][number]

const number = (key: keyof Artifact, head: string, isBad = false): Column<Artifact> => ({
  key,
  head,
  number: true,
  cell: (row) => {
    const value = Number(row[key])
    return <span className={value === 0 ? 'muted' : isBad ? 'bad-number' : ''}>{formatNumber(value)}</span>
  },
})

const ArtifactLink = ({ artifact, importId }: { artifact: string; importId: string }) => {
  const tenantId = useSession().tenant_id
  if (artifact === '') return <span className="muted">(no artifact named)</span>
  return (
    <Link to="/t/$tenantId/explore" params={{ tenantId }} search={{ imports: importId, artifacts: inAddress(artifact) }}>
      <Mono value={artifact} />
    </Link>
  )
}

const columnsOf = (importId: string): readonly Column<Artifact>[] => [
  { key: 'artifact', head: 'Artifact', cell: (row) => <ArtifactLink artifact={row.artifact} importId={importId} /> },
  number('rows_read', 'Read'),
  number('rows_stored', 'Stored'),
  number('rows_duplicate', 'Seen before'),
  number('rows_rejected', 'Rejected', true),
]

/** What was read of each artifact; its name leads to its rows. */
export const ArtifactTable = ({ receipt }: { receipt: ImportReceipt }) => (
  <Table
    caption="Rows by artifact"
    columns={columnsOf(receipt.id)}
    rows={receipt.artifacts}
    rowKey={(row) => row.artifact}
    foot={
      <tr>
        <td>
          {countOf(receipt.artifacts.length, 'artifact')}, {countOf(receipt.hosts, 'host')}
        </td>
        <td className="num">{formatNumber(receipt.rows_read)}</td>
        <td className="num">{formatNumber(receipt.rows_stored)}</td>
        <td className="num">{formatNumber(receipt.rows_duplicate)}</td>
        <td className="num">{formatNumber(receipt.rows_rejected)}</td>
      </tr>
    }
  />
)
