import { type AuditAct, type AuditSource, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError, invalid } from '../../../platform/errors.ts'
import { newSecret, sha256Hex } from '../../../platform/ids.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited, recordInAuth } from '../../audit/index.ts'
import { acceptPassword, type Deps, personOf } from '../deps.ts'
import { notified } from '../mailed/notices.ts'
import { requireOwnReach } from '../sso/reach.ts'
import { findHash } from '../store-people.ts'
import { clockOf } from './limits.ts'
import { ownerOf, ownSessionId } from './own-sessions.ts'
import { findLink, insertLink, type LinkOwner, redeemLink, replacePassword } from './store-passwords.ts'

const linkMs = 30 * 60_000

/**
 * Asking for the current password is an oracle like the sign-in, and is slowed down like it. The hash that it matched.
 * @throws AppError validation, limit
 */
export const checkCurrent = async (deps: Deps, ctx: Ctx, current: string | undefined): Promise<string> => {
  if (current === undefined || current === '') throw invalid('current_password', 'This needs your current password.')
  const userId = personOf(ctx.actor)
  const { succeed } = deps.throttle.attempt({ account: `current password of ${userId}`, ip: ctx.client?.ip ?? '' })
  const hash = await findHash(deps.auth, userId)
  const isRight = await deps.hasher.verify(hash, current)
  if (!isRight || hash === null) {
    await recordInAuth(deps.auth, sourceOf(ctx), {
      action: 'password.change',
      object_type: 'user',
      object_id: userId,
      outcome: 'failure',
      details: { reason: 'The current password was wrong' },
    })
    throw invalid('current_password', 'This is not your current password.')
  }
  succeed()
  return hash
}

export const changePassword = async (
  deps: Deps,
  ctx: Ctx,
  given: { current_password: string; new_password: string },
): Promise<{ ended_sessions: number }> => {
  await requireOwnReach(deps, ctx)
  const was = await checkCurrent(deps, ctx, given.current_password)
  const context = { username: ctx.actor.username, tenantName: ctx.tenant.name, field: 'new_password' }
  const password_hash = await acceptPassword(deps, given.new_password, context)
  const owner = ownerOf(deps, ctx)
  const act = (ended: number): AuditAct => ({
    action: 'password.change',
    object_type: 'user',
    object_id: owner.userId,
    details: { ended_sessions: ended },
  })
  const auth = notified(deps, audited(deps.auth, sourceOf(ctx), act), sourceOf(ctx), () => [
    { kind: 'password.changed', user_id: owner.userId, tenant_id: ctx.tenant.id },
  ])
  const ended = await replacePassword(auth, owner, { was, password_hash, keepId: ownSessionId(ctx) })
  deps.cache.clear()
  return { ended_sessions: ended }
}

/** For an admin to hand over. The link is in this reply alone, works once, and voids the one before it. */
export const makeResetLink = async (deps: Deps, ctx: Ctx, userId: string): Promise<{ link: string; expires_at: string }> => {
  const token = newSecret()
  const created_at = deps.now()
  const expires_at = new Date(created_at.getTime() + linkMs)
  const act = ({ id, username }: { id: string; username: string }): AuditAct => ({
    action: 'password.link',
    object_type: 'user',
    object_id: id,
    details: { username },
  })
  const auth = notified(deps, audited(deps.auth, sourceOf(ctx), act), sourceOf(ctx), () => [
    { kind: 'password.link', user_id: userId, tenant_id: ctx.tenant.id },
  ])
  await insertLink(auth, { tenantId: ctx.tenant.id, userId, by: ctx.actor }, { token_hash: sha256Hex(token), created_at, expires_at })
  // A path and no host: what the request claims to be its host must never stand in a link that resets a password.
  return { link: `/reset-password?token=${token}`, expires_at: iso(expires_at) }
}

const overLink = (): AppError => new AppError('gone', 'This link is not valid: it is used, over or replaced. Ask for a new one.')

const wasReset = (done: (LinkOwner & { ended_sessions: number; revoked_keys: number }) | null): AuditAct | null =>
  done === null
    ? null
    : {
        action: 'password.reset',
        object_type: 'user',
        object_id: done.user_id,
        details: { ended_sessions: done.ended_sessions, revoked_keys: done.revoked_keys },
        tenant_id: done.tenant_id,
        actor: { kind: 'user', user_id: done.user_id, username: done.username },
      }

/** Sets the password and signs nobody in. @throws AppError gone, validation, limit */
export const redeemResetLink = async (
  deps: Deps,
  given: { token: string; new_password: string },
  from: { ip: string; source: AuditSource },
): Promise<{ ended_sessions: number }> => {
  const { succeed } = deps.throttle.attempt({ account: 'reset link', ip: from.ip, isShared: true })
  const tokenHash = sha256Hex(given.token)
  const owner = await findLink(deps.auth, tokenHash, deps.now())
  if (owner === null) throw overLink()
  succeed()
  const context = { username: owner.username, tenantName: owner.tenant_name, field: 'new_password' }
  const password_hash = await acceptPassword(deps, given.new_password, context)
  const change = { password_hash, clock: clockOf(deps.config, deps.now()) }
  const auth = notified<LinkOwner | null>(deps, audited(deps.auth, from.source, wasReset), from.source, (reset) =>
    reset === null ? [] : [{ kind: 'password.reset', user_id: reset.user_id, tenant_id: reset.tenant_id }],
  )
  const done = await redeemLink(auth, tokenHash, change)
  if (done === null) throw overLink()
  deps.cache.clear()
  return { ended_sessions: done.ended_sessions }
}
