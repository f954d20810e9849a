import { type ReactNode, useState } from 'react'
import { register, type User } from '../../../../shared/contract/identity.ts'
import { call } from '../../api/call.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { faultsOf, passwordFault, usernameFault } from './account-faults.ts'
import { NewPassword } from './NewPassword.tsx'
import { beginSession } from './SignInForm.tsx'

export interface AccountFormProps {
  /** The invitation, or null for a tenant of one's own. */
  invite: string | null
  username?: string
  minLength: number
  button: string
  onSignedIn: (user: User) => void
  after?: ReactNode
}

const optional = <K extends string>(key: K, value: string): { [P in K]?: string } =>
  (value.trim() === '' ? {} : { [key]: value.trim() }) as { [P in K]?: string }

/** Registers with an invitation or, where that is open, with a new tenant; signs in at once. */
export const AccountForm = ({ invite, username: given = '', minLength, button, onSignedIn, after }: AccountFormProps) => {
  const [username, setUsername] = useState(given)
  const [fullName, setFullName] = useState('')
  const [tenantName, setTenantName] = useState('')
  const [password, setPassword] = useState('')
  const form = useSubmit(
    async () => {
      await call(register, {
        body: {
          username: username.trim(),
          password,
          ...optional('full_name', fullName),
          ...(invite === null ? optional('tenant_name', tenantName) : { invite }),
        },
      })
      onSignedIn(await beginSession(username.trim(), password))
    },
    () =>
      faultsOf({
        username: usernameFault(username.trim()),
        password: passwordFault(password, minLength),
        tenant_name: invite === null && tenantName.trim() === '' ? 'Name the tenant.' : undefined,
      }),
  )
  return (
    <form className="auth-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <div className="auth-pair">
        <TextField
          label="User name"
          name="username"
          size="lg"
          autoComplete="username"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={64}
          readOnly={given !== ''}
          value={username}
          onChange={setUsername}
          error={form.errors.username}
        />
        <TextField
          label="Name"
          name="full_name"
          size="lg"
          autoComplete="name"
          maxLength={200}
          value={fullName}
          onChange={setFullName}
          error={form.errors.full_name}
        />
      </div>
      {invite === null && (
        <TextField
          label="Tenant"
          name="tenant_name"
          size="lg"
          autoComplete="organization"
          maxLength={100}
          value={tenantName}
          onChange={setTenantName}
          error={form.errors.tenant_name}
          hint="The company or team whose data is kept here. You will be its administrator."
        />
      )}
      <NewPassword value={password} onChange={setPassword} username={username} minLength={minLength} error={form.errors.password} />
      <div className="auth-buttons">
        <Button type="submit" variant="primary" size="lg" busy={form.isBusy} iconAfter="forward">
          {button}
        </Button>
      </div>
      {after}
    </form>
  )
}
