import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { getFactor } from '../../../../shared/contract/access/second-factors.ts'
import { closeSession } from '../../../../shared/contract/identity.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { queryClient } from '../../api/query-client.ts'
import { sessionQuery } from '../../api/session.ts'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { SetUpFactor } from '../../features/identity/factors/SetUpFactor.tsx'
import { NewPasskey } from '../../features/identity/passkeys/NewPasskey.tsx'
import { PasskeyButton } from '../../features/identity/passkeys/PasskeyButton.tsx'
import { proveByPasskey } from '../../features/identity/passkeys/prove.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'

type Missing = 'factor' | 'first passkey' | 'passkey'

const leads: Record<Missing, (tenant: string) => string> = {
  factor: (tenant) => `${tenant} requires one of everybody.`,
  'first passkey': () => 'This installation requires a passkey of whoever reaches beyond one tenant.',
  passkey: () => 'This installation requires it of whoever reaches beyond one tenant. You signed in without it.',
}
const titles: Record<Missing, string> = { factor: 'Set up a second factor', 'first passkey': 'Add a passkey', passkey: 'Use your passkey' }

interface WaysProps {
  missing: Missing
  goOn: () => Promise<void>
  /** The way out. */
  children: ReactNode
}

const Ways = ({ missing, goOn, children }: WaysProps) => {
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      {missing === 'factor' && <SetUpFactor onDone={goOn} />}
      {missing === 'first passkey' && (
        <div className="auth-form">
          <Button variant="primary" size="lg" onClick={() => setAdding(true)}>
            Add a passkey
          </Button>
        </div>
      )}
      {missing === 'passkey' && (
        <div className="auth-form">
          <PasskeyButton
            size="lg"
            variant="primary"
            answer={async () => {
              await proveByPasskey()
              await goOn()
            }}
          />
          <p className="muted">Lost it? Whoever runs the installation removes it for you, and you add another one.</p>
        </div>
      )}
      <p className="auth-after">
        {missing === 'factor' && (
          <Button variant="ghost" size="sm" onClick={() => setAdding(true)}>
            Add a passkey instead
          </Button>
        )}
        {children}
      </p>
      <NewPasskey
        isOpen={isAdding}
        onClose={(isAdded) => {
          setAdding(false)
          if (isAdded) void goOn()
        }}
      />
    </>
  )
}

/** For whose tenant requires a second factor, or whose installation a passkey, that is yet to come: nothing else is open to them. */
export const SecondFactorPage = () => {
  const { history } = useRouter()
  const navigate = useNavigate()
  const { data: user } = useQuery(sessionQuery)
  const { data: factor, error } = useQuery(queryOf(getFactor, {}))
  // What is missing as one came: the codes of a first passkey are still to be read when it is there.
  const [missing, setMissing] = useState<Missing | null>(null)
  if (missing === null && factor !== undefined)
    setMissing(factor.needs_passkey ? (factor.passkeys > 0 ? 'passkey' : 'first passkey') : 'factor')
  const leave = useMutation({
    mutationFn: () => call(closeSession, {}),
    onSettled: async () => {
      await navigate({ to: '/sign-in', search: {} })
      // Only now: what is still drawn would ask again for what it lost.
      queryClient.clear()
    },
  })
  const goOn = async () => {
    await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })
    history.push('/')
  }
  const title = titles[missing ?? 'factor']
  useTitle(title)
  const out = (
    <Button variant="ghost" size="sm" busy={leave.isPending} onClick={() => leave.mutate()}>
      Sign out
    </Button>
  )
  return (
    <AuthFrame title={title} lead={missing !== null && leads[missing](user?.tenant_name ?? 'Your tenant')}>
      {error !== null && <Note tone="bad">{messageOf(error)}</Note>}
      {missing === null ? (
        <>
          {error === null && <Skeleton rows={3} label="Loading" />}
          <p className="auth-after">{out}</p>
        </>
      ) : (
        <Ways missing={missing} goOn={goOn}>
          {out}
        </Ways>
      )}
    </AuthFrame>
  )
}
