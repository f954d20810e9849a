import { Link, useParams } from '@tanstack/react-router'
import { Icon } from '../../ui/icons/Icon.tsx'
import { menu } from './menu.data.ts'

export const Rail = () => {
  const { tenantId } = useParams({ from: '/t/$tenantId' })
  return (
    <nav className="rail" aria-label="Main">
      {menu.map((entry) => (
        <Link
          key={entry.to}
          to={entry.to}
          params={{ tenantId }}
          activeOptions={{ exact: entry.exact, includeSearch: false }}
          activeProps={{ 'aria-current': 'page' }}
          className={`rail-${entry.label.toLowerCase()}`}
        >
          <Icon name={entry.icon} size={18} />
          {entry.label}
        </Link>
      ))}
    </nav>
  )
}
