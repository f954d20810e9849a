import { sql, type Transaction } from 'kysely'
import { isWithin, permissionsOf, type Role } from '../../../../shared/domain/permissions.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { AppError, forbidden, notFound } from '../../../platform/errors.ts'

type Q = Transaction<Tables>

export interface MembershipRow {
  tenant_id: string
  tenant_name: string
  role: Role
  created_at: Date
}

/** Where a person may be now: the tenant, the membership and the account are all active. */
const open = (q: Q, userId: string) =>
  q
    .selectFrom('memberships as m')
    .innerJoin('tenants as t', 't.id', 'm.tenant_id')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select(['m.tenant_id', 't.name as tenant_name', 'm.role', 'm.created_at'])
    .where('m.user_id', '=', userId)
    .where('m.is_active', '=', true)
    .where('u.is_active', '=', true)
    .where('t.state', '=', 'active')

/** A session that a tenant's provider opened reaches that tenant alone. */
const tiedTo = async (q: Q, sessionId: string): Promise<string | null> =>
  (await q.selectFrom('sessions').select('sso_tenant_id').where('id', '=', sessionId).executeTakeFirst())?.sso_tenant_id ?? null

export const listReachable = (auth: AuthDb, who: { userId: string; sessionId: string }): Promise<MembershipRow[]> =>
  inAuth(auth, async (q) => {
    const tied = await tiedTo(q, who.sessionId)
    const found = open(q, who.userId).orderBy('t.name').orderBy('t.id')
    return await (tied === null ? found : found.where('t.id', '=', tied)).execute()
  })

export interface Switched extends MembershipRow {
  kind: 'browser' | 'api'
  expires_at: Date
}

/** @throws AppError not_found for a tenant that the person may not enter, whatever the reason; forbidden; unauthenticated */
export const moveSession = (
  auth: AuthDb,
  who: { userId: string; sessionId: string },
  to: { tenantId: string; tokenHash: string },
): Promise<Switched> =>
  inAuth(auth, async (q) => {
    const session = await q
      .selectFrom('sessions')
      .select(['kind', 'expires_at', 'sso_tenant_id'])
      .where('id', '=', who.sessionId)
      .where('revoked_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (session === undefined) throw new AppError('unauthenticated', 'Sign in: there is no session, or it has ended.')
    // Held until the end, so that a membership that is closed at this moment either ends the session or keeps it out.
    const seat = await open(q, who.userId).where('t.id', '=', to.tenantId).forShare(['m', 'u', 't']).executeTakeFirst()
    if (seat === undefined) throw notFound('tenant')
    if (session.sso_tenant_id !== null && session.sso_tenant_id !== to.tenantId)
      throw forbidden('This session was opened by the single sign-on of one tenant and reaches no other. Sign in with your password.')
    const moved = { tenant_id: to.tenantId, ...(session.kind === 'browser' ? { token_hash: to.tokenHash } : {}) }
    await q.updateTable('sessions').set(moved).where('id', '=', who.sessionId).execute()
    return { ...seat, kind: session.kind, expires_at: session.expires_at }
  })

export interface Granter {
  user_id: string | null
}

/**
 * Held by whoever acts by their rights until what they do stands, so that a change of rights either comes first and is seen,
 * or comes after and finds what it has to take back. Changes hold the same lock alone.
 */
const holdRights = (q: Q): Promise<unknown> => sql`select pg_advisory_xact_lock_shared(hashtext('velocicompanion rights'))`.execute(q)

/** No other change of rights is under way from here to the end of the transaction. It comes before anything that is read. */
export const changeRights = (q: Q): Promise<unknown> => sql`select pg_advisory_xact_lock(hashtext('velocicompanion rights'))`.execute(q)

/**
 * Whether the one who gives a role may do so now: their own rights are read in the transaction that gives it, for they may
 * have lost them since the request came in. The product itself (no person) may.
 * @throws AppError forbidden
 */
export const permitGrant = async (q: Q, by: Granter, seat: { tenantId: string; role?: Role }): Promise<void> => {
  if (by.user_id === null) return
  await holdRights(q)
  const own = await open(q, by.user_id).where('t.id', '=', seat.tenantId).executeTakeFirst()
  if (own === undefined || !permissionsOf[own.role].has('users.manage'))
    throw forbidden('Your role in this tenant does not allow this any more.')
  if (seat.role !== undefined && !isWithin(seat.role, own.role)) throw forbidden('Nobody gives a role above their own.')
}

/** The same for one who runs the installation. @throws AppError forbidden */
export const permitPlatform = async (q: Q, by: Granter): Promise<void> => {
  if (by.user_id === null) return
  await holdRights(q)
  const own = await q
    .selectFrom('users')
    .select('id')
    .where('id', '=', by.user_id)
    .where('is_platform_admin', '=', true)
    .where('is_active', '=', true)
    .executeTakeFirst()
  if (own === undefined) throw forbidden()
}

export interface Joined {
  tenant_id: string
  tenant_name: string
  role: Role
}
