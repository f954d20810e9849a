// Whatever is wrong (no such person, wrong or empty password, deactivated, invited, no tenant) takes the same work and
// gets the same words.
import { AppError } from '../../platform/errors.ts'
import type { Deps, Origin } from './deps.ts'
import { authenticate, type SignedIn } from './sessions.ts'
import { findForSignIn, noteSignIn, type SignInRow } from './store-people.ts'

export interface SignInAttempt {
  username: string
  password: string
  origin: Origin
  /** What the same browser or client already holds: its owner is not slowed down by strangers. */
  credentials: { bearer: string | null; cookie: string | null }
}

const refused = (): AppError => new AppError('unauthenticated', 'The username or the password is not right.')

/** The name that is looked for is the name whose tries are counted: blanks around it must not make it another one. */
const nameOf = (attempt: SignInAttempt): string => attempt.username.trim()

const isKnownOwner = async (deps: Deps, attempt: SignInAttempt, userId: string): Promise<boolean> =>
  (await authenticate(deps, attempt.credentials))?.actor.user_id === userId

const verifySlowly = async (deps: Deps, attempt: SignInAttempt, verify: () => Promise<boolean>): Promise<boolean> => {
  const { succeed } = deps.throttle.attempt({ account: nameOf(attempt), ip: attempt.origin.ip })
  const isRight = await verify()
  if (isRight) succeed()
  return isRight
}

interface Candidate {
  id: string
  tenant_id: string
  role: string
}

const usable = (found: SignInRow | null): Candidate | null =>
  found === null || !found.is_active || found.tenant_id === null || found.role === null
    ? null
    : { id: found.id, tenant_id: found.tenant_id, role: found.role }

const note = async (deps: Deps, userId: string, renewed: { password_hash?: string }): Promise<void> => {
  const changes = { last_login_at: deps.now(), ...renewed }
  await noteSignIn(deps.auth, userId, changes).catch((err: unknown) => deps.log.warn({ err }, 'the time of a sign-in could not be noted'))
}

/** @throws AppError unauthenticated, or limit after too many wrong tries. */
export const signIn = async (deps: Deps, attempt: SignInAttempt): Promise<SignedIn> => {
  const found = await findForSignIn(deps.auth, nameOf(attempt))
  const who = usable(found)
  const hash = found?.password_hash ?? null
  const verify = async (): Promise<boolean> => (await deps.hasher.verify(hash, attempt.password)) && who !== null
  const isOwner = who !== null && (await isKnownOwner(deps, attempt, who.id))
  const isRight = isOwner ? await verify() : await verifySlowly(deps, attempt, verify)
  if (!isRight || who === null || hash === null) throw refused()
  await note(deps, who.id, deps.hasher.isWeak(hash) ? { password_hash: await deps.hasher.hash(attempt.password) } : {})
  return { user_id: who.id, tenant_id: who.tenant_id, role: who.role, origin: attempt.origin }
}
