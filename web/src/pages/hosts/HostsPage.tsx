import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useRef } from 'react'
import { type Host, listHosts } from '../../../../shared/contract/hosts.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf } from '../../api/queries.ts'
import { HostsTable } from '../../features/hosts/HostsTable.tsx'
import { Button, buttonClass } from '../../ui/actions/Button.tsx'
import { Pager } from '../../ui/data/Pager.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { TextField } from '../../ui/forms/TextField.tsx'
import { useLateText } from '../../ui/forms/useLateText.ts'
import { countOf } from '../../ui/format/numbers.ts'
import { useHotkeys } from '../../ui/keys/useHotkeys.ts'
import { PageHead } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import './host-page.css'

const route = getRouteApi('/t/$tenantId/hosts')
const limit = 100
const keys = ['hostname', 'last_seen', 'rows', 'os'] as const
type Key = (typeof keys)[number]
const keyOf = (text: string | undefined): Key => keys.find((key) => key === text) ?? 'hostname'

/** What stands in the URL, checked. */
const useHostsQuery = () => {
  const search = route.useSearch()
  const skip = Number(search.skip ?? '0')
  return {
    search: search.search ?? '',
    sort: keyOf(search.sort),
    order: search.order === 'desc' ? ('desc' as const) : ('asc' as const),
    skip: Number.isSafeInteger(skip) && skip > 0 ? skip : 0,
  }
}

const FilterField = ({ value, onChange }: { value: string; onChange: (value: string) => void }) => {
  const [text, setText] = useLateText(value, onChange)
  const field = useRef<HTMLInputElement>(null)
  useHotkeys('Hosts', [{ keys: 'f', does: 'Filter hosts', run: () => field.current?.focus() }])
  return (
    <TextField
      ref={field}
      label="Filter hosts by name, address, client or user"
      hideLabel
      type="search"
      className="hosts-filter"
      placeholder="Name, address, client or user"
      maxLength={200}
      value={text}
      onChange={setText}
    />
  )
}

const NoHosts = ({ tenantId, search, onClear }: { tenantId: string; search: string; onClear: () => void }) =>
  search === '' ? (
    <EmptyState
      title="No hosts yet"
      actions={
        <Link to="/t/$tenantId/imports" params={{ tenantId }} search={{ add: '1' }} className={buttonClass({ variant: 'primary' })}>
          Add an export
        </Link>
      }
    >
      <p>Hosts appear by themselves from what is imported: names, addresses, users and systems are read from the rows.</p>
    </EmptyState>
  ) : (
    <EmptyState
      title="No host matches"
      actions={
        <Button variant="primary" onClick={onClear}>
          Show all hosts
        </Button>
      }
    >
      <p>
        No name, address, client or user of a host contains <span className="mono">{search}</span>.
      </p>
    </EmptyState>
  )

const useHosts = ({ search, sort, order, skip }: ReturnType<typeof useHostsQuery>) =>
  useQuery(listOf(listHosts, { query: { limit, skip, sort, order, ...(search === '' ? {} : { search }) } }))

const Found = ({ hosts, total }: { hosts: readonly Host[]; total: number }) => {
  const { tenantId } = route.useParams()
  const navigate = route.useNavigate()
  const { sort, order, skip } = useHostsQuery()
  return (
    <>
      <HostsTable
        tenantId={tenantId}
        hosts={hosts}
        sort={{ key: sort, order }}
        onSort={(next) => void navigate({ search: (before) => ({ ...before, sort: next.key, order: next.order, skip: undefined }) })}
      />
      <Pager
        skip={skip}
        limit={limit}
        total={total}
        what="hosts"
        onSkip={(to) => void navigate({ search: (before) => ({ ...before, skip: to === 0 ? undefined : String(to) }) })}
      />
    </>
  )
}

const FailedNote = ({ error, onRetry }: { error: Error; onRetry: () => void }) => (
  <Note
    tone="bad"
    live
    action={
      <Button size="sm" onClick={onRetry}>
        Try again
      </Button>
    }
  >
    {messageOf(error)}
  </Note>
)

export const HostsPage = () => {
  const { tenantId } = route.useParams()
  const navigate = route.useNavigate()
  const wanted = useHostsQuery()
  const { data, error, isPending, refetch } = useHosts(wanted)
  const setSearch = useCallback(
    (search: string) => void navigate({ search: (before) => ({ ...before, search, skip: undefined }), replace: true }),
    [navigate],
  )
  return (
    <div className="page">
      <PageHead
        title="Hosts"
        about={data === undefined ? undefined : countOf(data.total, 'host')}
        actions={
          <>
            <Link to="/t/$tenantId/hosts/coverage" params={{ tenantId }} className={buttonClass()}>
              Coverage
            </Link>
            <Link to="/t/$tenantId/hosts/compare" params={{ tenantId }} className={buttonClass()}>
              Compare
            </Link>
            <FilterField value={wanted.search} onChange={setSearch} />
          </>
        }
      />
      <div className="page-body">
        {error !== null && <FailedNote error={error} onRetry={() => void refetch()} />}
        {isPending && (
          <Panel>
            <Skeleton rows={12} label="Loading hosts" />
          </Panel>
        )}
        {data !== undefined && (
          <Panel>
            {data.total === 0 ? (
              <NoHosts tenantId={tenantId} search={wanted.search} onClear={() => setSearch('')} />
            ) : (
              <Found hosts={data.rows} total={data.total} />
            )}
          </Panel>
        )}
      </div>
    </div>
  )
}
