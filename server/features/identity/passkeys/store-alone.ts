import { type AuthDb, inAuth } from '../../../db/auth.ts'

/** Those that are open at once. Beyond it the oldest goes, so that a flood pushes out nobody who answers at once. */
const mostOpen = 20_000

export interface AskedOfAny {
  token_hash: string
  challenge: string
  expires_at: Date
}

/** What is over goes when the next one comes. */
export const putAskOfAny = (auth: AuthDb, ask: AskedOfAny, now: Date): Promise<void> =>
  inAuth(auth, async (q) => {
    await q.deleteFrom('passkey_sign_ins').where('expires_at', '<', now).execute()
    const beyond = q
      .selectFrom('passkey_sign_ins')
      .select('token_hash')
      .orderBy('expires_at', 'desc')
      .offset(mostOpen - 1)
    await q.deleteFrom('passkey_sign_ins').where('token_hash', 'in', beyond).execute()
    await q.insertInto('passkey_sign_ins').values(ask).execute()
  })

/** Spends it, whatever becomes of the answer; null when there is none or it is over. */
export const takeAskOfAny = (auth: AuthDb, tokenHash: string, now: Date): Promise<string | null> =>
  inAuth(auth, async (q) => {
    const taken = await q
      .deleteFrom('passkey_sign_ins')
      .where('token_hash', '=', tokenHash)
      .returning(['challenge', 'expires_at'])
      .executeTakeFirst()
    return taken !== undefined && taken.expires_at > now ? taken.challenge : null
  })

/** Whose passkey it is. */
export const ownerOfCredential = (
  auth: AuthDb,
  credential: { id: string; rp_id: string },
): Promise<{ user_id: string; username: string } | null> =>
  inAuth(auth, async (q) => {
    const found = await q
      .selectFrom('passkeys as p')
      .innerJoin('users as u', 'u.id', 'p.user_id')
      .select(['p.user_id', 'u.username'])
      .where('p.credential_id', '=', credential.id)
      .where('p.rp_id', '=', credential.rp_id)
      .executeTakeFirst()
    return found ?? null
  })
