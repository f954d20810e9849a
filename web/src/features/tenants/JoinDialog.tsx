import { useState } from 'react'
import { joinTenant, listMemberships } from '../../../../shared/contract/access/memberships.ts'
import type { Tenant } from '../../../../shared/contract/tenants.ts'
import type { ShownRole } from '../../../../shared/domain/permissions.ts'
import { call } from '../../api/call.ts'
import { invalidate } from '../../api/query-client.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { Select } from '../../ui/forms/Select.tsx'
import { Dialog } from '../../ui/overlay/Dialog.tsx'
import './tenants.css'

const roles: readonly { value: ShownRole; label: string }[] = [
  { value: 'viewer', label: 'Viewer' },
  { value: 'user', label: 'Analyst' },
  { value: 'lead', label: 'Lead' },
  { value: 'admin', label: 'Admin' },
]

const Form = ({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) => {
  const [role, setRole] = useState<ShownRole>('viewer')
  const form = useSubmit(async () => {
    await call(joinTenant, { params: { tenant_id: tenant.id }, body: { role } })
    await invalidate(listMemberships)
    toast(`You are a member of ${tenant.name}. Switch to it by its name at the top.`)
    onClose()
  })
  return (
    <form className="tenant-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>Who runs the installation sees nothing of a tenant’s data. As a member you do, and both audit logs say that you became one.</p>
      <Select label="Role" name="role" value={role} options={roles} onChange={setRole} error={form.errors.role} />
      <div className="tenant-actions">
        <Button onClick={onClose}>Stay out</Button>
        <Button type="submit" variant="primary" busy={form.isBusy}>
          Become a member
        </Button>
      </div>
    </form>
  )
}

export const JoinDialog = ({ tenant, onClose }: { tenant: Tenant | null; onClose: () => void }) => (
  <Dialog isOpen={tenant !== null} onClose={onClose} title={`Become a member of ${tenant?.name ?? ''}`}>
    {tenant !== null && <Form tenant={tenant} onClose={onClose} />}
  </Dialog>
)
