import { useMay } from '../../api/session.ts'

/** The pages of the settings that one may see, as tabs and in the palette. */
export const useSettingsPages = () => {
  const mayUsers = useMay('users.read')
  const mayAudit = useMay('audit.read')
  const mayPlatform = useMay('platform.manage')
  const maySearch = useMay('search')
  const mayTenant = useMay('tenant.manage')
  const pages = [
    { to: '/t/$tenantId/settings/account', label: 'Account', isShown: true },
    { to: '/t/$tenantId/settings/users', label: 'Users', isShown: mayUsers },
    { to: '/t/$tenantId/settings/fields', label: 'Fields', isShown: maySearch },
    { to: '/t/$tenantId/settings/schedules', label: 'Schedules', isShown: maySearch },
    { to: '/t/$tenantId/settings/sso', label: 'Single sign-on', isShown: mayTenant },
    { to: '/t/$tenantId/settings/tenants', label: mayPlatform ? 'Tenants' : 'Tenant', isShown: mayPlatform || mayTenant },
    { to: '/t/$tenantId/settings/mail', label: 'Mail', isShown: mayPlatform },
    { to: '/t/$tenantId/settings/audit', label: 'Audit', isShown: mayAudit },
  ] as const
  return pages.filter((page) => page.isShown)
}
