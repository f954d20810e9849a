import type { Transaction } from 'kysely'
import type { User } from '../../../../shared/contract/identity.ts'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { conflict, forbidden } from '../../../platform/errors.ts'
import { type Owner, revokeAll } from '../account/store-own-sessions.ts'
import { belongsElsewhere, hasFactor, personIn } from '../store-people.ts'
import { permitGrant } from '../membership/store-memberships.ts'
import type { Changer } from '../store-rights.ts'
import { dropFactor } from './store-factors.ts'

type Q = Transaction<Tables>

/** Whose factor goes, anybody who knows the password gets in: so only of accounts that the admin could change anyway. */
const permitReset = async (q: Q, user: User, by: Changer): Promise<void> => {
  if (user.id === by.user_id) throw conflict('Disable your own second factor under Settings, Account.')
  if (by.is_platform_admin) return
  if (user.is_platform_admin) throw forbidden('Only a platform admin may change a platform admin.')
  if (await belongsElsewhere(q, user)) throw forbidden('This person belongs to other tenants too. Ask a platform admin.')
}

export interface Reset {
  username: string
  ended_sessions: number
}

/** @throws AppError not_found, forbidden, conflict */
export const dropFactorOf = (auth: AuthDb, seat: { tenantId: string; owner: Owner; by: Changer }): Promise<Reset> =>
  inAuth(auth, async (q) => {
    await permitGrant(q, seat.by, { tenantId: seat.tenantId })
    const user = await personIn(q, seat.tenantId, seat.owner.userId)
    await permitReset(q, user, seat.by)
    if (!(await dropFactor(q, user.id))) throw conflict('This person has no second factor.')
    return { username: user.username, ended_sessions: await revokeAll(q, seat.owner, null) }
  })

/** For the owner of the machine: of whoever it is. */
export const dropAnyFactor = (auth: AuthDb, owner: Owner): Promise<number> =>
  inAuth(auth, async (q) => {
    if (!(await dropFactor(q, owner.userId))) throw conflict('This person has no second factor.')
    return await revokeAll(q, owner, null)
  })

export interface Policy {
  is_required: boolean
  people: number
  people_without: number
}

const policyOf = async (q: Q, tenantId: string): Promise<Policy> => {
  const { is_required } = await q
    .selectFrom('tenants')
    .select('requires_second_factor as is_required')
    .where('id', '=', tenantId)
    .executeTakeFirstOrThrow()
  const counts = await q
    .selectFrom('memberships as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select((e) => [e.fn.countAll<number>().as('people'), e.fn.countAll<number>().filterWhere(hasFactor).as('people_with')])
    .where('m.tenant_id', '=', tenantId)
    .where('m.is_active', '=', true)
    .where('u.is_active', '=', true)
    .executeTakeFirstOrThrow()
  return { is_required, people: counts.people, people_without: counts.people - counts.people_with }
}

export const readPolicy = (auth: AuthDb, tenantId: string): Promise<Policy> => inAuth(auth, (q) => policyOf(q, tenantId))

export const writePolicy = (auth: AuthDb, tenantId: string, isRequired: boolean): Promise<Policy> =>
  inAuth(auth, async (q) => {
    await q.updateTable('tenants').set({ requires_second_factor: isRequired }).where('id', '=', tenantId).execute()
    return await policyOf(q, tenantId)
  })

export interface Sealed {
  owner_id: string
  sealed: string
}

export const listSeeds = (auth: AuthDb): Promise<Sealed[]> =>
  inAuth(auth, (q) => q.selectFrom('totp_factors').select(['user_id as owner_id', 'secret as sealed']).orderBy('user_id').execute())

/** One that was replaced in the meantime stays as it is now. */
export const replaceSeed = (auth: AuthDb, was: Sealed, sealed: string): Promise<unknown> =>
  inAuth(auth, (q) =>
    q.updateTable('totp_factors').set({ secret: sealed }).where('user_id', '=', was.owner_id).where('secret', '=', was.sealed).execute(),
  )
