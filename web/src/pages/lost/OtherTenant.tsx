import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Membership } from '../../../../shared/contract/access/memberships.ts'
import { sessionQuery } from '../../api/session.ts'
import { goToTenant } from '../../features/identity/switching/memberships.ts'
import { Button, buttonClass } from '../../ui/actions/Button.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'

/** A link to a tenant of mine that the session is not in, or a window that another one has left behind. */
export const OtherTenant = ({ tenant }: { tenant: Membership }) => {
  const here = useQuery(sessionQuery).data?.tenant_name ?? 'another tenant'
  useTitle(tenant.tenant_name)
  return (
    <EmptyState
      isPage
      title={`This page is of ${tenant.tenant_name}`}
      actions={
        <>
          <Button variant="primary" onClick={() => void goToTenant(tenant.tenant_id, window.location.href)}>
            Switch to {tenant.tenant_name}
          </Button>
          <Link to="/" className={buttonClass()}>
            Stay in {here}
          </Link>
        </>
      }
    >
      <p>Every window of this browser is in {here} now. Nothing of one tenant is shown or changed in the other.</p>
    </EmptyState>
  )
}
