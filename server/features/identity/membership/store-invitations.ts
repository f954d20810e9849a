import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import type { User } from '../../../../shared/contract/identity.ts'
import type { Role } from '../../../../shared/domain/permissions.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { conflict, forbidden, notFound } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { named, type NewPerson, personIn } from '../store-people.ts'
import { type Granter, type Joined, permitGrant, permitPlatform } from './store-memberships.ts'

type Q = Transaction<Tables>

export interface NewInvitation {
  id: string
  token_hash: string
  email: string | null
  role: Role
  created_at: Date
  expires_at: Date
}

export interface InvitationRow extends Omit<NewInvitation, 'token_hash'> {
  invited_by: string | null
}

const mostPending = 500

const pending = (q: Q, tenantId: string, now: Date) =>
  q
    .selectFrom('invitations as i')
    .where('i.tenant_id', '=', tenantId)
    .where('i.user_id', 'is', null)
    .where('i.used_at', 'is', null)
    .where('i.expires_at', '>', now)

export interface Inviter extends Granter {
  /** Acts for the whole installation, and needs no role in the tenant. */
  isPlatform: boolean
}

/** @throws AppError forbidden, not_found, conflict for too many that nobody has followed */
export const insertInvitation = (
  auth: AuthDb,
  seat: { tenantId: string; by: Inviter },
  invitation: NewInvitation,
): Promise<{ tenant_name: string }> =>
  inAuth(auth, async (q) => {
    if (seat.by.isPlatform) await permitPlatform(q, seat.by)
    else await permitGrant(q, seat.by, { tenantId: seat.tenantId, role: invitation.role })
    const tenant = await q
      .selectFrom('tenants')
      .select('name')
      .where('id', '=', seat.tenantId)
      .where('state', '=', 'active')
      .forNoKeyUpdate()
      .executeTakeFirst()
    if (tenant === undefined) throw notFound('tenant')
    const { total } = await pending(q, seat.tenantId, invitation.created_at)
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    if (total >= mostPending)
      throw conflict(`${total} invitations wait to be followed, and ${mostPending} is the most. Withdraw some of them.`)
    await q
      .insertInto('invitations')
      .values({ ...invitation, user_id: null, tenant_id: seat.tenantId, created_by: seat.by.user_id })
      .execute()
    return { tenant_name: tenant.name }
  })

export const listPending = (
  auth: AuthDb,
  seat: { tenantId: string; now: Date },
  page: { skip: number; limit: number },
): Promise<{ items: InvitationRow[]; total: number }> =>
  inAuth(auth, async (q) => {
    const found = pending(q, seat.tenantId, seat.now)
    const items = await found
      .leftJoin('users as u', 'u.id', 'i.created_by')
      .select(['i.id', 'i.email', 'i.role', 'i.created_at', 'i.expires_at', 'u.username as invited_by'])
      .orderBy('i.created_at', 'desc')
      .orderBy('i.id')
      .offset(page.skip)
      .limit(page.limit)
      .execute()
    const { total } = await found.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
    return { items, total }
  })

/** @throws AppError not_found */
export const deletePending = (
  auth: AuthDb,
  seat: { tenantId: string; now: Date },
  id: string,
): Promise<{ email: string | null; role: Role }> =>
  inAuth(auth, async (q) => {
    const gone = await q
      .deleteFrom('invitations')
      .where('id', 'in', pending(q, seat.tenantId, seat.now).select('i.id').where('i.id', '=', id))
      .returning(['email', 'role'])
      .executeTakeFirst()
    if (gone === undefined) throw notFound('invitation')
    return gone
  })

/** An invitation that can still be followed: of either kind, for an account that was made with it or for anybody. */
const usable = (q: Q, tokenHash: string, now: Date) =>
  q
    .selectFrom('invitations as i')
    .innerJoin('tenants as t', 't.id', 'i.tenant_id')
    .select(['i.id', 'i.user_id', 'i.tenant_id', 't.name as tenant_name', 'i.role', 'i.email', 'i.expires_at'])
    .where('i.token_hash', '=', tokenHash)
    .where('i.used_at', 'is', null)
    .where('i.expires_at', '>', now)
    .where('t.state', '=', 'active')

export interface UsableInvitation extends Joined {
  id: string
  user_id: string | null
  email: string | null
  expires_at: Date
}

export const findInvitation = (auth: AuthDb, tokenHash: string, now: Date): Promise<UsableInvitation | null> =>
  inAuth(auth, async (q) => (await usable(q, tokenHash, now).executeTakeFirst()) ?? null)

const spend = (q: Q, id: string, now: Date): Promise<unknown> =>
  q.updateTable('invitations').set({ used_at: now }).where('id', '=', id).execute()

/** The address that an invitation is bound to; an account that has none gets it. @throws AppError forbidden */
const bindAddress = async (q: Q, userId: string, email: string | null): Promise<void> => {
  if (email === null) return
  const person = await q.selectFrom('users').select('email').where('id', '=', userId).forNoKeyUpdate().executeTakeFirstOrThrow()
  if (person.email === null) await q.updateTable('users').set({ email }).where('id', '=', userId).execute()
  else if (person.email.toLowerCase() !== email.toLowerCase())
    throw forbidden('This invitation is for another e-mail address than that of your account.')
}

export interface Accepted extends Joined {
  is_platform_admin: boolean
}

/**
 * Joins with an account that there is; null when the invitation is unknown, used, over, or makes an account of its own.
 * @throws AppError conflict for somebody who is a member already, forbidden for another address
 */
export const acceptByAccount = (auth: AuthDb, tokenHash: string, who: { userId: string; now: Date }): Promise<Accepted | null> =>
  inAuth(auth, async (q) => {
    const invitation = await usable(q, tokenHash, who.now).where('i.user_id', 'is', null).forUpdate(['i']).executeTakeFirst()
    if (invitation === undefined) return null
    await bindAddress(q, who.userId, invitation.email)
    const { tenant_id, tenant_name, role } = invitation
    const made = await q
      .insertInto('memberships')
      .values({ tenant_id, user_id: who.userId, role })
      // Who was shut out and is invited again comes in; who is in keeps the role that they have.
      .onConflict((on) =>
        on
          .columns(['tenant_id', 'user_id'])
          .doUpdateSet({ role, is_active: true })
          .where('memberships.is_active', '=', sql<boolean>`false`),
      )
      .returning('user_id')
      .executeTakeFirst()
    if (made === undefined) throw conflict(`You are a member of ${tenant_name} already.`)
    await spend(q, invitation.id, who.now)
    // A link that an admin of the first tenant made must not open what the person has joined since.
    await q.deleteFrom('password_resets').where('user_id', '=', who.userId).execute()
    const { is_platform_admin } = await q
      .selectFrom('users')
      .select('is_platform_admin')
      .where('id', '=', who.userId)
      .executeTakeFirstOrThrow()
    return { tenant_id, tenant_name, role, is_platform_admin }
  })

/** The same with a new account. The address of the invitation is the account's. */
export const acceptByNewAccount = (auth: AuthDb, tokenHash: string, account: { person: NewPerson; now: Date }): Promise<User | null> =>
  named(() =>
    inAuth(auth, async (q) => {
      const invitation = await usable(q, tokenHash, account.now).where('i.user_id', 'is', null).forUpdate(['i']).executeTakeFirst()
      if (invitation === undefined) return null
      const id = newId()
      const email = invitation.email ?? account.person.email
      await q
        .insertInto('users')
        .values({ id, ...account.person, email, is_platform_admin: false })
        .execute()
      await q.insertInto('memberships').values({ tenant_id: invitation.tenant_id, user_id: id, role: invitation.role }).execute()
      await spend(q, invitation.id, account.now)
      return await personIn(q, invitation.tenant_id, id)
    }),
  )
