import type { User } from '../../../../../shared/contract/identity.ts'
import { Chip } from '../../../ui/data/Chip.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Age } from '../../../ui/data/Time.tsx'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import type { MenuItem } from '../../../ui/overlay/Menu.tsx'
import { MenuButton } from '../../../ui/overlay/MenuButton.tsx'
import { roleName } from './role-words.ts'
import './users.css'

export type UserAction = 'edit' | 'access' | 'invite' | 'reset' | 'factor' | 'deactivate' | 'activate'

export interface UsersTableProps {
  users: readonly User[]
  me: User
  mayManage: boolean
  onAct: (action: UserAction, user: User) => void
}

const StateChip = ({ user }: { user: User }) => {
  if (!user.is_active) return <Chip tone="bad">Deactivated</Chip>
  return user.invited ? <Chip tone="warn">Invited</Chip> : <Chip tone="ok">Active</Chip>
}

/** Whom the server lets this admin make a link for, as far as the list shows it. */
const mayReset = (user: User, me: User): boolean =>
  user.is_active && user.has_password && user.id !== me.id && (me.is_platform_admin || !user.is_platform_admin)

const itemsFor = (user: User, me: User, onAct: UsersTableProps['onAct']): MenuItem[] => {
  const act = (action: UserAction) => () => onAct(action, user)
  const items: MenuItem[] = [{ id: 'edit', label: 'Change role or name', icon: 'user', onSelect: act('edit') }]
  items.push({ id: 'access', label: 'Sessions and keys', icon: 'lock', onSelect: act('access') })
  if (user.invited && user.is_active) items.push({ id: 'invite', label: 'New invitation', icon: 'link', onSelect: act('invite') })
  if (mayReset(user, me)) items.push({ id: 'reset', label: 'Make a reset link', icon: 'link', onSelect: act('reset') })
  if (user.has_second_factor && user.id !== me.id)
    items.push({ id: 'factor', label: 'Remove second factor', icon: 'key', onSelect: act('factor') })
  if (!user.is_active) items.push({ id: 'activate', label: 'Activate again', icon: 'retry', onSelect: act('activate') })
  else if (user.id !== me.id)
    items.push({ id: 'deactivate', label: 'Deactivate', icon: 'lock', bad: true, apart: true, onSelect: act('deactivate') })
  return items
}

const columnsFor = ({ me, mayManage, onAct }: UsersTableProps): readonly Column<User>[] => [
  {
    key: 'username',
    head: 'User name',
    cell: (user) => (
      <span className="user-name">
        <strong>{user.username}</strong>
        {user.id === me.id && <span className="muted user-you">you</span>}
        {user.is_platform_admin && <Chip>Platform admin</Chip>}
        {user.has_sso && <Chip>Single sign-on</Chip>}
      </span>
    ),
  },
  { key: 'name', head: 'Name', cell: (user) => user.full_name ?? '' },
  { key: 'email', head: 'Email', cell: (user) => user.email ?? '' },
  { key: 'role', head: 'Role', cell: (user) => roleName[user.role] },
  { key: 'factor', head: 'Second factor', cell: (user) => (user.has_second_factor ? 'On' : <span className="muted">None</span>) },
  { key: 'state', head: 'State', cell: (user) => <StateChip user={user} /> },
  {
    key: 'last',
    head: 'Signed in',
    number: true,
    cell: (user) => (user.last_login_at === null ? <span className="muted">never</span> : <Age at={user.last_login_at} />),
  },
  ...(mayManage
    ? [
        {
          key: 'menu',
          head: <VisuallyHidden>Actions</VisuallyHidden>,
          number: true,
          cell: (user: User) => (
            <MenuButton label={`Actions for ${user.username}`} items={itemsFor(user, me, onAct)} className="icon-btn">
              <Icon name="more" />
            </MenuButton>
          ),
        },
      ]
    : []),
]

export const UsersTable = (props: UsersTableProps) => (
  <Table caption="People of this tenant" columns={columnsFor(props)} rows={props.users} rowKey={(user) => user.id} />
)
