// Who came from a provider, and with what rights they enter: one transaction from the look-up to the session.
import { sql, type Transaction } from 'kysely'
import type { User } from '../../../../shared/contract/identity.ts'
import { type Role, roleOf, shownRole } from '../../../../shared/domain/permissions.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { AppError, conflict, forbidden, isAppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { rememberDevice } from '../mailed/store-devices.ts'
import { changeRights } from '../membership/store-memberships.ts'
import { personIn } from '../store-people.ts'
import { stays, voidGivenBy } from '../store-rights.ts'
import { addSession, type NewSession } from '../store-sessions.ts'
import type { ProvedPerson } from './claims.ts'

type Q = Transaction<Tables>

export interface Arrival {
  tenant_id: string
  /** As they were asked: a provider that was changed since does not vouch for anybody. */
  issuer: string
  client_id: string
  person: ProvedPerson
  role: Role
  usernames: readonly string[]
  session: Omit<NewSession, 'user_id' | 'tenant_id'>
  now: Date
}

export interface Arrived {
  user_id: string
  username: string
  how: 'known' | 'linked' | 'created'
  role: Role
  /** What it was before, where the groups changed it. */
  role_was: Role | null
  /** The groups give another role, but the tenant would be without an admin. */
  is_role_kept: boolean
  /** They came another way before, and never this one. */
  is_new_device: boolean
}

const provider = async (q: Q, arrival: Arrival): Promise<{ may_link_by_email: boolean }> => {
  const found = await q
    .selectFrom('sso_providers as p')
    .innerJoin('tenants as t', 't.id', 'p.tenant_id')
    .select('p.may_link_by_email')
    .where('p.tenant_id', '=', arrival.tenant_id)
    .where('p.is_enabled', '=', true)
    .where('p.issuer', '=', arrival.issuer)
    .where('p.client_id', '=', arrival.client_id)
    .where('t.state', '=', 'active')
    .forShare('p')
    .executeTakeFirst()
  if (found === undefined) throw new AppError('gone', 'The single sign-on of this tenant was changed in the meantime. Begin again.')
  return found
}

const knownId = async (q: Q, { tenant_id, person }: Arrival): Promise<string | null> => {
  const known = await q
    .selectFrom('sso_identities')
    .select('user_id')
    .where('tenant_id', '=', tenant_id)
    .where('issuer', '=', person.issuer)
    .where('subject', '=', person.subject)
    .executeTakeFirst()
  return known?.user_id ?? null
}

const notLinked = (): AppError =>
  conflict(
    'An account with your e-mail address is here already, and it is not linked to your provider. Sign in to it with its password, or ask an admin of the tenant.',
  )

/** A member of this tenant and of no other, active, and nobody who runs the installation: what a provider of the tenant may take over. */
const linkable = async (q: Q, arrival: Arrival): Promise<string | null> => {
  const { email } = arrival.person
  if (email === null) return null
  const found = await q
    .selectFrom('users as u')
    .innerJoin('memberships as m', 'm.user_id', 'u.id')
    .select(['u.id', 'u.is_platform_admin', sql<boolean>`(u.is_active and m.is_active)`.as('is_active')])
    .select(sql<boolean>`exists (select from memberships o where o.user_id = u.id and o.tenant_id <> m.tenant_id)`.as('is_elsewhere'))
    .where('m.tenant_id', '=', arrival.tenant_id)
    .where((e) => e(e.fn<string>('lower', ['u.email']), '=', email.toLowerCase()))
    .limit(2)
    .execute()
  const [one, another] = found
  if (one === undefined) return null
  const { may_link_by_email } = await provider(q, arrival)
  const isFit = one.is_active && !one.is_platform_admin && !one.is_elsewhere && another === undefined
  if (!may_link_by_email || !isFit) throw notLinked()
  return one.id
}

const addIdentity = (q: Q, { tenant_id, person, now }: Arrival, user_id: string): Promise<unknown> =>
  q
    .insertInto('sso_identities')
    .values({ tenant_id, issuer: person.issuer, subject: person.subject, user_id, created_at: now, last_login_at: now })
    .execute()

/**
 * Whoever made the account may have given an address that is not theirs: nothing that they hold opens it from now on. An
 * admin keeps the password, which is the way in when the provider is away.
 */
const link = async (q: Q, arrival: Arrival, userId: string): Promise<void> => {
  const { role } = await personIn(q, arrival.tenant_id, userId)
  const { now } = arrival
  if (role !== 'admin') await q.updateTable('users').set({ password_hash: null }).where('id', '=', userId).execute()
  await q.updateTable('sessions').set({ revoked_at: now }).where('user_id', '=', userId).where('revoked_at', 'is', null).execute()
  await q.updateTable('api_keys').set({ revoked_at: now }).where('user_id', '=', userId).where('revoked_at', 'is', null).execute()
  await q.deleteFrom('password_resets').where('user_id', '=', userId).execute()
  await q.deleteFrom('invitations').where('user_id', '=', userId).where('used_at', 'is', null).execute()
  await addIdentity(q, arrival, userId)
}

const freeUsername = async (q: Q, usernames: readonly string[]): Promise<string> => {
  const taken = await q
    .selectFrom('users')
    .select(sql<string>`lower(username)`.as('name'))
    .where((e) =>
      e(
        e.fn<string>('lower', ['username']),
        'in',
        usernames.map((name) => name.toLowerCase()),
      ),
    )
    .execute()
  const names = new Set(taken.map((row) => row.name))
  const free = usernames.find((name) => !names.has(name.toLowerCase()))
  if (free === undefined) throw conflict('No user name is free for you. Ask an admin of the tenant to add you.')
  return free
}

const create = async (q: Q, arrival: Arrival): Promise<string> => {
  const { tenant_id, person, role } = arrival
  const id = newId()
  const username = await freeUsername(q, arrival.usernames)
  await q.insertInto('users').values({ id, username, email: person.email, full_name: person.full_name, password_hash: null }).execute()
  await q.insertInto('memberships').values({ tenant_id, user_id: id, role }).execute()
  await addIdentity(q, arrival, id)
  return id
}

const find = async (q: Q, arrival: Arrival): Promise<{ id: string; how: Arrived['how'] }> => {
  const known = await knownId(q, arrival)
  if (known !== null) return { id: known, how: 'known' }
  const other = await linkable(q, arrival)
  if (other === null) return { id: await create(q, arrival), how: 'created' }
  await link(q, arrival, other)
  return { id: other, how: 'linked' }
}

const memberIn = async (q: Q, tenantId: string, userId: string): Promise<User> => {
  try {
    return await personIn(q, tenantId, userId)
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') throw forbidden('You are no member of this tenant any more. Ask an admin of it.')
    throw error
  }
}

/** The groups say the role at each sign-in; only the last admin stays one. */
const setRole = async (q: Q, user: User, role: Role): Promise<Pick<Arrived, 'role' | 'role_was' | 'is_role_kept'>> => {
  const was = roleOf(user.role)
  if (was === role) return { role, role_was: null, is_role_kept: false }
  try {
    await stays(q, user, { role })
  } catch (error) {
    if (!isAppError(error)) throw error
    return { role: was, role_was: null, is_role_kept: true }
  }
  await q.updateTable('memberships').set({ role }).where('user_id', '=', user.id).where('tenant_id', '=', user.tenant_id).execute()
  await voidGivenBy(q, { ...user, role: shownRole(role) })
  return { role, role_was: was, is_role_kept: false }
}

/** @throws AppError gone, conflict, forbidden */
export const arrive = (auth: AuthDb, arrival: Arrival): Promise<Arrived> =>
  inAuth(auth, async (q) => {
    await changeRights(q)
    await provider(q, arrival)
    const { id, how } = await find(q, arrival)
    const user = await memberIn(q, arrival.tenant_id, id)
    if (user.is_platform_admin) throw forbidden('Who runs the installation signs in with a password.')
    if (!user.is_active) throw forbidden('Your account here is deactivated. Ask an admin of the tenant.')
    const changed = how === 'created' ? { role: arrival.role, role_was: null, is_role_kept: false } : await setRole(q, user, arrival.role)
    await q
      .updateTable('sso_identities')
      .set({ last_login_at: arrival.now })
      .where('tenant_id', '=', arrival.tenant_id)
      .where('issuer', '=', arrival.person.issuer)
      .where('subject', '=', arrival.person.subject)
      .execute()
    await q.updateTable('users').set({ last_login_at: arrival.now }).where('id', '=', id).execute()
    const session = { ...arrival.session, user_id: id, tenant_id: arrival.tenant_id, sso_tenant_id: arrival.tenant_id }
    await addSession(q, session)
    return { user_id: id, username: user.username, how, ...changed, is_new_device: await rememberDevice(q, session) }
  })
