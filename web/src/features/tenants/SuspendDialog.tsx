import { suspendTenant } from '../../../../shared/contract/access/tenant-life.ts'
import { listTenants, type Tenant } from '../../../../shared/contract/tenants.ts'
import { call } from '../../api/call.ts'
import { invalidate } from '../../api/query-client.ts'
import { useSubmit } from '../../api/useSubmit.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { Dialog } from '../../ui/overlay/Dialog.tsx'
import './tenants.css'

const Form = ({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) => {
  const form = useSubmit(async () => {
    await call(suspendTenant, { params: { tenant_id: tenant.id } })
    await invalidate(listTenants)
    toast(`${tenant.name} is suspended.`)
    onClose()
  })
  return (
    <form className="tenant-form" onSubmit={form.onSubmit} noValidate>
      {form.problem !== null && (
        <Note tone="bad" live>
          {form.problem}
        </Note>
      )}
      <p>Within five seconds nobody is in it: uploads and downloads that run are broken off, its jobs wait, its API keys open nothing.</p>
      <p>Nothing is removed. Let its people in again and all goes on.</p>
      <div className="tenant-actions">
        <Button onClick={onClose}>Keep it open</Button>
        <Button type="submit" variant="bad" busy={form.isBusy}>
          Suspend {tenant.name}
        </Button>
      </div>
    </form>
  )
}

export const SuspendDialog = ({ tenant, onClose }: { tenant: Tenant | null; onClose: () => void }) => (
  <Dialog isOpen={tenant !== null} onClose={onClose} title={`Suspend ${tenant?.name ?? ''}?`}>
    {tenant !== null && <Form tenant={tenant} onClose={onClose} />}
  </Dialog>
)
