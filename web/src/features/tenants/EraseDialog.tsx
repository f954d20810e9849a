import { useState } from 'react'
import { eraseTenant, listErasures } from '../../../../shared/contract/access/tenant-life.ts'
import { listTenants, type Tenant } from '../../../../shared/contract/tenants.ts'
import { call } from '../../api/call.ts'
import { invalidate } from '../../api/query-client.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { TextField } from '../../ui/forms/TextField.tsx'
import { Dialog } from '../../ui/overlay/Dialog.tsx'
import './tenants.css'

const Form = ({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) => {
  const [name, setName] = useState('')
  const form = useSubmit(
    async () => {
      await call(eraseTenant, { params: { tenant_id: tenant.id }, body: { name } })
      await invalidate(listTenants, listErasures)
      toast(`${tenant.name} is being erased.`)
      onClose()
    },
    () => (name === tenant.name ? {} : ({ name: 'Type the name as it stands above.' } as Record<string, string>)),
  )
  return (
    <form className="tenant-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>
        Every row, file, receipt and host of <strong>{tenant.name}</strong>, its audit log, and the accounts of people who belong to no
        other tenant are removed. This cannot be undone, and no export is made. A receipt of what there was stays here.
      </p>
      <TextField
        label="Name of the tenant"
        name="name"
        autoFocus
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        value={name}
        onChange={setName}
        error={form.errors.name}
      />
      <div className="tenant-actions">
        <Button onClick={onClose}>Keep it</Button>
        <Button type="submit" variant="bad" busy={form.isBusy}>
          Erase for good
        </Button>
      </div>
    </form>
  )
}

export const EraseDialog = ({ tenant, onClose }: { tenant: Tenant | null; onClose: () => void }) => (
  <Dialog isOpen={tenant !== null} onClose={onClose} title={`Erase ${tenant?.name ?? ''} for good?`}>
    {tenant !== null && <Form tenant={tenant} onClose={onClose} />}
  </Dialog>
)
