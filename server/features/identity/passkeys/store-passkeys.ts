import type { Transaction } from 'kysely'
import { mostPasskeys } from '../../../../shared/contract/access/passkeys.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { isTaken } from '../../../db/faults.ts'
import { conflict, forbidden, notFound } from '../../../platform/errors.ts'
import { type Owner, revokeAll } from '../account/store-own-sessions.ts'
import { lacksPasskey } from '../across/asks-passkey.ts'
import { dropCodes, hasAnyFactor, isRequiredOf, writeCodes } from '../factors/store-factors.ts'
import type { Made, Proof } from './rites.ts'

type Q = Transaction<Tables>

export interface PasskeyRow {
  id: string
  name: string
  is_backed_up: boolean
  created_at: Date
  last_used_at: Date | null
}
const shown = ['id', 'name', 'is_backed_up', 'created_at', 'last_used_at'] as const

export const listPasskeys = (auth: AuthDb, userId: string): Promise<PasskeyRow[]> =>
  inAuth(auth, (q) =>
    q.selectFrom('passkeys').select(shown).where('user_id', '=', userId).orderBy('created_at', 'desc').orderBy('id').execute(),
  )

export interface Registered {
  id: string
  credential_id: string
  public_key: string
  transports: string[]
}

/** Those that work under a host. */
export const passkeysAt = (auth: AuthDb, userId: string, rpId: string): Promise<Registered[]> =>
  inAuth(auth, (q) =>
    q
      .selectFrom('passkeys')
      .select(['id', 'credential_id', 'public_key', 'transports'])
      .where('user_id', '=', userId)
      .where('rp_id', '=', rpId)
      .orderBy('created_at')
      .execute(),
  )

export interface Ask {
  session_id: string
  purpose: 'register' | 'prove'
}

export const putAsk = (auth: AuthDb, ask: Ask & { challenge: string; expires_at: Date }): Promise<unknown> =>
  inAuth(auth, (q) =>
    q
      .insertInto('passkey_challenges')
      .values(ask)
      .onConflict((on) => on.columns(['session_id', 'purpose']).doUpdateSet({ challenge: ask.challenge, expires_at: ask.expires_at }))
      .execute(),
  )

/** Spends it, whatever becomes of the answer; null when there is none or it is over. */
export const takeAsk = (auth: AuthDb, ask: Ask, now: Date): Promise<string | null> =>
  inAuth(auth, async (q) => {
    const taken = await q
      .deleteFrom('passkey_challenges')
      .where('session_id', '=', ask.session_id)
      .where('purpose', '=', ask.purpose)
      .returning(['challenge', 'expires_at'])
      .executeTakeFirst()
    return taken !== undefined && taken.expires_at > now ? taken.challenge : null
  })

/** Ends a sign-in's challenge, and gives what was asked of the passkey. */
export const takeSignIn = (auth: AuthDb, tokenHash: string): Promise<string | null> =>
  inAuth(auth, async (q) => {
    const taken = await q
      .deleteFrom('sign_in_challenges')
      .where('token_hash', '=', tokenHash)
      .returning('passkey_challenge')
      .executeTakeFirst()
    return taken?.passkey_challenge ?? null
  })

export interface NewPasskey {
  id: string
  name: string
  rp_id: string
  made: Made
  hashes: readonly string[]
  keepId: string
  /** The installation wants a passkey in this session: only the first one is registered by what was proven otherwise. */
  isWanted: boolean
}
export interface Added {
  row: PasskeyRow
  is_first: boolean
  ended_sessions: number
}

/** With the first second factor come the recovery codes, and sessions that began without it end. @throws AppError conflict */
export const insertPasskey = async (
  auth: AuthDb,
  owner: Owner,
  { id, name, rp_id, made, hashes, keepId, isWanted }: NewPasskey,
): Promise<Added> => {
  try {
    return await inAuth(auth, async (q) => {
      await q.selectFrom('users').select('id').where('id', '=', owner.userId).forNoKeyUpdate().executeTakeFirstOrThrow()
      const { total } = await q
        .selectFrom('passkeys')
        .select((e) => e.fn.countAll<number>().as('total'))
        .where('user_id', '=', owner.userId)
        .executeTakeFirstOrThrow()
      if (total >= mostPasskeys) throw conflict(`You have ${total} passkeys, which is the most. Remove one that you do not use.`)
      if (isWanted && total > 0) throw forbidden('Use a passkey that you have already before you add another one.')
      const is_first = !(await hasAnyFactor(q, owner.userId))
      const row = await q
        .insertInto('passkeys')
        .values({ id, user_id: owner.userId, name, rp_id, created_at: owner.clock.now, ...made })
        .returning(shown)
        .executeTakeFirstOrThrow()
      // Made just now by the device of whoever is there, it has answered in this session.
      if (total === 0) await q.updateTable('sessions').set({ passkey_at: owner.clock.now }).where('id', '=', keepId).execute()
      if (!is_first) return { row, is_first, ended_sessions: 0 }
      await writeCodes(q, owner.userId, hashes)
      return { row, is_first, ended_sessions: await revokeAll(q, owner, keepId) }
    })
  } catch (error) {
    if (isTaken(error, 'passkeys_credential_id_key')) throw conflict('This passkey is registered already.')
    throw error
  }
}

/** Within the transaction that removed one. */
const lacksPasskeyNow = async (q: Q, userId: string): Promise<boolean> =>
  (await q.selectFrom('users as u').select('u.id').where('u.id', '=', userId).where(lacksPasskey).executeTakeFirst()) !== undefined

/** @throws AppError not_found, conflict where it is the last factor and a tenant requires one */
export const deletePasskey = (auth: AuthDb, userId: string, id: string): Promise<{ name: string }> =>
  inAuth(auth, async (q) => {
    await q.selectFrom('users').select('id').where('id', '=', userId).forNoKeyUpdate().executeTakeFirstOrThrow()
    const gone = await q.deleteFrom('passkeys').where('id', '=', id).where('user_id', '=', userId).returning('name').executeTakeFirst()
    if (gone === undefined) throw notFound('passkey')
    if (await lacksPasskeyNow(q, userId))
      throw conflict('The installation requires a passkey of whoever reaches beyond one tenant, so the last one cannot be removed.')
    if (await hasAnyFactor(q, userId)) return gone
    if (await isRequiredOf(q, userId)) throw conflict('Your tenant requires a second factor, so the last one cannot be removed.')
    await dropCodes(q, userId)
    return gone
  })

/** false when the counter went back, or the passkey was removed in the meantime. */
export const notePasskey = (auth: AuthDb, id: string, use: Proof & { now: Date }): Promise<boolean> =>
  inAuth(auth, async (q) => {
    const { counter, is_backed_up, now } = use
    const noted = await q
      .updateTable('passkeys')
      .set({ counter, is_backed_up, last_used_at: now })
      .where('id', '=', id)
      .where((e) => e.or([e('counter', '<', counter), e.and([e('counter', '=', 0), e.val(counter === 0)])]))
      .returning('id')
      .executeTakeFirst()
    return noted !== undefined
  })
