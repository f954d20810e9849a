import { useMutation, useQuery } from '@tanstack/react-query'
import { type Invitation, listInvitations, withdrawInvitation } from '../../../../../shared/contract/access/memberships.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { listOf } from '../../../api/queries.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { type Column, Table } from '../../../ui/data/Table.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Panel } from '../../../ui/layout/Panel.tsx'
import { VisuallyHidden } from '../../../ui/layout/VisuallyHidden.tsx'
import { roleName } from './role-words.ts'

const columnsFor = (mayManage: boolean, onWithdraw: (invitation: Invitation) => void): readonly Column<Invitation>[] => [
  { key: 'email', head: 'For', className: 'cell-wide cut', cell: ({ email }) => email ?? 'whoever has the link' },
  { key: 'role', head: 'Role', cell: ({ role }) => roleName[role] },
  { key: 'by', head: 'Invited by', cell: ({ invited_by }) => invited_by ?? '' },
  { key: 'until', head: 'Good until', cell: ({ expires_at }) => <Time at={expires_at} to="minute" named /> },
  {
    key: 'act',
    head: <VisuallyHidden>Actions</VisuallyHidden>,
    number: true,
    cell: (invitation) =>
      mayManage && (
        <Button
          size="sm"
          aria-label={`Withdraw the invitation for ${invitation.email ?? 'whoever has the link'}`}
          onClick={() => onWithdraw(invitation)}
        >
          Withdraw
        </Button>
      ),
  },
]

/** Invitations that nobody has followed yet. */
export const PendingInvitations = ({ mayManage }: { mayManage: boolean }) => {
  const { data, error } = useQuery(listOf(listInvitations, { query: { limit: 200 } }))
  const withdraw = useMutation({
    mutationFn: (invitation: Invitation) => call(withdrawInvitation, { params: { invitation_id: invitation.id } }),
    onSuccess: async () => {
      await invalidate(listInvitations)
      toast('The invitation is withdrawn; its link opens nothing.')
    },
  })
  const wrong = error ?? withdraw.error
  if (wrong === null && (data === undefined || data.total === 0)) return null
  return (
    <Panel title="Invitations not followed yet">
      {wrong !== null && (
        <Note tone="bad" live>
          {messageOf(wrong)}
        </Note>
      )}
      {data !== undefined && (
        <Table
          caption="Invitations not followed yet"
          columns={columnsFor(mayManage, (invitation) => withdraw.mutate(invitation))}
          rows={data.rows}
          rowKey={(invitation) => invitation.id}
        />
      )}
      {data !== undefined && data.total > data.rows.length && <p className="muted">And {data.total - data.rows.length} more.</p>}
    </Panel>
  )
}
