import type { Membership } from '../../../../shared/contract/access/memberships.ts'
import { type Role, type ShownRole, shownRole } from '../../../../shared/domain/permissions.ts'
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { newSecret, sha256Hex } from '../../../platform/ids.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited } from '../../audit/index.ts'
import { ownSessionId } from '../account/own-sessions.ts'
import { type Deps, personOf } from '../deps.ts'
import { signAccess } from '../sessions.ts'
import { joinAsPlatform } from './store-joining.ts'
import { type Joined, listReachable, moveSession, type Switched } from './store-memberships.ts'

const self = (ctx: Ctx) => ({ userId: personOf(ctx.actor), sessionId: ownSessionId(ctx) })

export const listMemberships = async (deps: Deps, ctx: Ctx): Promise<Membership[]> =>
  (await listReachable(deps.auth, self(ctx))).map((row) => ({
    tenant_id: row.tenant_id,
    tenant_name: row.tenant_name,
    role: shownRole(row.role),
    is_current: row.tenant_id === ctx.tenant.id,
    joined_at: iso(row.created_at),
  }))

export interface SwitchReply {
  tenant_id: string
  tenant_name: string
  role: ShownRole
  access_token: string | null
  token_type: 'bearer' | null
  expires_in: number | null
}

/** It stands in the chain of the tenant that is entered, and does not say which one was left: that is none of its business. */
const switched =
  (sessionId: string) =>
  ({ tenant_id }: Switched): AuditAct => ({ action: 'session.switch', object_type: 'session', object_id: sessionId, tenant_id })

/** The new secret of a browser's session goes into its cookie; an API client gets another access token and keeps its refresh token. */
export const switchTenant = async (
  deps: Deps,
  ctx: Ctx,
  tenantId: string,
): Promise<{ reply: SwitchReply; cookie: { secret: string; expires_at: Date } | null }> => {
  const who = self(ctx)
  const secret = newSecret()
  const auth = audited(deps.auth, sourceOf(ctx), switched(who.sessionId))
  const seat = await moveSession(auth, who, { tenantId, tokenHash: sha256Hex(secret) })
  deps.cache.clear()
  const shown = { tenant_id: seat.tenant_id, tenant_name: seat.tenant_name, role: shownRole(seat.role) }
  if (seat.kind === 'browser')
    return { reply: { ...shown, access_token: null, token_type: null, expires_in: null }, cookie: { secret, expires_at: seat.expires_at } }
  const access = await signAccess(deps, { id: who.sessionId, user_id: who.userId, tenant_id: seat.tenant_id, role: seat.role })
  return { reply: { ...shown, access_token: access.token, token_type: 'bearer', expires_in: access.seconds }, cookie: null }
}

/** One who runs the installation reads nothing of a tenant before this, and it is told to both. */
export const joinTenant = async (deps: Deps, ctx: Ctx, tenantId: string, role: Role) => {
  const act = ({ tenant_id, tenant_name }: Joined): AuditAct => ({
    action: 'tenant.join',
    object_type: 'tenant',
    object_id: tenant_id,
    tenant_id,
    in_platform_too: true,
    details: { name: tenant_name, role },
  })
  const joined = await joinAsPlatform(audited(deps.auth, sourceOf(ctx), act), { user_id: personOf(ctx.actor) }, { tenantId, role })
  deps.cache.clear()
  return { ...joined, role: shownRole(joined.role) }
}
