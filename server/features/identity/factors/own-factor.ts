import type { FactorState } from '../../../../shared/contract/access/second-factors.ts'
import { stepUpWindowMs } from '../../../../shared/contract/route.ts'
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited } from '../../audit/index.ts'
import { ownerOf, ownSessionId } from '../account/own-sessions.ts'
import { type Deps, personOf } from '../deps.ts'
import { notifiedSelf } from '../mailed/notices.ts'
import { requireOwnReach } from '../sso/reach.ts'
import { findHash } from '../store-people.ts'
import { seedBound, setUpMs } from './check-code.ts'
import { proveByProvider, proveCode, provePassword } from './proof.ts'
import { newRecoveryCodes, recoveryHash } from './recovery-codes.ts'
import { activateFactor, beginFactor, readOwnFactor, removeOwnFactor, replaceCodes } from './store-factors.ts'
import { newSeed, qrOf, uriOf } from './totp.ts'

const onSelf =
  <T>(ctx: Ctx, action: AuditAct['action'], details: (done: T) => AuditAct['details'] = () => ({})) =>
  (done: T): AuditAct => ({ action, object_type: 'user', object_id: personOf(ctx.actor), details: details(done) })

export const readFactor = async (deps: Deps, ctx: Ctx): Promise<FactorState> => {
  const own = await readOwnFactor(deps.auth, personOf(ctx.actor))
  const is_proven = deps.now().getTime() - (ctx.actor.proved_at?.getTime() ?? 0) <= stepUpWindowMs
  return {
    ...own,
    activated_at: iso(own.activated_at),
    is_active: own.activated_at !== null,
    needs_passkey: ctx.actor.must_use_passkey === true,
    is_proven,
  }
}

export interface SetUp {
  secret: string
  otpauth_uri: string
  qr_svg: string
  expires_at: string
}

/** @throws AppError forbidden, conflict when a factor is active */
export const setUpFactor = async (deps: Deps, ctx: Ctx): Promise<SetUp> => {
  await requireOwnReach(deps, ctx)
  const userId = personOf(ctx.actor)
  const created_at = deps.now()
  const secret = newSeed()
  const sealed = await deps.vault.seal(secret, seedBound(userId))
  await beginFactor(audited(deps.auth, sourceOf(ctx), onSelf(ctx, 'factor.setup')), userId, { secret: sealed, created_at })
  const otpauth_uri = uriOf(secret, ctx.actor.username)
  return { secret, otpauth_uri, qr_svg: qrOf(otpauth_uri), expires_at: iso(new Date(created_at.getTime() + setUpMs)) }
}

const makeCodes = (userId: string) => {
  const recovery_codes = newRecoveryCodes()
  return { recovery_codes, hashes: recovery_codes.map((code) => recoveryHash(userId, code)) }
}

/** @throws AppError forbidden, validation, limit, conflict */
export const verifyFactor = async (deps: Deps, ctx: Ctx, code: string): Promise<{ recovery_codes: string[]; ended_sessions: number }> => {
  await requireOwnReach(deps, ctx)
  await proveCode(deps, ctx, { code, isPending: true }, 'factor.enable')
  const owner = ownerOf(deps, ctx)
  const { recovery_codes, hashes } = makeCodes(owner.userId)
  const act = onSelf<number>(ctx, 'factor.enable', (ended_sessions) => ({ ended_sessions }))
  const auth = notifiedSelf(deps, ctx, audited(deps.auth, sourceOf(ctx), act), 'factor.added')
  const ended_sessions = await activateFactor(auth, owner, { hashes, keepId: ownSessionId(ctx) })
  deps.cache.clear()
  return { recovery_codes, ended_sessions }
}

/** @throws AppError forbidden, validation, limit, conflict */
export const disableFactor = async (deps: Deps, ctx: Ctx, given: { password?: string; code: string }): Promise<void> => {
  await requireOwnReach(deps, ctx)
  if ((await findHash(deps.auth, personOf(ctx.actor))) === null) await proveByProvider(deps, ctx)
  else await provePassword(deps, ctx, given.password, 'factor.disable')
  await proveCode(deps, ctx, { code: given.code }, 'factor.disable')
  const auth = notifiedSelf(deps, ctx, audited(deps.auth, sourceOf(ctx), onSelf(ctx, 'factor.disable')), 'factor.removed')
  await removeOwnFactor(auth, personOf(ctx.actor))
  deps.cache.clear()
}

/** @throws AppError forbidden, conflict */
export const renewRecoveryCodes = async (deps: Deps, ctx: Ctx): Promise<{ recovery_codes: string[] }> => {
  await requireOwnReach(deps, ctx)
  const userId = personOf(ctx.actor)
  const { recovery_codes, hashes } = makeCodes(userId)
  const auth = notifiedSelf(deps, ctx, audited(deps.auth, sourceOf(ctx), onSelf(ctx, 'factor.renew_codes')), 'factor.codes')
  await replaceCodes(auth, userId, hashes)
  return { recovery_codes }
}
