import type { MailStatus } from '../../../../shared/contract/platform/mail.ts'
import { Chip } from '../../ui/data/Chip.tsx'
import { Cut } from '../../ui/data/Cut.tsx'
import { type Column, Table } from '../../ui/data/Table.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { formatNumber } from '../../ui/format/numbers.ts'
import { zoneName } from '../../ui/format/times.ts'
import { useZone } from '../../ui/preferences.ts'
import { kindWords } from './mail-words.ts'

type Row = MailStatus['troubled'][number]

const columnsFor = (zone: string): readonly Column<Row>[] => [
  { key: 'at', head: `Put in, ${zone}`, cell: (row) => <Time at={row.created_at} to="second" /> },
  { key: 'kind', head: 'Mail', cell: (row) => kindWords(row.kind) },
  { key: 'to', head: 'To', cell: (row) => <Cut text={row.to} className="mono" /> },
  { key: 'tenant', head: 'Tenant', cell: (row) => <Cut text={row.tenant_name ?? ''} /> },
  {
    key: 'state',
    head: 'State',
    cell: (row) => (row.state === 'failed' ? <Chip tone="bad">given up</Chip> : <Chip tone="warn">waits</Chip>),
  },
  { key: 'attempts', head: 'Tries', number: true, cell: (row) => formatNumber(row.attempts) },
  { key: 'error', head: 'Reason', cell: (row) => <Cut text={row.error ?? ''} />, className: 'cell-wide' },
]

/** What could not be sent so far, newest first. */
export const TroubledMails = ({ rows }: { rows: readonly Row[] }) => {
  const [zone] = useZone()
  return <Table caption="Mail that could not be sent" columns={columnsFor(zoneName(zone))} rows={rows} rowKey={(row) => row.id} />
}
