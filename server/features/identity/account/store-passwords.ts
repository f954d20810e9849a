import type { Transaction } from 'kysely'
import type { User } from '../../../../shared/contract/identity.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { conflict, forbidden } from '../../../platform/errors.ts'
import { liftBlock } from '../factors/store-factors.ts'
import { permitGrant } from '../membership/store-memberships.ts'
import { belongsElsewhere, personIn } from '../store-people.ts'
import { revokeKeysOf } from '../keys/store-keys.ts'
import type { Changer } from '../store-rights.ts'
import { type Owner, revokeAll } from './store-own-sessions.ts'

type Q = Transaction<Tables>

const dropLinks = (q: Q, userId: string): Promise<unknown> => q.deleteFrom('password_resets').where('user_id', '=', userId).execute()

/**
 * Sets the password if it is still the one that was given as the current one, ends every session but `keepId` and voids
 * reset links, in one transaction. How many sessions that were alive it ended.
 */
export const replacePassword = (
  auth: AuthDb,
  owner: Owner,
  change: { was: string; password_hash: string; keepId: string },
): Promise<number> =>
  inAuth(auth, async (q) => {
    const set = await q
      .updateTable('users')
      .set({ password_hash: change.password_hash })
      .where('id', '=', owner.userId)
      .where('password_hash', '=', change.was)
      .returning('id')
      .executeTakeFirst()
    if (set === undefined) throw conflict('The password was changed by somebody else at the same moment. Sign in again.')
    await dropLinks(q, owner.userId)
    await liftBlock(q, owner.userId)
    return await revokeAll(q, owner, change.keepId)
  })

export interface NewLink {
  token_hash: string
  created_at: Date
  expires_at: Date
}

/** A link sets a password, so it is for accounts alone that the one who makes it could change anyway, and never for their own. */
const permitLink = async (q: Q, user: User, by: Changer): Promise<void> => {
  if (user.id === by.user_id) throw conflict('Change your own password under Settings, Account.')
  if (!user.is_active) throw conflict('This person is deactivated. Activate them first.')
  if (user.invited) throw conflict('This person has not chosen a password yet. Make a new invitation instead.')
  if (!user.has_password) throw conflict('This person signs in by single sign-on and has no password here.')
  if (by.is_platform_admin) return
  if (user.is_platform_admin) throw forbidden('Only a platform admin may change a platform admin.')
  if (await belongsElsewhere(q, user)) throw forbidden('This person belongs to other tenants too. Ask a platform admin for the link.')
}

/** @throws AppError not_found, forbidden, conflict */
export const insertLink = (auth: AuthDb, seat: { tenantId: string; userId: string; by: Changer }, link: NewLink): Promise<User> =>
  inAuth(auth, async (q) => {
    await permitGrant(q, seat.by, { tenantId: seat.tenantId })
    // Who joins another tenant holds the account: that is seen below, or comes after the link.
    await q.selectFrom('users').select('id').where('id', '=', seat.userId).forUpdate().execute()
    const user = await personIn(q, seat.tenantId, seat.userId)
    await permitLink(q, user, seat.by)
    const row = { ...link, tenant_id: seat.tenantId, created_by: seat.by.user_id }
    await q
      .insertInto('password_resets')
      .values({ ...row, user_id: user.id })
      .onConflict((on) => on.column('user_id').doUpdateSet(row))
      .execute()
    return user
  })

export interface LinkOwner {
  user_id: string
  username: string
  tenant_id: string
  tenant_name: string
}

const usable = (q: Q, tokenHash: string, now: Date) =>
  q
    .selectFrom('password_resets as r')
    .innerJoin('users as u', 'u.id', 'r.user_id')
    .innerJoin('tenants as t', 't.id', 'r.tenant_id')
    .innerJoin('memberships as m', (on) => on.onRef('m.user_id', '=', 'r.user_id').onRef('m.tenant_id', '=', 'r.tenant_id'))
    .select(['r.user_id', 'u.username', 'r.tenant_id', 't.name as tenant_name'])
    .where('r.token_hash', '=', tokenHash)
    .where('r.expires_at', '>', now)
    .where('u.is_active', '=', true)
    .where('m.is_active', '=', true)
    .where('u.password_hash', 'is not', null)
    .where('t.state', '=', 'active')

/** Whose link it is, without spending it; null when it is used, over, replaced or never was. */
export const findLink = (auth: AuthDb, tokenHash: string, now: Date): Promise<LinkOwner | null> =>
  inAuth(auth, async (q) => (await usable(q, tokenHash, now).executeTakeFirst()) ?? null)

/** Spends the link, sets the password, and ends every session and API key of the person: whoever had the account may have made them. */
export const redeemLink = (
  auth: AuthDb,
  tokenHash: string,
  change: Omit<Owner, 'userId'> & { password_hash: string },
): Promise<(LinkOwner & { ended_sessions: number; revoked_keys: number }) | null> =>
  inAuth(auth, async (q) => {
    const { password_hash, ...when } = change
    const owner = await usable(q, tokenHash, when.clock.now).forUpdate(['r', 'u']).executeTakeFirst()
    if (owner === undefined) return null
    await dropLinks(q, owner.user_id)
    await q.updateTable('users').set({ password_hash }).where('id', '=', owner.user_id).execute()
    await liftBlock(q, owner.user_id)
    const revoked_keys = await revokeKeysOf(q, owner.user_id, when.clock.now)
    return { ...owner, revoked_keys, ended_sessions: await revokeAll(q, { ...when, userId: owner.user_id }, null) }
  })
