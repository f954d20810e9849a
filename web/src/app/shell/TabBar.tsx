import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Icon } from '../../ui/icons/Icon.tsx'
import { MenuButton } from '../../ui/overlay/MenuButton.tsx'
import { menu } from './menu.data.ts'

/** The phone's menu: what is used most, and the rest behind "More". */
export const TabBar = () => {
  const { tenantId } = useParams({ from: '/t/$tenantId' })
  const navigate = useNavigate()
  return (
    <nav className="tab-bar" aria-label="Main, phone">
      {menu
        .filter((entry) => entry.phone)
        .map((entry) => (
          <Link
            key={entry.to}
            to={entry.to}
            params={{ tenantId }}
            activeOptions={{ exact: entry.exact, includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            <Icon name={entry.icon} size={20} />
            {entry.label}
          </Link>
        ))}
      <MenuButton
        label="More pages"
        className="tab-bar-more"
        items={menu
          .filter((entry) => !entry.phone)
          .map((entry) => ({
            id: entry.to,
            label: entry.label,
            icon: entry.icon,
            onSelect: () => void navigate({ to: entry.to, params: { tenantId } }),
          }))}
      >
        <Icon name="menu" size={20} />
        More
      </MenuButton>
    </nav>
  )
}
