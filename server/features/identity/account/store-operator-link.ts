import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { NewLink } from './store-passwords.ts'

export interface LinkSeat {
  user_id: string
  tenant_id: string
}

export const insertOperatorLink = (auth: AuthDb, seat: LinkSeat, link: NewLink): Promise<LinkSeat> =>
  inAuth(auth, async (q) => {
    const row = { ...link, tenant_id: seat.tenant_id, created_by: null }
    await q
      .insertInto('password_resets')
      .values({ ...row, user_id: seat.user_id })
      .onConflict((on) => on.column('user_id').doUpdateSet(row))
      .execute()
    return seat
  })
