import { type AuthDb, inAuth } from '../../../db/auth.ts'

export interface Seat {
  user_id: string
  tenant_id: string
  session_id: string | null
  api_key_id: string | null
}

/**
 * Whether a session or key is neither ended nor over, and its person active in the tenant. A session that went on to another
 * tenant, or that nobody has used for a while, is still there: what was begun in it goes on.
 */
export const isThere = (auth: AuthDb, seat: Seat, now: Date): Promise<boolean> =>
  inAuth(auth, async (q) => {
    const person = await q
      .selectFrom('users as u')
      .innerJoin('memberships as m', 'm.user_id', 'u.id')
      .innerJoin('tenants as t', 't.id', 'm.tenant_id')
      .select('u.id')
      .where('u.id', '=', seat.user_id)
      .where('m.tenant_id', '=', seat.tenant_id)
      .where('u.is_active', '=', true)
      .where('m.is_active', '=', true)
      .where('t.state', '=', 'active')
      .executeTakeFirst()
    if (person === undefined) return false
    const table = seat.session_id === null ? 'api_keys' : 'sessions'
    const id = seat.session_id ?? seat.api_key_id
    if (id === null) return true
    const live = q.selectFrom(table).select('id').where('id', '=', id).where('revoked_at', 'is', null).where('expires_at', '>', now)
    return (await live.executeTakeFirst()) !== undefined
  })
