import { OneTimeLink } from './OneTimeLink.tsx'

export interface Invitation {
  username: string
  token: string
  expires_at: string | null
}

export const inviteUrl = (origin: string, { token, username }: Pick<Invitation, 'token' | 'username'>): string =>
  `${origin}/invite/${encodeURIComponent(token)}?${new URLSearchParams({ as: username }).toString()}`

export const InviteLink = ({ invitation }: { invitation: Invitation }) => (
  <OneTimeLink username={invitation.username} url={inviteUrl(window.location.origin, invitation)} expiresAt={invitation.expires_at} />
)
