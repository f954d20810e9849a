import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback } from 'react'
import { exportAudit, listAudit } from '../../../../shared/contract/audit.ts'
import type { Reply } from '../../../../shared/contract/route.ts'
import { urlOf } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { downloadProven } from '../../api/proven-download.ts'
import { queryOf } from '../../api/queries.ts'
import { useMay } from '../../api/session.ts'
import { AuditDetail } from '../../features/audit/AuditDetail.tsx'
import { type AuditQuery, type AuditSearch, cursorOf, filterOf, isFiltered } from '../../features/audit/audit-filter.ts'
import { AuditFilters } from '../../features/audit/AuditFilters.tsx'
import { AuditTable } from '../../features/audit/AuditTable.tsx'
import { ChainNote } from '../../features/audit/ChainNote.tsx'
import { Button } from '../../ui/actions/Button.tsx'
import { Segmented } from '../../ui/actions/Segmented.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import './settings.css'

const route = getRouteApi('/t/$tenantId/settings/audit')
const limit = 100
type Page = Reply<typeof listAudit>

/** The search of the URL, and a way to change it: another filter begins at the newest row again. */
const useAuditSearch = () => {
  const search: AuditSearch = route.useSearch()
  const navigate = route.useNavigate()
  const patch = useCallback(
    (changes: Partial<AuditSearch>) =>
      void navigate({ search: (before) => ({ ...before, before: undefined, row: undefined, ...changes }), replace: true }),
    [navigate],
  )
  const go = (changes: Partial<AuditSearch>) => void navigate({ search: (before) => ({ ...before, ...changes }) })
  return { search, patch, go, clear: () => void navigate({ search: search.chain === undefined ? {} : { chain: search.chain } }) }
}

const Exports = ({ filter, total }: { filter: AuditQuery; total: number }) => {
  const rows = countOf(total, 'row')
  return (['jsonl', 'csv'] as const).map((format) => (
    <Button
      key={format}
      size="sm"
      onClick={() =>
        void downloadProven(urlOf(exportAudit.path, {}, { ...filter, format })).catch((error: unknown) => toast(messageOf(error)))
      }
    >
      Export {rows} as {format.toUpperCase()}
    </Button>
  ))
}

const Nothing = ({ filter, onClear }: { filter: AuditQuery; onClear: () => void }) =>
  isFiltered(filter) ? (
    <EmptyState
      title="No act matches"
      actions={
        <Button variant="primary" onClick={onClear}>
          Show all acts
        </Button>
      }
    >
      <p>Nobody did this in this time. What was turned away before anybody was known is in the log of the server only.</p>
    </EmptyState>
  ) : (
    <EmptyState title="Nothing has been recorded yet">
      <p>Sign-ins, changes, imports, downloads, exports and what was denied stand here from the first one on.</p>
    </EmptyState>
  )

const Foot = ({ page, isFirst, go }: { page: Page; isFirst: boolean; go: (changes: Partial<AuditSearch>) => void }) => (
  <nav className="audit-foot" aria-label="Pages of the audit log">
    <span>
      {formatNumber(page.rows.length)} of {countOf(page.total, 'row')}
    </span>
    <span className="grow" />
    {!isFirst && (
      <Button size="sm" onClick={() => go({ before: undefined, row: undefined })}>
        Newest
      </Button>
    )}
    {page.next_cursor !== null && (
      <Button size="sm" iconAfter="right" onClick={() => go({ before: page.next_cursor ?? undefined, row: undefined })}>
        Older
      </Button>
    )}
  </nav>
)

const Found = ({ page }: { page: Page }) => {
  const { search, go, clear } = useAuditSearch()
  if (page.rows.length === 0) return <Nothing filter={filterOf(search)} onClear={clear} />
  const open = page.rows.find((row) => String(row.seq) === search.row)
  return (
    <>
      <AuditTable rows={page.rows} open={open?.seq ?? null} onOpen={(row) => go({ row: String(row.seq) })} />
      <Foot page={page} isFirst={cursorOf(search) === undefined} go={go} />
    </>
  )
}

const ChainChoice = ({ chain, onChain }: { chain: 'tenant' | 'platform'; onChain: (chain: string | undefined) => void }) => (
  <div className="settings-actions">
    <Segmented
      label="Whose acts"
      value={chain}
      options={[
        { value: 'tenant', label: 'This tenant' },
        { value: 'platform', label: 'The installation' },
      ]}
      onChange={(next) => onChain(next === 'platform' ? next : undefined)}
    />
  </div>
)

const Log = () => {
  const { search, patch, go } = useAuditSearch()
  const isPlatformAdmin = useMay('platform.manage')
  const filter = filterOf(search)
  const chain = filter.chain ?? 'tenant'
  const query = { ...filter, limit, cursor: cursorOf(search) }
  const { data, error } = useQuery({ ...queryOf(listAudit, { query }), placeholderData: keepPreviousData, staleTime: 0 })
  const open = data?.rows.find((row) => String(row.seq) === search.row)
  return (
    <>
      {isPlatformAdmin && <ChainChoice chain={chain} onChain={(next) => patch({ chain: next })} />}
      <ChainNote chain={chain} />
      {error !== null && (
        <Note tone="bad" live>
          {messageOf(error)}
        </Note>
      )}
      <div className="audit-split">
        <Panel title="Audit" actions={data !== undefined && data.total > 0 && <Exports filter={filter} total={data.total} />}>
          <AuditFilters search={search} onPatch={patch} />
          {data === undefined && error === null && <Skeleton rows={8} label="Loading the audit log" />}
          {data !== undefined && <Found page={data} />}
        </Panel>
        {open !== undefined && <AuditDetail row={open} onClose={() => go({ row: undefined })} />}
      </div>
    </>
  )
}

/** Who followed a link here and may not see it is told who may. */
export const AuditPage = () => {
  useTitle('Audit')
  return useMay('audit.read') ? (
    <Log />
  ) : (
    <EmptyState title="Only admins read the audit log of a tenant">
      <p>Your role does not. An admin of the tenant can change it.</p>
    </EmptyState>
  )
}
