import { Link, useLocation } from '@tanstack/react-router'
import { buttonClass } from '../../ui/actions/Button.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { useOtherTenants } from '../../features/identity/switching/memberships.ts'
import { LostFrame } from './LostFrame.tsx'
import { OtherTenant } from './OtherTenant.tsx'

/** Says what may be wrong with the address, and where to go from here. */
export const NotFoundPage = () => {
  const { pathname } = useLocation()
  const tenantId = /^\/t\/([^/]+)/.exec(pathname)?.[1]
  const other = useOtherTenants().find(({ tenant_id }) => tenant_id === tenantId)
  useTitle('Nothing at this address')
  const isTenant = tenantId !== undefined
  if (other !== undefined)
    return (
      <LostFrame>
        <OtherTenant tenant={other} />
      </LostFrame>
    )
  return (
    <LostFrame>
      <EmptyState
        isPage
        title="Nothing at this address"
        actions={
          <>
            <Link to="/" className={buttonClass({ variant: 'primary' })}>
              Go to the overview
            </Link>
            {isTenant && (
              <Link to="/sign-in" search={{ to: pathname }} className={buttonClass()}>
                Sign in as someone else
              </Link>
            )}
          </>
        }
      >
        <p>
          <span className="mono">{pathname}</span> does not exist here.
          {isTenant && ' The link may be cut short, the thing deleted, or it belongs to a tenant that this account cannot see.'}
        </p>
      </EmptyState>
    </LostFrame>
  )
}
