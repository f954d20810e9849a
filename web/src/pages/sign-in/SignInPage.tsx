import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { setupQuery } from '../../api/session.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import type { Challenge } from '../../features/identity/arrive.ts'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { SecondStepForm } from '../../features/identity/factors/SecondStepForm.tsx'
import { PasskeySignIn } from '../../features/identity/passkeys/PasskeySignIn.tsx'
import { SignInForm } from '../../features/identity/SignInForm.tsx'
import { buttonClass } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { toOwnPage } from './to-own-page.ts'

const route = getRouteApi('/sign-in')
export const SignInPage = () => {
  const { to } = route.useSearch()
  const router = useRouter()
  const { data } = useQuery(setupQuery)
  const [challenge, setChallenge] = useState<Challenge | null>(null)
  const [reason, setReason] = useState<string | null>(null)
  useTitle('Sign in')
  const onSignedIn = (user: User) => router.history.push(toOwnPage(to, user))
  if (challenge !== null)
    return (
      <AuthFrame title="One more step" lead="Your password is right.">
        <SecondStepForm
          challenge={challenge}
          onSignedIn={onSignedIn}
          onBack={(why) => {
            setReason(why)
            setChallenge(null)
          }}
        />
      </AuthFrame>
    )
  return (
    <AuthFrame
      title="Sign in"
      lead={
        <>
          to <span className="mono">{window.location.host}</span>
        </>
      }
    >
      {reason !== null && (
        <Note tone="warn" live>
          {reason}
        </Note>
      )}
      <SignInForm onSignedIn={onSignedIn} onChallenge={setChallenge} />
      <PasskeySignIn onSignedIn={onSignedIn} />
      {data?.sso.is_offered === true && (
        <Link to="/sign-in/sso" search={to === undefined ? {} : { to }} className={`auth-sso ${buttonClass({ size: 'lg' })}`}>
          Single sign-on
        </Link>
      )}
      <p className="auth-after">
        <Link to="/reset-password">Password forgotten?</Link>
      </p>
      <p className="auth-after">
        {data?.registration === 'open' ? (
          <>
            No account? <Link to="/register">Create a tenant of your own</Link>
          </>
        ) : (
          'No account? Ask an administrator of your tenant for an invitation.'
        )}
      </p>
    </AuthFrame>
  )
}
