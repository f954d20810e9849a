import { ssoReturnPath } from '../../../../shared/contract/access/sso.ts'
import type { AuditAct, AuditSource } from '../../../platform/audit.ts'
import { AppError, forbidden, isAppError } from '../../../platform/errors.ts'
import { newId, newSecret, sha256Hex } from '../../../platform/ids.ts'
import { audited, recordInAuth } from '../../audit/index.ts'
import type { Deps } from '../deps.ts'
import { notified } from '../mailed/notices.ts'
import { type Attempt, openAttempt, sealAttempt } from './attempt.ts'
import { roleFor, usernamesOf } from './claims.ts'
import { baseOf, opened } from './settings.ts'
import { type Arrived, arrive } from './store-arrivals.ts'
import { findOpenProvider, type ProviderRow } from './store-providers.ts'

/** A browser's call before it is known who it is of. */
export interface Browser {
  client: { ip: string; userAgent: string }
  source: AuditSource
  /** Scheme and host as the browser has them. */
  origin: string
}

interface Secret {
  secret: string
  expires_at: Date
}

/**
 * A name that is not there and a tenant without single sign-on are one to a stranger, and guessing names is slowed down.
 * `succeed` is for the caller to call, once all that it does by the provider is done.
 */
const providerOf = async (deps: Deps, tenant: string, { client }: Browser): Promise<{ row: ProviderRow; succeed: () => void }> => {
  const { succeed } = deps.throttle.attempt({ account: 'single sign-on', ip: client.ip, isShared: true })
  const found = await findOpenProvider(deps.auth, tenant.trim())
  if (found === null)
    throw new AppError('not_found', 'No tenant of this name offers single sign-on. Check the name, or sign in with your password.')
  return { row: found, succeed }
}

export const findSso = async (deps: Deps, tenant: string, browser: Browser): Promise<{ tenant_id: string; label: string }> => {
  const { row, succeed } = await providerOf(deps, tenant, browser)
  succeed()
  return { tenant_id: row.tenant_id, label: row.label }
}

export const startSso = async (
  deps: Deps,
  wish: { tenant: string; to?: string; is_fresh?: boolean },
  browser: Browser,
): Promise<{ url: string; attempt: Secret }> => {
  const { row, succeed } = await providerOf(deps, wish.tenant, browser)
  const return_address = baseOf(deps, browser.origin) + ssoReturnPath
  const { url, ...secrets } = await deps.providers.begin(await opened(deps, row), {
    returnAddress: return_address,
    isFresh: wish.is_fresh === true,
  })
  succeed()
  const { tenant_id, issuer, client_id } = row
  const attempt: Attempt = { tenant_id, issuer, client_id, return_address, ...secrets, to: wish.to ?? null }
  return { url, attempt: await sealAttempt(deps.vault, attempt, deps.now()) }
}

const failed = (deps: Deps, tenantId: string, source: AuditSource, error: unknown): Promise<void> =>
  recordInAuth(deps.auth, source, {
    action: 'session.open',
    object_type: 'user',
    outcome: 'failure',
    tenant_id: tenantId,
    details: { by: 'single sign-on', reason: isAppError(error) ? error.message : 'a fault of this server' },
  })

const arrivedAct =
  (attempt: Attempt, sessionId: string) =>
  ({ user_id, username, ...how }: Arrived): AuditAct => ({
    action: 'session.open',
    object_type: 'session',
    object_id: sessionId,
    tenant_id: attempt.tenant_id,
    actor: { kind: 'user', user_id, username },
    details: { kind: 'browser', by: 'single sign-on', issuer: attempt.issuer, ...how },
  })

/** @param attempted Told once the provider has vouched for somebody: it was no guess, whatever becomes of it. */
const enter = async (
  deps: Deps,
  attempt: Attempt & { query: string },
  browser: Browser,
  attempted: { succeed: () => void },
): Promise<Secret> => {
  const row = await findOpenProvider(deps.auth, attempt.tenant_id)
  if (row === null || row.issuer !== attempt.issuer || row.client_id !== attempt.client_id)
    throw new AppError('gone', 'The single sign-on of this tenant was changed in the meantime. Begin again.')
  const cameBack = new URL(attempt.return_address)
  cameBack.search = attempt.query
  const person = await deps.providers.finish(await opened(deps, row), attempt, cameBack)
  attempted.succeed()
  const role = roleFor(row, person.groups)
  if (role === null)
    throw forbidden('None of your groups at the provider has a role in this tenant. Ask an admin of it to give one of them a role.')
  const now = deps.now()
  const secret = newSecret()
  const session = {
    id: newId(),
    token_hash: sha256Hex(secret),
    kind: 'browser' as const,
    created_at: now,
    expires_at: new Date(now.getTime() + deps.config.SESSION_MAX_HOURS * 3_600_000),
    ip: browser.client.ip,
    user_agent: browser.client.userAgent,
    // A provider that knew who it is has asked nobody anything.
    proved_at: person.asked_at !== null && person.asked_at > now ? now : person.asked_at,
  }
  const auth = notified<Arrived>(
    deps,
    audited(deps.auth, browser.source, arrivedAct(attempt, session.id)),
    browser.source,
    ({ is_new_device, user_id }) => (is_new_device ? [{ kind: 'session.new_device', user_id, tenant_id: attempt.tenant_id }] : []),
  )
  const { tenant_id, issuer, client_id } = attempt
  await arrive(auth, { tenant_id, issuer, client_id, person, role, usernames: usernamesOf(person.names), session, now })
  deps.cache.clear()
  return { secret, expires_at: session.expires_at }
}

/** @throws AppError gone, forbidden, conflict, unavailable, limit: each says what to do */
export const finishSso = async (
  deps: Deps,
  given: { query: string; attempt: string | null },
  browser: Browser,
): Promise<{ to: string | null; session: Secret }> => {
  const attempted = deps.throttle.attempt({ account: 'single sign-on', ip: browser.client.ip, isShared: true })
  const attempt = given.attempt === null ? null : await openAttempt(deps.vault, given.attempt, deps.now())
  if (attempt === null) throw new AppError('gone', 'This sign-in was begun in another browser, or more than ten minutes ago. Begin again.')
  try {
    const session = await enter(deps, { ...attempt, query: given.query }, browser, attempted)
    return { to: attempt.to, session }
  } catch (error) {
    await failed(deps, attempt.tenant_id, browser.source, error)
    throw error
  }
}
