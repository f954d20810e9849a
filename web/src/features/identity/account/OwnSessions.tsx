import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { endOtherSessions, endSession, listSessions, type OwnSession } from '../../../../../shared/contract/account.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Pager } from '../../../ui/data/Pager.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { SessionsTable } from './SessionsTable.tsx'
import { endedWords, idleWords } from './session-words.ts'

const limit = 50

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
            <SessionsTable
              caption="Your sessions"
              sessions={data.rows}
              endingId={end.isPending ? end.variables.id : null}
              onEnd={end.mutate}
            />
            <p className="muted session-idle">{idleWords(data.rows)}</p>
            <Pager skip={skip} limit={limit} total={data.total} what="sessions" onSkip={setSkip} />
          </>
        )}
      </Panel>
    </>
  )
}
