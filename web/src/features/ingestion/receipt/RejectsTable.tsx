import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listRejects, type Reject } from '../../../../../shared/contract/ingestion.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { FileName } from '../list/FileName.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Pager } from '../../../ui/data/Pager.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { formatBytes, formatNumber } from '../../../ui/format/numbers.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { exportRejects } from './export-rejects.ts'

const pageRows = 20

const columnsOf = (onOpen: (reject: Reject) => void): readonly Column<Reject>[] => [
  {
    key: 'member',
    head: 'Member',
    className: 'reject-member',
    cell: (row) => <FileName name={row.member === '' ? row.file : row.member} />,
  },
  { key: 'row', head: 'Row, from 0', number: true, cell: (row) => (row.row_number === null ? '' : formatNumber(row.row_number)) },
  { key: 'reason', head: 'Reason', className: 'reject-reason', cell: (row) => row.reason },
  {
    key: 'raw',
    head: 'Raw text',
    className: 'reject-raw',
    cell: (row) => (
      <button type="button" className="import-link cut" onClick={() => onOpen(row)} aria-label={`Raw text of row ${row.row_number ?? ''}`}>
        <Mono value={row.raw.slice(0, 80)} className="muted" />
      </button>
    ),
  },
]

const RawDialog = ({ reject, onClose }: { reject: Reject | null; onClose: () => void }) => (
  <Dialog isOpen={reject !== null} onClose={onClose} title="Rejected row" wide>
    {reject !== null && (
      <>
        <p>{reject.reason}</p>
        <p className="muted">
          {formatBytes(reject.raw_bytes)} in the file{reject.raw_bytes > 65_536 && '; the first 64 kB of it are kept here'}.
        </p>
        <pre className="reject-text">
          <Mono value={reject.raw} keep={'\n'} />
        </pre>
      </>
    )}
  </Dialog>
)

/** Rows that could not be stored: where they stand, why, and what they say. */
export const RejectsTable = ({ importId, name, count }: { importId: string; name: string; count: number }) => {
  const [skip, setSkip] = useState(0)
  const [open, setOpen] = useState<Reject | null>(null)
  const [exporting, setExporting] = useState<{ isBusy: boolean; problem: string | null }>({ isBusy: false, problem: null })
  const rejects = useQuery(listOf(listRejects, { params: { import_id: importId }, query: { skip, limit: pageRows } }))
  const save = async () => {
    setExporting({ isBusy: true, problem: null })
    const problem = await exportRejects(importId, name).then(
      () => null,
      (error: unknown) => messageOf(error),
    )
    setExporting({ isBusy: false, problem })
  }
  return (
    <section className="receipt-rejects" aria-label="Rejected rows">
      <div className="panel-head">
        <h2>Rejected rows</h2>
        <Chip>{formatNumber(count)}</Chip>
        <span className="grow" />
        <Button size="sm" variant="ghost" icon="export" busy={exporting.isBusy} onClick={() => void save()}>
          Export all {formatNumber(rejects.data?.total ?? count)}
        </Button>
      </div>
      {exporting.problem !== null && (
        <Note tone="bad" live>
          The export was not made. {exporting.problem}
        </Note>
      )}
      {rejects.isPending && <Skeleton rows={4} label="Loading rejected rows" />}
      {rejects.isError && <Note tone="bad">{messageOf(rejects.error)}</Note>}
      {rejects.data !== undefined && (
        <>
          <Table
            caption="Rejected rows"
            columns={columnsOf(setOpen)}
            rows={rejects.data.rows}
            rowKey={(row) => `${row.member} ${row.row_number ?? ''} ${row.reason} ${row.raw.slice(0, 40)}`}
          />
          {rejects.data.total > pageRows && (
            <Pager skip={skip} limit={pageRows} total={rejects.data.total} what="rejected rows" onSkip={setSkip} />
          )}
        </>
      )}
      <RawDialog reject={open} onClose={() => setOpen(null)} />
    </section>
  )
}
