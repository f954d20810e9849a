import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getFactor, stepUp } from '../../../../../shared/contract/access/second-factors.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { sessionQuery } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { PasswordField } from '../../../ui/forms/PasswordField.tsx'
import { faultsOf } from '../account-faults.ts'
import { PasskeyButton } from '../passkeys/PasskeyButton.tsx'
import { proveByPasskey } from '../passkeys/prove.ts'
import { ProveBySso } from '../sso/ProveBySso.tsx'
import { CodeField } from './CodeField.tsx'
import { focusFirst } from './focus-first.ts'
import './factors.css'

const codeFault = (hasApp: boolean): string => (hasApp ? 'Enter a code of the app, or a recovery code.' : 'Enter a recovery code.')

interface FormProps {
  hasApp: boolean
  hasPasskey: boolean
  onEnd: (isProven: boolean) => void
}

/** By a code where there is a second factor, which is a recovery code alone for who has no app; else by the password. */
const Form = ({ hasApp, hasPasskey, onEnd }: FormProps) => {
  const isByCode = hasApp || hasPasskey
  const [text, setText] = useState('')
  const form = useSubmit(
    async () => {
      await call(stepUp, { body: isByCode ? { code: text } : { password: text } })
      onEnd(true)
    },
    () => (text.trim() === '' ? faultsOf(isByCode ? { code: codeFault(hasApp) } : { password: 'Enter your password.' }) : {}),
  )
  return (
    <form className="factor-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>What you are about to do matters enough to make sure. You are not asked again for five minutes.</p>
      {isByCode ? (
        <CodeField kind={hasApp ? 'either' : 'recovery'} value={text} onChange={setText} error={form.errors.code} autoFocus />
      ) : (
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          autoFocus
          ref={focusFirst}
          maxLength={1024}
          value={text}
          onChange={setText}
          error={form.errors.password}
        />
      )}
      {hasPasskey && (
        <PasskeyButton
          answer={async () => {
            await proveByPasskey()
            onEnd(true)
          }}
        />
      )}
      <div className="factor-actions factor-end">
        <Button onClick={() => onEnd(false)}>Cancel</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Confirm
        </Button>
      </div>
    </form>
  )
}

/** What the dialog asks; it is loaded when a first proof is asked for. */
export const StepUpForm = ({ onEnd }: { onEnd: (isProven: boolean) => void }) => {
  const { data, error } = useQuery(queryOf(getFactor, {}))
  const { data: user } = useQuery(sessionQuery)
  if (error !== null)
    return (
      <Note tone="bad" live>
        {messageOf(error)}
      </Note>
    )
  if (data === undefined) return <Skeleton rows={2} label="Loading" />
  const hasFactor = data.is_active || data.passkeys > 0
  return !hasFactor && user?.has_password === false ? (
    <ProveBySso tenantId={user.tenant_id} onCancel={() => onEnd(false)} />
  ) : (
    <Form hasApp={data.is_active} hasPasskey={data.passkeys > 0} onEnd={onEnd} />
  )
}
