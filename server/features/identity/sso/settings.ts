import type { SsoSettings, SsoState } from '../../../../shared/contract/access/sso.ts'
import { ssoReturnPath } from '../../../../shared/contract/access/sso.ts'
import { type Role, shownRole } from '../../../../shared/domain/permissions.ts'
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited } from '../../audit/index.ts'
import type { Deps } from '../deps.ts'
import { type Provider, readIssuer } from './provider.ts'
import { dropProvider, findProvider, type ProviderRow, putProvider } from './store-providers.ts'

/** The secret is bound to its tenant: copied to another one's row it opens nothing. */
export const secretBound = (tenantId: string) => ({ purpose: 'sso_providers.client_secret', owner_id: tenantId })

/** The row as the provider is spoken to. */
export const opened = async (deps: Deps, row: ProviderRow): Promise<Provider> => ({
  ...row,
  client_secret: row.client_secret === null ? null : await deps.vault.open(row.client_secret, secretBound(row.tenant_id)),
})

/** Where the web app is reached: as the operator says, else as the browser that asks has it. */
export const baseOf = (deps: Deps, origin: string): string => deps.config.PUBLIC_URL ?? origin

const toSettings = (row: ProviderRow): SsoSettings => ({
  is_enabled: row.is_enabled,
  label: row.label,
  issuer: row.issuer,
  client: row.client_id,
  has_client_secret: row.client_secret !== null,
  scopes: row.scopes,
  groups_claim: row.groups_claim,
  role_map: row.role_map.map(({ group, role }) => ({ group, role: shownRole(role) })),
  default_role: row.default_role === null ? null : shownRole(row.default_role),
  may_link_by_email: row.may_link_by_email,
  updated_at: iso(row.updated_at),
})

const stateOf = (deps: Deps, ctx: Ctx, row: ProviderRow | null, origin: string): SsoState => ({
  settings: row && toSettings(row),
  return_address: baseOf(deps, origin) + ssoReturnPath,
  sign_in_address: `${baseOf(deps, origin)}/sign-in/sso?tenant=${ctx.tenant.id}`,
})

export const readSso = async (deps: Deps, ctx: Ctx, origin: string): Promise<SsoState> =>
  stateOf(deps, ctx, await findProvider(deps.auth, ctx.tenant.id), origin)

export interface SsoWish {
  is_enabled: boolean
  label: string
  issuer: string
  client: string
  client_secret?: string | null
  scopes: string
  groups_claim: string
  role_map: { group: string; role: Role }[]
  default_role: Role | null
  may_link_by_email: boolean
}

/** A secret goes to the server that it was given for, and to no other. */
const secretFor = async (deps: Deps, ctx: Ctx, wish: SsoWish): Promise<string | null> => {
  if (wish.client_secret !== undefined)
    return wish.client_secret === null ? null : await deps.vault.seal(wish.client_secret, secretBound(ctx.tenant.id))
  const kept = await findProvider(deps.auth, ctx.tenant.id)
  return kept?.issuer === wish.issuer && kept.client_id === wish.client ? kept.client_secret : null
}

/** @throws AppError validation when it is on and the provider does not answer as one */
export const writeSso = async (deps: Deps, ctx: Ctx, wish: SsoWish, origin: string): Promise<SsoState> => {
  readIssuer(wish.issuer)
  const scopes = wish.scopes.split(' ').includes('openid') ? wish.scopes : `openid ${wish.scopes}`
  const client_secret = await secretFor(deps, ctx, wish)
  const { client, ...rest } = wish
  const row: ProviderRow = { ...rest, client_id: client, tenant_id: ctx.tenant.id, scopes, client_secret, updated_at: deps.now() }
  if (row.is_enabled) await deps.providers.check(await opened(deps, row))
  const act = ({ ended_sessions }: { ended_sessions: number }): AuditAct => ({
    action: 'sso.update',
    object_type: 'sso',
    object_id: ctx.tenant.id,
    details: { ...toSettings(row), is_secret_new: wish.client_secret !== undefined, ended_sessions },
  })
  const { saved } = await putProvider(audited(deps.auth, sourceOf(ctx), act), { ...row, updated_by: ctx.actor.user_id })
  deps.cache.clear()
  return stateOf(deps, ctx, saved, origin)
}

export const removeSso = async (deps: Deps, ctx: Ctx): Promise<void> => {
  const act = ({ ended_sessions }: { ended_sessions: number }): AuditAct => ({
    action: 'sso.remove',
    object_type: 'sso',
    object_id: ctx.tenant.id,
    details: { ended_sessions },
  })
  await dropProvider(audited(deps.auth, sourceOf(ctx), act), ctx.tenant.id, deps.now())
  deps.cache.clear()
}
