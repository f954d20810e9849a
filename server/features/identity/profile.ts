import type { User } from '../../../shared/contract/identity.ts'
import { type AuditAct, sourceOf } from '../../platform/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { invalid } from '../../platform/errors.ts'
import { audited } from '../audit/index.ts'
import { acceptPassword, type Deps, personOf } from './deps.ts'
import { findHash, getPerson } from './store-people.ts'
import { changeOwn } from './store-rights.ts'

export interface ProfileChanges {
  username?: string
  email?: string | null
  full_name?: string | null
  password?: string
  current_password?: string
}

export const whoAmI = (deps: Deps, ctx: Ctx): Promise<User> => getPerson(deps.auth, ctx.tenant.id, personOf(ctx.actor))

/** Asking for the current password is an oracle like the sign-in, and is slowed down like it. */
const checkCurrent = async (deps: Deps, ctx: Ctx, current: string | undefined): Promise<void> => {
  if (current === undefined || current === '') throw invalid('current_password', 'A new password needs the current one.')
  const { succeed } = deps.throttle.attempt({ account: `current password of ${personOf(ctx.actor)}`, ip: ctx.client?.ip ?? '' })
  const isRight = await deps.hasher.verify(await findHash(deps.auth, personOf(ctx.actor)), current)
  if (!isRight) throw invalid('current_password', 'This is not your current password.')
  succeed()
}

export const updateMe = async (deps: Deps, ctx: Ctx, changes: ProfileChanges): Promise<User> => {
  const { password, current_password, ...profile } = changes
  if (password !== undefined) await checkCurrent(deps, ctx, current_password)
  const names = { username: profile.username ?? ctx.actor.username, tenantName: ctx.tenant.name }
  const password_hash = password === undefined ? undefined : await acceptPassword(deps, password, names)
  const self = { tenantId: ctx.tenant.id, userId: personOf(ctx.actor), sessionId: ctx.actor.session_id, now: deps.now() }
  const changed = (): AuditAct => ({
    action: password === undefined ? 'profile.update' : 'password.change',
    object_type: 'user',
    object_id: self.userId,
    details: { fields: Object.keys(profile) },
  })
  const user = await changeOwn(audited(deps.auth, sourceOf(ctx), changed), self, { ...profile, password_hash })
  deps.cache.clear()
  return user
}
