import { getRouteApi, Link, Outlet, useLocation } from '@tanstack/react-router'
import { useSession } from '../../api/session.ts'
import { useShownTab } from '../../ui/actions/useShownTab.ts'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import { useSettingsPages } from './useSettingsPages.ts'
import './settings.css'

const route = getRouteApi('/t/$tenantId/settings')

/** The frame of all settings; a page that one may not see is not offered. */
export const SettingsPage = () => {
  const { tenantId } = route.useParams()
  const { tenant_name } = useSession()
  const pages = useSettingsPages()
  const { pathname } = useLocation()
  const strip = useShownTab<HTMLElement>(pathname)
  return (
    <div className="page">
      <PageHead title="Settings" about={tenant_name} />
      <nav ref={strip} className="tabs settings-tabs" aria-label="Settings">
        {pages.map((page) => (
          <Link
            key={page.to}
            to={page.to}
            params={{ tenantId }}
            activeOptions={{ includeSearch: false }}
            activeProps={{ 'aria-current': 'page' }}
          >
            {page.label}
          </Link>
        ))}
      </nav>
      <div className="page-body">
        <Outlet />
      </div>
    </div>
  )
}
