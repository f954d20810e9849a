import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import { useMay, useSession } from '../../api/session.ts'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import './settings.css'

const route = getRouteApi('/t/$tenantId/settings')

/** The frame of all settings; a page that one may not see is not offered. */
export const SettingsPage = () => {
  const { tenantId } = route.useParams()
  const { tenant_name } = useSession()
  const mayUsers = useMay('users.read')
  const mayAudit = useMay('audit.read')
  const mayPlatform = useMay('platform.manage')
  const pages = [
    { to: '/t/$tenantId/settings/account', label: 'Account', isShown: true },
    { to: '/t/$tenantId/settings/users', label: 'Users', isShown: mayUsers },
    { to: '/t/$tenantId/settings/tenants', label: 'Tenants', isShown: mayPlatform },
    { to: '/t/$tenantId/settings/audit', label: 'Audit', isShown: mayAudit },
  ] as const
  return (
    <div className="page">
      <PageHead title="Settings" about={tenant_name} />
      <nav className="tabs settings-tabs" aria-label="Settings">
        {pages
          .filter((page) => page.isShown)
          .map((page) => (
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
