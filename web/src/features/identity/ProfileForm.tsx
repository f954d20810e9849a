import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { updateMe, type User } from '../../../../shared/contract/identity.ts'
import { call } from '../../api/call.ts'
import { queryClient } from '../../api/query-client.ts'
import { sessionQuery, setupQuery } from '../../api/session.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { PasswordField } from '../../ui/forms/PasswordField.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { emailFault, faultsOf } from './account-faults.ts'
import { useOtherTenants } from './switching/memberships.ts'

const orNull = (text: string) => (text.trim() === '' ? null : text.trim())

/** Whoever is in several tenants gets no link by mail in any case. */
const withoutAddress = (isInSeveral: boolean) =>
  isInSeveral ? 'Without one you are told nothing by mail.' : 'Without one you are told nothing by mail and cannot ask for a link.'

const useProfile = (user: User) => {
  const [fullName, setFullName] = useState(user.full_name ?? '')
  const [email, setEmail] = useState(user.email ?? '')
  const [password, setPassword] = useState('')
  const { data } = useQuery(setupQuery)
  // Links that set a password go to the address, so that a new one needs the password where they are sent, or may be.
  const needsPassword = data?.sends_mail !== false && email.trim().toLowerCase() !== (user.email ?? '').toLowerCase()
  const form = useSubmit(
    async () => {
      const proof = needsPassword ? { current_password: password } : {}
      const next = await call(updateMe, { body: { full_name: orNull(fullName), email: orNull(email), ...proof } })
      setPassword('')
      queryClient.setQueryData(sessionQuery.queryKey, next)
      toast('Profile saved.')
    },
    () =>
      faultsOf({
        email: email.trim() === '' ? undefined : emailFault(email.trim()),
        current_password: needsPassword && password === '' ? 'Enter your current password.' : undefined,
      }),
  )
  return { fullName, setFullName, email, setEmail, password, setPassword, form, needsPassword, sendsMail: data?.sends_mail === true }
}

export const ProfileForm = ({ user }: { user: User }) => {
  const { form, needsPassword, sendsMail, ...draft } = useProfile(user)
  const others = useOtherTenants()
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
        value={draft.fullName}
        onChange={draft.setFullName}
        error={form.errors.full_name}
      />
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="email"
        maxLength={254}
        value={draft.email}
        onChange={draft.setEmail}
        error={form.errors.email}
        hint={sendsMail && draft.email.trim() === '' ? withoutAddress(others.length > 0) : undefined}
      />
      {needsPassword && (
        <PasswordField
          label="Current password, for the new address"
          name="current_password"
          autoComplete="current-password"
          maxLength={1024}
          value={draft.password}
          onChange={draft.setPassword}
          error={form.errors.current_password}
        />
      )}
      <div className="settings-actions">
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Save profile
        </Button>
      </div>
    </form>
  )
}
