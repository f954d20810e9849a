import type { Tenant } from '../../../../shared/contract/tenants.ts'
import { type Column, Table } from '../../ui/data/Table.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { formatBytes } from '../../ui/format/numbers.ts'
import { zoneName } from '../../ui/format/times.ts'
import { VisuallyHidden } from '../../ui/layout/VisuallyHidden.tsx'
import { useZone, type Zone } from '../../ui/preferences.ts'
import { type TenantAct, TenantActions } from './TenantActions.tsx'

export interface TenantsTableProps {
  tenants: readonly Tenant[]
  ownId: string
  onAct: (act: TenantAct, tenant: Tenant) => void
}

const stateWords: Readonly<Record<Tenant['state'], string>> = { active: 'Open', frozen: 'Suspended', erasing: 'Being erased' }

const columnsFor = ({ ownId, onAct }: TenantsTableProps, zone: Zone): readonly Column<Tenant>[] => [
  {
    key: 'name',
    head: 'Tenant',
    cell: (tenant) => (
      <>
        <strong>{tenant.name}</strong> {tenant.id === ownId && <span className="muted">the one you are in</span>}
      </>
    ),
  },
  { key: 'state', head: 'State', cell: (tenant) => stateWords[tenant.state] },
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
    cell: (tenant) => <TenantActions tenant={tenant} isOwn={tenant.id === ownId} onAct={(act) => onAct(act, tenant)} />,
  },
]

export const TenantsTable = (props: TenantsTableProps) => {
  const [zone] = useZone()
  return (
    <Table caption="Tenants of this installation" columns={columnsFor(props, zone)} rows={props.tenants} rowKey={(tenant) => tenant.id} />
  )
}
