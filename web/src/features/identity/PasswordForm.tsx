import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { changePassword, listSessions } from '../../../../shared/contract/account.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import { call } from '../../api/call.ts'
import { invalidate } from '../../api/query-client.ts'
import { setupQuery } from '../../api/session.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { PasswordField } from '../../ui/forms/PasswordField.tsx'
import { endedWords } from './account/session-words.ts'
import { faultsOf, passwordFault } from './account-faults.ts'
import { NewPassword } from './NewPassword.tsx'

export const PasswordForm = ({ user }: { user: User }) => {
  const { data } = useQuery(setupQuery)
  const minLength = data?.min_password_length ?? 12
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const form = useSubmit(
    async () => {
      const { ended_sessions } = await call(changePassword, { body: { current_password: current, new_password: password } })
      setCurrent('')
      setPassword('')
      toast(`Password changed. ${endedWords(ended_sessions)}`)
      await invalidate(listSessions)
    },
    () =>
      faultsOf({
        current_password: current === '' ? 'Enter the password that you have now.' : undefined,
        new_password: passwordFault(password, minLength),
      }),
  )
  return (
    <form className="settings-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <input type="text" name="username" autoComplete="username" value={user.username} readOnly hidden />
      <PasswordField
        label="Current password"
        name="current_password"
        autoComplete="current-password"
        maxLength={1024}
        value={current}
        onChange={setCurrent}
        error={form.errors.current_password}
      />
      <NewPassword
        label="New password"
        name="new_password"
        size="md"
        value={password}
        onChange={setPassword}
        username={user.username}
        minLength={minLength}
        error={form.errors.new_password}
      />
      <div className="settings-actions">
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Change password
        </Button>
        <span className="muted">Your other sessions end.</span>
      </div>
    </form>
  )
}
