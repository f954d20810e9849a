import type { Selectable } from 'kysely'
import type { Tenant } from '../../../shared/contract/tenants.ts'
import { type AuthDb, inAuth } from '../../db/auth.ts'
import { isTaken } from '../../db/faults.ts'
import type { TenantsTable } from '../../db/tables.ts'
import { conflict, notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { iso } from '../../platform/iso-time.ts'

export type { AuthDb } from '../../db/auth.ts'

export interface TenantFields {
  name: string
  description: string | null
  quota_bytes: number | null
}

export const columns = ['id', 'name', 'description', 'quota_bytes', 'state', 'created_at'] as const
type Row = Pick<Selectable<TenantsTable>, (typeof columns)[number]>

/** @throws AppError not_found for what is left of one that was erased */
export const toTenant = ({ state, ...row }: Row): Tenant => {
  if (state === 'erased') throw notFound('tenant')
  return { ...row, state, created_at: iso(row.created_at) }
}

const named = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (isTaken(error, 'tenants_name_key')) throw conflict('A tenant of this name exists already. Choose another name.')
    throw error
  }
}

/** All tenants, or the one of that id. */
export const listTenants = (
  auth: AuthDb,
  only: string | null,
  page: { skip: number; limit: number },
): Promise<{ items: Tenant[]; total: number }> =>
  inAuth(auth, async (q) => {
    const all = q.selectFrom('tenants').where('state', '!=', 'erased')
    const found = only === null ? all : all.where('id', '=', only)
    const rows = await found.select(columns).orderBy('created_at').orderBy('id').offset(page.skip).limit(page.limit).execute()
    const { total } = await found.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
    return { items: rows.map(toTenant), total }
  })

export const getTenant = (auth: AuthDb, id: string): Promise<Tenant> =>
  inAuth(auth, async (q) => {
    const row = await q.selectFrom('tenants').select(columns).where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw notFound('tenant')
    return toTenant(row)
  })

/** The row and what the tenant needs in the other stores: both or, seen from here, neither. */
export const insertTenant = (auth: AuthDb, fields: TenantFields, makeStores: (tenantId: string) => Promise<void>): Promise<Tenant> =>
  named(() =>
    inAuth(auth, async (q) => {
      const row = await q
        .insertInto('tenants')
        .values({ id: newId(), ...fields })
        .returning(columns)
        .executeTakeFirstOrThrow()
      await makeStores(row.id)
      return toTenant(row)
    }),
  )

/** @throws AppError not_found, conflict */
export const updateTenant = (auth: AuthDb, id: string, changes: Partial<TenantFields>): Promise<Tenant> =>
  named(() =>
    inAuth(auth, async (q) => {
      const row = await q.selectFrom('tenants').select(columns).where('id', '=', id).forUpdate().executeTakeFirst()
      if (row === undefined) throw notFound('tenant')
      const tenant = toTenant(row)
      if (tenant.state === 'erasing') throw conflict('This tenant is being erased.')
      if (Object.values(changes).every((value) => value === undefined)) return tenant
      return toTenant(await q.updateTable('tenants').set(changes).where('id', '=', id).returning(columns).executeTakeFirstOrThrow())
    }),
  )

export const allTenants = (auth: AuthDb): Promise<{ id: string; name: string; quota_bytes: number | null }[]> =>
  inAuth(auth, (q) =>
    q
      .selectFrom('tenants')
      .select(['id', 'name', 'quota_bytes'])
      // The stores of one that is being erased are not made anew.
      .where('state', 'in', ['active', 'frozen'])
      .orderBy('created_at')
      .orderBy('id')
      .execute(),
  )
