import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { acceptInvitation, readInvitation } from '../../../../../shared/contract/access/memberships.ts'
import { me, type User } from '../../../../../shared/contract/identity.ts'
import { call } from '../../../api/call.ts'
import { ApiProblem, messageOf } from '../../../api/problem.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { AccountForm } from '../AccountForm.tsx'
import type { Challenge } from '../arrive.ts'
import { SecondStepForm } from '../factors/SecondStepForm.tsx'
import { roleName } from '../people/role-words.ts'
import { SignInForm } from '../SignInForm.tsx'
import { goToTenant } from '../switching/memberships.ts'

export interface JoinProps {
  token: string
  /** Where the invitation made an account: its name. */
  username: string
  minLength: number
  onSignedIn: (user: User) => void
}

/** Who has a session here already joins with it. */
const useWho = () =>
  useQuery({
    queryKey: ['who follows an invitation'],
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<User | null> => {
      try {
        return await call(me, {})
      } catch (error) {
        if (error instanceof ApiProblem && error.code === 'unauthenticated') return null
        throw error
      }
    },
  })

const Accept = ({ token, user, tenant, onOther }: { token: string; user: User; tenant: string; onOther: () => void }) => {
  const form = useSubmit(async () => {
    const joined = await call(acceptInvitation, { body: { token } })
    await goToTenant(joined.tenant_id)
  })
  return (
    <form className="auth-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>
        You are signed in as <strong>{user.username}</strong> of {user.tenant_name}. You keep that, and switch between the two without
        signing in again.
      </p>
      <div className="auth-buttons">
        <Button type="submit" variant="primary" size="lg" busy={form.isBusy} iconAfter="forward">
          Join {tenant}
        </Button>
        <Button size="lg" onClick={onOther}>
          Use another account
        </Button>
      </div>
    </form>
  )
}

const ways = [
  { value: 'new', label: 'New account' },
  { value: 'mine', label: 'I have an account' },
] as const

type EnterProps = Pick<JoinProps, 'token' | 'minLength' | 'onSignedIn'> & { onAccount: (user: User) => void }

const Enter = ({ token, minLength, onSignedIn, onAccount }: EnterProps) => {
  const [way, setWay] = useState<'new' | 'mine'>('new')
  const [challenge, setChallenge] = useState<Challenge | null>(null)
  if (challenge !== null) return <SecondStepForm challenge={challenge} onSignedIn={onAccount} onBack={() => setChallenge(null)} />
  return (
    <div className="auth-form">
      <Segmented label="Which account joins" size="md" value={way} options={ways} onChange={setWay} />
      {way === 'new' ? (
        <AccountForm invite={token} minLength={minLength} button="Create my account" onSignedIn={onSignedIn} />
      ) : (
        <SignInForm onSignedIn={onAccount} onChallenge={setChallenge} />
      )}
    </div>
  )
}

/** What the holder of an invitation link is asked: which account joins. */
export const JoinInvitation = (props: JoinProps) => {
  const { token, username, minLength, onSignedIn } = props
  const { data, error } = useQuery({
    queryKey: [readInvitation.path, token],
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => call(readInvitation, { body: { token } }),
  })
  const who = useWho()
  const [account, setAccount] = useState<User | 'other' | null>(null)
  const wrong = error ?? who.error
  if (wrong !== null)
    return (
      <Note tone="bad" live>
        {messageOf(wrong)}
      </Note>
    )
  if (data === undefined || who.data === undefined) return <Skeleton rows={3} label="Looking at the invitation" />
  const user = account === 'other' ? null : (account ?? who.data)
  return (
    <>
      <p>
        Into <strong>{data.tenant_name}</strong>, as {roleName[data.role].toLowerCase()}
        {data.email !== null && <>, for {data.email}</>}.
      </p>
      {data.is_for_new_account ? (
        <AccountForm invite={token} username={username} minLength={minLength} button="Create my account" onSignedIn={onSignedIn} />
      ) : user === null ? (
        <Enter token={token} minLength={minLength} onSignedIn={onSignedIn} onAccount={setAccount} />
      ) : (
        <Accept token={token} user={user} tenant={data.tenant_name} onOther={() => setAccount('other')} />
      )}
    </>
  )
}
