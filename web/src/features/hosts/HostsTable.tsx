import { Link } from '@tanstack/react-router'
import type { Host } from '../../../../shared/contract/hosts.ts'
import { Cut } from '../../ui/data/Cut.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { type Column, type Sort, Table } from '../../ui/data/Table.tsx'
import { Age } from '../../ui/data/Time.tsx'
import { evidenceText } from '../../ui/format/evidence.ts'
import { formatNumber } from '../../ui/format/numbers.ts'
import { systemOf } from './host-words.ts'
import './hosts.css'

const columnsFor = (tenantId: string): readonly Column<Host>[] => [
  {
    key: 'hostname',
    head: 'Host',
    sortable: true,
    cell: (host) => (
      <Link
        to="/t/$tenantId/hosts/$hostId"
        params={{ tenantId, hostId: host.id }}
        className="host-link cut cell-cut"
        title={evidenceText(host.hostname)}
      >
        <Mono value={host.hostname} />
      </Link>
    ),
  },
  { key: 'os', head: 'System', sortable: true, cell: (host) => <Cut text={systemOf(host)} /> },
  {
    key: 'ip',
    head: 'Addresses',
    cell: (host) => (
      <span className="host-more host-cell">
        <Mono value={host.ip_addresses[0] ?? host.ip_address ?? ''} />
        {host.ip_addresses.length > 1 && <span className="muted"> +{host.ip_addresses.length - 1}</span>}
      </span>
    ),
  },
  {
    key: 'users',
    head: 'Users',
    cell: (host) => (
      <span className="host-more host-cell" title={host.users_seen.map(evidenceText).join(', ')}>
        <Mono value={host.users_seen[0] ?? ''} />
        {host.users_seen.length > 1 && <span className="muted"> +{host.users_seen.length - 1}</span>}
      </span>
    ),
  },
  { key: 'client', head: 'Client', cell: (host) => <Cut text={host.client_ids[0] ?? ''} className="mono muted" /> },
  {
    key: 'last_seen',
    head: 'Last data',
    sortable: true,
    number: true,
    cell: (host) => host.last_seen !== null && <Age at={host.last_seen} />,
  },
  { key: 'rows', head: 'Rows', sortable: true, number: true, cell: (host) => formatNumber(host.rows) },
]

export interface HostsTableProps {
  tenantId: string
  hosts: readonly Host[]
  sort: Sort
  onSort: (sort: Sort) => void
}

export const HostsTable = ({ tenantId, hosts, sort, onSort }: HostsTableProps) => (
  <Table caption="Hosts" columns={columnsFor(tenantId)} rows={hosts} rowKey={(host) => host.id} sort={sort} onSort={onSort} />
)
