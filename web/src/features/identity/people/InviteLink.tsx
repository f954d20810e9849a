import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'

export interface Invitation {
  username: string
  token: string
  expires_at: string | null
}

export const inviteUrl = (origin: string, { token, username }: Pick<Invitation, 'token' | 'username'>): string =>
  `${origin}/invite/${encodeURIComponent(token)}?${new URLSearchParams({ as: username }).toString()}`

/** The link is shown this once: the server keeps only its hash. */
export const InviteLink = ({ invitation }: { invitation: Invitation }) => {
  const url = inviteUrl(window.location.origin, invitation)
  return (
    <>
      <p>
        Send this link to <strong>{invitation.username}</strong>. It works once
        {invitation.expires_at !== null && (
          <>
            {' '}
            until <Time at={invitation.expires_at} to="minute" named />
          </>
        )}
        .
      </p>
      <div className="invite-link">
        <span className="mono">{url}</span>
        <CopyButton value={url} label="Copy the link" />
      </div>
      <Note tone="warn">It is not shown again. Whoever has it can take the account.</Note>
    </>
  )
}
