import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { confirmPasswordReset } from '../../../../shared/contract/account.ts'
import { call } from '../../api/call.ts'
import { setupQuery } from '../../api/session.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { faultsOf, passwordFault } from './account-faults.ts'
import { NewPassword } from './NewPassword.tsx'

/** A new password by the token of a link; nobody is signed in by it. */
export const ResetForm = ({ token, onDone }: { token: string; onDone: (endedSessions: number) => void }) => {
  const { data } = useQuery(setupQuery)
  const minLength = data?.min_password_length ?? 12
  const [password, setPassword] = useState('')
  const form = useSubmit(
    async () => {
      const { ended_sessions } = await call(confirmPasswordReset, { body: { token, new_password: password } })
      onDone(ended_sessions)
    },
    () => faultsOf({ new_password: passwordFault(password, minLength) }),
  )
  return (
    <form className="auth-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <NewPassword
        label="New password"
        name="new_password"
        value={password}
        onChange={setPassword}
        username=""
        minLength={minLength}
        error={form.errors.new_password}
      />
      <Button type="submit" variant="primary" size="lg" busy={form.isBusy}>
        Set the password
      </Button>
    </form>
  )
}
