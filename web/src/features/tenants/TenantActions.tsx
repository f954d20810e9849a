import type { Tenant } from '../../../../shared/contract/tenants.ts'
import { Icon } from '../../ui/icons/Icon.tsx'
import type { MenuItem } from '../../ui/overlay/Menu.tsx'
import { MenuButton } from '../../ui/overlay/MenuButton.tsx'

export type TenantAct = 'edit' | 'invite' | 'join' | 'suspend' | 'resume' | 'erase'

const itemsFor = (tenant: Tenant, isOwn: boolean, onAct: (act: TenantAct) => void): MenuItem[] => {
  const act = (name: TenantAct) => () => onAct(name)
  if (tenant.state === 'erasing') return []
  const change: MenuItem = { id: 'edit', label: 'Change name or quota', icon: 'settings', onSelect: act('edit') }
  if (tenant.state === 'frozen')
    return [
      change,
      { id: 'resume', label: 'Let its people in again', icon: 'forward', onSelect: act('resume') },
      { id: 'erase', label: 'Erase for good', icon: 'trash', bad: true, apart: true, onSelect: act('erase') },
    ]
  return [
    change,
    { id: 'invite', label: 'Invite somebody by a link', icon: 'link', onSelect: act('invite') },
    ...(isOwn
      ? []
      : [
          { id: 'join', label: 'Make myself a member', icon: 'user', onSelect: act('join') } as const,
          { id: 'suspend', label: 'Suspend', icon: 'lock', bad: true, apart: true, onSelect: act('suspend') } as const,
        ]),
  ]
}

/** What one who runs the installation may do with a tenant. */
export const TenantActions = ({ tenant, isOwn, onAct }: { tenant: Tenant; isOwn: boolean; onAct: (act: TenantAct) => void }) => {
  const items = itemsFor(tenant, isOwn, onAct)
  if (items.length === 0) return null
  return (
    <MenuButton label={`Actions on ${tenant.name}`} items={items}>
      <Icon name="more" />
    </MenuButton>
  )
}
