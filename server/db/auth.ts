// The one handle without a tenant: sign-in comes before a tenant is known, and the job queue serves all of them.
// Its login role reaches users, sessions, memberships, tenants, invitations and jobs, and no other table.
import type { Kysely, Transaction } from 'kysely'
import { toAppError } from './faults.ts'
import type { Tables } from './tables.ts'

declare const auth: unique symbol
export interface AuthDb {
  readonly [auth]: true
}

const opened = new WeakMap<AuthDb, Kysely<Tables>>()

export const authHandle = (kysely: Kysely<Tables>): AuthDb => {
  const handle = Object.freeze({}) as AuthDb
  opened.set(handle, kysely)
  return handle
}

/** @throws AppError unavailable, full or timeout for what the database reports; other errors of `work` as they are. */
export const inAuth = async <T>(handle: AuthDb, work: (q: Transaction<Tables>) => Promise<T>): Promise<T> => {
  const kysely = opened.get(handle)
  if (kysely === undefined) throw new Error('this is no handle of the control plane')
  try {
    return await kysely.transaction().execute(work)
  } catch (error) {
    throw toAppError(error)
  }
}
