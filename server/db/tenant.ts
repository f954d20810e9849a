// The only way to the tables for everything but sign-in: a transaction whose tenant is set before the first
// statement of the caller, on a login role that row-level security binds.
import type { Kysely, Transaction } from 'kysely'
import { sql } from 'kysely'
import type { TenantDb } from '../platform/ctx.ts'
import type { AuditKey } from './audit/chain.ts'
import { toAppError } from './faults.ts'
import type { Tables } from './tables.ts'

interface Opened {
  kysely: Kysely<Tables>
  tenantId: string
  auditKey: AuditKey
  bound: { trx: Transaction<Tables>; isOver: boolean } | null
}

// Beside the handle and not on it, so that nobody who is handed one can reach the connection.
const opened = new WeakMap<TenantDb, Opened>()

const handleOf = (inside: Opened): TenantDb => {
  const handle = Object.freeze({}) as TenantDb
  opened.set(handle, inside)
  return handle
}

const insideOf = (db: TenantDb): Opened => {
  const inside = opened.get(db)
  if (inside === undefined) throw new Error('this is no handle of the control plane')
  return inside
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const tenantHandle = (kysely: Kysely<Tables>, tenantId: string, auditKey: AuditKey): TenantDb => {
  if (!uuid.test(tenantId)) throw new Error('a tenant is named by its id')
  return handleOf({ kysely, tenantId, auditKey, bound: null })
}

export const tenantIdOf = (db: TenantDb): string => insideOf(db).tenantId
export const auditKeyOf = (db: TenantDb): AuditKey => insideOf(db).auditKey

const begin = async <T>(inside: Opened, work: (q: Transaction<Tables>) => Promise<T>): Promise<T> => {
  try {
    return await inside.kysely.transaction().execute(async (trx) => {
      await sql`select set_config('app.tenant_id', ${inside.tenantId}, true)`.execute(trx)
      return await work(trx)
    })
  } catch (error) {
    throw toAppError(error)
  }
}

const joined = async <T>(bound: NonNullable<Opened['bound']>, work: (q: Transaction<Tables>) => Promise<T>): Promise<T> => {
  if (bound.isOver) throw new Error('the transaction of this handle is over')
  try {
    return await work(bound.trx)
  } catch (error) {
    throw toAppError(error)
  }
}

/**
 * Runs `work` in a transaction bound to the handle's tenant, or in the one that the handle is bound to.
 * @throws AppError unavailable, full or timeout for what the database reports; other errors of `work` as they are.
 */
export const inTenant = async <T>(db: TenantDb, work: (q: Transaction<Tables>) => Promise<T>): Promise<T> => {
  const inside = insideOf(db)
  return inside.bound === null ? await begin(inside, work) : await joined(inside.bound, work)
}

/** One transaction for everything that `work` does with the handle it is given; using that handle afterwards throws. */
export const bindTransaction = async <T>(db: TenantDb, work: (bound: TenantDb) => Promise<T>): Promise<T> => {
  const inside = insideOf(db)
  if (inside.bound !== null) return await joined(inside.bound, () => work(db))
  return await begin(inside, async (trx) => {
    const bound = { trx, isOver: false }
    try {
      return await work(handleOf({ ...inside, bound }))
    } finally {
      bound.isOver = true
    }
  })
}
