import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { listNotices, type Notice, readNotices } from '../../../../shared/contract/notes/schedules.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { queryOf } from '../../api/queries.ts'
import { invalidate } from '../../api/query-client.ts'
import { useSession } from '../../api/session.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { IconButton } from '../../ui/actions/IconButton.tsx'
import { Age } from '../../ui/data/Time.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { countOf, formatNumber } from '../../ui/format/numbers.ts'
import { Popover } from '../../ui/overlay/Popover.tsx'
import './notices.css'

const everyMs = 30_000
const shown = 50

const markRead = async (ids?: string[]): Promise<void> => {
  await call(readNotices, { body: ids === undefined ? {} : { ids } }).catch((error: unknown) => toast(messageOf(error)))
  await invalidate(listNotices)
}

const Words = ({ of: { kind, facts } }: { of: Notice }) => {
  const name = <strong>{facts.search_name}</strong>
  if (kind === 'schedule.found')
    return (
      <>
        {countOf(facts.rows ?? 0, 'new row')} in {name}
      </>
    )
  return (
    <>
      {name} {kind === 'schedule.failed' ? 'failed' : 'is stopped'}: {facts.reason}
    </>
  )
}

const Entry = ({ notice, onDone }: { notice: Notice; onDone: () => void }) => {
  const tenantId = useSession().tenant_id
  const { facts, kind } = notice
  const read = () => {
    onDone()
    if (notice.read_at === null) void markRead([notice.id])
  }
  const inside = (
    <>
      {notice.read_at === null && <span className="notice-dot" role="img" aria-label="Not read" />}
      <span className="notice-words">
        <Words of={notice} />
      </span>
      <span className="muted">
        <Age at={notice.created_at} />
      </span>
    </>
  )
  const { since, until } = facts
  return (
    <li>
      {kind === 'schedule.found' && since !== undefined && until !== undefined ? (
        <Link
          className="notice"
          to="/t/$tenantId/searches/$searchId"
          params={{ tenantId, searchId: facts.search_id }}
          search={{ since, until, schedule: facts.schedule_id }}
          onClick={read}
        >
          {inside}
        </Link>
      ) : (
        <Link className="notice" to="/t/$tenantId/settings/schedules" params={{ tenantId }} onClick={read}>
          {inside}
        </Link>
      )}
    </li>
  )
}

const Notices = ({ notices, total, onDone }: { notices: readonly Notice[]; total: number; onDone: () => void }) => (
  <>
    <ul>
      {notices.map((notice) => (
        <Entry key={notice.id} notice={notice} onDone={onDone} />
      ))}
    </ul>
    {total === 0 && <p className="muted notices-none">Nothing yet. A saved search that is scheduled tells here of new rows.</p>}
    {total > shown && (
      <p className="muted notices-none">
        The newest {shown} of {formatNumber(total)}.
      </p>
    )}
  </>
)

/** What one was told, in the top bar: the number of what is not read yet, and the list. */
export const Bell = () => {
  const [anchor, setAnchor] = useState<Element | null>(null)
  const { data } = useQuery({ ...queryOf(listNotices, { query: { limit: shown } }), refetchInterval: everyMs, refetchOnWindowFocus: true })
  const unread = data?.unread ?? 0
  const close = () => setAnchor(null)
  return (
    <span className="bell">
      <IconButton
        size="md"
        icon="bell"
        label={unread === 0 ? 'Notices' : `Notices, ${unread} not read`}
        aria-haspopup="dialog"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor === null ? event.currentTarget : null)}
      />
      {unread > 0 && (
        <span className="bell-count" aria-hidden="true">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
      <Popover anchor={anchor} onClose={close} label="Notices" align="end" className="notices">
        <div className="notices-head">
          <h2>Notices</h2>
          <span className="grow" />
          <Button size="sm" disabledReason={unread === 0 ? 'All are read.' : undefined} onClick={() => void markRead()}>
            Mark all read
          </Button>
        </div>
        {data !== undefined && <Notices notices={data.notices} total={data.total} onDone={close} />}
      </Popover>
    </span>
  )
}
