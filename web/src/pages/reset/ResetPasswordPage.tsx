import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { endedWords } from '../../features/identity/account/session-words.ts'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { ResetForm } from '../../features/identity/ResetForm.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'

const route = getRouteApi('/reset-password')

const Done = ({ ended }: { ended: number }) => (
  <>
    <Note tone="info" live>
      Your password is set. {ended === 0 ? 'No session was open.' : endedWords(ended)}
    </Note>
    <p className="auth-after">
      <Link to="/sign-in">Sign in with it</Link>
    </p>
  </>
)

const NoLink = () => (
  <>
    <Note tone="warn">This server sends no mail. Ask an admin of your tenant for a reset link and open it here.</Note>
    <p className="auth-after">
      <Link to="/sign-in">Sign in</Link>
    </p>
  </>
)

/** The token leaves the address at once: it stays in no history, and in no picture of the screen. */
export const ResetPasswordPage = () => {
  const { token: shown } = route.useSearch()
  const navigate = route.useNavigate()
  const [token] = useState(shown)
  const [ended, setEnded] = useState<number | null>(null)
  useTitle('Reset password')
  useEffect(() => {
    if (shown !== undefined) void navigate({ search: {}, replace: true })
  }, [shown, navigate])
  return (
    <AuthFrame
      title="Reset password"
      lead={token === undefined ? 'It takes a link that an admin makes.' : 'The link works once and ends all of your sessions.'}
    >
      {ended !== null ? <Done ended={ended} /> : token === undefined ? <NoLink /> : <ResetForm token={token} onDone={setEnded} />}
    </AuthFrame>
  )
}
