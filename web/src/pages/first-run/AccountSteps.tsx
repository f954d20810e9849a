import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { checkPassword, register, type User } from '../../../../shared/contract/identity.ts'
import { call } from '../../api/call.ts'
import { ApiProblem, FieldFaults } from '../../api/problem.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { emailFault, faultsOf, passwordFault } from '../../features/identity/account-faults.ts'
import { NewPassword } from '../../features/identity/NewPassword.tsx'
import { beginSession } from '../../features/identity/arrive.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'

export interface AccountStepsProps {
  step: number
  onStep: (step: number) => void
  needsSetupCode: boolean
  minLength: number
  onDone: (user: User) => void
}

interface Draft {
  full_name: string
  email: string
  password: string
  setup_code: string
  tenant_name: string
}
const blank: Draft = { full_name: '', email: '', password: '', setup_code: '', tenant_name: '' }

const bodyOf = (draft: Draft) => ({
  username: draft.email.trim(),
  email: draft.email.trim(),
  password: draft.password,
  tenant_name: draft.tenant_name.trim(),
  ...(draft.full_name.trim() === '' ? {} : { full_name: draft.full_name.trim() }),
  ...(draft.setup_code.trim() === '' ? {} : { setup_code: draft.setup_code.trim() }),
})

const faultsAt = (step: number, draft: Draft, { needsSetupCode, minLength }: AccountStepsProps): Record<string, string> =>
  step === 1
    ? faultsOf({ tenant_name: draft.tenant_name.trim() === '' ? 'Name the tenant.' : undefined })
    : faultsOf({
        email: emailFault(draft.email.trim()) ?? (draft.email.trim().length > 64 ? 'Use an address of up to 64 characters.' : undefined),
        password: passwordFault(draft.password, minLength),
        setup_code: needsSetupCode && draft.setup_code.trim() === '' ? 'Enter the code that the server printed.' : undefined,
      })

/** Said on the step that holds the password, not after the next one. Without an answer the last step tells. */
const refuseWeak = async ({ password, email }: Draft): Promise<void> => {
  const verdict = await call(checkPassword, { body: { password, username: email.trim() } }).catch(() => null)
  if (verdict !== null && verdict.problems.length > 0) throw new FieldFaults({ password: verdict.problems.join(' ') })
}

/** The account's own fields stand on step 1: a refusal of one of them leads back there. */
const concernsAccount = (error: unknown) =>
  error instanceof ApiProblem &&
  (error.code === 'forbidden' || error.errors.some(({ field }) => /(username|email|password|full_name|setup_code)$/.test(field)))

const renamed = (error: ApiProblem): ApiProblem =>
  new ApiProblem({
    ...error.problem,
    errors: error.errors.map(({ field, message }) => ({ field: field.replace(/username$/, 'email'), message })),
  })

const AccountFields = ({ draft, set, errors, props }: FieldsProps) => (
  <>
    <div className="auth-pair">
      <TextField
        label="Name"
        name="full_name"
        size="lg"
        autoComplete="name"
        maxLength={200}
        autoFocus
        value={draft.full_name}
        onChange={(full_name) => set({ full_name })}
        error={errors.full_name}
      />
      <TextField
        label="Email"
        name="email"
        type="email"
        size="lg"
        autoComplete="username"
        maxLength={254}
        value={draft.email}
        onChange={(email) => set({ email })}
        error={errors.email}
      />
    </div>
    <NewPassword
      value={draft.password}
      onChange={(password) => set({ password })}
      username={draft.email.trim()}
      minLength={props.minLength}
      error={errors.password}
    />
    {props.needsSetupCode && (
      <TextField
        label="Setup code"
        name="setup_code"
        size="lg"
        mono
        autoComplete="one-time-code"
        maxLength={200}
        placeholder="Printed where the server was started"
        hint="So that only someone with access to the server can do this."
        value={draft.setup_code}
        onChange={(setup_code) => set({ setup_code })}
        error={errors.setup_code}
      />
    )}
  </>
)

interface FieldsProps {
  draft: Draft
  set: (change: Partial<Draft>) => void
  errors: Readonly<Record<string, string>>
  props: AccountStepsProps
}

export const AccountSteps = (props: AccountStepsProps) => {
  const { step, onStep, onDone } = props
  const [draft, setDraft] = useState(blank)
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const tenantField = useRef<HTMLInputElement>(null)
  const form = useSubmit(
    async () => {
      if (step === 0) {
        await refuseWeak(draft)
        onStep(1)
        requestAnimationFrame(() => tenantField.current?.focus())
        return
      }
      const body = bodyOf(draft)
      await call(register, { body }).catch((error: unknown) => {
        // Drawn at once, so that the form finds the fields that the refusal is about.
        if (concernsAccount(error)) flushSync(() => onStep(0))
        throw error instanceof ApiProblem ? renamed(error) : error
      })
      onDone(await beginSession(body.username, draft.password))
    },
    () => faultsAt(step, draft, props),
  )
  return (
    <form className="auth-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      {step === 0 ? (
        <AccountFields draft={draft} set={set} errors={form.errors} props={props} />
      ) : (
        <TextField
          ref={tenantField}
          label="Tenant"
          name="tenant_name"
          size="lg"
          autoComplete="organization"
          maxLength={100}
          hint="More tenants can be added later, under Settings."
          value={draft.tenant_name}
          onChange={(tenant_name) => set({ tenant_name })}
          error={form.errors.tenant_name}
        />
      )}
      <div className="auth-buttons">
        <Button type="submit" variant="primary" size="lg" iconAfter="forward" busy={form.isBusy}>
          {step === 0 ? 'Continue' : 'Create account and tenant'}
        </Button>
        {step === 1 && (
          <Button variant="ghost" size="lg" onClick={() => onStep(0)}>
            Back
          </Button>
        )}
      </div>
    </form>
  )
}
