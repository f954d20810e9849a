import { useMutation } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { finishSso } from '../../../../shared/contract/access/sso.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { arrive } from '../../features/identity/arrive.ts'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { toOwnPage } from './to-own-page.ts'

/** Where the provider sends the browser back to. What it sent is spent at once, and leaves the address before anything else. */
export const SsoReturnPage = () => {
  const router = useRouter()
  const [query] = useState(() => window.location.search)
  const isSent = useRef(false)
  useTitle('Single sign-on')
  const { mutate, error } = useMutation({
    mutationFn: async () => {
      const { to } = await call(finishSso, { body: { query } })
      router.history.replace(toOwnPage(to, await arrive()))
    },
  })
  useEffect(() => {
    if (isSent.current) return
    isSent.current = true
    window.history.replaceState(window.history.state, '', window.location.pathname)
    mutate()
  }, [mutate])
  return (
    <AuthFrame title={error === null ? 'Signing in' : 'Not signed in'} lead="Single sign-on">
      {error === null ? (
        <Skeleton rows={1} label="Signing in" />
      ) : (
        <>
          <Note tone="bad" live>
            {messageOf(error)}
          </Note>
          <p className="auth-after">
            <Link to="/sign-in/sso">Begin again</Link>
          </p>
          <p className="auth-after">
            <Link to="/sign-in">Sign in with a password</Link>
          </p>
        </>
      )}
    </AuthFrame>
  )
}
