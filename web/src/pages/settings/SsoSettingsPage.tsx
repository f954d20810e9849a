import { useMay } from '../../api/session.ts'
import { SsoSettings } from '../../features/identity/sso/SsoSettings.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import './settings.css'

/** Who followed a link here and may not see it is told who may. */
export const SsoSettingsPage = () => {
  useTitle('Single sign-on')
  return useMay('tenant.manage') ? (
    <div className="settings-narrow">
      <SsoSettings />
    </div>
  ) : (
    <EmptyState title="Only admins set up single sign-on">
      <p>Your role does not. An admin of the tenant can change it.</p>
    </EmptyState>
  )
}
