import type { ReactNode } from 'react'
import { CopyButton } from '../../../ui/actions/CopyButton.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import './users.css'

export interface OneTimeLinkProps {
  username: string
  url: string
  expiresAt: string | null
  /** What somebody else could do with it. */
  risk?: string
  children?: ReactNode
}

/** A link that is shown this once: the server keeps only its hash. */
export const OneTimeLink = ({ username, url, expiresAt, risk = 'Whoever has it can take the account.', children }: OneTimeLinkProps) => (
  <>
    <p>
      Send this link to <strong>{username}</strong>. It works once
      {expiresAt !== null && (
        <>
          {' '}
          until <Time at={expiresAt} to="minute" named />
        </>
      )}
      . {children}
    </p>
    <div className="invite-link">
      <span className="mono">{url}</span>
      <CopyButton value={url} label="Copy the link" />
    </div>
    <Note tone="warn">It is not shown again. {risk}</Note>
  </>
)
