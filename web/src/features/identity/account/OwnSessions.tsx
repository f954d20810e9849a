import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { endOtherSessions, endSession, listSessions, type OwnSession } from '../../../../../shared/contract/account.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Chip } from '../../../ui/data/Chip.tsx'
import { Pager } from '../../../ui/data/Pager.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Age, Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import { endedWords } from './session-words.ts'
import '../people/users.css'

const limit = 50

const columnsFor = (end: (session: OwnSession) => void, endingId: string | null): readonly Column<OwnSession>[] => [
  {
    key: 'device',
    head: 'Device',
    cell: (session) => (
      <span className="user-name">
        <strong>{session.device}</strong>
        {session.is_current && <span className="muted user-you">this session</span>}
        {session.kind === 'api' && <Chip>API</Chip>}
      </span>
    ),
  },
  { key: 'address', head: 'Address', cell: (session) => <span className="mono">{session.address ?? ''}</span> },
  { key: 'created_at', head: 'Signed in', cell: (session) => <Time at={session.created_at} to="minute" named /> },
  { key: 'last_used_at', head: 'Last used', number: true, cell: (session) => <Age at={session.last_used_at} /> },
  {
    key: 'end',
    head: <VisuallyHidden>Actions</VisuallyHidden>,
    number: true,
    cell: (session) =>
      session.is_current ? null : (
        <Button size="sm" busy={endingId === session.id} onClick={() => end(session)}>
          End
          <VisuallyHidden>
            {' '}
            the session of {session.device}, {session.address}
          </VisuallyHidden>
        </Button>
      ),
  },
]

/** Where the person is signed in. The one that shows this ends by signing out. */
export const OwnSessions = () => {
  const [skip, setSkip] = useState(0)
  const { data, error } = useQuery(listOf(listSessions, { query: { skip, limit } }))
  const end = useMutation({
    mutationFn: (session: OwnSession) => call(endSession, { params: { session_id: session.id } }),
    onSuccess: (_, session) => toast(`The session of ${session.device} has ended.`),
    onSettled: () => invalidate(listSessions),
  })
  const endOthers = useMutation({
    mutationFn: () => call(endOtherSessions, {}),
    onSuccess: ({ ended_sessions }) => {
      setSkip(0)
      toast(endedWords(ended_sessions))
    },
    onSettled: () => invalidate(listSessions),
  })
  const wrong = error ?? end.error ?? endOthers.error
  return (
    <>
      {wrong !== null && (
        <Note tone="bad" live>
          {messageOf(wrong)}
        </Note>
      )}
      <Panel
        title="Sessions"
        actions={
          data !== undefined &&
          data.total > 1 && (
            <Button busy={endOthers.isPending} onClick={() => endOthers.mutate()}>
              End all others
            </Button>
          )
        }
      >
        {data === undefined ? (
          error === null && <Skeleton rows={2} label="Loading sessions" />
        ) : (
          <>
            <Table
              caption="Your sessions"
              columns={columnsFor(end.mutate, end.isPending ? end.variables.id : null)}
              rows={data.rows}
              rowKey={(session) => session.id}
            />
            <Pager skip={skip} limit={limit} total={data.total} what="sessions" onSkip={setSkip} />
          </>
        )}
      </Panel>
    </>
  )
}
