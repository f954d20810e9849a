import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { setupQuery } from '../../api/session.ts'
import { endedWords } from '../../features/identity/account/session-words.ts'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { AskResetForm } from '../../features/identity/mailed/AskResetForm.tsx'
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

const NoLink = ({ sendsMail }: { sendsMail: boolean }) => (
  <>
    {sendsMail ? (
      <AskResetForm />
    ) : (
      <Note tone="warn">This server sends no mail. Ask an admin of your tenant for a reset link and open it here.</Note>
    )}
    <p className="auth-after">
      <Link to="/sign-in">Sign in</Link>
    </p>
  </>
)

const leads = {
  mail: 'A link to set a new one comes by mail, and an admin of your tenant can make one, too. If you are in several tenants, a platform admin makes it.',
  admin: 'It takes a link that an admin makes.',
  link: 'The link works once and ends all of your sessions.',
} as const

/** The token leaves the address at once: it stays in no history, and in no picture of the screen. */
export const ResetPasswordPage = () => {
  const { token: shown } = route.useSearch()
  const navigate = route.useNavigate()
  const [token] = useState(shown)
  const [ended, setEnded] = useState<number | null>(null)
  const { data } = useQuery(setupQuery)
  const sendsMail = data?.sends_mail === true
  useTitle('Reset password')
  useEffect(() => {
    if (shown !== undefined) void navigate({ search: {}, replace: true })
  }, [shown, navigate])
  return (
    <AuthFrame title="Reset password" lead={token === undefined ? leads[sendsMail ? 'mail' : 'admin'] : leads.link}>
      {ended !== null ? (
        <Done ended={ended} />
      ) : token !== undefined ? (
        <ResetForm token={token} onDone={setEnded} />
      ) : (
        data !== undefined && <NoLink sendsMail={sendsMail} />
      )}
    </AuthFrame>
  )
}
