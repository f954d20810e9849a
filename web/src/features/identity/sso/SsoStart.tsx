import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { findSso, startSso, wayBack } from '../../../../../shared/contract/access/sso.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { useSubmit } from '../../../api/useSubmit.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { TextField } from '../../../ui/forms/TextField.tsx'

/** Leaves the web app for the provider. A way back that cannot be kept is left out: one comes back to the overview. */
export const goToProvider = async ({ to, ...wish }: { tenant: string; to?: string; is_fresh?: boolean }): Promise<void> => {
  const { url } = await call(startSso, { body: to !== undefined && wayBack.test(to) ? { ...wish, to } : wish })
  window.location.assign(url)
}

const Problem = ({ error }: { error: unknown }) => (
  <Note tone="bad" live>
    {messageOf(error)}
  </Note>
)

const Go = ({ tenant, label, to }: { tenant: string; label: string; to: string | undefined }) => {
  const go = useMutation({ mutationFn: () => goToProvider({ tenant, to }) })
  // It stays busy: the browser is leaving the page.
  return (
    <div className="auth-form">
      {go.error !== null && <Problem error={go.error} />}
      <Button variant="primary" size="lg" busy={go.isPending || go.isSuccess} onClick={() => go.mutate()}>
        Sign in with {label}
      </Button>
    </div>
  )
}

const Found = ({ tenant, to, onOther }: { tenant: string; to: string | undefined; onOther: () => void }) => {
  const { data, error } = useQuery({
    queryKey: ['sso', tenant],
    queryFn: () => call(findSso, { body: { tenant } }),
    retry: false,
    staleTime: 60_000,
  })
  return (
    <>
      {error !== null && <Problem error={error} />}
      {data === undefined ? (
        error === null && <Skeleton rows={1} label="Looking for the provider" />
      ) : (
        <Go tenant={data.tenant_id} label={data.label} to={to} />
      )}
      <p className="auth-after">
        <Button variant="ghost" onClick={onOther}>
          Another tenant
        </Button>
      </p>
    </>
  )
}

const Ask = ({ onFound }: { onFound: (tenant: string) => void }) => {
  const [name, setName] = useState('')
  const form = useSubmit(
    async () => onFound((await call(findSso, { body: { tenant: name.trim() } })).tenant_id),
    () => (name.trim() === '' ? { tenant: 'Enter the name of your tenant.' } : ({} as Record<string, string>)),
  )
  return (
    <form className="auth-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <TextField
        label="Tenant"
        name="tenant"
        size="lg"
        hint="As your admins call it. A link that they gave you knows it already."
        autoComplete="organization"
        spellCheck={false}
        autoFocus
        maxLength={200}
        value={name}
        onChange={setName}
        error={form.errors.tenant}
      />
      <Button type="submit" variant="primary" size="lg" busy={form.isBusy}>
        Continue
      </Button>
    </form>
  )
}

export interface SsoStartProps {
  tenant: string | undefined
  to: string | undefined
  onTenant: (tenant: string | undefined) => void
}

/** The way to the provider of a tenant; which tenant is asked where the address does not say it. */
export const SsoStart = ({ tenant, to, onTenant }: SsoStartProps) =>
  tenant === undefined ? <Ask onFound={onTenant} /> : <Found key={tenant} tenant={tenant} to={to} onOther={() => onTenant(undefined)} />
