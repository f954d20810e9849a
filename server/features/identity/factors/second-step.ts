// Between the right password and a session stands the code, where the person has a second factor. A challenge opens nothing
// but the step that asks for it.
import type { AuditAct } from '../../../platform/audit.ts'
import { AppError, invalid } from '../../../platform/errors.ts'
import { newSecret, sha256Hex } from '../../../platform/ids.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited, recordInAuth } from '../../audit/index.ts'
import type { Deps, Origin } from '../deps.ts'
import { notified } from '../mailed/notices.ts'
import type { SignedIn } from '../sessions.ts'
import { refused } from '../sign-in.ts'
import { blocked, checkCode } from './check-code.ts'
import { isAppCode, isRecoveryCode } from './recovery-codes.ts'
import { findChallenge, insertChallenge } from './store-challenges.ts'
import { hasFactor, type Judged } from './store-factors.ts'

const challengeMs = 5 * 60_000

type Kind = 'browser' | 'api'

/** The code in a form's `scope`, where clients of OAuth2 may write other words too. */
export const codeIn = (text: string | undefined): string | null =>
  text !== undefined && (isAppCode(text) || isRecoveryCode(text)) ? text.trim() : null

const personOf = (who: Pick<SignedIn, 'user_id' | 'username' | 'tenant_id'>) => ({
  object_type: 'user',
  object_id: who.user_id,
  tenant_id: who.tenant_id,
  actor: { kind: 'user' as const, user_id: who.user_id, username: who.username },
})

const ask = async (deps: Deps, who: SignedIn, kind: Kind): Promise<AppError> => {
  const token = newSecret()
  const created_at = deps.now()
  const expires_at = new Date(created_at.getTime() + challengeMs)
  const act = (): AuditAct => ({ action: 'session.challenge', details: { kind }, ...personOf(who) })
  await insertChallenge(audited(deps.auth, who.origin.source, act), {
    token_hash: sha256Hex(token),
    user_id: who.user_id,
    tenant_id: who.tenant_id,
    kind,
    password_hashes: [...new Set(who.hashes)],
    created_at,
    expires_at,
  })
  return new AppError('second_factor', 'Enter a code of your authenticator app, or a recovery code.', {
    details: { challenge: { token, expires_at: iso(expires_at) } },
  })
}

type Who = Pick<SignedIn, 'user_id' | 'username' | 'tenant_id' | 'origin'>

const judge = async (deps: Deps, who: Who, given: { code: string; challenge: string | null }): Promise<Judged> => {
  const judged = await checkCode(deps, { userId: who.user_id, ip: who.origin.ip, ...given })
  if (judged.state === 'right' || judged.state === 'none') return judged
  const { actor: _nobodyYet, ...account } = personOf(who)
  const auth = notified(deps, deps.auth, who.origin.source, () => [
    { kind: 'factor.failed', user_id: who.user_id, tenant_id: who.tenant_id },
  ])
  await recordInAuth(auth, who.origin.source, {
    action: 'session.open',
    outcome: 'failure',
    details: { account: who.username, reason: judged.state === 'blocked' ? 'Codes are blocked' : 'The code was wrong' },
    ...account,
  })
  if (judged.blocked_until !== null) throw blocked(deps, judged.blocked_until)
  return judged
}

/** Who has no second factor is through. @throws AppError second_factor, unauthenticated for a wrong code, limit */
export const passSecondStep = async (deps: Deps, who: SignedIn, step: { kind: Kind; code: string | null }): Promise<SignedIn> => {
  if (!(await hasFactor(deps.auth, who.user_id))) return who
  if (step.code === null) throw await ask(deps, who, step.kind)
  const { state, kind } = await judge(deps, who, { code: step.code, challenge: null })
  if (state !== 'right' || kind === null) throw refused(true)
  return { ...who, second_factor: kind }
}

const over = (): AppError => new AppError('gone', 'This sign-in is over: it took too long, or too many codes were wrong. Begin again.')

/** @throws AppError gone, validation for a wrong code, limit */
export const completeSecondStep = async (
  deps: Deps,
  given: { challenge: string; code: string; kind: Kind },
  origin: Origin,
): Promise<SignedIn> => {
  const token_hash = sha256Hex(given.challenge)
  const found = await findChallenge(deps.auth, { token_hash, kind: given.kind, now: deps.now() })
  if (found === null) throw over()
  const { password_hashes, ...person } = found
  const { state, kind } = await judge(deps, { ...person, origin }, { code: given.code, challenge: token_hash })
  if (state === 'none') throw over()
  if (state !== 'right' || kind === null) throw invalid('code', 'This code is not right. Each code works once; wait for the next one.')
  return { ...person, hashes: password_hashes, origin, second_factor: kind }
}
