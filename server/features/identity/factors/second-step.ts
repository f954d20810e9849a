// Between the right password and a session stands the code, where the person has a second factor. A challenge opens nothing
// but the step that asks for it.
import type { Assertion } from '../../../../shared/contract/access/second-factors.ts'
import type { AuditAct } from '../../../platform/audit.ts'
import { AppError, invalid } from '../../../platform/errors.ts'
import { newSecret, sha256Hex } from '../../../platform/ids.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited, recordInAuth } from '../../audit/index.ts'
import type { Deps, Origin } from '../deps.ts'
import { notified } from '../mailed/notices.ts'
import { askOf, judgePasskey } from '../passkeys/prove.ts'
import { takeSignIn } from '../passkeys/store-passkeys.ts'
import type { SignedIn } from '../sessions.ts'
import { refused } from '../sign-in.ts'
import { blocked, checkCode } from './check-code.ts'
import { isAppCode, isRecoveryCode } from './recovery-codes.ts'
import { findChallenge, insertChallenge } from './store-challenges.ts'
import { hasApp, hasFactor, type Judged } from './store-factors.ts'

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

interface Step {
  kind: Kind
  /** Scheme and host as the caller has them. */
  site: string
}

const ask = async (deps: Deps, who: SignedIn, { kind, site }: Step): Promise<AppError> => {
  const token = newSecret()
  const asked = await askOf(deps, who.user_id, site)
  const has_app = await hasApp(deps.auth, who.user_id)
  const created_at = deps.now()
  const expires_at = new Date(created_at.getTime() + challengeMs)
  const act = (): AuditAct => ({ action: 'session.challenge', details: { kind }, ...personOf(who) })
  await insertChallenge(audited(deps.auth, who.origin.source, act), {
    token_hash: sha256Hex(token),
    user_id: who.user_id,
    tenant_id: who.tenant_id,
    kind,
    password_hashes: [...new Set(who.hashes)],
    passkey_challenge: asked?.challenge ?? null,
    created_at,
    expires_at,
  })
  return new AppError(
    'second_factor',
    asked !== null
      ? 'Use your passkey, or enter a code.'
      : has_app
        ? 'Enter a code of your authenticator app, or a recovery code.'
        : 'Enter a recovery code.',
    {
      details: { challenge: { token, expires_at: iso(expires_at), has_app, passkey: asked?.options } },
    },
  )
}

type Who = Pick<SignedIn, 'user_id' | 'username' | 'tenant_id' | 'origin'>

const noteFailure = async (deps: Deps, who: Who, reason: string): Promise<void> => {
  const { actor: _nobodyYet, ...account } = personOf(who)
  const auth = notified(deps, deps.auth, who.origin.source, () => [
    { kind: 'factor.failed', user_id: who.user_id, tenant_id: who.tenant_id },
  ])
  await recordInAuth(auth, who.origin.source, {
    action: 'session.open',
    outcome: 'failure',
    details: { account: who.username, reason },
    ...account,
  })
}

const judge = async (deps: Deps, who: Who, given: { code: string; challenge: string | null }): Promise<Judged> => {
  const judged = await checkCode(deps, { userId: who.user_id, ip: who.origin.ip, ...given })
  if (judged.state === 'right' || judged.state === 'none') return judged
  await noteFailure(deps, who, judged.state === 'blocked' ? 'Codes are blocked' : 'The code was wrong')
  if (judged.blocked_until !== null) throw blocked(deps, judged.blocked_until)
  return judged
}

/** Who has no second factor is through. @throws AppError second_factor, unauthenticated for a wrong code, limit */
export const passSecondStep = async (deps: Deps, who: SignedIn, step: Step & { code: string | null }): Promise<SignedIn> => {
  if (!(await hasFactor(deps.auth, who.user_id))) return who
  if (step.code === null) throw await ask(deps, who, step)
  const { state, kind } = await judge(deps, who, { code: step.code, challenge: null })
  if (state !== 'right' || kind === null) throw refused(true)
  return { ...who, second_factor: kind }
}

const over = (): AppError => new AppError('gone', 'This sign-in is over: it took too long, or too many codes were wrong. Begin again.')

type Found = Who & { token_hash: string }

/** One answer to one challenge: whatever is wrong with it, the sign-in is over. */
const passByPasskey = async (deps: Deps, who: Found, answer: { given: Assertion; site: string }): Promise<void> => {
  const challenge = await takeSignIn(deps.auth, who.token_hash)
  if (challenge === null) throw over()
  const reason = await judgePasskey(deps, { userId: who.user_id, origin: answer.site, challenge, given: answer.given })
  if (reason === null) return
  await noteFailure(deps, who, reason)
  throw new AppError('gone', 'This passkey was not taken. Begin again.')
}

interface SecondStep extends Step {
  challenge: string
  code?: string
  passkey?: Assertion
}

/** @throws AppError gone, validation for a wrong code, limit */
export const completeSecondStep = async (deps: Deps, given: SecondStep, origin: Origin): Promise<SignedIn> => {
  const token_hash = sha256Hex(given.challenge)
  const found = await findChallenge(deps.auth, { token_hash, kind: given.kind, now: deps.now() })
  if (found === null) throw over()
  const { password_hashes, ...person } = found
  const signedIn = { ...person, hashes: password_hashes, origin }
  if (given.passkey !== undefined) {
    await passByPasskey(deps, { ...signedIn, token_hash }, { given: given.passkey, site: given.site })
    return { ...signedIn, second_factor: 'passkey' }
  }
  if (given.code === undefined) throw invalid('code', 'Enter a code.')
  const { state, kind } = await judge(deps, signedIn, { code: given.code, challenge: token_hash })
  if (state === 'none') throw over()
  if (state !== 'right' || kind === null) throw invalid('code', 'This code is not right. Each code works once; wait for the next one.')
  return { ...signedIn, second_factor: kind }
}
