// The one handle without a tenant: sign-in comes before a tenant is known, and the job queue serves all of them.
// Its login role reaches users and all of sign-in (sessions, memberships, tenants, invitations, links, factors, keys, single sign-on)
// and jobs, and no other table.
import type { Kysely, Transaction } from 'kysely'
import type { AuditKey } from './audit/chain.ts'
import { toAppError } from './faults.ts'
import type { Tables } from './tables.ts'

declare const auth: unique symbol
export interface AuthDb {
  readonly [auth]: true
}

export type InAuth = Transaction<Tables>

interface Opened {
  kysely: Kysely<Tables>
  auditKey: AuditKey
  /** Runs last in each transaction, with what `work` gave. */
  finish: ((q: InAuth, result: unknown) => Promise<void>) | null
}

const opened = new WeakMap<AuthDb, Opened>()

const handleOf = (inside: Opened): AuthDb => {
  const handle = Object.freeze({}) as AuthDb
  opened.set(handle, inside)
  return handle
}

const insideOf = (handle: AuthDb): Opened => {
  const inside = opened.get(handle)
  if (inside === undefined) throw new Error('this is no handle of the control plane')
  return inside
}

export const authHandle = (kysely: Kysely<Tables>, auditKey: AuditKey): AuthDb => handleOf({ kysely, auditKey, finish: null })
export const auditKeyOfAuth = (handle: AuthDb): AuditKey => insideOf(handle).auditKey

/**
 * The same handle, each of whose transactions ends with `finish`, and then with what it ended with before; when that fails,
 * nothing of the transaction stays.
 */
export const followedBy = (handle: AuthDb, finish: (q: InAuth, result: unknown) => Promise<void>): AuthDb => {
  const inside = insideOf(handle)
  const then = async (q: InAuth, result: unknown): Promise<void> => {
    await finish(q, result)
    await inside.finish?.(q, result)
  }
  return handleOf({ ...inside, finish: then })
}

/** @throws AppError unavailable, full or timeout for what the database reports; other errors of `work` as they are. */
export const inAuth = async <T>(handle: AuthDb, work: (q: InAuth) => Promise<T>): Promise<T> => {
  const { kysely, finish } = insideOf(handle)
  try {
    return await kysely.transaction().execute(async (q) => {
      const result = await work(q)
      await finish?.(q, result)
      return result
    })
  } catch (error) {
    throw toAppError(error)
  }
}
