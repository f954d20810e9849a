import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { resumeTenant } from '../../../../shared/contract/access/tenant-life.ts'
import { listTenants, type Tenant } from '../../../../shared/contract/tenants.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf } from '../../api/queries.ts'
import { invalidate } from '../../api/query-client.ts'
import { useMay, useSession } from '../../api/session.ts'
import { PasskeyPolicy } from '../../features/identity/passkeys/PasskeyPolicy.tsx'
import { InviteByLinkDialog } from '../../features/identity/people/InviteByLinkDialog.tsx'
import { EraseDialog } from '../../features/tenants/EraseDialog.tsx'
import { Erasures } from '../../features/tenants/Erasures.tsx'
import { ExportTenant } from '../../features/tenants/ExportTenant.tsx'
import { JoinDialog } from '../../features/tenants/JoinDialog.tsx'
import { SuspendDialog } from '../../features/tenants/SuspendDialog.tsx'
import type { TenantAct } from '../../features/tenants/TenantActions.tsx'
import { TenantDialog } from '../../features/tenants/TenantDialog.tsx'
import { TenantsTable } from '../../features/tenants/TenantsTable.tsx'
import { Button } from '../../ui/actions/Button.tsx'
import { Pager } from '../../ui/data/Pager.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import './settings.css'

const route = getRouteApi('/t/$tenantId/settings/tenants')
const limit = 100

interface Open {
  act: TenantAct | 'create'
  tenant: Tenant | null
}

const Dialogs = ({ open, onClose }: { open: Open | null; onClose: () => void }) => {
  const of = (act: TenantAct): Tenant | null => (open?.act === act ? open.tenant : null)
  const invited = of('invite')
  return (
    <>
      <TenantDialog isOpen={open?.act === 'create' || open?.act === 'edit'} tenant={of('edit')} onClose={onClose} />
      <InviteByLinkDialog isOpen={invited !== null} tenant={invited ?? undefined} onClose={onClose} />
      <JoinDialog tenant={of('join')} onClose={onClose} />
      <SuspendDialog tenant={of('suspend')} onClose={onClose} />
      <EraseDialog tenant={of('erase')} onClose={onClose} />
    </>
  )
}

const AllTenants = () => {
  const { tenantId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const skip = Math.max(0, Math.trunc(Number(search.skip ?? '0')) || 0)
  const { data, error } = useQuery(listOf(listTenants, { query: { limit, skip } }))
  const [open, setOpen] = useState<Open | null>(null)
  const resume = useMutation({
    mutationFn: (tenant: Tenant) => call(resumeTenant, { params: { tenant_id: tenant.id } }),
    onSuccess: async (tenant) => {
      await invalidate(listTenants)
      toast(`The people of ${tenant.name} are in again.`)
    },
  })
  const wrong = error ?? resume.error
  return (
    <>
      {wrong !== null && (
        <Note tone="bad" live>
          {messageOf(wrong)}
        </Note>
      )}
      <Panel
        title="Tenants"
        actions={
          <Button variant="primary" icon="plus" onClick={() => setOpen({ act: 'create', tenant: null })}>
            Create a tenant
          </Button>
        }
      >
        {data === undefined ? (
          error === null && <Skeleton rows={4} label="Loading tenants" />
        ) : (
          <>
            <TenantsTable
              tenants={data.rows}
              ownId={tenantId}
              onAct={(act, tenant) => (act === 'resume' ? resume.mutate(tenant) : setOpen({ act, tenant }))}
            />
            <Pager
              skip={skip}
              limit={limit}
              total={data.total}
              what="tenants"
              onSkip={(next) => void navigate({ search: next === 0 ? {} : { skip: String(next) } })}
            />
          </>
        )}
      </Panel>
      <Erasures />
      <Dialogs open={open} onClose={() => setOpen(null)} />
    </>
  )
}

/** All tenants for who runs the installation, and for an admin their own. */
export const TenantsPage = () => {
  const { tenant_id, tenant_name } = useSession()
  const mayRun = useMay('platform.manage')
  const mayManage = useMay('tenant.manage')
  useTitle('Tenants')
  if (!mayRun && !mayManage) return <Note tone="warn">Only admins manage tenants.</Note>
  return (
    <>
      {mayRun && <AllTenants />}
      {mayRun && <PasskeyPolicy />}
      {mayManage && <ExportTenant tenantId={tenant_id} name={tenant_name} />}
    </>
  )
}
