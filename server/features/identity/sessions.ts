import { may, type Permission, type Role, shownRole } from '../../../shared/domain/permissions.ts'
import type { AuditAct, AuditSource } from '../../platform/audit.ts'
import { sourceOf } from '../../platform/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { AppError } from '../../platform/errors.ts'
import { newId, newSecret, sha256Hex } from '../../platform/ids.ts'
import { audited } from '../audit/index.ts'
import { type Notice, notified } from './mailed/notices.ts'
import type { AuthDb } from './store-people.ts'
import { clockOf } from './account/limits.ts'
import { isThere } from './account/store-still-in.ts'
import type { Deps, Origin, SessionCache, Who } from './deps.ts'
import type { LiveSession, Rotation } from './store-sessions.ts'
import { findRights, findSession, insertSession, revokeSession, rotateRefresh, touchSession } from './store-sessions.ts'

const cacheMs = 3_000
const mostCached = 10_000
const touchEveryMs = 60_000
const minuteMs = 60_000

export const createSessionCache = (now: () => Date): SessionCache => {
  const known = new Map<string, { who: Who; until: number }>()
  return {
    get: (key) => {
      const found = known.get(key)
      if (found === undefined || found.until > now().getTime()) return found?.who
      known.delete(key)
      return undefined
    },
    set: (key, who) => {
      if (known.size >= mostCached) known.clear()
      known.set(key, { who, until: now().getTime() + cacheMs })
    },
    clear: () => known.clear(),
  }
}

const whoOf = (session: LiveSession): Who => ({
  tenant: { id: session.tenant_id, name: session.tenant_name },
  actor: {
    kind: 'user',
    user_id: session.user_id,
    username: session.username,
    role: session.role,
    is_platform_admin: session.is_platform_admin,
    session_id: session.id,
    proved_at: session.proved_at,
    sso_tenant_id: session.sso_tenant_id,
    must_set_up_factor: session.must_set_up_factor,
    must_use_passkey: session.must_use_passkey,
  },
})

// Noting the use must not cost the request: with a full disk people still read.
const touch = async (deps: Deps, session: LiveSession): Promise<void> => {
  const now = deps.now()
  if (now.getTime() - session.last_used_at.getTime() < touchEveryMs) return
  await touchSession(deps.auth, session.id, now).catch((err: unknown) => deps.log.warn({ err }, 'the use of a session could not be noted'))
}

interface Known {
  bearer: string | null
  cookie: string | null
  /** Nobody is there: the session is looked at and not used. */
  isUnattended?: boolean
}

const admit = async (deps: Deps, key: string, load: () => Promise<LiveSession | null>, isUnattended = false): Promise<Who | null> => {
  const known = deps.cache.get(key)
  if (known !== undefined) return known
  const session = await load()
  if (session === null) return null
  if (!isUnattended) await touch(deps, session)
  const who = whoOf(session)
  deps.cache.set(key, who)
  return who
}

const byBearer = async (deps: Deps, token: string): Promise<Who | null> => {
  const claims = await deps.tokens.verify(token, deps.now())
  if (claims === null) return null
  const who = await admit(deps, `id ${claims.session_id}`, async () => {
    const session = await findSession(deps.auth, { id: claims.session_id }, clockOf(deps.config, deps.now()))
    return session?.kind === 'api' ? session : null
  })
  return who?.actor.user_id === claims.user_id && who.tenant.id === claims.tenant_id ? who : null
}

const byCookie = (deps: Deps, secret: string, isUnattended: boolean | undefined): Promise<Who | null> => {
  const hash = sha256Hex(secret)
  const load = async (): Promise<LiveSession | null> => {
    const session = await findSession(deps.auth, { token_hash: hash }, clockOf(deps.config, deps.now()))
    return session?.kind === 'browser' ? session : null
  }
  return admit(deps, `cookie ${hash}`, load, isUnattended)
}

/** Who the credentials stand for, with the rights as they were at most 3 s ago; null when for nobody. */
export const authenticate = async (deps: Deps, credentials: Known): Promise<Who | null> => {
  if (credentials.bearer !== null) return await byBearer(deps, credentials.bearer)
  return credentials.cookie === null ? null : await byCookie(deps, credentials.cookie, credentials.isUnattended)
}

/** The rights of a person in a tenant as they are now, for work without a request; null when they have none. */
export const actorFor = async (deps: Deps, userId: string, tenantId: string): Promise<Who | null> => {
  const rights = await findRights(deps.auth, userId, tenantId)
  if (rights === null) return null
  const { username, role, is_platform_admin } = rights
  return {
    tenant: { id: tenantId, name: rights.tenant_name },
    actor: { kind: 'user', user_id: userId, username, role, is_platform_admin, session_id: null },
  }
}

/** For what takes long: whether its session, or its person where there is none, may still do it, read anew. */
export const stillMay = async (deps: Deps, { actor, tenant }: Ctx, permission: Permission): Promise<boolean> => {
  if (actor.user_id === null) return true
  if (actor.session_id === null) {
    const now = await actorFor(deps, actor.user_id, tenant.id)
    return now !== null && may(now.actor, permission)
  }
  const session = await findSession(deps.auth, { id: actor.session_id }, clockOf(deps.config, deps.now()))
  return session !== null && session.tenant_id === tenant.id && may(session, permission)
}

/** For a request that takes long: whether whoever made it is still in. */
export const isStillIn = async (deps: Deps, { actor, tenant }: Who): Promise<boolean> => {
  const { user_id, session_id, api_key } = actor
  return (
    user_id === null ||
    (await isThere(deps.auth, { user_id, tenant_id: tenant.id, session_id, api_key_id: api_key?.id ?? null }, deps.now()))
  )
}

export interface SignedIn {
  user_id: string
  username: string
  tenant_id: string
  role: Role
  /** The password's hash as it was judged, and as it was renewed then: a session is opened only while it stands. */
  hashes: readonly string[]
  origin: Origin
  /** What the second step was passed with, where there was one. */
  second_factor?: 'app' | 'recovery' | 'passkey'
  /** A passkey was all that was given. */
  is_without_password?: true
}

const sessionRow = (deps: Deps, who: SignedIn, kind: 'browser' | 'api', secret: string) => {
  const now = deps.now()
  const lifeMs =
    kind === 'browser' ? deps.config.SESSION_MAX_HOURS * 60 * minuteMs : deps.config.REFRESH_TOKEN_EXPIRE_DAYS * 1440 * minuteMs
  return {
    id: newId(),
    token_hash: sha256Hex(secret),
    kind,
    user_id: who.user_id,
    tenant_id: who.tenant_id,
    created_at: now,
    expires_at: new Date(now.getTime() + lifeMs),
    ip: who.origin.ip,
    user_agent: who.origin.userAgent,
    proved_at: now,
    passkey_at: who.second_factor === 'passkey' ? now : null,
  }
}

const opened = (who: SignedIn, session: { id: string; kind: string }) => (): AuditAct => ({
  action: 'session.open',
  object_type: 'session',
  object_id: session.id,
  details: { kind: session.kind, second_factor: who.second_factor, is_without_password: who.is_without_password },
  tenant_id: who.tenant_id,
  actor: { kind: 'user', user_id: who.user_id, username: who.username },
})

const opening = (deps: Deps, who: SignedIn, session: { id: string; kind: string }): AuthDb =>
  notified<{ is_new_device: boolean }>(
    deps,
    audited(deps.auth, who.origin.source, opened(who, session)),
    who.origin.source,
    ({ is_new_device }) => (is_new_device ? [{ kind: 'session.new_device', user_id: who.user_id, tenant_id: who.tenant_id }] : []),
  )

/** A browser's session: its secret goes into the cookie, only its hash is kept. */
export const openBrowserSession = async (deps: Deps, who: SignedIn): Promise<{ secret: string; expires_at: Date }> => {
  const secret = newSecret()
  const session = sessionRow(deps, who, 'browser', secret)
  await insertSession(opening(deps, who, session), session, { hashes: who.hashes, second_factor: who.second_factor })
  return { secret, expires_at: session.expires_at }
}

export interface TokenReply {
  access_token: string
  token_type: 'bearer'
  refresh_token: string
  expires_in: number
}

interface Bearing {
  id: string
  user_id: string
  tenant_id: string
  role: Role
}

/** An access token for the session as it is now: it opens nothing once the session is in another tenant. */
export const signAccess = async (deps: Deps, session: Bearing): Promise<{ token: string; seconds: number }> => {
  const seconds = deps.config.ACCESS_TOKEN_EXPIRE_MINUTES * 60
  const claims = { user_id: session.user_id, tenant_id: session.tenant_id, session_id: session.id, role: shownRole(session.role) }
  return { token: await deps.tokens.sign(claims, { now: deps.now(), seconds }), seconds }
}

const reply = async (deps: Deps, session: Bearing, refreshToken: string): Promise<TokenReply> => {
  const access = await signAccess(deps, session)
  return { access_token: access.token, token_type: 'bearer', refresh_token: refreshToken, expires_in: access.seconds }
}

export const openApiSession = async (deps: Deps, who: SignedIn): Promise<TokenReply> => {
  // Nothing but its access and refresh tokens opens this session, so its own secret is forgotten here.
  const session = sessionRow(deps, who, 'api', newSecret())
  const refreshToken = newSecret()
  const refresh = { token_hash: sha256Hex(refreshToken), expires_at: session.expires_at }
  await insertSession(opening(deps, who, session), session, { hashes: who.hashes, second_factor: who.second_factor, refresh })
  return await reply(deps, { ...session, role: who.role }, refreshToken)
}

const turned = (rotation: Rotation): AuditAct | null => {
  if (rotation.state === 'refused' || rotation.state === 'repeated') return null
  const { session } = rotation
  if (session === null) return null
  return {
    action: rotation.state === 'rotated' ? 'session.refresh' : 'session.reuse',
    object_type: 'session',
    object_id: session.id,
    outcome: rotation.state === 'rotated' ? 'success' : 'failure',
    tenant_id: session.tenant_id,
    actor: { kind: 'user', user_id: session.user_id, username: session.username },
  }
}

const reused = (rotation: Rotation): Notice[] =>
  rotation.state === 'reused' && rotation.session !== null
    ? [{ kind: 'session.reuse', user_id: rotation.session.user_id, tenant_id: rotation.session.tenant_id }]
    : []

/** @throws AppError unauthenticated for a token that is unknown, over or spent. */
export const refreshTokens = async (deps: Deps, refreshToken: string, source: AuditSource): Promise<TokenReply> => {
  const next = deps.tokens.successorOf(refreshToken)
  const now = deps.now()
  const device = { ip: source.client?.ip ?? null, user_agent: source.client?.userAgent ?? null }
  const expires_at = new Date(now.getTime() + deps.config.REFRESH_TOKEN_EXPIRE_DAYS * 1440 * minuteMs)
  const auth = notified(deps, audited(deps.auth, source, turned), source, reused)
  const rotation = await rotateRefresh(auth, sha256Hex(refreshToken), {
    token_hash: sha256Hex(next),
    expires_at,
    clock: clockOf(deps.config, now),
    device,
  })
  if (rotation.state === 'rotated' || rotation.state === 'repeated') return await reply(deps, rotation.session, next)
  if (rotation.state === 'reused') {
    deps.cache.clear()
    deps.log.warn({ session_id: rotation.session?.id }, 'a spent refresh token was used again: its session is ended')
  }
  throw new AppError('unauthenticated', 'Sign in again: this refresh token is not valid any more.')
}

/** Ends the session that asks, and says what kind it was. */
export const closeSession = async (deps: Deps, ctx: Ctx): Promise<'browser' | 'api' | null> => {
  const { session_id } = ctx.actor
  if (session_id === null) return null
  const closed = (): AuditAct => ({ action: 'session.close', object_type: 'session', object_id: session_id })
  const kind = await revokeSession(audited(deps.auth, sourceOf(ctx), closed), session_id, deps.now())
  deps.cache.clear()
  return kind
}
