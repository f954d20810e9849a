import { useMutation } from '@tanstack/react-query'
import { getFactorPolicy, resetFactor } from '../../../../../shared/contract/access/second-factors.ts'
import { listUsers, type User } from '../../../../../shared/contract/identity.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { invalidate } from '../../../api/query-client.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'

const Reset = ({ user, onClose }: { user: User; onClose: () => void }) => {
  const reset = useMutation({
    mutationFn: () => call(resetFactor, { params: { user_id: user.id } }),
    onSuccess: async () => {
      onClose()
      toast(`${user.username} signs in with the password alone now.`)
      await invalidate(listUsers, getFactorPolicy)
    },
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Remove the second factor of ${user.username}?`}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="bad" busy={reset.isPending} onClick={() => reset.mutate()}>
            Remove it
          </Button>
        </>
      }
    >
      {reset.error !== null && (
        <Note tone="bad" live>
          {messageOf(reset.error)}
        </Note>
      )}
      <p>
        For somebody who lost both the phone and the recovery codes. Make sure that it is them: their password alone signs in then. All of
        their sessions end.
      </p>
    </Dialog>
  )
}

export const ResetFactorDialog = ({ user, onClose }: { user: User | null; onClose: () => void }) =>
  user === null ? null : <Reset key={user.id} user={user} onClose={onClose} />
