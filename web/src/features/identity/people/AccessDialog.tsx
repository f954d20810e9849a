import { useMutation, useQuery } from '@tanstack/react-query'
import { type ApiKey, listUserKeys, revokeUserKey } from '../../../../../shared/contract/access/keys.ts'
import { endUserSession, endUserSessions, listUserSessions, type OwnSession } from '../../../../../shared/contract/account.ts'
import type { User } from '../../../../../shared/contract/identity.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { SessionsTable } from '../account/SessionsTable.tsx'
import { KeysTable } from '../keys/KeysTable.tsx'
import '../keys/keys.css'

const limit = 100

const Rest = ({ total, what }: { total: number; what: string }) =>
  total > limit ? <p className="muted">{`${total - limit} more ${what} are not shown; they show as these end.`}</p> : null

const Sessions = ({ user }: { user: User }) => {
  const params = { user_id: user.id }
  const { data, error } = useQuery(listOf(listUserSessions, { params, query: { skip: 0, limit } }))
  const onSettled = () => invalidate(listUserSessions)
  const endOne = useMutation({
    mutationFn: (session: OwnSession) => call(endUserSession, { params: { ...params, session_id: session.id } }),
    onSettled,
  })
  const endAll = useMutation({
    mutationFn: () => call(endUserSessions, { params }),
    onSuccess: ({ ended_sessions }) => toast(`${ended_sessions} of ${user.username}'s sessions ended.`),
    onSettled,
  })
  const wrong = error ?? endOne.error ?? endAll.error
  return (
    <section className="access-parts" aria-label="Sessions">
      <div className="access-head">
        <h3>Sessions</h3>
        <span className="grow" />
        {data !== undefined && data.total > 0 && (
          <Button size="sm" busy={endAll.isPending} onClick={() => endAll.mutate()}>
            End all
          </Button>
        )}
      </div>
      {wrong !== null && (
        <Note tone="bad" live>
          {messageOf(wrong)}
        </Note>
      )}
      {data === undefined ? (
        error === null && <Skeleton rows={2} label="Loading sessions" />
      ) : data.total === 0 ? (
        <p className="muted">Not signed in anywhere.</p>
      ) : (
        <SessionsTable
          caption={`Sessions of ${user.username}`}
          sessions={data.rows}
          endingId={endOne.isPending ? endOne.variables.id : null}
          onEnd={endOne.mutate}
        />
      )}
      <Rest total={data?.total ?? 0} what="sessions" />
    </section>
  )
}

const Keys = ({ user }: { user: User }) => {
  const params = { user_id: user.id }
  const { data, error } = useQuery(listOf(listUserKeys, { params, query: { skip: 0, limit } }))
  const revoke = useMutation({
    mutationFn: (key: ApiKey) => call(revokeUserKey, { params: { ...params, key_id: key.id } }),
    onSettled: () => invalidate(listUserKeys),
  })
  const wrong = error ?? revoke.error
  return (
    <section className="access-parts" aria-label="API keys">
      <div className="access-head">
        <h3>API keys</h3>
      </div>
      {wrong !== null && (
        <Note tone="bad" live>
          {messageOf(wrong)}
        </Note>
      )}
      {data === undefined ? (
        error === null && <Skeleton rows={2} label="Loading API keys" />
      ) : data.total === 0 ? (
        <p className="muted">None.</p>
      ) : (
        <KeysTable
          caption={`API keys of ${user.username}`}
          keys={data.rows}
          revokingId={revoke.isPending ? revoke.variables.id : null}
          onRevoke={revoke.mutate}
        />
      )}
      <Rest total={data?.total ?? 0} what="keys" />
    </section>
  )
}

/** Where a person is signed in, in this tenant, and which keys act for them; an admin ends either. */
export const AccessDialog = ({ user, onClose }: { user: User | null; onClose: () => void }) => (
  <Dialog
    isOpen={user !== null}
    onClose={onClose}
    wide
    title={`Sessions and keys of ${user?.username ?? ''}`}
    actions={<Button onClick={onClose}>Done</Button>}
  >
    {user !== null && (
      <div className="access-parts">
        <Sessions user={user} />
        <Keys user={user} />
      </div>
    )}
  </Dialog>
)
