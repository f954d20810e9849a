// Proofs that it is still the person, of somebody who is signed in. Each is an oracle like the sign-in and slowed down like it.
import type { Assertion } from '../../../../shared/contract/access/second-factors.ts'
import type { AuditAct } from '../../../platform/audit.ts'
import { sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError, invalid } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { stepUpWindowMs } from '../../../../shared/contract/route.ts'
import { audited, recordInAuth } from '../../audit/index.ts'
import { ownSessionId } from '../account/own-sessions.ts'
import { type Deps, personOf } from '../deps.ts'
import { judgePasskey } from '../passkeys/prove.ts'
import { takeAsk } from '../passkeys/store-passkeys.ts'
import { isProvedByProvider } from '../sso/store-reach.ts'
import { findHash } from '../store-people.ts'
import { noteProof } from '../store-sessions.ts'
import { blocked, checkCode } from './check-code.ts'
import { hasFactor } from './store-factors.ts'

type Action = AuditAct['action']

const failed = async (deps: Deps, ctx: Ctx, act: { action: Action; reason: string }, error: AppError): Promise<AppError> => {
  await recordInAuth(deps.auth, sourceOf(ctx), {
    action: act.action,
    object_type: 'user',
    object_id: personOf(ctx.actor),
    outcome: 'failure',
    details: { reason: act.reason },
  })
  return error
}

/** @throws AppError validation, limit */
export const provePassword = async (deps: Deps, ctx: Ctx, password: string | undefined, action: Action): Promise<void> => {
  if (password === undefined || password === '') throw invalid('password', 'Enter your password.')
  const userId = personOf(ctx.actor)
  const { succeed } = deps.throttle.attempt({ account: `current password of ${userId}`, ip: ctx.client?.ip ?? '' })
  if (!(await deps.hasher.verify(await findHash(deps.auth, userId), password)))
    throw await failed(deps, ctx, { action, reason: 'The password was wrong' }, invalid('password', 'This is not your password.'))
  succeed()
}

/** In place of a password, of somebody who has none: the provider asked them anew. @throws AppError validation */
export const proveByProvider = async (deps: Deps, ctx: Ctx): Promise<void> => {
  const since = new Date(deps.now().getTime() - stepUpWindowMs)
  if (await isProvedByProvider(deps.auth, ownSessionId(ctx), since)) return
  throw invalid('password', 'You have no password here: let your provider ask who you are, then do this within five minutes.')
}

export interface CodeProof {
  code: string | undefined
  isPending?: boolean
}

/** @throws AppError validation, limit */
export const proveCode = async (deps: Deps, ctx: Ctx, { code, isPending }: CodeProof, action: Action): Promise<void> => {
  if (code === undefined) throw invalid('code', 'Enter a code of your authenticator app.')
  const judged = await checkCode(deps, { userId: personOf(ctx.actor), ip: ctx.client?.ip ?? '', code, isPending })
  if (judged.state === 'right') return
  const act = { action, reason: 'The code was wrong' }
  if (judged.blocked_until !== null) throw await failed(deps, ctx, act, blocked(deps, judged.blocked_until))
  const says =
    judged.state === 'none' ? 'There is no second factor to check this code with.' : 'This code is not right. Each code works once.'
  throw await failed(deps, ctx, act, invalid('code', says))
}

/** @throws AppError gone */
const provePasskey = async (deps: Deps, ctx: Ctx, answer: { given: Assertion; site: string }): Promise<void> => {
  const userId = personOf(ctx.actor)
  const ask = { session_id: ownSessionId(ctx), purpose: 'prove' as const }
  const challenge = await takeAsk(deps.auth, ask, deps.now())
  if (challenge === null) throw new AppError('gone', 'This took too long, or was done already. Try again.')
  const reason = await judgePasskey(deps, { userId, origin: answer.site, challenge, given: answer.given })
  if (reason === null) return
  throw await failed(deps, ctx, { action: 'session.prove', reason }, new AppError('gone', 'This passkey was not taken. Try again.'))
}

export interface GivenProof {
  password?: string
  code?: string
  passkey?: Assertion
  /** Scheme and host as the caller has them. */
  site: string
}

const proveBy = async (deps: Deps, ctx: Ctx, given: GivenProof): Promise<'passkey' | 'code' | 'password'> => {
  if (given.passkey !== undefined) {
    await provePasskey(deps, ctx, { given: given.passkey, site: given.site })
    return 'passkey'
  }
  if (await hasFactor(deps.auth, personOf(ctx.actor))) {
    await proveCode(deps, ctx, { code: given.code }, 'session.prove')
    return 'code'
  }
  await provePassword(deps, ctx, given.password, 'session.prove')
  return 'password'
}

/** Whoever has a second factor proves it by that: a password alone may have been read over a shoulder. */
export const stepUp = async (deps: Deps, ctx: Ctx, given: GivenProof): Promise<{ proved_until: string }> => {
  const sessionId = ownSessionId(ctx)
  const by = await proveBy(deps, ctx, given)
  const now = deps.now()
  const act = (): AuditAct => ({
    action: 'session.prove',
    object_type: 'session',
    object_id: sessionId,
    details: { by },
  })
  await noteProof(audited(deps.auth, sourceOf(ctx), act), sessionId, { now, isByPasskey: by === 'passkey' })
  deps.cache.clear()
  return { proved_until: iso(new Date(now.getTime() + stepUpWindowMs)) }
}
