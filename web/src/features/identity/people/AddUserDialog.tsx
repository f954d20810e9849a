import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { createUser, listUsers } from '../../../../../shared/contract/identity.ts'
import type { ShownRole } from '../../../../../shared/domain/permissions.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { setupQuery } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { emailFault, faultsOf, passwordFault, usernameFault } from '../account-faults.ts'
import { InviteLink, type Invitation } from './InviteLink.tsx'
import { NewPassword } from '../NewPassword.tsx'
import { roleOptions } from './role-words.ts'
import './users.css'

interface Draft {
  username: string
  full_name: string
  email: string
  role: ShownRole
  way: 'invite' | 'password'
  password: string
}
const blank: Draft = { username: '', full_name: '', email: '', role: 'user', way: 'invite', password: '' }

const bodyOf = ({ username, full_name, email, role, way, password }: Draft) => ({
  username: username.trim(),
  role,
  ...(full_name.trim() === '' ? {} : { full_name: full_name.trim() }),
  ...(email.trim() === '' ? {} : { email: email.trim() }),
  ...(way === 'password' ? { password } : {}),
})

interface PartProps {
  draft: Draft
  set: (change: Partial<Draft>) => void
  errors: Readonly<Record<string, string>>
}

const Person = ({ draft, set, errors }: PartProps) => (
  <>
    <TextField
      label="User name"
      name="username"
      autoFocus
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      maxLength={64}
      value={draft.username}
      onChange={(username) => set({ username })}
      error={errors.username}
    />
    <div className="user-pair">
      <TextField
        label="Name"
        name="full_name"
        autoComplete="off"
        maxLength={200}
        value={draft.full_name}
        onChange={(full_name) => set({ full_name })}
        error={errors.full_name}
      />
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="off"
        maxLength={254}
        value={draft.email}
        onChange={(email) => set({ email })}
        error={errors.email}
      />
    </div>
    <Select label="Role" name="role" value={draft.role} options={roleOptions} onChange={(role) => set({ role })} error={errors.role} />
  </>
)

const Secret = ({ draft, set, errors, minLength }: PartProps & { minLength: number }) => (
  <>
    <Segmented
      label="How the person gets in"
      size="md"
      value={draft.way}
      options={[
        { value: 'invite', label: 'Invitation link' },
        { value: 'password', label: 'Password' },
      ]}
      onChange={(way) => set({ way })}
    />
    {draft.way === 'password' ? (
      <NewPassword
        size="md"
        value={draft.password}
        onChange={(password) => set({ password })}
        username={draft.username}
        minLength={minLength}
        error={errors.password}
      />
    ) : (
      <p className="muted">You get a link to send; the person chooses the password.</p>
    )}
  </>
)

const AddUserForm = ({ onInvited, onClose }: { onInvited: (invitation: Invitation) => void; onClose: () => void }) => {
  const { data } = useQuery(setupQuery)
  const minLength = data?.min_password_length ?? 12
  const [draft, setDraft] = useState(blank)
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const form = useSubmit(
    async () => {
      const made = await call(createUser, { body: bodyOf(draft) })
      await invalidate(listUsers)
      if (made.invite !== null) return onInvited({ username: made.username, token: made.invite, expires_at: made.invite_expires_at })
      toast(`${made.username} can sign in now.`)
      onClose()
    },
    () =>
      faultsOf({
        username: usernameFault(draft.username.trim()),
        email: draft.email.trim() === '' ? undefined : emailFault(draft.email.trim()),
        password: draft.way === 'password' ? passwordFault(draft.password, minLength) : undefined,
      }),
  )
  return (
    <form className="user-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <Person draft={draft} set={set} errors={form.errors} />
      <Secret draft={draft} set={set} errors={form.errors} minLength={minLength} />
      <div className="user-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          {draft.way === 'invite' ? 'Make the invitation' : 'Add the person'}
        </Button>
      </div>
    </form>
  )
}

export interface AddUserDialogProps {
  isOpen: boolean
  onClose: () => void
}

export const AddUserDialog = ({ isOpen, onClose }: AddUserDialogProps) => {
  const [invitation, setInvitation] = useState<Invitation | null>(null)
  const close = () => {
    setInvitation(null)
    onClose()
  }
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={invitation === null ? 'Add a person' : 'Invitation made'}
      actions={invitation === null ? undefined : <Button onClick={close}>Done</Button>}
    >
      {invitation === null ? <AddUserForm onInvited={setInvitation} onClose={close} /> : <InviteLink invitation={invitation} />}
    </Dialog>
  )
}
