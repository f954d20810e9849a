import type { User } from '../../../shared/contract/identity.ts'
import type { Role } from '../../../shared/domain/permissions.ts'
import { type AuditAct, sourceOf } from '../../platform/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { forbidden } from '../../platform/errors.ts'
import { sha256Hex } from '../../platform/ids.ts'
import { iso } from '../../platform/iso-time.ts'
import { audited } from '../audit/index.ts'
import { acceptPassword, type Deps } from './deps.ts'
import { mailedInvitation } from './mailed/invitations.ts'
import { notifiedOfAddress } from './mailed/notices.ts'
import { requireOwnReach } from './sso/reach.ts'
import * as store from './store-people.ts'
import { changePerson, type PersonChanges } from './store-rights.ts'

const invitationMs = 7 * 86_400_000

export interface NewUser {
  username: string
  email?: string
  full_name?: string
  role: Role
  password?: string
}
export type CreatedUser = User & { invite: string | null; invite_expires_at: string | null }

const makeInvitation = (deps: Deps, ctx: Ctx) => {
  const expires_at = new Date(deps.now().getTime() + invitationMs)
  const { token, around } = mailedInvitation(deps, ctx, expires_at)
  const mailed = (auth: store.AuthDb) => around<User>(auth, ({ id, ...user }) => ({ user_id: id, ...user }))
  return { token, mailed, row: { token_hash: sha256Hex(token), expires_at } }
}

export const listUsers = (deps: Deps, ctx: Ctx, page: { skip: number; limit: number }) => store.listPeople(deps.auth, ctx.tenant.id, page)

/** Oneself, or anybody of the tenant for those who may read its people; for the others every other id is the same. */
export const getUser = (deps: Deps, ctx: Ctx, userId: string): Promise<User> => {
  if (userId !== ctx.actor.user_id && !ctx.can('users.read')) throw forbidden()
  return store.getPerson(deps.auth, ctx.tenant.id, userId)
}

const onPerson =
  (action: AuditAct['action'], details: AuditAct['details'] = {}) =>
  (user: User): AuditAct => ({ action, object_type: 'user', object_id: user.id, details: { username: user.username, ...details } })

const personFrom = (given: NewUser, password_hash: string | null): store.NewPerson => ({
  username: given.username,
  email: given.email ?? null,
  full_name: given.full_name ?? null,
  password_hash,
})

/** Without a password the reply holds an invitation: shown once, kept as a hash, good for seven days. */
export const createUser = async (deps: Deps, ctx: Ctx, given: NewUser): Promise<CreatedUser> => {
  const { password, role, username } = given
  const password_hash = password === undefined ? null : await acceptPassword(deps, password, { username, tenantName: ctx.tenant.name })
  const invitation = password === undefined ? makeInvitation(deps, ctx) : null
  const auth = audited(deps.auth, sourceOf(ctx), onPerson('user.create', { role }))
  const user = await store.insertMember(invitation?.mailed(auth) ?? auth, personFrom(given, password_hash), {
    tenantId: ctx.tenant.id,
    role,
    invitedBy: ctx.actor.user_id,
    invitation: invitation?.row ?? null,
  })
  return { ...user, invite: invitation?.token ?? null, invite_expires_at: iso(invitation?.row.expires_at ?? null) }
}

export const updateUser = async (deps: Deps, ctx: Ctx, userId: string, changes: PersonChanges): Promise<User> => {
  if (userId === ctx.actor.user_id) await requireOwnReach(deps, ctx)
  const act = onPerson(changes.is_active === false ? 'user.deactivate' : 'user.update', { changes })
  const auth = await notifiedOfAddress(deps, ctx, audited(deps.auth, sourceOf(ctx), act), { userId, email: changes.email })
  const user = await changePerson(auth, { tenantId: ctx.tenant.id, userId, by: ctx.actor }, changes)
  deps.cache.clear()
  return user
}

export const inviteAgain = async (deps: Deps, ctx: Ctx, userId: string): Promise<{ invite: string; invite_expires_at: string }> => {
  const { token, row, mailed } = makeInvitation(deps, ctx)
  const auth = mailed(audited(deps.auth, sourceOf(ctx), onPerson('user.invite')))
  await store.replaceInvitation(auth, ctx.tenant.id, userId, { ...row, created_by: ctx.actor.user_id })
  return { invite: token, invite_expires_at: iso(row.expires_at) }
}
