import { Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { listMemberships } from '../../../shared/contract/access/memberships.ts'
import { me } from '../../../shared/contract/identity.ts'
import { invalidate, queryClient, whenFactorIsMissing, whenSignedOut, whenTenantIsOther } from '../api/query-client.ts'
import { sessionQuery } from '../api/session.ts'
import { StepUpDialog } from '../features/identity/factors/StepUpDialog.tsx'
import { useHotkeys } from '../ui/keys/useHotkeys.ts'
import { useState } from 'react'
import { KeysOverlay } from './shell/KeysOverlay.tsx'

/** Above every page: what happens when a session ends, and the list of keys. */
export const Root = () => {
  const navigate = useNavigate()
  const router = useRouter()
  const [isListing, setListing] = useState(false)
  useEffect(
    () =>
      whenSignedOut(() => {
        const { pathname, href } = router.state.location
        if (!/^\/(t|all)\//.test(pathname)) return
        void navigate({ to: '/sign-in', search: { to: href }, replace: true }).then(() =>
          queryClient.removeQueries({ queryKey: sessionQuery.queryKey }),
        )
      }),
    [navigate, router],
  )
  useEffect(
    () =>
      whenFactorIsMissing(() => {
        if (!/^\/(t|all)\//.test(router.state.location.pathname)) return
        void queryClient
          .invalidateQueries({ queryKey: sessionQuery.queryKey })
          .then(() => navigate({ to: '/second-factor', replace: true }))
      }),
    [navigate, router],
  )
  useEffect(
    // the guard of the page sees it then, and says so
    () => whenTenantIsOther(() => void invalidate(me, listMemberships).then(() => router.invalidate())),
    [router],
  )
  useHotkeys('Everywhere', [{ keys: '?', does: 'These keys', run: () => setListing(true) }])
  return (
    <>
      <Outlet />
      <StepUpDialog />
      <KeysOverlay isOpen={isListing} onClose={() => setListing(false)} />
    </>
  )
}
