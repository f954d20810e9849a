import type { Transaction } from 'kysely'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { notFound } from '../../../platform/errors.ts'

type Q = Transaction<Tables>

/** Whose sessions; `idleSince`: a browser's session that was used last before it is over. */
export interface Owner {
  userId: string
  now: Date
  idleSince: Date
}

const alive = (q: Q, { userId, now, idleSince }: Owner) =>
  q
    .selectFrom('sessions')
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .where((e) => e.or([e('kind', '=', 'api'), e('last_used_at', '>=', idleSince)]))

export interface OwnSessionRow {
  id: string
  kind: 'browser' | 'api'
  ip: string | null
  user_agent: string | null
  created_at: Date
  last_used_at: Date
}

export const listAlive = (
  auth: AuthDb,
  owner: Owner,
  page: { skip: number; limit: number },
): Promise<{ items: OwnSessionRow[]; total: number }> =>
  inAuth(auth, async (q) => {
    const items = await alive(q, owner)
      .select(['id', 'kind', 'ip', 'user_agent', 'created_at', 'last_used_at'])
      .orderBy('last_used_at', 'desc')
      .orderBy('id')
      .offset(page.skip)
      .limit(page.limit)
      .execute()
    const { total } = await alive(q, owner)
      .select((e) => e.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return { items, total }
  })

/** @throws AppError not_found for a session that is not the person's, or is over. */
export const endOne = (auth: AuthDb, owner: Owner, id: string): Promise<void> =>
  inAuth(auth, async (q) => {
    const ended = await q
      .updateTable('sessions')
      .set({ revoked_at: owner.now })
      .where('id', 'in', alive(q, owner).select('id').where('id', '=', id))
      .returning('id')
      .executeTakeFirst()
    if (ended === undefined) throw notFound('session')
  })

/** Revokes also what is over for want of use; only what was alive counts. */
export const revokeAll = async (q: Q, owner: Owner, keepId: string | null): Promise<number> => {
  const revoked = q
    .updateTable('sessions')
    .set({ revoked_at: owner.now })
    .where('user_id', '=', owner.userId)
    .where('revoked_at', 'is', null)
    .returning(['kind', 'last_used_at', 'expires_at'])
  const rows = await (keepId === null ? revoked : revoked.where('id', '!=', keepId)).execute()
  return rows.filter((row) => row.expires_at > owner.now && (row.kind === 'api' || row.last_used_at >= owner.idleSince)).length
}

/** Ends every session of the person but one, and says how many were alive. */
export const endOthers = (auth: AuthDb, owner: Owner, keepId: string): Promise<number> => inAuth(auth, (q) => revokeAll(q, owner, keepId))
