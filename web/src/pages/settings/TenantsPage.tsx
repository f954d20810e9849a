import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { listTenants, type Tenant } from '../../../../shared/contract/tenants.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { TenantDialog } from '../../features/tenants/TenantDialog.tsx'
import { TenantsTable } from '../../features/tenants/TenantsTable.tsx'
import { Button } from '../../ui/actions/Button.tsx'
import { Pager } from '../../ui/data/Pager.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import './settings.css'

const route = getRouteApi('/t/$tenantId/settings/tenants')
const limit = 100

export const TenantsPage = () => {
  const { tenantId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const mayManage = useMay('platform.manage')
  const skip = Math.max(0, Math.trunc(Number(search.skip ?? '0')) || 0)
  const { data, error } = useQuery({ ...listOf(listTenants, { query: { limit, skip } }), enabled: mayManage })
  const [open, setOpen] = useState<{ tenant: Tenant | null } | null>(null)
  useTitle('Tenants')
  if (!mayManage) return <Note tone="warn">Only the platform admin manages tenants.</Note>
  return (
    <>
      {error !== null && (
        <Note tone="bad" live>
          {messageOf(error)}
        </Note>
      )}
      <Panel
        title="Tenants"
        actions={
          <Button variant="primary" icon="plus" onClick={() => setOpen({ tenant: null })}>
            Create a tenant
          </Button>
        }
      >
        {data === undefined ? (
          error === null && <Skeleton rows={4} label="Loading tenants" />
        ) : (
          <>
            <TenantsTable tenants={data.rows} ownId={tenantId} onEdit={(tenant) => setOpen({ tenant })} />
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
      <TenantDialog isOpen={open !== null} tenant={open?.tenant ?? null} onClose={() => setOpen(null)} />
    </>
  )
}
