import { useState } from 'react'
import { register, type User } from '../../../../shared/contract/identity.ts'
import { call } from '../../api/call.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { faultsOf, passwordFault, usernameFault } from './account-faults.ts'
import { NewPassword } from './NewPassword.tsx'
import { beginSession } from './arrive.ts'

export interface AccountFormProps {
  /** The invitation, or null for a tenant of one's own. */
  invite: string | null
  username?: string
  minLength: number
  button: string
  onSignedIn: (user: User) => void
}

const optional = <K extends string>(key: K, value: string): { [P in K]?: string } =>
  (value.trim() === '' ? {} : { [key]: value.trim() }) as { [P in K]?: string }

interface Draft {
  username: string
  full_name: string
  tenant_name: string
  password: string
}

interface FieldsProps {
  draft: Draft
  set: (change: Partial<Draft>) => void
  errors: Readonly<Record<string, string>>
  isInvited: boolean
}

const Fields = ({ draft, set, errors, isInvited }: FieldsProps) => (
  <>
    <div className="auth-pair">
      <TextField
        label="User name"
        name="username"
        size="lg"
        autoComplete="username"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={64}
        value={draft.username}
        onChange={(username) => set({ username })}
        error={errors.username}
      />
      <TextField
        label="Name"
        name="full_name"
        size="lg"
        autoComplete="name"
        maxLength={200}
        value={draft.full_name}
        onChange={(full_name) => set({ full_name })}
        error={errors.full_name}
      />
    </div>
    {!isInvited && (
      <TextField
        label="Tenant"
        name="tenant_name"
        size="lg"
        autoComplete="organization"
        maxLength={100}
        value={draft.tenant_name}
        onChange={(tenant_name) => set({ tenant_name })}
        error={errors.tenant_name}
        hint="The company or team whose data is kept here. You will be its administrator."
      />
    )}
  </>
)

const faultsIn = (draft: Draft, isInvited: boolean, minLength: number) =>
  faultsOf({
    username: usernameFault(draft.username.trim()),
    password: passwordFault(draft.password, minLength),
    tenant_name: !isInvited && draft.tenant_name.trim() === '' ? 'Name the tenant.' : undefined,
  })

const bodyOf = (draft: Draft, invite: string | null) => ({
  username: draft.username.trim(),
  password: draft.password,
  ...optional('full_name', draft.full_name),
  ...(invite === null ? optional('tenant_name', draft.tenant_name) : { invite }),
})

/** Registers with an invitation or, where that is open, with a new tenant; signs in at once. */
export const AccountForm = ({ invite, username = '', minLength, button, onSignedIn }: AccountFormProps) => {
  const [draft, setDraft] = useState<Draft>({ username, full_name: '', tenant_name: '', password: '' })
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const isInvited = invite !== null
  const form = useSubmit(
    async () => {
      await call(register, { body: bodyOf(draft, invite) })
      onSignedIn(await beginSession(draft.username.trim(), draft.password))
    },
    () => faultsIn(draft, isInvited, minLength),
  )
  return (
    <form className="auth-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <Fields draft={draft} set={set} errors={form.errors} isInvited={isInvited} />
      <NewPassword
        value={draft.password}
        onChange={(password) => set({ password })}
        username={draft.username}
        minLength={minLength}
        error={form.errors.password}
      />
      <div className="auth-buttons">
        <Button type="submit" variant="primary" size="lg" busy={form.isBusy} iconAfter="forward">
          {button}
        </Button>
      </div>
    </form>
  )
}
