import { useState } from 'react'
import { updateMe, type User } from '../../../../shared/contract/identity.ts'
import { call } from '../../api/call.ts'
import { queryClient } from '../../api/query-client.ts'
import { sessionQuery } from '../../api/session.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { TextField } from '../../ui/forms/TextField.tsx'
import { emailFault, faultsOf } from './account-faults.ts'

const orNull = (text: string) => (text.trim() === '' ? null : text.trim())

export const ProfileForm = ({ user }: { user: User }) => {
  const [fullName, setFullName] = useState(user.full_name ?? '')
  const [email, setEmail] = useState(user.email ?? '')
  const form = useSubmit(
    async () => {
      const next = await call(updateMe, { body: { full_name: orNull(fullName), email: orNull(email) } })
      queryClient.setQueryData(sessionQuery.queryKey, next)
      toast('Profile saved.')
    },
    () => faultsOf({ email: email.trim() === '' ? undefined : emailFault(email.trim()) }),
  )
  return (
    <form className="settings-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <TextField label="User name" value={user.username} readOnly onChange={() => undefined} hint="An administrator can change it." />
      <TextField
        label="Name"
        name="full_name"
        autoComplete="name"
        maxLength={200}
        value={fullName}
        onChange={setFullName}
        error={form.errors.full_name}
      />
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="email"
        maxLength={254}
        value={email}
        onChange={setEmail}
        error={form.errors.email}
      />
      <div className="settings-actions">
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Save profile
        </Button>
      </div>
    </form>
  )
}
