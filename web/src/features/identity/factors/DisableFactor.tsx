import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { disableFactor, getFactor } from '../../../../../shared/contract/access/second-factors.ts'
import { sessionQuery } from '../../../api/session.ts'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { ProveBySso } from '../sso/ProveBySso.tsx'
import type { User } from '../../../../../shared/contract/identity.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { PasswordField } from '../../../ui/forms/PasswordField.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { faultsOf } from '../account-faults.ts'
import { CodeField } from './CodeField.tsx'
import { focusFirst } from './focus-first.ts'
import './factors.css'

interface Leaving {
  onClose: () => void
  /** So that signing in goes on asking for a second factor. */
  hasPasskey: boolean
}

const whatFollows = (user: User, hasPasskey: boolean): string => {
  if (hasPasskey) return 'Your passkeys and recovery codes stay.'
  return `${user.has_password ? 'Signing in asks for your password alone then. ' : ''}Your recovery codes are void.`
}

const Form = ({ onClose, hasPasskey, user }: Leaving & { user: User }) => {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const form = useSubmit(
    async () => {
      await call(disableFactor, { body: { password: user.has_password ? password : undefined, code } })
      onClose()
      toast(hasPasskey ? 'The authenticator app is off.' : 'Two-factor authentication is off.')
      await invalidate(getFactor)
    },
    () =>
      faultsOf({
        password: user.has_password && password === '' ? 'Enter your password.' : undefined,
        code: code.trim() === '' ? 'Enter a code of the app, or a recovery code.' : undefined,
      }),
  )
  return (
    <form className="factor-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>{whatFollows(user, hasPasskey)}</p>
      {user.has_password && (
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          ref={focusFirst}
          maxLength={1024}
          value={password}
          onChange={setPassword}
          error={form.errors.password}
        />
      )}
      <CodeField kind="either" value={code} onChange={setCode} error={form.errors.code} />
      <div className="factor-actions factor-end">
        <Button onClick={onClose}>Keep it</Button>
        <Button type="submit" variant="bad" busy={form.isBusy}>
          Turn it off
        </Button>
      </div>
    </form>
  )
}

/** Who has no password comes from the provider, which asked them anew, and types the code then. */
const Asked = ({ onClose, hasPasskey }: Leaving) => {
  const { data: user } = useQuery(sessionQuery)
  const [isProven, setProven] = useState(false)
  if (user === undefined || user === null) return <Skeleton rows={2} label="Loading" />
  if (user.has_password || isProven) return <Form onClose={onClose} hasPasskey={hasPasskey} user={user} />
  return (
    <>
      <ProveBySso tenantId={user.tenant_id} onCancel={onClose} />
      <Button onClick={() => setProven(true)}>The provider asked me just now</Button>
    </>
  )
}

export const DisableFactor = ({ isOpen, onClose, hasPasskey }: Leaving & { isOpen: boolean }) => (
  <Dialog isOpen={isOpen} onClose={onClose} title={hasPasskey ? 'Turn off the authenticator app?' : 'Turn off two-factor authentication?'}>
    <Asked onClose={onClose} hasPasskey={hasPasskey} />
  </Dialog>
)
