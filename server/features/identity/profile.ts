import type { User } from '../../../shared/contract/identity.ts'
import { type AuditAct, sourceOf } from '../../platform/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { audited } from '../audit/index.ts'
import { checkCurrent } from './account/passwords.ts'
import { acceptPassword, type Deps, personOf } from './deps.ts'
import { notifiedOfAddress, notifiedSelf } from './mailed/notices.ts'
import { requireOwnReach } from './sso/reach.ts'
import { getPerson } from './store-people.ts'
import { changeOwn } from './store-rights.ts'

export interface ProfileChanges {
  username?: string
  email?: string | null
  full_name?: string | null
  password?: string
  current_password?: string
}

export const whoAmI = async (deps: Deps, ctx: Ctx): Promise<User> => ({
  ...(await getPerson(deps.auth, ctx.tenant.id, personOf(ctx.actor))),
  must_set_up_factor: ctx.actor.must_set_up_factor === true || ctx.actor.must_use_passkey === true,
})

export const updateMe = async (deps: Deps, ctx: Ctx, changes: ProfileChanges): Promise<User> => {
  await requireOwnReach(deps, ctx)
  const { password, current_password, ...profile } = changes
  const before = await getPerson(deps.auth, ctx.tenant.id, personOf(ctx.actor))
  const isOtherAddress = profile.email !== undefined && profile.email?.toLowerCase() !== before.email?.toLowerCase()
  // Whoever has the address gets the links that set a password: a session that was left open must not be enough for it.
  const isProven = password === undefined && !(isOtherAddress && deps.mail.isSetUp)
  const was = isProven ? undefined : await checkCurrent(deps, ctx, current_password)
  const names = { username: profile.username ?? ctx.actor.username, tenantName: ctx.tenant.name }
  const password_hash = password === undefined ? undefined : await acceptPassword(deps, password, names)
  const self = { tenantId: ctx.tenant.id, userId: personOf(ctx.actor), sessionId: ctx.actor.session_id, now: deps.now(), was }
  const changed = (): AuditAct => ({
    action: password === undefined ? 'profile.update' : 'password.change',
    object_type: 'user',
    object_id: self.userId,
    details: { fields: Object.keys(profile) },
  })
  const changing = audited(deps.auth, sourceOf(ctx), changed)
  const told = password === undefined ? changing : notifiedSelf(deps, ctx, changing, 'password.changed')
  const auth = await notifiedOfAddress(deps, ctx, told, { userId: self.userId, email: profile.email })
  const user = await changeOwn(auth, self, { ...profile, password_hash })
  deps.cache.clear()
  return user
}
