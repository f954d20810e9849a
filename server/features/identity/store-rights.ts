import { sql, type Transaction } from 'kysely'
import type { User } from '../../../shared/contract/identity.ts'
import type { Role } from '../../../shared/domain/permissions.ts'
import { inAuth } from '../../db/auth.ts'
import type { Tables } from '../../db/tables.ts'
import { conflict, forbidden } from '../../platform/errors.ts'
import { type AuthDb, named, people, personIn } from './store-people.ts'

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

const stays = async (q: Q, user: User, changes: PersonChanges): Promise<void> => {
  const leaves = changes.is_active === false
  if (user.role === 'admin' && (leaves || (changes.role ?? 'admin') !== 'admin')) {
    const other = await people(q)
      .where('m.tenant_id', '=', user.tenant_id)
      .where('m.role', '=', 'admin')
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

/** All changes of rights pass one lock, so that two admins who demote each other cannot both win. */
export const changePerson = (
  auth: AuthDb,
  seat: { tenantId: string; userId: string; by: Changer },
  changes: PersonChanges,
): Promise<User> =>
  named(() =>
    inAuth(auth, async (q) => {
      await sql`select pg_advisory_xact_lock(hashtext('velocicompanion rights'))`.execute(q)
      const user = await personIn(q, seat.tenantId, seat.userId)
      if (user.is_platform_admin && !seat.by.is_platform_admin) throw forbidden('Only a platform admin may change a platform admin.')
      const isOwn = seat.userId === seat.by.user_id
      if (isOwn && ((changes.role ?? user.role) !== user.role || changes.is_active === false))
        throw conflict('Nobody changes their own role or deactivates themselves. Ask another admin.')
      await stays(q, user, changes)
      const { role, ...profile } = changes
      if (Object.values(profile).some((value) => value !== undefined))
        await q.updateTable('users').set(profile).where('id', '=', user.id).execute()
      if (role !== undefined)
        await q.updateTable('memberships').set({ role }).where('user_id', '=', user.id).where('tenant_id', '=', seat.tenantId).execute()
      if (changes.is_active === false) {
        await q
          .updateTable('sessions')
          .set({ revoked_at: new Date() })
          .where('user_id', '=', user.id)
          .where('revoked_at', 'is', null)
          .execute()
        await q
          .updateTable('api_keys')
          .set({ revoked_at: new Date() })
          .where('user_id', '=', user.id)
          .where('revoked_at', 'is', null)
          .execute()
        await q.deleteFrom('password_resets').where('user_id', '=', user.id).execute()
        await q.deleteFrom('invitations').where('user_id', '=', user.id).where('used_at', 'is', null).execute()
      }
      return await personIn(q, seat.tenantId, user.id)
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
