import { useState } from 'react'
import { me, openSession, type User } from '../../../../shared/contract/identity.ts'
import { call } from '../../api/call.ts'
import { queryClient } from '../../api/query-client.ts'
import { sessionQuery } from '../../api/session.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { PasswordField } from '../../ui/forms/PasswordField.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'

/** Sets the cookie, forgets what an earlier person saw, and says who is in now. */
export const beginSession = async (username: string, password: string): Promise<User> => {
  await call(openSession, { body: { username, password } })
  queryClient.clear()
  const user = await call(me, {})
  queryClient.setQueryData(sessionQuery.queryKey, user)
  return user
}

const missing = (username: string, password: string): Record<string, string> => ({
  ...(username === '' ? { username: 'Enter your email or user name.' } : {}),
  ...(password === '' ? { password: 'Enter your password.' } : {}),
})

export const SignInForm = ({ onSignedIn }: { onSignedIn: (user: User) => void }) => {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const form = useSubmit(
    async () => {
      onSignedIn(await beginSession(username.trim(), password))
    },
    () => missing(username.trim(), password),
  )
  return (
    <form className="auth-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <TextField
        label="Email or user name"
        name="username"
        size="lg"
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        autoFocus
        maxLength={254}
        value={username}
        onChange={setUsername}
        error={form.errors.username}
      />
      <PasswordField
        label="Password"
        name="password"
        size="lg"
        autoComplete="current-password"
        maxLength={1024}
        value={password}
        onChange={setPassword}
        error={form.errors.password}
      />
      <Button type="submit" variant="primary" size="lg" busy={form.isBusy}>
        {form.isBusy ? 'Signing in' : 'Sign in'}
      </Button>
    </form>
  )
}
