import { useNavigate } from '@tanstack/react-router'
import { useSession } from '../../api/session.ts'
import { roleName } from '../../features/identity/people/role-words.ts'
import { MenuButton } from '../../ui/overlay/MenuButton.tsx'
import { SignOutDialog } from './leaving/SignOutDialog.tsx'
import { useSignOut } from './leaving/useSignOut.ts'
import { useTheme, useZone } from '../../ui/preferences.ts'
import { useTenantItems } from './tenants/useTenantItems.ts'

const initialsOf = (name: string) =>
  name
    .split(/[\s._-]+/)
    .filter((part) => part !== '')
    .slice(0, 2)
    .map((part) => [...part][0]?.toUpperCase() ?? '')
    .join('')

export const UserMenu = () => {
  const user = useSession()
  const navigate = useNavigate()
  const [theme, setTheme] = useTheme()
  const [zone, setZone] = useZone()
  const name = user.full_name ?? user.username
  const tenants = useTenantItems()
  const signingOut = useSignOut()
  return (
    <>
      <MenuButton
        label={`Account of ${name}`}
        className="avatar-button"
        head={
          <>
            <div className="cut">{name}</div>
            <div className="muted cut">
              {user.username}, {roleName[user.role].toLowerCase()} of {user.tenant_name}
            </div>
          </>
        }
        items={[
          {
            id: 'account',
            label: 'Account',
            icon: 'user',
            onSelect: () => void navigate({ to: '/t/$tenantId/settings/account', params: { tenantId: user.tenant_id } }),
          },
          {
            id: 'theme',
            label: theme === 'dark' ? 'Light theme' : 'Dark theme',
            icon: theme === 'dark' ? 'sun' : 'moon',
            onSelect: () => setTheme(theme === 'dark' ? 'light' : 'dark'),
          },
          {
            id: 'zone',
            label: zone === 'utc' ? 'Times in local zone' : 'Times in UTC',
            icon: 'clock',
            onSelect: () => setZone(zone === 'utc' ? 'local' : 'utc'),
          },
          ...tenants,
          { id: 'out', label: 'Sign out', icon: 'leave', apart: true, onSelect: signingOut.ask },
        ]}
      >
        <span className="avatar" aria-hidden="true">
          {initialsOf(name)}
        </span>
      </MenuButton>
      <SignOutDialog {...signingOut} />
    </>
  )
}
