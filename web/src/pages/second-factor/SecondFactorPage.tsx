import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { closeSession } from '../../../../shared/contract/identity.ts'
import { call } from '../../api/call.ts'
import { queryClient } from '../../api/query-client.ts'
import { sessionQuery } from '../../api/session.ts'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { SetUpFactor } from '../../features/identity/factors/SetUpFactor.tsx'
import { NewPasskey } from '../../features/identity/passkeys/NewPasskey.tsx'
import { Button } from '../../ui/actions/Button.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'

/** For whose tenant requires a second factor that they have yet to set up: nothing else is open to them. */
export const SecondFactorPage = () => {
  const { history } = useRouter()
  const navigate = useNavigate()
  const { data: user } = useQuery(sessionQuery)
  const leave = useMutation({
    mutationFn: () => call(closeSession, {}),
    onSettled: async () => {
      await navigate({ to: '/sign-in', search: {} })
      // Only now: what is still drawn would ask again for what it lost.
      queryClient.clear()
    },
  })
  const [isAdding, setAdding] = useState(false)
  const goOn = async () => {
    await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })
    history.push('/')
  }
  useTitle('Set up a second factor')
  return (
    <AuthFrame title="Set up a second factor" lead={<>{user?.tenant_name ?? 'Your tenant'} requires one of everybody.</>}>
      <SetUpFactor onDone={goOn} />
      <p className="auth-after">
        <Button variant="ghost" size="sm" onClick={() => setAdding(true)}>
          Add a passkey instead
        </Button>
        <Button variant="ghost" size="sm" busy={leave.isPending} onClick={() => leave.mutate()}>
          Sign out
        </Button>
      </p>
      <NewPasskey
        isOpen={isAdding}
        onClose={(isAdded) => {
          setAdding(false)
          if (isAdded) void goOn()
        }}
      />
    </AuthFrame>
  )
}
