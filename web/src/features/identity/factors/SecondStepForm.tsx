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

type Way = CodeKind | 'passkey'
type Answer = { code: string } | { passkey: Assertion }

const otherWords: Partial<Record<Way, string>> = { app: 'Use the authenticator app', recovery: 'Use a recovery code' }

/** Whoever has no app begins with the passkey. A passkey that works elsewhere only is not among the ways. */
const firstWay = ({ has_app, passkey }: Challenge): Way => (has_app ? 'app' : passkey === undefined ? 'recovery' : 'passkey')

/** The next one of the ways that are told by a button; a passkey has one of its own beside a code. */
const otherWay = (way: Way, { has_app }: Challenge): Way | null => (way === 'recovery' ? (has_app ? 'app' : null) : 'recovery')

const CodeForm = ({ kind, complete }: { kind: CodeKind; complete: (answer: Answer) => Promise<void> }) => {
  const [code, setCode] = useState('')
  const form = useSubmit(
    () => complete({ code }),
    () => faultsOf({ code: code.trim() === '' ? 'Enter a code.' : undefined }),
  )
  return (
    <form className="auth-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <CodeField kind={kind} size="lg" value={code} onChange={setCode} error={form.errors.code} autoFocus />
      <Button type="submit" variant="primary" size="lg" busy={form.isBusy}>
        {form.isBusy ? 'Signing in' : 'Sign in'}
      </Button>
    </form>
  )
}

/** The second step of the sign-in: a passkey, a code of the app, or one of those that were kept for the day they are lost. */
export const SecondStepForm = ({ challenge, onSignedIn, onBack }: SecondStepFormProps) => {
  const [way, setWay] = useState<Way>(firstWay(challenge))
  const complete = async (answer: Answer): Promise<void> => {
    try {
      onSignedIn(await completeSignIn(challenge.token, answer))
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'gone') onBack(error.message)
      else throw error
    }
  }
  const asked = challenge.passkey
  const other = otherWay(way, challenge)
  return (
    <div className="auth-form">
      {way !== 'passkey' && <CodeForm key={way} kind={way} complete={complete} />}
      {asked !== undefined && (
        <PasskeyButton
          size="lg"
          variant={way === 'passkey' ? 'primary' : undefined}
          answer={async () => complete({ passkey: await answerByPasskey(asked) })}
        />
      )}
      <div className="auth-buttons">
        {other !== null && (
          <Button variant="ghost" onClick={() => setWay(other)}>
            {otherWords[other]}
          </Button>
        )}
        <Button variant="ghost" onClick={() => onBack(null)}>
          Back to the password
        </Button>
      </div>
    </div>
  )
}
