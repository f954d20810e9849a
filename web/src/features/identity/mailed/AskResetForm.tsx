import { useState } from 'react'
import { requestPasswordReset } from '../../../../../shared/contract/account.ts'
import { call } from '../../../api/call.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { faultsOf } from '../account-faults.ts'

/** Asks for a link by mail. The answer is the same for every address, so it is shown as it comes. */
export const AskResetForm = () => {
  const [email, setEmail] = useState('')
  const [answer, setAnswer] = useState<string | null>(null)
  const form = useSubmit(
    async () => {
      setAnswer((await call(requestPasswordReset, { body: { email: email.trim() } })).message)
    },
    () => faultsOf({ email: email.trim() === '' ? 'Enter your email or user name.' : undefined }),
  )
  if (answer !== null)
    return (
      <Note tone="info" live>
        {answer}
      </Note>
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
        name="email"
        size="lg"
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        autoFocus
        maxLength={254}
        value={email}
        onChange={setEmail}
        error={form.errors.email}
      />
      <Button type="submit" variant="primary" size="lg" busy={form.isBusy}>
        Send me a link
      </Button>
    </form>
  )
}
