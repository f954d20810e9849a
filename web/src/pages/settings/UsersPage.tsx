import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { deactivateUser, inviteUser, listUsers, updateUser, type User } from '../../../../shared/contract/identity.ts'
import { call } from '../../api/call.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf } from '../../api/queries.ts'
import { invalidate } from '../../api/query-client.ts'
import { useMay, useSession } from '../../api/session.ts'
import { FactorPolicy } from '../../features/identity/factors/FactorPolicy.tsx'
import { ResetFactorDialog } from '../../features/identity/factors/ResetFactorDialog.tsx'
import { AccessDialog } from '../../features/identity/people/AccessDialog.tsx'
import { AddUserDialog } from '../../features/identity/people/AddUserDialog.tsx'
import { EditUserDialog } from '../../features/identity/people/EditUserDialog.tsx'
import { InviteByLinkDialog } from '../../features/identity/people/InviteByLinkDialog.tsx'
import { InviteLink, type Invitation } from '../../features/identity/people/InviteLink.tsx'
import { PendingInvitations } from '../../features/identity/people/PendingInvitations.tsx'
import { ResetLinkDialog } from '../../features/identity/people/ResetLinkDialog.tsx'
import { type UserAction, UsersTable } from '../../features/identity/people/UsersTable.tsx'
import { Button } from '../../ui/actions/Button.tsx'
import { Pager } from '../../ui/data/Pager.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { toast } from '../../ui/feedback/toast-queue.ts'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { Panel } from '../../ui/layout/Panel.tsx'
import { Dialog } from '../../ui/overlay/Dialog.tsx'
import './settings.css'

const route = getRouteApi('/t/$tenantId/settings/users')
const limit = 100

/** The dialogs of the page, one of which may be open, and the actions that need none. */
const useUserActions = () => {
  const [editing, setEditing] = useState<User | null>(null)
  const [watching, setWatching] = useState<User | null>(null)
  const [resetting, setResetting] = useState<User | null>(null)
  const [unlocking, setUnlocking] = useState<User | null>(null)
  const [leaving, setLeaving] = useState<User | null>(null)
  const [invitation, setInvitation] = useState<Invitation | null>(null)
  const invite = useMutation({
    mutationFn: (user: User) => call(inviteUser, { params: { user_id: user.id } }),
    onSuccess: (made, user) => setInvitation({ username: user.username, token: made.invite, expires_at: made.invite_expires_at }),
  })
  const activate = useMutation({
    mutationFn: (user: User) => call(updateUser, { params: { user_id: user.id }, body: { is_active: true } }),
    onSuccess: async (user) => {
      await invalidate(listUsers)
      toast(`${user.username} can sign in again.`)
    },
  })
  const deactivate = useMutation({
    mutationFn: (user: User) => call(deactivateUser, { params: { user_id: user.id } }),
    onSuccess: async (_, user) => {
      setLeaving(null)
      await invalidate(listUsers)
      toast(`${user.username} is deactivated.`)
    },
  })
  const act = (action: UserAction, user: User) => {
    if (action === 'edit') setEditing(user)
    else if (action === 'access') setWatching(user)
    else if (action === 'reset') setResetting(user)
    else if (action === 'factor') setUnlocking(user)
    else if (action === 'invite') invite.mutate(user)
    else if (action === 'activate') activate.mutate(user)
    else {
      deactivate.reset()
      setLeaving(user)
    }
  }
  const dialogs = {
    editing,
    setEditing,
    watching,
    setWatching,
    resetting,
    setResetting,
    unlocking,
    setUnlocking,
    leaving,
    setLeaving,
    invitation,
    setInvitation,
    deactivate,
  }
  return { ...dialogs, act, error: invite.error ?? activate.error }
}

type Actions = ReturnType<typeof useUserActions>

const Dialogs = ({ actions }: { actions: Actions }) => {
  const { watching, setWatching, unlocking, setUnlocking } = actions
  const { editing, setEditing, resetting, setResetting, leaving, setLeaving, invitation, setInvitation, deactivate } = actions
  return (
    <>
      <EditUserDialog user={editing} onClose={() => setEditing(null)} />
      <AccessDialog user={watching} onClose={() => setWatching(null)} />
      <ResetLinkDialog user={resetting} onClose={() => setResetting(null)} />
      <ResetFactorDialog user={unlocking} onClose={() => setUnlocking(null)} />
      <Dialog
        isOpen={invitation !== null}
        onClose={() => setInvitation(null)}
        title="Invitation made"
        actions={<Button onClick={() => setInvitation(null)}>Done</Button>}
      >
        {invitation !== null && <InviteLink invitation={invitation} />}
      </Dialog>
      <Dialog
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        title={`Deactivate ${leaving?.username ?? ''}?`}
        actions={
          <>
            <Button onClick={() => setLeaving(null)}>Keep active</Button>
            <Button
              variant="bad"
              busy={deactivate.isPending}
              onClick={() => {
                if (leaving !== null) deactivate.mutate(leaving)
              }}
            >
              Deactivate {leaving?.username}
            </Button>
          </>
        }
      >
        <p>All sessions of this person end at once. What they imported stays, and they can be activated again.</p>
        {deactivate.error !== null && (
          <Note tone="bad" live>
            {messageOf(deactivate.error)}
          </Note>
        )}
      </Dialog>
    </>
  )
}

const Users = () => {
  const navigate = route.useNavigate()
  const search = route.useSearch()
  const me = useSession()
  const mayManage = useMay('users.manage')
  const mayRule = useMay('tenant.manage')
  const skip = Math.max(0, Math.trunc(Number(search.skip ?? '0')) || 0)
  const { data, error } = useQuery(listOf(listUsers, { query: { limit, skip } }))
  const [isAdding, setAdding] = useState(false)
  const [isInviting, setInviting] = useState(false)
  const actions = useUserActions()
  const wrong = error ?? actions.error
  return (
    <>
      {wrong !== null && (
        <Note tone="bad" live>
          {messageOf(wrong)}
        </Note>
      )}
      <Panel
        title="Users"
        actions={
          mayManage && (
            <>
              <Button icon="link" onClick={() => setInviting(true)}>
                Invite by a link
              </Button>
              <Button variant="primary" icon="plus" onClick={() => setAdding(true)}>
                Add a person
              </Button>
            </>
          )
        }
      >
        {data === undefined ? (
          error === null && <Skeleton rows={4} label="Loading people" />
        ) : (
          <>
            <UsersTable users={data.rows} me={me} mayManage={mayManage} onAct={actions.act} />
            <Pager
              skip={skip}
              limit={limit}
              total={data.total}
              what="people"
              onSkip={(next) => void navigate({ search: next === 0 ? {} : { skip: String(next) } })}
            />
          </>
        )}
      </Panel>
      {mayRule && <FactorPolicy tenantId={me.tenant_id} />}
      <PendingInvitations mayManage={mayManage} />
      <InviteByLinkDialog isOpen={isInviting} onClose={() => setInviting(false)} />
      <AddUserDialog isOpen={isAdding} onClose={() => setAdding(false)} />
      <Dialogs actions={actions} />
    </>
  )
}

/** Who followed a link here and may not see it is told who may. */
export const UsersPage = () => {
  useTitle('Users')
  return useMay('users.read') ? (
    <Users />
  ) : (
    <EmptyState title="Only admins and leads see the people of a tenant">
      <p>Your role does not. An admin of the tenant can change it.</p>
    </EmptyState>
  )
}
