import { useState } from 'react'
import { getSso, putSso, type SsoState } from '../../../../../shared/contract/access/sso.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { PasswordField } from '../../../ui/forms/PasswordField.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { roleOptions } from '../people/role-words.ts'
import { RoleLines } from './RoleLines.tsx'
import { bodyOf, type DefaultRole, draftOf, keepsSecret, type SsoDraft, ssoFaults } from './sso-draft.ts'
import '../people/users.css'

const defaultOptions: readonly { value: DefaultRole; label: string }[] = [
  { value: 'none', label: 'None: they are refused' },
  ...roleOptions,
]

interface PartProps {
  draft: SsoDraft
  set: (change: Partial<SsoDraft>) => void
  errors: Readonly<Record<string, string>>
}

const ProviderFields = ({ draft, set, errors, state }: PartProps & { state: SsoState }) => (
  <>
    <TextField
      label="Name on the button"
      name="label"
      hint="Shown after “Sign in with”."
      autoComplete="off"
      maxLength={60}
      value={draft.label}
      onChange={(label) => set({ label })}
      error={errors.label}
    />
    <TextField
      label="Issuer"
      name="issuer"
      hint="The address under which the provider describes itself."
      autoComplete="off"
      spellCheck={false}
      maxLength={500}
      value={draft.issuer}
      onChange={(issuer) => set({ issuer })}
      error={errors.issuer}
    />
    <div className="user-pair">
      <TextField
        label="Client id"
        name="client"
        autoComplete="off"
        spellCheck={false}
        maxLength={300}
        value={draft.client}
        onChange={(client) => set({ client })}
        error={errors.client}
      />
      <PasswordField
        label="Client secret"
        name="client_secret"
        hint={keepsSecret(draft, state) ? 'Left empty, the kept one stays.' : 'Left empty: a client without one.'}
        autoComplete="off"
        maxLength={1000}
        value={draft.client_secret}
        onChange={(client_secret) => set({ client_secret })}
        error={errors.client_secret}
      />
    </div>
  </>
)

const PeopleFields = ({ draft, set, errors }: PartProps) => (
  <>
    <div className="user-pair">
      <TextField
        label="Claim with the groups"
        name="groups_claim"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={draft.groups_claim}
        onChange={(groups_claim) => set({ groups_claim })}
        error={errors.groups_claim}
      />
      <TextField
        label="Scopes"
        name="scopes"
        autoComplete="off"
        spellCheck={false}
        maxLength={500}
        value={draft.scopes}
        onChange={(scopes) => set({ scopes })}
        error={errors.scopes}
      />
    </div>
    <RoleLines lines={draft.lines} onChange={(lines) => set({ lines })} />
    <Select
      label="Role of people in none of these groups"
      name="default_role"
      value={draft.default_role}
      options={defaultOptions}
      onChange={(default_role) => set({ default_role })}
      error={errors.default_role}
    />
    <div>
      <Checkbox
        label="Link accounts of this tenant by verified e-mail address"
        name="may_link_by_email"
        checked={draft.may_link_by_email}
        onChange={(may_link_by_email) => set({ may_link_by_email })}
      />
      <p className="field-hint">
        A linked account loses its password, sessions and keys; admins keep the password, for when the provider is away.
      </p>
    </div>
    <Checkbox
      label="People can sign in by it"
      name="is_enabled"
      checked={draft.is_enabled}
      onChange={(is_enabled) => set({ is_enabled })}
    />
    <p className="field-hint">
      Turned off, or with another issuer or client, whoever came by it is signed out. Their API keys live on until they are revoked.
    </p>
  </>
)

export const SsoForm = ({ state }: { state: SsoState }) => {
  const [draft, setDraft] = useState(() => draftOf(state))
  const set = (change: Partial<SsoDraft>) => setDraft((before) => ({ ...before, ...change }))
  const form = useSubmit(
    async () => {
      const saved = await call(putSso, { body: bodyOf(draft) })
      setDraft(draftOf(saved))
      await invalidate(getSso)
      toast(saved.settings?.is_enabled === true ? 'Saved. The provider answers.' : 'Saved. Nobody can sign in by it yet.')
    },
    () => ssoFaults(draft),
  )
  const parts = { draft, set, errors: form.errors }
  return (
    <form className="user-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <ProviderFields {...parts} state={state} />
      <PeopleFields {...parts} />
      <div className="user-actions">
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Save
        </Button>
      </div>
    </form>
  )
}
