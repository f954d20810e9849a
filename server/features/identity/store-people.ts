import { sql, type Transaction } from 'kysely'
import type { User } from '../../../shared/contract/identity.ts'
import { type Role, roleOf, shownRole } from '../../../shared/domain/permissions.ts'
import { type AuthDb, inAuth } from '../../db/auth.ts'
import { isTaken } from '../../db/faults.ts'
import type { Tables } from '../../db/tables.ts'
import { conflict, notFound } from '../../platform/errors.ts'
import { lacksPasskey } from './across/asks-passkey.ts'
import { permitGrant } from './membership/store-memberships.ts'
import { newId } from '../../platform/ids.ts'
import { iso } from '../../platform/iso-time.ts'

export type { AuthDb } from '../../db/auth.ts'
type Q = Transaction<Tables>

export interface NewPerson {
  username: string
  email: string | null
  full_name: string | null
  password_hash: string | null
}
export interface Invitation {
  token_hash: string
  expires_at: Date
}
type MakeStores = (tenantId: string) => Promise<void>

/** The unique keys of the installation, as sentences. */
export const named = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (isTaken(error, 'users_username_key')) throw conflict('This username is taken. Choose another one.')
    if (isTaken(error, 'tenants_name_key')) throw conflict('A tenant of this name exists already. Choose another name.')
    throw error
  }
}

/** Of `users as u`: an app or a passkey. */
export const hasFactor = sql<boolean>`(exists (select from totp_factors f where f.user_id = u.id and f.activated_at is not null)
  or exists (select from passkeys p where p.user_id = u.id))`
/** Of `users as u` and `tenants as t`. Who has no password here comes by a provider, which sees to the second factor itself. */
export const lacksFactor = sql<boolean>`(t.requires_second_factor and u.password_hash is not null and not ${hasFactor})`

/** What an account lacks of what its tenant or the installation requires. */
export const mustSetUp = sql<boolean>`(${lacksFactor} or ${lacksPasskey})`

const hasSso = sql<boolean>`exists (select from sso_identities i where i.user_id = u.id)`

export const people = (q: Q) =>
  q
    .selectFrom('users as u')
    .innerJoin('memberships as m', 'm.user_id', 'u.id')
    .innerJoin('tenants as t', 't.id', 'm.tenant_id')
    .select(['u.id', 'u.username', 'u.email', 'u.full_name', 'u.is_platform_admin', 'u.created_at', 'u.last_login_at'])
    .select(sql<boolean>`(u.is_active and m.is_active)`.as('is_active'))
    .select(['m.role', 'm.tenant_id', 't.name as tenant_name'])
    .select([sql<boolean>`(u.password_hash is not null)`.as('has_password'), hasSso.as('has_sso')])
    .select([hasFactor.as('has_second_factor'), mustSetUp.as('must_set_up_factor')])

type Row = Awaited<ReturnType<ReturnType<typeof people>['executeTakeFirstOrThrow']>>
const toUser = (row: Row): User => ({
  ...row,
  role: shownRole(row.role),
  invited: !row.has_password && !row.has_sso,
  created_at: iso(row.created_at),
  last_login_at: iso(row.last_login_at),
})

export const personIn = async (q: Q, tenantId: string, userId: string): Promise<User> => {
  const row = await people(q).where('m.tenant_id', '=', tenantId).where('u.id', '=', userId).executeTakeFirst()
  if (row === undefined) throw notFound('person')
  return toUser(row)
}

export const elsewhere = (q: Q, user: Pick<User, 'id' | 'tenant_id'>) =>
  q.selectFrom('memberships').select('tenant_id').where('user_id', '=', user.id).where('tenant_id', '!=', user.tenant_id).limit(1)

/** Also where they are shut out now: who lets them in again lets in whoever holds the account then. */
export const belongsElsewhere = async (q: Q, user: Pick<User, 'id' | 'tenant_id'>): Promise<boolean> =>
  (await elsewhere(q, user).executeTakeFirst()) !== undefined

export const hasPeople = (auth: AuthDb): Promise<boolean> =>
  inAuth(auth, async (q) => (await q.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined)

export interface SignInRow {
  id: string
  username: string
  password_hash: string | null
  is_active: boolean
  /** By username, not by an e-mail address. */
  is_named: boolean
  tenant_id: string | null
  role: Role | null
}

const mostMeant = 5

/**
 * Whom a name may mean: the person of that username first, then those who gave it as their e-mail address, the oldest
 * account first. Nobody proves an address, so that a stranger who gives the same one must not shut its owner out.
 */
export const findForSignIn = (auth: AuthDb, name: string): Promise<SignInRow[]> =>
  inAuth(auth, async (q) => {
    const isNamed = sql<boolean>`lower(u.username) = ${name.toLowerCase()}`
    const rows = await q
      .selectFrom('users as u')
      .select(['u.id', 'u.username', 'u.password_hash', 'u.is_active', isNamed.as('is_named')])
      .where((e) => e.or([isNamed, e(e.fn('lower', ['u.email']), '=', name.toLowerCase())]))
      .orderBy(isNamed, 'desc')
      .orderBy('u.created_at')
      .orderBy('u.id')
      .limit(mostMeant)
      .execute()
    const found: SignInRow[] = []
    for (const row of rows) {
      const home = await q
        .selectFrom('memberships as m')
        .innerJoin('tenants as t', 't.id', 'm.tenant_id')
        .select(['m.tenant_id', 'm.role'])
        .where('m.user_id', '=', row.id)
        .where('t.state', '=', 'active')
        .where('m.is_active', '=', true)
        .orderBy('m.created_at')
        .orderBy('m.tenant_id')
        .executeTakeFirst()
      found.push({ ...row, tenant_id: home?.tenant_id ?? null, role: home?.role ?? null })
    }
    return found
  })

export const findHash = (auth: AuthDb, userId: string): Promise<string | null> =>
  inAuth(
    auth,
    async (q) => (await q.selectFrom('users').select('password_hash').where('id', '=', userId).executeTakeFirst())?.password_hash ?? null,
  )

/** A password that was changed since it was judged stays as it is now. */
export const noteSignIn = (
  auth: AuthDb,
  userId: string,
  { was, ...changes }: { last_login_at: Date; was: string; password_hash: string },
): Promise<unknown> =>
  inAuth(auth, (q) => q.updateTable('users').set(changes).where('id', '=', userId).where('password_hash', '=', was).execute())

const insertPerson = async (
  q: Q,
  person: NewPerson & { is_platform_admin: boolean },
  seat: { tenantId: string; role: Role },
): Promise<User> => {
  const id = newId()
  await q
    .insertInto('users')
    .values({ id, ...person })
    .execute()
  await q.insertInto('memberships').values({ user_id: id, tenant_id: seat.tenantId, role: seat.role }).execute()
  return await personIn(q, seat.tenantId, id)
}

const insertTenant = async (q: Q, name: string, makeStores: MakeStores): Promise<string> => {
  const id = newId()
  await q.insertInto('tenants').values({ id, name }).execute()
  await makeStores(id)
  return id
}

/** The first person of the installation and their tenant; null when somebody was first. One at a time, whoever asks. */
export const insertFirst = (
  auth: AuthDb,
  account: { person: NewPerson; tenantName: string },
  makeStores: MakeStores,
): Promise<User | null> =>
  named(() =>
    inAuth(auth, async (q) => {
      await sql`select pg_advisory_xact_lock(hashtext('velocicompanion first account'))`.execute(q)
      if ((await q.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined) return null
      const tenantId = await insertTenant(q, account.tenantName, makeStores)
      return await insertPerson(q, { ...account.person, is_platform_admin: true }, { tenantId, role: 'admin' })
    }),
  )

export interface OperatorAccount {
  person: NewPerson
  tenantName: string
  role: Role
  isPlatformAdmin: boolean
}

/** A person in the tenant of that name, which is made where there is none and `isNewTenant` is not false. */
export const insertInNamedTenant = (
  auth: AuthDb,
  account: OperatorAccount,
  options: { makeStores: MakeStores; mayJoin: boolean },
): Promise<User> =>
  named(() =>
    inAuth(auth, async (q) => {
      const known = await q
        .selectFrom('tenants')
        .select('id')
        .where((e) => e(e.fn('lower', ['name']), '=', account.tenantName.toLowerCase()))
        .executeTakeFirst()
      if (known !== undefined && !options.mayJoin) throw conflict('A tenant of this name exists already. Choose another name.')
      const tenantId = known?.id ?? (await insertTenant(q, account.tenantName, options.makeStores))
      return await insertPerson(q, { ...account.person, is_platform_admin: account.isPlatformAdmin }, { tenantId, role: account.role })
    }),
  )

export interface Seat {
  tenantId: string
  role: Role
  invitedBy: string | null
  invitation: Invitation | null
}

export const insertMember = (auth: AuthDb, person: NewPerson, seat: Seat): Promise<User> =>
  named(() =>
    inAuth(auth, async (q) => {
      await permitGrant(q, { user_id: seat.invitedBy }, seat)
      const user = await insertPerson(q, { ...person, is_platform_admin: false }, seat)
      if (seat.invitation !== null) await insertInvitation(q, user, { ...seat.invitation, created_by: seat.invitedBy })
      return user
    }),
  )

const insertInvitation = (q: Q, user: User, invitation: Invitation & { created_by: string | null }): Promise<unknown> =>
  q
    .insertInto('invitations')
    .values({ ...invitation, user_id: user.id, tenant_id: user.tenant_id, role: roleOf(user.role), email: user.email })
    .execute()

/** Voids the older invitations of a person who has no password yet. */
export const replaceInvitation = (
  auth: AuthDb,
  tenantId: string,
  userId: string,
  invitation: Invitation & { created_by: string | null },
): Promise<User> =>
  inAuth(auth, async (q) => {
    await permitGrant(q, { user_id: invitation.created_by }, { tenantId })
    const user = await personIn(q, tenantId, userId)
    if (!user.invited) throw conflict('This person has chosen a password already.')
    if (!user.is_active) throw conflict('This person is deactivated. Activate them first.')
    await q.deleteFrom('invitations').where('user_id', '=', userId).execute()
    await insertInvitation(q, user, invitation)
    return user
  })

/** Spends an invitation; null when it is unknown, used, over, or its person or tenant is no longer active. */
export const redeemInvitation = (auth: AuthDb, tokenHash: string, account: { person: NewPerson; now: Date }): Promise<User | null> =>
  named(() =>
    inAuth(auth, async (q) => {
      const { person, now } = account
      const invitation = await q
        .selectFrom('invitations as i')
        .innerJoin('users as u', 'u.id', 'i.user_id')
        .innerJoin('tenants as t', 't.id', 'i.tenant_id')
        .innerJoin('memberships as m', (on) => on.onRef('m.user_id', '=', 'i.user_id').onRef('m.tenant_id', '=', 'i.tenant_id'))
        .select(['u.id as user_id', 'i.tenant_id', 'u.email', 'u.full_name'])
        .where('i.token_hash', '=', tokenHash)
        .where('i.used_at', 'is', null)
        .where('i.expires_at', '>', now)
        .where('u.is_active', '=', true)
        .where('u.password_hash', 'is', null)
        .where('t.state', '=', 'active')
        .forUpdate(['i', 'u'])
        .executeTakeFirst()
      if (invitation === undefined) return null
      await q.updateTable('invitations').set({ used_at: now }).where('token_hash', '=', tokenHash).execute()
      const { username, password_hash } = person
      const profile = { email: person.email ?? invitation.email, full_name: person.full_name ?? invitation.full_name }
      await q
        .updateTable('users')
        .set({ username, password_hash, ...profile })
        .where('id', '=', invitation.user_id)
        .execute()
      return await personIn(q, invitation.tenant_id, invitation.user_id)
    }),
  )

export const listPeople = (
  auth: AuthDb,
  tenantId: string,
  page: { skip: number; limit: number },
): Promise<{ items: User[]; total: number }> =>
  inAuth(auth, async (q) => {
    const rows = await people(q)
      .where('m.tenant_id', '=', tenantId)
      .orderBy('u.created_at')
      .orderBy('u.id')
      .offset(page.skip)
      .limit(page.limit)
      .execute()
    const { total } = await q
      .selectFrom('memberships')
      .select((e) => e.fn.countAll<number>().as('total'))
      .where('tenant_id', '=', tenantId)
      .executeTakeFirstOrThrow()
    return { items: rows.map(toUser), total }
  })

export const getPerson = (auth: AuthDb, tenantId: string, userId: string): Promise<User> =>
  inAuth(auth, (q) => personIn(q, tenantId, userId))
