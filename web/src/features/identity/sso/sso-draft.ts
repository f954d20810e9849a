import type { putSso, SsoState } from '../../../../../shared/contract/access/sso.ts'
import type { ShownRole } from '../../../../../shared/domain/permissions.ts'
import type { Sent } from '../../../../../shared/contract/route.ts'
import { faultsOf } from '../account-faults.ts'

/** A line of the mapping, with a key of its own while it is edited. */
export interface RoleLine {
  key: number
  group: string
  role: ShownRole
}
export type DefaultRole = ShownRole | 'none'

export interface SsoDraft {
  is_enabled: boolean
  label: string
  issuer: string
  client: string
  /** Empty: what is kept stays. */
  client_secret: string
  scopes: string
  groups_claim: string
  lines: readonly RoleLine[]
  default_role: DefaultRole
  may_link_by_email: boolean
}

const blank: SsoDraft = {
  is_enabled: true,
  label: '',
  issuer: '',
  client: '',
  client_secret: '',
  scopes: 'openid profile email',
  groups_claim: 'groups',
  lines: [],
  default_role: 'none',
  may_link_by_email: false,
}

export const draftOf = ({ settings }: SsoState): SsoDraft => {
  if (settings === null) return blank
  const { is_enabled, label, issuer, client, scopes, groups_claim, may_link_by_email } = settings
  const lines = settings.role_map.map((line, key) => ({ key, ...line }))
  const kept = { is_enabled, label, issuer, client, scopes, groups_claim, may_link_by_email }
  return { ...blank, ...kept, lines, default_role: settings.default_role ?? 'none' }
}

/** Whether the secret that is kept stays: it goes with its provider and client. */
export const keepsSecret = (draft: SsoDraft, { settings }: SsoState): boolean =>
  settings !== null && settings.has_client_secret && settings.issuer === draft.issuer.trim() && settings.client === draft.client.trim()

export const ssoFaults = (draft: SsoDraft): Record<string, string> => {
  const issuer = draft.issuer.trim()
  const isAddress = URL.canParse(issuer) && /^https?:$/.test(new URL(issuer).protocol)
  return faultsOf({
    label: draft.label.trim() === '' ? 'Say what people know the provider by.' : undefined,
    issuer: isAddress ? undefined : 'Enter the address of the provider, such as https://login.example.org.',
    client: draft.client.trim() === '' ? 'Enter the client id that the provider gave.' : undefined,
    groups_claim: draft.groups_claim.trim() === '' ? 'Name the claim that holds the groups.' : undefined,
  })
}

export const bodyOf = (draft: SsoDraft): Sent<typeof putSso>['body'] => ({
  is_enabled: draft.is_enabled,
  label: draft.label.trim(),
  issuer: draft.issuer.trim(),
  client: draft.client.trim(),
  ...(draft.client_secret === '' ? {} : { client_secret: draft.client_secret }),
  scopes: draft.scopes.trim().replaceAll(/\s+/g, ' '),
  groups_claim: draft.groups_claim.trim(),
  role_map: draft.lines.filter((line) => line.group.trim() !== '').map(({ group, role }) => ({ group: group.trim(), role })),
  default_role: draft.default_role === 'none' ? null : draft.default_role,
  may_link_by_email: draft.may_link_by_email,
})
