import type { Transaction } from 'kysely'
import type { User } from '../../../shared/contract/identity.ts'
import { permissionsOf, type Role, roleOf } from '../../../shared/domain/permissions.ts'
import { inAuth } from '../../db/auth.ts'
import type { Tables } from '../../db/tables.ts'
import { conflict, forbidden } from '../../platform/errors.ts'
import { liftBlock } from './factors/store-factors.ts'
import { changeRights, permitGrant } from './membership/store-memberships.ts'
import { type AuthDb, belongsElsewhere, elsewhere, named, people, personIn } from './store-people.ts'

type Q = Transaction<Tables>

export interface PersonChanges {
  username?: string
  email?: string | null
  full_name?: string | null
  role?: Role
  is_active?: boolean
}
export interface Changer {
  user_id: string | null
  is_platform_admin: boolean
}

/** @throws AppError conflict when the tenant would be without an admin, or the installation without one of its own. */
export const stays = async (q: Q, user: User, changes: PersonChanges): Promise<void> => {
  const leaves = changes.is_active === false
  if (user.role === 'admin' && (leaves || (changes.role ?? 'admin') !== 'admin')) {
    const other = await people(q)
      .where('m.tenant_id', '=', user.tenant_id)
      .where('m.role', '=', 'admin')
      .where('m.is_active', '=', true)
      .where('u.is_active', '=', true)
      .where('u.password_hash', 'is not', null)
      .where('u.id', '!=', user.id)
      .limit(1)
      .executeTakeFirst()
    if (other === undefined) throw conflict('This is the last active admin of the tenant. Make another person admin first.')
  }
  if (user.is_platform_admin && leaves) {
    const other = await q
      .selectFrom('users')
      .select('id')
      .where('is_platform_admin', '=', true)
      .where('is_active', '=', true)
      .where('id', '!=', user.id)
      .limit(1)
      .executeTakeFirst()
    if (other === undefined) throw conflict('This is the last active platform admin.')
  }
}

const isActiveElsewhere = async (q: Q, user: User): Promise<boolean> =>
  (await elsewhere(q, user).where('is_active', '=', true).executeTakeFirst()) !== undefined

/** A name and an address are of the account: who could change them could reset a password that opens another tenant. */
const changeProfile = async (
  q: Q,
  user: User,
  profile: Pick<PersonChanges, 'username' | 'email' | 'full_name'>,
  by: Changer,
): Promise<void> => {
  if (Object.values(profile).every((value) => value === undefined)) return
  if (user.id !== by.user_id && !by.is_platform_admin && (await belongsElsewhere(q, user)))
    throw forbidden('This person belongs to other tenants too: they change their name and address themselves.')
  await q.updateTable('users').set(profile).where('id', '=', user.id).execute()
}

/** Out of this tenant alone; the account is closed where no other tenant keeps it active. */
const shutOut = async (q: Q, user: User): Promise<void> => {
  const now = new Date()
  const seat = q.updateTable('memberships').set({ is_active: false })
  await seat.where('user_id', '=', user.id).where('tenant_id', '=', user.tenant_id).execute()
  if (!(await isActiveElsewhere(q, user))) await q.updateTable('users').set({ is_active: false }).where('id', '=', user.id).execute()
  for (const table of ['sessions', 'api_keys'] as const)
    await q
      .updateTable(table)
      .set({ revoked_at: now })
      .where('user_id', '=', user.id)
      .where('tenant_id', '=', user.tenant_id)
      .where('revoked_at', 'is', null)
      .execute()
  const links = q.deleteFrom('password_resets').where('user_id', '=', user.id)
  await links.where('tenant_id', '=', user.tenant_id).execute()
  const invited = q.deleteFrom('invitations').where('user_id', '=', user.id)
  await invited.where('tenant_id', '=', user.tenant_id).where('used_at', 'is', null).execute()
}

const letIn = async (q: Q, user: User): Promise<void> => {
  const seat = q.updateTable('memberships').set({ is_active: true })
  await seat.where('user_id', '=', user.id).where('tenant_id', '=', user.tenant_id).execute()
  await q.updateTable('users').set({ is_active: true }).where('id', '=', user.id).execute()
}

/** Invitations and reset links that a person could not make any more are void: one who is let go must leave no way back in. */
export const voidGivenBy = async (q: Q, user: User): Promise<void> => {
  if (user.is_active && permissionsOf[roleOf(user.role)].has('users.manage')) return
  const links = q.deleteFrom('password_resets').where('created_by', '=', user.id)
  await links.where('tenant_id', '=', user.tenant_id).execute()
  await q
    .deleteFrom('invitations')
    .where('tenant_id', '=', user.tenant_id)
    .where('created_by', '=', user.id)
    .where('used_at', 'is', null)
    .execute()
}

/** All changes of rights pass one lock, so that two admins who demote each other cannot both win. */
export const changePerson = (
  auth: AuthDb,
  seat: { tenantId: string; userId: string; by: Changer },
  changes: PersonChanges,
): Promise<User> =>
  named(() =>
    inAuth(auth, async (q) => {
      await changeRights(q)
      await permitGrant(q, seat.by, { tenantId: seat.tenantId, role: changes.role })
      const user = await personIn(q, seat.tenantId, seat.userId)
      if (user.is_platform_admin && !seat.by.is_platform_admin) throw forbidden('Only a platform admin may change a platform admin.')
      const isOwn = seat.userId === seat.by.user_id
      if (isOwn && ((changes.role ?? user.role) !== user.role || changes.is_active === false))
        throw conflict('Nobody changes their own role or deactivates themselves. Ask another admin.')
      await stays(q, user, changes)
      const { role, is_active, ...profile } = changes
      await changeProfile(q, user, profile, seat.by)
      if (role !== undefined)
        await q.updateTable('memberships').set({ role }).where('user_id', '=', user.id).where('tenant_id', '=', seat.tenantId).execute()
      if (is_active === false) await shutOut(q, user)
      if (is_active === true) await letIn(q, user)
      const changed = await personIn(q, seat.tenantId, user.id)
      await voidGivenBy(q, changed)
      return changed
    }),
  )

export interface OwnChanges {
  username?: string
  email?: string | null
  full_name?: string | null
  password_hash?: string
}

interface Self {
  tenantId: string
  userId: string
  sessionId: string | null
  now: Date
  /** The hash of the current password, where a new one is set: one that somebody else set in the meantime stays. */
  was: string | undefined
}

/** A new password ends every other session of the person, in the same transaction. */
export const changeOwn = (auth: AuthDb, self: Self, changes: OwnChanges): Promise<User> =>
  named(() =>
    inAuth(auth, async (q) => {
      if (Object.values(changes).some((value) => value !== undefined)) {
        const own = q.updateTable('users').set(changes).where('id', '=', self.userId)
        const set = await (self.was === undefined ? own : own.where('password_hash', '=', self.was)).returning('id').executeTakeFirst()
        if (set === undefined) throw conflict('The password was changed by somebody else at the same moment. Sign in again.')
      }
      if (changes.password_hash !== undefined) {
        await q.deleteFrom('password_resets').where('user_id', '=', self.userId).execute()
        await liftBlock(q, self.userId)
        const others = q
          .updateTable('sessions')
          .set({ revoked_at: self.now })
          .where('user_id', '=', self.userId)
          .where('revoked_at', 'is', null)
        await (self.sessionId === null ? others : others.where('id', '!=', self.sessionId)).execute()
      }
      return await personIn(q, self.tenantId, self.userId)
    }),
  )
