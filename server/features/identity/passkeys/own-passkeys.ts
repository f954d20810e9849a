import type { Attestation, Passkey } from '../../../../shared/contract/access/passkeys.ts'
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError, conflict } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited } from '../../audit/index.ts'
import { ownerOf, ownSessionId } from '../account/own-sessions.ts'
import { type Deps, personOf } from '../deps.ts'
import { newRecoveryCodes, recoveryHash } from '../factors/recovery-codes.ts'
import { notifiedSelf } from '../mailed/notices.ts'
import { requireOwnReach } from '../sso/reach.ts'
import { baseOf } from '../sso/settings.ts'
import { askOf } from './prove.ts'
import { askForNew, challengeMs, needSite, readNew } from './rites.ts'
import * as store from './store-passkeys.ts'

const toPasskey = (row: store.PasskeyRow): Passkey => ({ ...row, created_at: iso(row.created_at), last_used_at: iso(row.last_used_at) })

export const listPasskeys = async (deps: Deps, ctx: Ctx): Promise<Passkey[]> =>
  (await store.listPasskeys(deps.auth, personOf(ctx.actor))).map(toPasskey)

const expiry = (deps: Deps): Date => new Date(deps.now().getTime() + challengeMs)

/** @throws AppError forbidden, conflict where the page is at an address without a name */
export const setUpPasskey = async (deps: Deps, ctx: Ctx, origin: string): Promise<{ options: Record<string, unknown> }> => {
  await requireOwnReach(deps, ctx)
  const userId = personOf(ctx.actor)
  const site = needSite(baseOf(deps, origin))
  const registered = await store.passkeysAt(deps.auth, userId, site.rp_id)
  const { options, challenge } = await askForNew(site, { id: userId, username: ctx.actor.username }, registered)
  const act = (): AuditAct => ({ action: 'factor.setup', object_type: 'user', object_id: userId, details: { kind: 'passkey' } })
  const ask = { session_id: ownSessionId(ctx), purpose: 'register' as const, challenge, expires_at: expiry(deps) }
  await store.putAsk(audited(deps.auth, sourceOf(ctx), act), ask)
  return { options }
}

/** @throws AppError forbidden, gone, validation, conflict */
export const addPasskey = async (
  deps: Deps,
  ctx: Ctx,
  { name, credential, origin }: { name: string; credential: Attestation; origin: string },
): Promise<{ passkey: Passkey; recovery_codes: string[]; ended_sessions: number }> => {
  await requireOwnReach(deps, ctx)
  const owner = ownerOf(deps, ctx)
  const site = needSite(baseOf(deps, origin))
  const keepId = ownSessionId(ctx)
  const challenge = await store.takeAsk(deps.auth, { session_id: keepId, purpose: 'register' }, deps.now())
  if (challenge === null) throw new AppError('gone', 'This took too long, or was done already. Begin again.')
  const made = await readNew(site, challenge, credential)
  if (made === null)
    throw new AppError('validation', 'This passkey was not taken. Begin again, with one that asks for your finger, face or PIN.')
  const codes = newRecoveryCodes()
  const id = newId()
  const act = ({ ended_sessions }: store.Added): AuditAct => ({
    action: 'passkey.add',
    object_type: 'passkey',
    object_id: id,
    details: { name, is_backed_up: made.is_backed_up, ended_sessions },
  })
  const auth = notifiedSelf(deps, ctx, audited(deps.auth, sourceOf(ctx), act), 'factor.added')
  const hashes = codes.map((code) => recoveryHash(owner.userId, code))
  const { row, is_first, ended_sessions } = await store.insertPasskey(auth, owner, {
    id,
    name,
    rp_id: site.rp_id,
    made,
    hashes,
    keepId,
    isWanted: ctx.actor.must_use_passkey === true,
  })
  deps.cache.clear()
  return { passkey: toPasskey(row), recovery_codes: is_first ? codes : [], ended_sessions }
}

/** @throws AppError forbidden, not_found, conflict */
export const removePasskey = async (deps: Deps, ctx: Ctx, passkeyId: string): Promise<void> => {
  await requireOwnReach(deps, ctx)
  const act = ({ name }: { name: string }): AuditAct => ({
    action: 'passkey.remove',
    object_type: 'passkey',
    object_id: passkeyId,
    details: { name },
  })
  const auth = notifiedSelf(deps, ctx, audited(deps.auth, sourceOf(ctx), act), 'factor.removed')
  await store.deletePasskey(auth, personOf(ctx.actor), passkeyId)
  deps.cache.clear()
}

/** @throws AppError conflict for who has none here */
export const askPasskey = async (deps: Deps, ctx: Ctx, origin: string): Promise<{ options: Record<string, unknown> }> => {
  const asked = await askOf(deps, personOf(ctx.actor), origin)
  if (asked === null) throw conflict('You have no passkey for this address.')
  await store.putAsk(deps.auth, {
    session_id: ownSessionId(ctx),
    purpose: 'prove',
    challenge: asked.challenge,
    expires_at: expiry(deps),
  })
  return { options: asked.options }
}
