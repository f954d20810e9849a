import type { Role } from '../../../../shared/domain/permissions.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import { notFound } from '../../../platform/errors.ts'
import { people, personIn } from '../store-people.ts'
import { stays, voidGivenBy } from '../store-rights.ts'
import { changeRights, type Joined, permitPlatform } from './store-memberships.ts'

/**
 * Who is a member already gets the other role: a change of rights like any, which leaves the tenant with an admin.
 * @throws AppError not_found where the tenant is not there or not active, conflict for its last admin
 */
export const joinAsPlatform = (auth: AuthDb, by: { user_id: string }, seat: { tenantId: string; role: Role }): Promise<Joined> =>
  inAuth(auth, async (q) => {
    await changeRights(q)
    await permitPlatform(q, by)
    const tenant = await q
      .selectFrom('tenants')
      .select(['id', 'name'])
      .where('id', '=', seat.tenantId)
      .where('state', '=', 'active')
      .forShare()
      .executeTakeFirst()
    if (tenant === undefined) throw notFound('tenant')
    const isMember = people(q).where('m.tenant_id', '=', tenant.id).where('u.id', '=', by.user_id).where('m.is_active', '=', true)
    if ((await isMember.executeTakeFirst()) !== undefined) await stays(q, await personIn(q, tenant.id, by.user_id), { role: seat.role })
    await q
      .insertInto('memberships')
      .values({ tenant_id: tenant.id, user_id: by.user_id, role: seat.role })
      .onConflict((on) => on.columns(['tenant_id', 'user_id']).doUpdateSet({ role: seat.role, is_active: true }))
      .execute()
    await voidGivenBy(q, await personIn(q, tenant.id, by.user_id))
    return { tenant_id: tenant.id, tenant_name: tenant.name, role: seat.role }
  })
