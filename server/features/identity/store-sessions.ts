import { sql, type Transaction } from 'kysely'
import type { Role } from '../../../shared/domain/permissions.ts'
import { type AuthDb, inAuth } from '../../db/auth.ts'
import type { Tables } from '../../db/tables.ts'
import { AppError } from '../../platform/errors.ts'
import { wantsPasskey } from './across/asks-passkey.ts'
import { rememberDevice } from './mailed/store-devices.ts'
import type { SessionClock } from './account/limits.ts'
import { hasFactor, lacksFactor } from './store-people.ts'

type Q = Transaction<Tables>

export interface NewSession {
  id: string
  token_hash: string
  kind: 'browser' | 'api'
  user_id: string
  tenant_id: string
  created_at: Date
  expires_at: Date
  ip: string | null
  user_agent: string | null
  proved_at: Date | null
  /** When a passkey answered in it. */
  passkey_at?: Date | null
  /** The tenant whose provider vouched for the person. */
  sso_tenant_id?: string
}
export interface NewRefresh {
  token_hash: string
  expires_at: Date
}

/** What is long over goes when the next one comes: no table of sessions grows for ever. */
export const addSession = async (q: Q, session: NewSession): Promise<void> => {
  await q
    .deleteFrom('sessions')
    .where('expires_at', '<', new Date(session.created_at.getTime() - 7 * 86_400_000))
    .execute()
  await q
    .insertInto('sessions')
    .values({ ...session, last_used_at: session.created_at })
    .execute()
}

const isGuarded = async (q: Q, userId: string): Promise<boolean> =>
  (await q.selectFrom('users as u').select('u.id').where('u.id', '=', userId).where(hasFactor).executeTakeFirst()) !== undefined

/**
 * Opens a session while the password stands whose hash was judged: one that was changed, or an account that was closed, in
 * the meantime has ended every session, and none may begin after that. Nor without a code, once the person has a second factor.
 */
export const insertSession = (
  auth: AuthDb,
  session: NewSession,
  {
    hashes,
    second_factor,
    refresh,
  }: { hashes: readonly string[]; second_factor: 'app' | 'recovery' | 'passkey' | undefined; refresh?: NewRefresh },
): Promise<{ is_new_device: boolean }> =>
  inAuth(auth, async (q) => {
    const person = await q
      .selectFrom('users')
      .select('id')
      .where('id', '=', session.user_id)
      .where('password_hash', 'in', hashes)
      .where('is_active', '=', true)
      .forShare()
      .executeTakeFirst()
    if (person === undefined) throw new AppError('unauthenticated', 'The username or the password is not right.')
    if (second_factor === undefined && (await isGuarded(q, session.user_id)))
      throw new AppError('unauthenticated', 'This account has got a second factor in the meantime. Sign in again.')
    await addSession(q, session)
    if (refresh !== undefined)
      await q
        .insertInto('refresh_tokens')
        .values({ ...refresh, session_id: session.id })
        .execute()
    return { is_new_device: await rememberDevice(q, session) }
  })

/** A session with the person's rights as they are now. */
export interface LiveSession {
  id: string
  kind: 'browser' | 'api'
  user_id: string
  username: string
  is_platform_admin: boolean
  tenant_id: string
  tenant_name: string
  role: Role
  last_used_at: Date
  expires_at: Date
  proved_at: Date | null
  sso_tenant_id: string | null
  must_set_up_factor: boolean
  must_use_passkey: boolean
}

/** Of somebody whose rights reach far: their sessions end sooner. */
export const isWide = sql<boolean>`(m.role = 'admin' or u.is_platform_admin
  or exists (select from memberships o where o.user_id = s.user_id and o.tenant_id <> s.tenant_id and o.is_active))`

/** Sessions that are neither ended nor over, of members. */
export const aliveSessions = (q: Q, clock: SessionClock) =>
  q
    .selectFrom('sessions as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .innerJoin('tenants as t', 't.id', 's.tenant_id')
    .innerJoin('memberships as m', (on) => on.onRef('m.user_id', '=', 's.user_id').onRef('m.tenant_id', '=', 's.tenant_id'))
    .where('s.revoked_at', 'is', null)
    .where('s.expires_at', '>', clock.now)
    .where((e) => e.or([e.not(isWide), e('s.created_at', '>', clock.wideOpenedSince)]))
    .where((e) =>
      e.or([
        e('s.kind', '=', 'api'),
        e('s.last_used_at', '>=', clock.wideUsedSince),
        e.and([e.not(isWide), e('s.last_used_at', '>=', clock.usedSince)]),
      ]),
    )

const live = (q: Q, clock: SessionClock) =>
  aliveSessions(q, clock)
    .select(['s.id', 's.kind', 's.user_id', 'u.username', 'u.is_platform_admin', 's.tenant_id', 't.name as tenant_name', 'm.role'])
    .select([
      's.last_used_at',
      's.expires_at',
      's.proved_at',
      's.sso_tenant_id',
      sql<boolean>`(s.sso_tenant_id is null and ${lacksFactor})`.as('must_set_up_factor'),
      wantsPasskey.as('must_use_passkey'),
    ])
    .where('u.is_active', '=', true)
    .where('m.is_active', '=', true)
    .where('t.state', '=', 'active')

export const findSession = (auth: AuthDb, by: { id: string } | { token_hash: string }, clock: SessionClock): Promise<LiveSession | null> =>
  inAuth(auth, async (q) => {
    const found = 'id' in by ? live(q, clock).where('s.id', '=', by.id) : live(q, clock).where('s.token_hash', '=', by.token_hash)
    return (await found.executeTakeFirst()) ?? null
  })

export const touchSession = (auth: AuthDb, id: string, now: Date): Promise<unknown> =>
  inAuth(auth, (q) => q.updateTable('sessions').set({ last_used_at: now }).where('id', '=', id).execute())

export const noteProof = (auth: AuthDb, id: string, proof: { now: Date; isByPasskey: boolean }): Promise<unknown> =>
  inAuth(auth, (q) =>
    q
      .updateTable('sessions')
      .set({ proved_at: proof.now, ...(proof.isByPasskey ? { passkey_at: proof.now } : {}) })
      .where('id', '=', id)
      .execute(),
  )

/** What kind of session it was; null when it had ended before. */
export const revokeSession = (auth: AuthDb, id: string, now: Date): Promise<'browser' | 'api' | null> =>
  inAuth(auth, async (q) => {
    const revoked = q.updateTable('sessions').set({ revoked_at: now }).where('id', '=', id).where('revoked_at', 'is', null)
    return (await revoked.returning('kind').executeTakeFirst())?.kind ?? null
  })

export type Rotation =
  /** `repeated`: by another tab at the same time; the successor is the one that the first was given. */
  | { state: 'rotated' | 'repeated'; session: LiveSession }
  | { state: 'refused' }
  | { state: 'reused'; session: Pick<LiveSession, 'id' | 'user_id' | 'username' | 'tenant_id'> | null }

export interface NextRefresh extends NewRefresh {
  clock: SessionClock
  /** Where the call comes from, as it is kept with the session. */
  device: { ip: string | null; user_agent: string | null }
}

const raceMs = 10_000

/** A tab has the same User-Agent; its address may differ, where a name has addresses of both kinds. */
const deviceOf = async (q: Q, sessionId: string, device: NextRefresh['device']): Promise<'same' | 'moved' | 'other'> => {
  const session = await q.selectFrom('sessions').select(['ip', 'user_agent']).where('id', '=', sessionId).executeTakeFirst()
  if (session?.user_agent !== device.user_agent) return 'other'
  return session.ip === device.ip ? 'same' : 'moved'
}

const isUnspent = async (q: Q, tokenHash: string): Promise<boolean> =>
  (await q
    .selectFrom('refresh_tokens')
    .select('session_id')
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .executeTakeFirst()) !== undefined

/** What a spent token is worth: for 10 s the same successor to the same device, and later or to another one the end of its session. */
const judgeSpent = async (q: Q, token: { session_id: string; used_at: Date }, next: NextRefresh): Promise<Rotation> => {
  const session = (await live(q, next.clock).where('s.id', '=', token.session_id).executeTakeFirst()) ?? null
  const device = session === null ? 'other' : await deviceOf(q, session.id, next.device)
  if (session !== null && device !== 'other' && next.clock.now.getTime() - token.used_at.getTime() < raceMs) {
    const isRace = device === 'same' && (await isUnspent(q, next.token_hash))
    return isRace ? { state: 'repeated', session } : { state: 'refused' }
  }
  await q
    .updateTable('sessions')
    .set({ revoked_at: next.clock.now })
    .where('id', '=', token.session_id)
    .where('revoked_at', 'is', null)
    .execute()
  return { state: 'reused', session }
}

/** Spends a refresh token and stores its successor; one that was spent before means that one of two who hold it stole it. */
export const rotateRefresh = (auth: AuthDb, tokenHash: string, next: NextRefresh): Promise<Rotation> =>
  inAuth(auth, async (q) => {
    const token = await q
      .selectFrom('refresh_tokens')
      .select(['session_id', 'used_at', 'expires_at'])
      .where('token_hash', '=', tokenHash)
      .forUpdate()
      .executeTakeFirst()
    if (token === undefined || token.expires_at <= next.clock.now) return { state: 'refused' }
    const { session_id, used_at } = token
    if (used_at !== null) return await judgeSpent(q, { session_id, used_at }, next)
    const session = await live(q, next.clock).where('s.id', '=', session_id).executeTakeFirst()
    if (session === undefined) return { state: 'refused' }
    const expires = next.expires_at < session.expires_at ? next.expires_at : session.expires_at
    await q.updateTable('refresh_tokens').set({ used_at: next.clock.now }).where('token_hash', '=', tokenHash).execute()
    await q.insertInto('refresh_tokens').values({ token_hash: next.token_hash, session_id, expires_at: expires }).execute()
    await q
      .updateTable('sessions')
      .set({ last_used_at: next.clock.now, ...next.device })
      .where('id', '=', session_id)
      .execute()
    return { state: 'rotated', session }
  })

export interface Rights {
  username: string
  role: Role
  is_platform_admin: boolean
  tenant_name: string
}

/** The rights of a person in a tenant as they are now; null when either is not active. */
export const findRights = (auth: AuthDb, userId: string, tenantId: string): Promise<Rights | null> =>
  inAuth(auth, async (q) => {
    const found = await q
      .selectFrom('users as u')
      .innerJoin('memberships as m', 'm.user_id', 'u.id')
      .innerJoin('tenants as t', 't.id', 'm.tenant_id')
      .select(['u.username', 'm.role', 'u.is_platform_admin', 't.name as tenant_name'])
      .where('u.id', '=', userId)
      .where('t.id', '=', tenantId)
      .where('u.is_active', '=', true)
      .where('m.is_active', '=', true)
      .where('t.state', '=', 'active')
      .executeTakeFirst()
    return found ?? null
  })
