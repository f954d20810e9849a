import type { AuditRow } from '../../../../shared/contract/audit.ts'
import { Chip } from '../../ui/data/Chip.tsx'
import { Cut } from '../../ui/data/Cut.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { type Column, Table } from '../../ui/data/Table.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { evidenceText } from '../../ui/format/evidence.ts'
import { formatNumber } from '../../ui/format/numbers.ts'
import { zoneName } from '../../ui/format/times.ts'
import { useZone } from '../../ui/preferences.ts'
import { actWords, factsOf, outcomeWords, personWords } from './audit-words.ts'
import './audit.css'

const ObjectCell = ({ row }: { row: AuditRow }) => (
  <span className="cut cell-cut" title={evidenceText(row.object_id ?? '')}>
    {row.object_type ?? ''} {row.object_id !== null && <Mono value={row.object_id} className="muted" />}
  </span>
)

const columnsFor = (zone: string, onOpen: (row: AuditRow) => void): readonly Column<AuditRow>[] => [
  {
    key: 'seq',
    head: 'Row',
    number: true,
    cell: (row) => (
      <button
        type="button"
        className="audit-open"
        aria-label={`Open row ${row.seq}`}
        onClick={(event) => {
          event.stopPropagation()
          onOpen(row)
        }}
      >
        {formatNumber(row.seq)}
      </button>
    ),
  },
  { key: 'at', head: `Time, ${zone}`, cell: (row) => <Time at={row.at} to="second" /> },
  { key: 'person', head: 'Person', cell: (row) => <Cut text={personWords(row)} /> },
  {
    key: 'act',
    head: 'Act',
    cell: (row) => (
      <span className="audit-act">
        {actWords(row.action)}
        {row.outcome !== 'success' && <Chip tone={row.outcome === 'denied' ? 'warn' : 'bad'}>{outcomeWords[row.outcome]}</Chip>}
      </span>
    ),
  },
  { key: 'object', head: 'Object', cell: (row) => <ObjectCell row={row} /> },
  { key: 'facts', head: 'Facts', cell: (row) => <Cut text={factsOf(row.details)} className="mono" />, className: 'cell-wide' },
  { key: 'address', head: 'Address', cell: (row) => <Mono value={row.address ?? ''} /> },
]

export interface AuditTableProps {
  rows: readonly AuditRow[]
  /** The row that is open. */
  open: number | null
  onOpen: (row: AuditRow) => void
}

export const AuditTable = ({ rows, open, onOpen }: AuditTableProps) => {
  const [zone] = useZone()
  return (
    <Table
      caption="Who did what, newest first"
      columns={columnsFor(zoneName(zone), onOpen)}
      rows={rows}
      rowKey={(row) => String(row.seq)}
      isSelected={(row) => row.seq === open}
      onRowClick={onOpen}
    />
  )
}
