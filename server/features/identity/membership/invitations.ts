// Invitations for whoever holds the link. Whether the address has an account is looked up by nobody: it shows when the
// person follows the link, to them alone.
import type { Invitation } from '../../../../shared/contract/access/memberships.ts'
import { type Role, type ShownRole, shownRole } from '../../../../shared/domain/permissions.ts'
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId, sha256Hex } from '../../../platform/ids.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited, recordInAuth } from '../../audit/index.ts'
import { type Deps, type Origin, personOf } from '../deps.ts'
import { mailedInvitation } from '../mailed/invitations.ts'
import { type Accepted, acceptByAccount, deletePending, findInvitation, insertInvitation, listPending } from './store-invitations.ts'

const invitationMs = 7 * 86_400_000

export interface Wish {
  email?: string
  role: Role
}

export interface MadeInvitation extends Invitation {
  /** A path on this server, with the token that is kept as a hash. */
  link: string
}

/** What a mail about an invitation needs. */
export interface InvitationNews {
  invitation: MadeInvitation
  tenant: { id: string; name: string }
}

const made =
  (invitation: { id: string; email: string | null; role: Role }, tenant: { id: string; isForeign: boolean }) => (): AuditAct => ({
    action: 'invitation.create',
    object_type: 'invitation',
    object_id: invitation.id,
    tenant_id: tenant.id,
    in_platform_too: tenant.isForeign,
    details: { email: invitation.email, role: invitation.role },
  })

export interface InviteOptions {
  /** Another tenant than that of the context: for one who runs the installation. */
  tenantId?: string
}

/** The one way to invite. @throws AppError forbidden, not_found, conflict */
export const invite = async (deps: Deps, ctx: Ctx, wish: Wish, o: InviteOptions = {}): Promise<InvitationNews> => {
  const created_at = deps.now()
  const expires_at = new Date(created_at.getTime() + invitationMs)
  const { token, around } = mailedInvitation(deps, ctx, expires_at)
  const row = {
    id: newId(),
    email: wish.email ?? null,
    role: wish.role,
    created_at,
    expires_at,
  }
  const isForeign = o.tenantId !== undefined
  const tenantId = o.tenantId ?? ctx.tenant.id
  const auth = around<{ tenant_name: string }>(
    audited(deps.auth, sourceOf(ctx), made(row, { id: tenantId, isForeign })),
    ({ tenant_name: name }) => ({
      user_id: null,
      tenant_id: tenantId,
      tenant_name: name,
      email: row.email,
    }),
  )
  const seat = { tenantId, by: { user_id: ctx.actor.user_id, isPlatform: isForeign } }
  const { tenant_name } = await insertInvitation(auth, seat, { ...row, token_hash: sha256Hex(token) })
  const shown = {
    ...row,
    role: shownRole(row.role),
    invited_by: ctx.actor.username,
    created_at: iso(created_at),
    expires_at: iso(row.expires_at),
  }
  return { invitation: { ...shown, link: `/invite/${token}` }, tenant: { id: tenantId, name: tenant_name } }
}

export const listInvitations = async (
  deps: Deps,
  ctx: Ctx,
  page: { skip: number; limit: number },
): Promise<{ items: Invitation[]; total: number }> => {
  const { items, total } = await listPending(deps.auth, { tenantId: ctx.tenant.id, now: deps.now() }, page)
  return {
    items: items.map((row) => ({ ...row, role: shownRole(row.role), created_at: iso(row.created_at), expires_at: iso(row.expires_at) })),
    total,
  }
}

export const withdrawInvitation = async (deps: Deps, ctx: Ctx, id: string): Promise<void> => {
  const act = (gone: { email: string | null; role: Role }): AuditAct => ({
    action: 'invitation.withdraw',
    object_type: 'invitation',
    object_id: id,
    details: { ...gone },
  })
  await deletePending(audited(deps.auth, sourceOf(ctx), act), { tenantId: ctx.tenant.id, now: deps.now() }, id)
}

export const overInvitation = (): AppError =>
  new AppError('gone', 'This invitation is not valid: it is used, over or replaced. Ask for a new one.')

const attempt = (deps: Deps, ip: string) => deps.throttle.attempt({ account: 'invitation', ip, isShared: true })

export const readInvitation = async (deps: Deps, token: string, from: Origin) => {
  const { succeed } = attempt(deps, from.ip)
  const found = await findInvitation(deps.auth, sha256Hex(token), deps.now())
  if (found === null) throw overInvitation()
  succeed()
  return {
    tenant_name: found.tenant_name,
    role: shownRole(found.role),
    email: found.email,
    expires_at: iso(found.expires_at),
    is_for_new_account: found.user_id !== null,
  }
}

/** One who runs the installation and becomes a member by an invitation is told of in both chains too. */
const joined =
  (ctx: Ctx) =>
  (accepted: Accepted | null): AuditAct | null =>
    accepted && {
      action: 'user.join',
      object_type: 'user',
      object_id: ctx.actor.user_id,
      tenant_id: accepted.tenant_id,
      in_platform_too: accepted.is_platform_admin,
      details: { username: ctx.actor.username, role: accepted.role },
    }

export const acceptInvitation = async (
  deps: Deps,
  ctx: Ctx,
  token: string,
): Promise<{ tenant_id: string; tenant_name: string; role: ShownRole }> => {
  const { succeed } = attempt(deps, ctx.client?.ip ?? '')
  const who = { userId: personOf(ctx.actor), now: deps.now() }
  const accepted = await acceptByAccount(audited(deps.auth, sourceOf(ctx), joined(ctx)), sha256Hex(token), who)
  if (accepted === null) {
    await recordInAuth(deps.auth, sourceOf(ctx), { action: 'user.join', object_type: 'user', object_id: who.userId, outcome: 'failure' })
    throw overInvitation()
  }
  succeed()
  deps.cache.clear()
  return { tenant_id: accepted.tenant_id, tenant_name: accepted.tenant_name, role: shownRole(accepted.role) }
}
