import { useState } from 'react'
import { createKey, listKeys } from '../../../../../shared/contract/access/keys.ts'
import type { Permission } from '../../../../../shared/domain/permissions.ts'
import { call } from '../../../api/call.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSession } from '../../../api/session.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Checkbox } from '../../../ui/forms/Checkbox.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { faultsOf } from '../account-faults.ts'
import { scopeOptions } from './scope-words.ts'
import './keys.css'
import '../people/users.css'

const lives = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '180', label: 'Half a year' },
  { value: '365', label: 'A year' },
] as const
type Life = (typeof lives)[number]['value']

interface ScopeBoxesProps {
  chosen: ReadonlySet<Permission>
  onToggle: (scope: Permission) => void
  error: string | undefined
}

const ScopeBoxes = ({ chosen, onToggle, error }: ScopeBoxesProps) => (
  <fieldset className="key-scopes" aria-describedby={error === undefined ? undefined : 'key-scopes-fault'}>
    <legend className="field-label">What the key may do</legend>
    <div className="key-scope-list">
      {scopeOptions(useSession()).map(({ scope, words }) => (
        <Checkbox
          key={scope}
          name="scopes"
          aria-invalid={error !== undefined || undefined}
          label={
            <>
              {words !== null && `${words} `}
              <span className="mono muted">{scope}</span>
            </>
          }
          checked={chosen.has(scope)}
          onChange={() => onToggle(scope)}
        />
      ))}
    </div>
    {error !== undefined && (
      <p className="field-error" id="key-scopes-fault">
        {error}
      </p>
    )}
  </fieldset>
)

const NewKeyForm = ({ onMade, onClose }: { onMade: (key: string) => void; onClose: () => void }) => {
  const [name, setName] = useState('')
  const [life, setLife] = useState<Life>('90')
  const [chosen, setChosen] = useState<ReadonlySet<Permission>>(new Set())
  const toggle = (scope: Permission) =>
    setChosen((before) => new Set(before.has(scope) ? [...before].filter((s) => s !== scope) : [...before, scope]))
  const form = useSubmit(
    async () => {
      const made = await call(createKey, { body: { name: name.trim(), scopes: [...chosen], expires_in_days: Number(life) } })
      await invalidate(listKeys)
      onMade(made.key)
    },
    () =>
      faultsOf({
        name: name.trim() === '' ? 'Say what will use it.' : undefined,
        scopes: chosen.size === 0 ? 'Choose at least one.' : undefined,
      }),
  )
  return (
    <form className="user-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <div className="user-pair">
        <TextField
          label="Name"
          name="name"
          autoFocus
          autoComplete="off"
          maxLength={100}
          value={name}
          onChange={setName}
          error={form.errors.name}
        />
        <Select
          label="Ends after"
          name="expires_in_days"
          value={life}
          options={lives}
          onChange={setLife}
          error={form.errors.expires_in_days}
        />
      </div>
      <ScopeBoxes chosen={chosen} onToggle={toggle} error={form.errors.scopes} />
      <p className="muted">It never does more than your role allows at that time, and what people alone may do it never does.</p>
      <div className="user-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Make the key
        </Button>
      </div>
    </form>
  )
}

const MadeKey = ({ value }: { value: string }) => (
  <>
    <p>
      Send it with each request as <span className="mono">Authorization: Bearer</span>.
    </p>
    <div className="invite-link">
      <span className="mono">{value}</span>
      <CopyButton value={value} label="Copy the key" />
    </div>
    <Note tone="warn">It is not shown again. Whoever has it acts in your name within its scopes.</Note>
  </>
)

export const NewKeyDialog = ({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) => {
  const [made, setMade] = useState<string | null>(null)
  const close = () => {
    setMade(null)
    onClose()
  }
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={made === null ? 'New API key' : 'API key made'}
      actions={made === null ? undefined : <Button onClick={close}>Done</Button>}
    >
      {made === null ? <NewKeyForm onMade={setMade} onClose={close} /> : <MadeKey value={made} />}
    </Dialog>
  )
}
