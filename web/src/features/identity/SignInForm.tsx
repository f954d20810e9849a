import { useState } from 'react'
import type { User } from '../../../../shared/contract/identity.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { PasswordField } from '../../ui/forms/PasswordField.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { beginSession, type Challenge } from './arrive.ts'

const challengeIn = (error: unknown): Challenge | null =>
  error instanceof ApiProblem && error.code === 'second_factor' ? (error.problem.challenge ?? null) : null

export interface SignInFormProps {
  onSignedIn: (user: User) => void
  /** The password is right, and a code is to come. */
  onChallenge: (challenge: Challenge) => void
}

const missing = (username: string, password: string): Record<string, string> => ({
  ...(username === '' ? { username: 'Enter your email or user name.' } : {}),
  ...(password === '' ? { password: 'Enter your password.' } : {}),
})

export const SignInForm = ({ onSignedIn, onChallenge }: SignInFormProps) => {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const form = useSubmit(
    async () => {
      try {
        onSignedIn(await beginSession(username.trim(), password))
      } catch (error) {
        const challenge = challengeIn(error)
        if (challenge === null) throw error
        onChallenge(challenge)
      }
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
