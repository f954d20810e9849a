import { useState } from 'react'
import type { Assertion } from '../../../../../shared/contract/access/second-factors.ts'
import type { User } from '../../../../../shared/contract/identity.ts'
import { ApiProblem } from '../../../api/problem.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { type Challenge, completeSignIn } from '../arrive.ts'
import { faultsOf } from '../account-faults.ts'
import { answerByPasskey } from '../passkeys/authenticator.ts'
import { PasskeyButton } from '../passkeys/PasskeyButton.tsx'
import { CodeField, type CodeKind } from './CodeField.tsx'

export interface SecondStepFormProps {
  challenge: Challenge
  onSignedIn: (user: User) => void
  /** Back to the password, with the reason where there is one. */
  onBack: (reason: string | null) => void
}

/** The second step of the sign-in: a code of the app, or one of those that were kept for the day it is lost. */
export const SecondStepForm = ({ challenge, onSignedIn, onBack }: SecondStepFormProps) => {
  const [kind, setKind] = useState<CodeKind>('app')
  const [code, setCode] = useState('')
  const complete = async (answer: { code: string } | { passkey: Assertion }): Promise<void> => {
    try {
      onSignedIn(await completeSignIn(challenge.token, answer))
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'gone') onBack(error.message)
      else throw error
    }
  }
  const form = useSubmit(
    () => complete({ code }),
    () => faultsOf({ code: code.trim() === '' ? 'Enter a code.' : undefined }),
  )
  const asked = challenge.passkey
  const other = kind === 'app' ? 'recovery' : 'app'
  return (
    <form className="auth-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <CodeField key={kind} kind={kind} size="lg" value={code} onChange={setCode} error={form.errors.code} autoFocus />
      <Button type="submit" variant="primary" size="lg" busy={form.isBusy}>
        {form.isBusy ? 'Signing in' : 'Sign in'}
      </Button>
      {asked !== undefined && <PasskeyButton size="lg" answer={async () => complete({ passkey: await answerByPasskey(asked) })} />}
      <div className="auth-buttons">
        <Button
          variant="ghost"
          onClick={() => {
            form.clear()
            setCode('')
            setKind(other)
          }}
        >
          {kind === 'app' ? 'Use a recovery code' : 'Use the authenticator app'}
        </Button>
        <Button variant="ghost" onClick={() => onBack(null)}>
          Back to the password
        </Button>
      </div>
    </form>
  )
}
