import { useState } from 'react'
import { listUsers, updateUser, type User } from '../../../../../shared/contract/identity.ts'
import type { ShownRole } from '../../../../../shared/domain/permissions.ts'
import { call } from '../../../api/call.ts'
import { sessionQuery } from '../../../api/session.ts'
import { invalidate, queryClient } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { emailFault, faultsOf, usernameFault } from '../account-faults.ts'
import { roleOptions } from './role-words.ts'
import './users.css'

const orNull = (text: string) => (text.trim() === '' ? null : text.trim())

interface Draft {
  username: string
  full_name: string
  email: string
  role: ShownRole
}

interface EditFieldsProps {
  draft: Draft
  set: (change: Partial<Draft>) => void
  errors: Readonly<Record<string, string>>
}

const EditFields = ({ draft, set, errors }: EditFieldsProps) => (
  <>
    <TextField
      label="User name"
      name="username"
      maxLength={64}
      value={draft.username}
      onChange={(username) => set({ username })}
      error={errors.username}
    />
    <div className="user-pair">
      <TextField
        label="Name"
        name="full_name"
        maxLength={200}
        value={draft.full_name}
        onChange={(full_name) => set({ full_name })}
        error={errors.full_name}
      />
      <TextField
        label="Email"
        name="email"
        type="email"
        maxLength={254}
        value={draft.email}
        onChange={(email) => set({ email })}
        error={errors.email}
      />
    </div>
    <Select label="Role" name="role" value={draft.role} options={roleOptions} onChange={(role) => set({ role })} error={errors.role} />
  </>
)

const EditUserForm = ({ user, onClose }: { user: User; onClose: () => void }) => {
  const [draft, setDraft] = useState<Draft>({
    username: user.username,
    full_name: user.full_name ?? '',
    email: user.email ?? '',
    role: user.role,
  })
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const form = useSubmit(
    async () => {
      const { role } = draft
      const body = { username: draft.username.trim(), full_name: orNull(draft.full_name), email: orNull(draft.email), role }
      const saved = await call(updateUser, { params: { user_id: user.id }, body })
      await Promise.all([invalidate(listUsers), queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })])
      toast(`${saved.username} saved.`)
      onClose()
    },
    () =>
      faultsOf({
        username: usernameFault(draft.username.trim()),
        email: draft.email.trim() === '' ? undefined : emailFault(draft.email.trim()),
      }),
  )
  return (
    <form className="user-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <EditFields draft={draft} set={set} errors={form.errors} />
      <div className="user-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Save
        </Button>
      </div>
    </form>
  )
}

export const EditUserDialog = ({ user, onClose }: { user: User | null; onClose: () => void }) => (
  <Dialog isOpen={user !== null} onClose={onClose} title={`Change ${user?.username ?? ''}`}>
    {user !== null && <EditUserForm key={user.id} user={user} onClose={onClose} />}
  </Dialog>
)
