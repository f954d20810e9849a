import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { listMemberships } from '../../../../shared/contract/access/memberships.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { useSession } from '../../api/session.ts'
import { goToTenant } from '../../features/identity/switching/memberships.ts'
import { useUploads } from '../../features/ingestion/upload/uploads.ts'
import { AcrossExplore } from '../../features/search/across/AcrossExplore.tsx'
import { type AcrossState, parseAcross, printAcross } from '../../features/search/across/across-state.ts'
import type { TenantRow } from '../../features/search/across/merge.ts'
import { buttonClass } from '../../ui/actions/Button.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { Note } from '../../ui/feedback/Note.tsx'
import { Logo } from '../../ui/icons/Logo.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import './all.css'

const route = getRouteApi('/all/explore')

/** The row where it is at home: the same question in its tenant, with the row open. */
const addressOf = ({ tenant_id, event }: TenantRow, { q, from, to, sort }: AcrossState): string => {
  const search = new URLSearchParams({ ...printAcross({ q, from, to, sort, tenants: null }), row: event.id })
  return `/t/${tenant_id}/explore?${search.toString()}`
}

/** Above all tenants: no tenant's name stands in the bar, for what is shown is of several. */
export const AllExplorePage = () => {
  useTitle('Explore all tenants')
  const { tenant_id, tenant_name } = useSession()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const state = useMemo(() => parseAcross(search), [search])
  const { data, error } = useQuery({ ...queryOf(listMemberships, {}), staleTime: 60_000 })
  const tenants = useMemo(() => (data ?? []).map((one) => ({ id: one.tenant_id, name: one.tenant_name })), [data])
  const onChange = useCallback(
    (change: Partial<AcrossState>) => void navigate({ search: (before) => printAcross({ ...parseAcross(before), ...change }) }),
    [navigate],
  )
  const isSending = useUploads().some((upload) => upload.state === 'sending' || upload.state === 'waiting')
  const onOpen = useCallback(
    (row: TenantRow) => {
      // going there loads the page anew, and an upload that runs in it would end
      if (isSending) toast('Files are being uploaded from this window. Open the row when they are there, or pause them.')
      else void goToTenant(row.tenant_id, addressOf(row, state))
    },
    [state, isSending],
  )
  return (
    <div className="all-shell">
      <header className="top">
        <Link to="/t/$tenantId" params={{ tenantId: tenant_id }} className="brand" aria-label="VelociCompanion, overview">
          <Logo />
        </Link>
        <strong className="cut">All my tenants</strong>
        <span className="grow" />
        <Link to="/t/$tenantId/explore" params={{ tenantId: tenant_id }} className={buttonClass({ variant: 'ghost' })}>
          Back to {tenant_name}
        </Link>
      </header>
      <main className="all-main" id="main" tabIndex={-1}>
        {error !== null && (
          <Note tone="bad" live>
            {messageOf(error)}
          </Note>
        )}
        {data !== undefined && <AcrossExplore state={state} tenants={tenants} onChange={onChange} onOpen={onOpen} />}
      </main>
    </div>
  )
}
