// Whatever is wrong (no such person, wrong or empty password, deactivated, invited, no tenant) takes the same work and
// gets the same words.
import type { Role } from '../../../shared/domain/permissions.ts'
import type { AuditAct } from '../../platform/audit.ts'
import { AppError } from '../../platform/errors.ts'
import { recordInAuth } from '../audit/index.ts'
import type { Deps, Origin } from './deps.ts'
import { authenticate, type SignedIn } from './sessions.ts'
import { findForSignIn, noteSignIn, type SignInRow } from './store-people.ts'

export interface SignInAttempt {
  username: string
  password: string
  origin: Origin
  /** What the same browser or client already holds: its owner is not slowed down by strangers. */
  credentials: { bearer: string | null; cookie: string | null }
  /** A code came along, which is judged once the password is right. */
  hasCode?: boolean
}

/** With a code the same words, whichever of the three it was. */
export const refused = (hasCode: boolean): AppError =>
  new AppError('unauthenticated', `The username${hasCode ? ', the password or the code' : ' or the password'} is not right.`)

/** The name that is looked for is the name whose tries are counted: blanks around it must not make it another one. */
const nameOf = (attempt: SignInAttempt): string => attempt.username.trim()

interface Candidate {
  id: string
  username: string
  tenant_id: string
  role: Role
}

export const usable = (found: SignInRow): Candidate | null =>
  !found.is_active || found.tenant_id === null || found.role === null
    ? null
    : { id: found.id, username: found.username, tenant_id: found.tenant_id, role: found.role }

/** Whose session the browser or client holds already, among those whom the name may mean. */
const knownOwner = async (deps: Deps, attempt: SignInAttempt, found: readonly SignInRow[]): Promise<SignInRow | null> => {
  const userId = found.length === 0 ? null : (await authenticate(deps, attempt.credentials))?.actor.user_id
  return found.find((row) => usable(row) !== null && row.id === userId) ?? null
}

interface Right {
  who: Candidate
  hash: string
}

/** Nobody found takes the work of one, so that neither is told from the other. */
const rightOf = async (deps: Deps, found: readonly SignInRow[], password: string): Promise<Right | null> => {
  if (found.length === 0) await deps.hasher.verify(null, password)
  for (const row of found) {
    const isRight = await deps.hasher.verify(row.password_hash, password)
    const who = usable(row)
    if (isRight && who !== null && row.password_hash !== null) return { who, hash: row.password_hash }
  }
  return null
}

/**
 * Tries at an account that is not one's own are counted, also where both gave the same e-mail address. They are counted under
 * a word of their own, so that no name that is typed is that of another count.
 */
const findRight = async (deps: Deps, attempt: SignInAttempt, found: readonly SignInRow[]): Promise<Right | null> => {
  const owner = await knownOwner(deps, attempt, found)
  const own = owner === null ? null : await rightOf(deps, [owner], attempt.password)
  const others = found.filter((row) => row !== owner)
  if (own !== null || (owner !== null && others.length === 0)) return own
  const { succeed } = deps.throttle.attempt({ account: `sign-in ${nameOf(attempt)}`, ip: attempt.origin.ip })
  const right = await rightOf(deps, others, attempt.password)
  if (right !== null) succeed()
  return right
}

const note = async (deps: Deps, userId: string, hash: { was: string; password_hash: string }): Promise<void> => {
  const changes = { last_login_at: deps.now(), ...hash }
  await noteSignIn(deps.auth, userId, changes).catch((err: unknown) => deps.log.warn({ err }, 'the time of a sign-in could not be noted'))
}

/**
 * A name that nobody has is not kept: it may be a password that was typed into the wrong field. Tries that the throttle
 * turned away were not judged and leave no row.
 */
const failed = ([found]: readonly SignInRow[]): AuditAct => ({
  action: 'session.open',
  object_type: 'user',
  object_id: found?.id ?? null,
  outcome: 'failure',
  details: found === undefined ? { account: 'unknown' } : { account: found.username },
  tenant_id: found?.tenant_id ?? null,
})

/** @throws AppError unauthenticated, or limit after too many wrong tries. */
export const signIn = async (deps: Deps, attempt: SignInAttempt): Promise<SignedIn> => {
  const found = await findForSignIn(deps.auth, nameOf(attempt))
  const right = await findRight(deps, attempt, found)
  if (right === null) {
    await recordInAuth(deps.auth, attempt.origin.source, failed(found))
    throw refused(attempt.hasCode === true)
  }
  const { who, hash } = right
  const renewed = deps.hasher.isWeak(hash) ? await deps.hasher.hash(attempt.password) : hash
  await note(deps, who.id, { was: hash, password_hash: renewed })
  return {
    user_id: who.id,
    username: who.username,
    tenant_id: who.tenant_id,
    role: who.role,
    hashes: [hash, renewed],
    origin: attempt.origin,
  }
}
