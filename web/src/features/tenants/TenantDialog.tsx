import { useState } from 'react'
import { createTenant, listTenants, type Tenant, updateTenant } from '../../../../shared/contract/tenants.ts'
import { call } from '../../api/call.ts'
import { invalidate } from '../../api/query-client.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { TextField } from '../../ui/forms/TextField.tsx'
import { Dialog } from '../../ui/overlay/Dialog.tsx'
import { parseQuota, quotaText } from './quota.ts'
import './tenants.css'

interface Draft {
  name: string
  description: string
  quota: string
}

const faultsIn = (draft: Draft): Record<string, string> => {
  const quota = parseQuota(draft.quota)
  return {
    ...(draft.name.trim() === '' ? { name: 'Name the tenant.' } : {}),
    ...('fault' in quota ? { quota_bytes: quota.fault } : {}),
  }
}

const save = (tenant: Tenant | null, draft: Draft): Promise<Tenant> => {
  const quota = parseQuota(draft.quota)
  const quota_bytes = 'bytes' in quota ? quota.bytes : null
  const name = draft.name.trim()
  const description = draft.description.trim()
  return tenant === null
    ? call(createTenant, { body: { name, quota_bytes, ...(description === '' ? {} : { description }) } })
    : call(updateTenant, {
        params: { tenant_id: tenant.id },
        body: { name, quota_bytes, description: description === '' ? null : description },
      })
}

const TenantForm = ({ tenant, onClose }: { tenant: Tenant | null; onClose: () => void }) => {
  const [draft, setDraft] = useState<Draft>({
    name: tenant?.name ?? '',
    description: tenant?.description ?? '',
    quota: quotaText(tenant?.quota_bytes ?? null),
  })
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }))
  const form = useSubmit(
    async () => {
      const saved = await save(tenant, draft)
      await invalidate(listTenants)
      toast(tenant === null ? `Tenant ${saved.name} created.` : `Tenant ${saved.name} saved.`)
      onClose()
    },
    () => faultsIn(draft),
  )
  return (
    <form className="tenant-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <TextField
        label="Name"
        name="name"
        autoFocus
        maxLength={100}
        value={draft.name}
        onChange={(name) => set({ name })}
        error={form.errors.name}
      />
      <TextField
        label="Description"
        name="description"
        maxLength={2000}
        value={draft.description}
        onChange={(description) => set({ description })}
        error={form.errors.description}
      />
      <TextField
        label="Quota, GB"
        name="quota_bytes"
        inputMode="decimal"
        maxLength={20}
        hint="How much evidence the tenant may hold; empty is no limit. An upload over it is refused before a byte is written."
        value={draft.quota}
        onChange={(quota) => set({ quota })}
        error={form.errors.quota_bytes}
      />
      <div className="tenant-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          {tenant === null ? 'Create the tenant' : 'Save the tenant'}
        </Button>
      </div>
    </form>
  )
}

/** `tenant` null makes a new one. */
export const TenantDialog = ({ isOpen, tenant, onClose }: { isOpen: boolean; tenant: Tenant | null; onClose: () => void }) => (
  <Dialog isOpen={isOpen} onClose={onClose} title={tenant === null ? 'Create a tenant' : `Change ${tenant.name}`}>
    <TenantForm tenant={tenant} onClose={onClose} />
  </Dialog>
)
