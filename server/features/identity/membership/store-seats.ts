import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Role } from '../../../../shared/domain/permissions.ts'
import { lacksFactor } from '../store-people.ts'

export interface SeatRow {
  tenant_id: string
  tenant_name: string
  state: 'active' | 'frozen'
  role: Role
  username: string
  is_platform_admin: boolean
  lacks_factor: boolean
}

/** Where a person is a member, by name: also in tenants that are suspended, and not in those that are being erased. */
export const listSeats = (auth: AuthDb, userId: string): Promise<SeatRow[]> =>
  inAuth(auth, async (q) => {
    const found = await q
      .selectFrom('memberships as m')
      .innerJoin('tenants as t', 't.id', 'm.tenant_id')
      .innerJoin('users as u', 'u.id', 'm.user_id')
      .select(['m.tenant_id', 't.name as tenant_name', 't.state', 'm.role', 'u.username', 'u.is_platform_admin'])
      .select(lacksFactor.as('lacks_factor'))
      .where('m.user_id', '=', userId)
      .where('m.is_active', '=', true)
      .where('u.is_active', '=', true)
      .where('t.state', 'in', ['active', 'frozen'])
      .orderBy('t.name')
      .orderBy('t.id')
      .execute()
    return found.map((row) => ({ ...row, state: row.state === 'active' ? 'active' : 'frozen' }))
  })
