import type { Tenant } from '../../../../shared/contract/tenants.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { type Column, Table } from '../../ui/data/Table.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { formatBytes } from '../../ui/format/numbers.ts'
import { zoneName } from '../../ui/format/times.ts'
import { VisuallyHidden } from '../../ui/layout/VisuallyHidden.tsx'
import { useZone, type Zone } from '../../ui/preferences.ts'

export interface TenantsTableProps {
  tenants: readonly Tenant[]
  ownId: string
  onEdit: (tenant: Tenant) => void
}

const columnsFor = ({ ownId, onEdit }: TenantsTableProps, zone: Zone): readonly Column<Tenant>[] => [
  {
    key: 'name',
    head: 'Tenant',
    cell: (tenant) => (
      <>
        <strong>{tenant.name}</strong> {tenant.id === ownId && <span className="muted">yours</span>}
      </>
    ),
  },
  { key: 'description', head: 'Description', className: 'cell-wide cut', cell: (tenant) => tenant.description ?? '' },
  {
    key: 'quota',
    head: 'Quota',
    number: true,
    cell: (tenant) => (tenant.quota_bytes === null ? 'no limit' : formatBytes(tenant.quota_bytes)),
  },
  { key: 'created', head: `Created, ${zoneName(zone)}`, cell: (tenant) => <Time at={tenant.created_at} to="minute" /> },
  {
    key: 'edit',
    head: <VisuallyHidden>Actions</VisuallyHidden>,
    number: true,
    cell: (tenant) => (
      <Button size="sm" aria-label={`Change ${tenant.name}`} onClick={() => onEdit(tenant)}>
        Change
      </Button>
    ),
  },
]

export const TenantsTable = (props: TenantsTableProps) => {
  const [zone] = useZone()
  return (
    <Table caption="Tenants of this installation" columns={columnsFor(props, zone)} rows={props.tenants} rowKey={(tenant) => tenant.id} />
  )
}
