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

const Form = ({ onClose, user }: { onClose: () => void; user: User }) => {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const form = useSubmit(
    async () => {
      await call(disableFactor, { body: { password: user.has_password ? password : undefined, code } })
      onClose()
      toast('Two-factor authentication is off.')
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
      <p>{user.has_password ? 'Signing in asks for your password alone then. ' : ''}Your recovery codes are void.</p>
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
const Asked = ({ onClose }: { onClose: () => void }) => {
  const { data: user } = useQuery(sessionQuery)
  const [isProven, setProven] = useState(false)
  if (user === undefined || user === null) return <Skeleton rows={2} label="Loading" />
  if (user.has_password || isProven) return <Form onClose={onClose} user={user} />
  return (
    <>
      <ProveBySso tenantId={user.tenant_id} onCancel={onClose} />
      <Button onClick={() => setProven(true)}>The provider asked me just now</Button>
    </>
  )
}

export const DisableFactor = ({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) => (
  <Dialog isOpen={isOpen} onClose={onClose} title="Turn off two-factor authentication?">
    <Asked onClose={onClose} />
  </Dialog>
)
