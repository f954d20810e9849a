import { useSession } from '../../../api/session.ts'
import { useOtherTenants } from '../../../features/identity/switching/memberships.ts'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { MenuButton } from '../../../ui/overlay/MenuButton.tsx'
import { useTenantItems } from './useTenantItems.ts'

const Mark = ({ name }: { name: string }) => (
  <span className="tenant-mark" aria-hidden="true">
    {[...name][0]?.toUpperCase() ?? ''}
  </span>
)

/** Whose data is shown, always in sight; a menu for who belongs to more than one. */
export const TenantName = () => {
  const { tenant_name } = useSession()
  const others = useOtherTenants()
  const items = useTenantItems()
  if (others.length === 0)
    return (
      <div className="tenant" title={tenant_name}>
        <span className="visually-hidden">Tenant:</span>
        <Mark name={tenant_name} />
        <span className="cut">{tenant_name}</span>
      </div>
    )
  return (
    <MenuButton
      label={`Tenant: ${tenant_name}. Switch`}
      className="tenant tenant-button"
      align="start"
      items={items.map((item) => ({ ...item, apart: false }))}
      head={
        others.length > items.length - 1 ? <div className="muted">{others.length} tenants: all of them by name with Ctrl K</div> : undefined
      }
    >
      <Mark name={tenant_name} />
      <span className="cut">{tenant_name}</span>
      <Icon name="down" size={14} />
    </MenuButton>
  )
}
