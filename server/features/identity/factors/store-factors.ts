import type { Transaction } from 'kysely'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { conflict } from '../../../platform/errors.ts'
import { type Owner, revokeAll } from '../account/store-own-sessions.ts'

type Q = Transaction<Tables>

export interface Factor {
  /** Sealed. */
  secret: string
  created_at: Date
  activated_at: Date | null
  last_step: number
  wrong_tries: number
  blocked_until: Date | null
}

const factorOf = (q: Q, userId: string) =>
  q
    .selectFrom('totp_factors')
    .select(['secret', 'created_at', 'activated_at', 'last_step', 'wrong_tries', 'blocked_until'])
    .where('user_id', '=', userId)

const hasPasskey = async (q: Q, userId: string): Promise<boolean> =>
  (await q.selectFrom('passkeys').select('id').where('user_id', '=', userId).limit(1).executeTakeFirst()) !== undefined

/** Within a transaction: an app or a passkey. */
export const hasAnyFactor = async (q: Q, userId: string): Promise<boolean> =>
  (await factorOf(q, userId).where('activated_at', 'is not', null).executeTakeFirst()) !== undefined || (await hasPasskey(q, userId))

export const hasApp = (auth: AuthDb, userId: string): Promise<boolean> =>
  inAuth(auth, async (q) => (await factorOf(q, userId).where('activated_at', 'is not', null).executeTakeFirst()) !== undefined)

export const hasFactor = (auth: AuthDb, userId: string): Promise<boolean> => inAuth(auth, (q) => hasAnyFactor(q, userId))

export interface OwnFactor {
  activated_at: Date | null
  passkeys: number
  recovery_codes_left: number
  is_required: boolean
}

/** Of every tenant that the person belongs to: what one requires holds for the person. */
export const isRequiredOf = async (q: Q, userId: string): Promise<boolean> =>
  (await q
    .selectFrom('memberships as m')
    .innerJoin('tenants as t', 't.id', 'm.tenant_id')
    .select('t.id')
    .where('m.user_id', '=', userId)
    .where('m.is_active', '=', true)
    .where('t.requires_second_factor', '=', true)
    .limit(1)
    .executeTakeFirst()) !== undefined

export const readOwnFactor = (auth: AuthDb, userId: string): Promise<OwnFactor> =>
  inAuth(auth, async (q) => {
    const factor = await factorOf(q, userId).executeTakeFirst()
    const { left } = await q
      .selectFrom('recovery_codes')
      .select((e) => e.fn.countAll<number>().as('left'))
      .where('user_id', '=', userId)
      .where('used_at', 'is', null)
      .executeTakeFirstOrThrow()
    const { passkeys } = await q
      .selectFrom('passkeys')
      .select((e) => e.fn.countAll<number>().as('passkeys'))
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow()
    const is_required = await isRequiredOf(q, userId)
    return { activated_at: factor?.activated_at ?? null, passkeys, recovery_codes_left: left, is_required }
  })

/** The key of a set-up takes the place of one that was never verified. @throws AppError conflict when a factor is active */
export const beginFactor = (auth: AuthDb, userId: string, pending: { secret: string; created_at: Date }): Promise<void> =>
  inAuth(auth, async (q) => {
    const set = await q
      .insertInto('totp_factors')
      .values({ user_id: userId, ...pending })
      .onConflict((on) =>
        on
          .column('user_id')
          .doUpdateSet({ ...pending, last_step: 0 })
          .where('totp_factors.activated_at', 'is', null),
      )
      .returning('user_id')
      .executeTakeFirst()
    if (set === undefined) throw conflict('You have a second factor already. Disable it first.')
  })

export const writeCodes = async (q: Q, userId: string, hashes: readonly string[]): Promise<void> => {
  await q.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
  await q
    .insertInto('recovery_codes')
    .values(hashes.map((code_hash) => ({ user_id: userId, code_hash })))
    .execute()
}

/** Within a transaction that sets a password: only who knew the old one could have given the wrong codes. */
export const liftBlock = (q: Q, userId: string): Promise<unknown> =>
  q.updateTable('totp_factors').set({ wrong_tries: 0, blocked_until: null }).where('user_id', '=', userId).execute()

/** Sessions that began without the factor end, all but the one that asks. @throws AppError conflict */
export const activateFactor = (auth: AuthDb, owner: Owner, change: { hashes: readonly string[]; keepId: string }): Promise<number> =>
  inAuth(auth, async (q) => {
    // A session that is being opened holds the account: it is ended below, or it finds the factor.
    await q.selectFrom('users').select('id').where('id', '=', owner.userId).forNoKeyUpdate().execute()
    const set = await q
      .updateTable('totp_factors')
      .set({ activated_at: owner.clock.now })
      .where('user_id', '=', owner.userId)
      .where('activated_at', 'is', null)
      // A set-up that was begun anew since its code was judged has taken none yet.
      .where('last_step', '>', 0)
      .returning('user_id')
      .executeTakeFirst()
    if (set === undefined) throw conflict('The set-up was begun anew in the meantime. Use the newest QR code.')
    await writeCodes(q, owner.userId, change.hashes)
    await q.deleteFrom('sign_in_challenges').where('user_id', '=', owner.userId).execute()
    return await revokeAll(q, owner, change.keepId)
  })

/** @throws AppError conflict for who has no factor */
export const replaceCodes = (auth: AuthDb, userId: string, hashes: readonly string[]): Promise<void> =>
  inAuth(auth, async (q) => {
    await q.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().executeTakeFirstOrThrow()
    if (!(await hasAnyFactor(q, userId))) throw conflict('You have no second factor yet.')
    await writeCodes(q, userId, hashes)
  })

/** Within a transaction, once no factor is left. */
export const dropCodes = async (q: Q, userId: string): Promise<void> => {
  await q.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
  await q.deleteFrom('sign_in_challenges').where('user_id', '=', userId).execute()
}

const dropApp = async (q: Q, userId: string): Promise<boolean> => {
  const gone = await q.deleteFrom('totp_factors').where('user_id', '=', userId).returning('activated_at').executeTakeFirst()
  return gone !== undefined && gone.activated_at !== null
}

/** Within a transaction: everything that the person signs in with beside the password. */
export const dropFactor = async (q: Q, userId: string): Promise<boolean> => {
  const hadApp = await dropApp(q, userId)
  const passkeys = await q.deleteFrom('passkeys').where('user_id', '=', userId).returning('id').execute()
  await dropCodes(q, userId)
  return hadApp || passkeys.length > 0
}

/** @throws AppError conflict where a tenant of the person requires it */
export const removeOwnFactor = (auth: AuthDb, userId: string): Promise<void> =>
  inAuth(auth, async (q) => {
    await q.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().executeTakeFirstOrThrow()
    const isLast = !(await hasPasskey(q, userId))
    if (isLast && (await isRequiredOf(q, userId))) throw conflict('Your tenant requires a second factor, so it cannot be disabled.')
    if (!(await dropApp(q, userId))) throw conflict('You have no second factor.')
    if (isLast) await dropCodes(q, userId)
  })

export interface Judged {
  state: 'right' | 'wrong' | 'blocked' | 'none'
  kind: 'app' | 'recovery' | null
  blocked_until: Date | null
}

export interface CodeTry {
  userId: string
  now: Date
  /** The time step of a code that the app may have made; null for any other. */
  stepOf: (factor: Factor) => Promise<number | null>
  /** Where it looks like a recovery code. */
  recoveryHash: string | null
  /** How long wrong tries in a row block; null while they do not. */
  blockedUntil: (wrongTries: number) => Date | null
  /** That of a set-up; otherwise only one that is active. */
  isPending: boolean
  /** The hash of the challenge that the code answers, which is spent with it. */
  challenge: string | null
}

const spendRecovery = async (q: Q, t: CodeTry): Promise<Judged['kind']> => {
  if (t.recoveryHash === null || t.isPending) return null
  const used = await q
    .updateTable('recovery_codes')
    .set({ used_at: t.now })
    .where('user_id', '=', t.userId)
    .where('code_hash', '=', t.recoveryHash)
    .where('used_at', 'is', null)
    .returning('user_id')
    .executeTakeFirst()
  return used === undefined ? null : 'recovery'
}

const spend = async (q: Q, t: CodeTry, factor: Factor): Promise<Judged['kind']> => {
  const step = await t.stepOf(factor)
  if (step !== null && step > factor.last_step) {
    await q.updateTable('totp_factors').set({ last_step: step }).where('user_id', '=', t.userId).execute()
    return 'app'
  }
  return await spendRecovery(q, t)
}

/** Of two who bring one challenge at once, the one is answered who has the lock first. */
const isOpen = async (q: Q, challenge: string | null): Promise<boolean> =>
  challenge === null ||
  (await q.selectFrom('sign_in_challenges').select('user_id').where('token_hash', '=', challenge).forUpdate().executeTakeFirst()) !==
    undefined

const endChallenge = async (q: Q, challenge: string | null): Promise<void> => {
  if (challenge !== null) await q.deleteFrom('sign_in_challenges').where('token_hash', '=', challenge).execute()
}

/** Of who has passkeys and no app: a recovery code is too long to be guessed, so that nothing counts but the throttle. */
const judgeRecovery = async (q: Q, t: CodeTry): Promise<Judged> => {
  if (t.isPending || !(await hasPasskey(q, t.userId)) || !(await isOpen(q, t.challenge)))
    return { state: 'none', kind: null, blocked_until: null }
  const kind = await spendRecovery(q, t)
  if (kind !== null) await endChallenge(q, t.challenge)
  return { state: kind === null ? 'wrong' : 'right', kind, blocked_until: null }
}

const isOf = (factor: Factor | undefined, isPending: boolean): factor is Factor =>
  factor !== undefined && (factor.activated_at === null) === isPending

/** Judges a code under the lock of its factor, so that of many at once with one code one is right, and every wrong one counts. */
export const judgeCode = (auth: AuthDb, t: CodeTry): Promise<Judged> =>
  inAuth(auth, async (q) => {
    const factor = await factorOf(q, t.userId).forUpdate().executeTakeFirst()
    if (!isOf(factor, t.isPending)) return await judgeRecovery(q, t)
    if (!(await isOpen(q, t.challenge))) return { state: 'none', kind: null, blocked_until: null }
    if (factor.blocked_until !== null && factor.blocked_until > t.now)
      return { state: 'blocked', kind: null, blocked_until: factor.blocked_until }
    const kind = await spend(q, t, factor)
    if (kind !== null) await endChallenge(q, t.challenge)
    const wrong_tries = kind === null ? factor.wrong_tries + 1 : 0
    const blocked_until = t.blockedUntil(wrong_tries)
    await q.updateTable('totp_factors').set({ wrong_tries, blocked_until }).where('user_id', '=', t.userId).execute()
    if (blocked_until !== null) await q.deleteFrom('sign_in_challenges').where('user_id', '=', t.userId).execute()
    return { state: kind === null ? 'wrong' : 'right', kind, blocked_until }
  })
