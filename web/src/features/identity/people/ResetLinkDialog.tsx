import { useMutation } from '@tanstack/react-query'
import { makePasswordReset } from '../../../../../shared/contract/account.ts'
import type { User } from '../../../../../shared/contract/identity.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Dialog } from '../../../ui/overlay/Dialog.tsx'
import { OneTimeLink } from './OneTimeLink.tsx'

const ResetLink = ({ user, onClose }: { user: User; onClose: () => void }) => {
  const make = useMutation({ mutationFn: () => call(makePasswordReset, { params: { user_id: user.id } }) })
  const isMade = make.data !== undefined
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Reset the password of ${user.username}`}
      actions={
        isMade ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button variant="primary" busy={make.isPending} onClick={() => make.mutate()}>
              Make a reset link
            </Button>
          </>
        )
      }
    >
      {make.error !== null && (
        <Note tone="bad" live>
          {messageOf(make.error)}
        </Note>
      )}
      {isMade ? (
        <OneTimeLink username={user.username} url={window.location.origin + make.data.link} expiresAt={make.data.expires_at}>
          With it they set a new password, and all of their sessions end.
        </OneTimeLink>
      ) : (
        <p>
          You get a link to hand over, good for half an hour; one that was made before stops working. Their password and sessions stay as
          they are until they use it.
        </p>
      )}
    </Dialog>
  )
}

export const ResetLinkDialog = ({ user, onClose }: { user: User | null; onClose: () => void }) =>
  user === null ? null : <ResetLink key={user.id} user={user} onClose={onClose} />
