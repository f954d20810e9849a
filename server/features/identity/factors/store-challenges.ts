import type { Role } from '../../../../shared/domain/permissions.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'

export interface NewChallenge {
  token_hash: string
  user_id: string
  tenant_id: string
  kind: 'browser' | 'api'
  password_hashes: string[]
  passkey_challenge: string | null
  created_at: Date
  expires_at: Date
}

/** What is over goes when the next one comes. */
export const insertChallenge = (auth: AuthDb, challenge: NewChallenge): Promise<void> =>
  inAuth(auth, async (q) => {
    await q.deleteFrom('sign_in_challenges').where('expires_at', '<', challenge.created_at).execute()
    await q.insertInto('sign_in_challenges').values(challenge).execute()
  })

export interface Challenge {
  user_id: string
  username: string
  tenant_id: string
  role: Role
  password_hashes: string[]
}

/** null when it is unknown, over or of another kind, or its person is no longer active in the tenant. */
export const findChallenge = (auth: AuthDb, by: { token_hash: string; kind: 'browser' | 'api'; now: Date }): Promise<Challenge | null> =>
  inAuth(auth, async (q) => {
    const found = await q
      .selectFrom('sign_in_challenges as c')
      .innerJoin('users as u', 'u.id', 'c.user_id')
      .innerJoin('tenants as t', 't.id', 'c.tenant_id')
      .innerJoin('memberships as m', (on) => on.onRef('m.user_id', '=', 'c.user_id').onRef('m.tenant_id', '=', 'c.tenant_id'))
      .select(['c.user_id', 'u.username', 'c.tenant_id', 'm.role', 'c.password_hashes'])
      .where('c.token_hash', '=', by.token_hash)
      .where('c.kind', '=', by.kind)
      .where('c.expires_at', '>', by.now)
      .where('u.is_active', '=', true)
      .where('m.is_active', '=', true)
      .where('t.state', '=', 'active')
      .executeTakeFirst()
    return found ?? null
  })
