// Whatever is wrong (no such person, wrong or empty password, deactivated, invited, no tenant) takes the same work and
// gets the same words.
import { AppError } from '../../platform/errors.ts'
import type { Deps, Origin } from './deps.ts'
import { authenticate, type SignedIn } from './sessions.ts'
import { findForSignIn, noteSignIn } from './store-people.ts'

export interface SignInAttempt {
  username: string
  password: string
  origin: Origin
  /** What the same browser or client already holds: its owner is not slowed down by strangers. */
  credentials: { bearer: string | null; cookie: string | null }
}

const refused = (): AppError => new AppError('unauthenticated', 'The username or the password is not right.')

const isKnownOwner = async (deps: Deps, attempt: SignInAttempt, userId: string): Promise<boolean> =>
  (await authenticate(deps, attempt.credentials))?.actor.user_id === userId

const verifySlowly = async (deps: Deps, attempt: SignInAttempt, verify: () => Promise<boolean>): Promise<boolean> => {
  const { succeed } = deps.throttle.attempt({ account: attempt.username, ip: attempt.origin.ip })
  const isRight = await verify()
  if (isRight) succeed()
  return isRight
}

/** @throws AppError unauthenticated, or limit after too many wrong tries. */
export const signIn = async (deps: Deps, attempt: SignInAttempt): Promise<SignedIn> => {
  const found = await findForSignIn(deps.auth, attempt.username.trim())
  const hash = found?.password_hash ?? null
  const isUsable = found !== null && found.is_active && found.tenant_id !== null
  const verify = async (): Promise<boolean> => (await deps.hasher.verify(hash, attempt.password)) && isUsable
  const isOwner = isUsable && (await isKnownOwner(deps, attempt, found.id))
  const isRight = isOwner ? await verify() : await verifySlowly(deps, attempt, verify)
  if (!isRight || found === null || found.tenant_id === null || found.role === null || hash === null) throw refused()
  const renewed = deps.hasher.isWeak(hash) ? { password_hash: await deps.hasher.hash(attempt.password) } : {}
  await noteSignIn(deps.auth, found.id, { last_login_at: deps.now(), ...renewed }).catch((err: unknown) =>
    deps.log.warn({ err }, 'the time of a sign-in could not be noted'),
  )
  return { user_id: found.id, tenant_id: found.tenant_id, role: found.role, origin: attempt.origin }
}
