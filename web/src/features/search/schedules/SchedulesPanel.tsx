import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { changeSchedule, deleteSchedule, listSchedules, type SearchSchedule } from '../../../../../shared/contract/notes/schedules.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { useSession } from '../../../api/session.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import { everyWords } from '../saved/every.ts'

const act = (work: () => Promise<unknown>) =>
  void work()
    .then(() => invalidate(listSchedules))
    .catch((error: unknown) => toast(messageOf(error)))

const State = ({ of }: { of: SearchSchedule }) => {
  if (of.state === 'stopped') return <Chip tone="bad">Stopped</Chip>
  if (of.state === 'paused') return <Chip>Paused</Chip>
  return of.failures > 0 ? <Chip tone="warn">Failing</Chip> : <Chip tone="ok">Runs</Chip>
}

const Result = ({ of }: { of: SearchSchedule }) => {
  if (of.stopped_reason !== null) return <>{of.stopped_reason}</>
  if (of.last_error !== null)
    return (
      <>
        {of.failures > 1 && `${formatNumber(of.failures)} runs failed. `}
        {of.last_error}
      </>
    )
  if (of.last_run_at === null) return <span className="muted">has not run yet</span>
  return (
    <>
      {countOf(of.last_new ?? 0, 'new row')} of {formatNumber(of.last_total ?? 0)}, <Time at={of.last_run_at} to="second" />
    </>
  )
}

const Actions = ({ of }: { of: SearchSchedule }) => {
  const params = { schedule_id: of.id }
  const set = (state: 'active' | 'paused') => act(() => call(changeSchedule, { params, body: { state } }))
  return (
    <span className="row">
      {of.state === 'active' && (
        <Button size="sm" onClick={() => set('paused')}>
          Pause<VisuallyHidden> {of.search_name}</VisuallyHidden>
        </Button>
      )}
      {of.state !== 'active' && of.is_mine && (
        <Button size="sm" onClick={() => set('active')}>
          Go on<VisuallyHidden> with {of.search_name}</VisuallyHidden>
        </Button>
      )}
      <Button size="sm" variant="ghost" onClick={() => act(() => call(deleteSchedule, { params }))}>
        Delete<VisuallyHidden> the schedule of {of.search_name}</VisuallyHidden>
      </Button>
    </span>
  )
}

const SearchLink = ({ of }: { of: SearchSchedule }) => {
  const tenantId = useSession().tenant_id
  return (
    <Link to="/t/$tenantId/searches/$searchId" params={{ tenantId, searchId: of.search_id }}>
      {of.search_name}
    </Link>
  )
}

const columns: readonly Column<SearchSchedule>[] = [
  { key: 'search', head: 'Search', cell: (one) => <SearchLink of={one} /> },
  { key: 'state', head: 'State', cell: (one) => <State of={one} /> },
  { key: 'every', head: 'Runs', cell: (one) => everyWords(one.every_minutes) },
  { key: 'result', head: 'Last result', cell: (one) => <Result of={one} /> },
  {
    key: 'next',
    head: 'Next',
    cell: (one) => (one.next_run_at === null ? <span className="muted">does not run</span> : <Time at={one.next_run_at} to="second" />),
  },
  { key: 'owner', head: 'Owner', cell: (one) => (one.is_mine ? 'me' : one.owner_name) },
  { key: 'actions', head: <VisuallyHidden>Actions</VisuallyHidden>, number: true, cell: (one) => <Actions of={one} /> },
]

/** Soon again while one has yet to run for the first time. */
const againMs = (schedules: readonly SearchSchedule[] | undefined): number =>
  schedules?.some((one) => one.state === 'active' && one.last_run_at === null) === true ? 2000 : 30_000

/** Searches that run by themselves: one's own, and for a lead those of everybody. */
export const SchedulesPanel = () => {
  const { data, error } = useQuery({
    ...queryOf(listSchedules, {}),
    refetchInterval: (query) => againMs(query.state.data?.schedules),
    refetchOnWindowFocus: true,
  })
  const schedules = data?.schedules ?? []
  return (
    <Panel title="Schedules">
      {error !== null && data === undefined && <Note tone="bad">{messageOf(error)}</Note>}
      {schedules.length > 0 && <Table caption="Schedules" columns={columns} rows={schedules} rowKey={(one) => one.id} />}
      {data !== undefined && schedules.length === 0 && (
        <EmptyState title="No search runs by itself">
          Save a search in Explore, then press its clock: it runs with your rights, and the bell tells of new rows.
        </EmptyState>
      )}
    </Panel>
  )
}
