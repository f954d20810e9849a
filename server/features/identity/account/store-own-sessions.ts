import type { Transaction } from 'kysely'
import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { Tables } from '../../../db/tables.ts'
import { notFound } from '../../../platform/errors.ts'
import { personIn } from '../store-people.ts'
import { aliveSessions, isWide } from '../store-sessions.ts'
import type { Measured, SessionClock } from './limits.ts'

type Q = Transaction<Tables>

/** Whose sessions, as of now. */
export interface Owner {
  userId: string
  /** Only those in one tenant. */
  tenantId?: string
  clock: SessionClock
}
/** Those of a person in one tenant, for an admin of it. */
export interface SeatOwner extends Owner {
  tenantId: string
}

const alive = (q: Q, { userId, tenantId, clock }: Owner) => {
  const own = aliveSessions(q, clock).where('s.user_id', '=', userId)
  return tenantId === undefined ? own : own.where('s.tenant_id', '=', tenantId)
}

export interface SessionRow extends Measured {
  id: string
  ip: string | null
  user_agent: string | null
}
interface Page {
  skip: number
  limit: number
}

const pageOf = async (q: ReturnType<typeof alive>, page: Page): Promise<{ items: SessionRow[]; total: number }> => {
  const items = await q
    .select(['s.id', 's.kind', 's.ip', 's.user_agent', 's.created_at', 's.last_used_at', 's.expires_at', isWide.as('is_wide')])
    .orderBy('s.last_used_at', 'desc')
    .orderBy('s.id')
    .offset(page.skip)
    .limit(page.limit)
    .execute()
  const { total } = await q.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  return { items, total }
}

export const listAlive = (auth: AuthDb, owner: Owner, page: Page): Promise<{ items: SessionRow[]; total: number }> =>
  inAuth(auth, (q) => pageOf(alive(q, owner), page))

/** @throws AppError not_found for a person who is not of the tenant. */
export const listAliveIn = (auth: AuthDb, seat: SeatOwner, page: Page): Promise<{ items: SessionRow[]; total: number }> =>
  inAuth(auth, async (q) => {
    await personIn(q, seat.tenantId, seat.userId)
    return await pageOf(alive(q, seat), page)
  })

const end = async (q: Q, found: ReturnType<typeof alive>, now: Date): Promise<number> =>
  (await q.updateTable('sessions').set({ revoked_at: now }).where('id', 'in', found.select('s.id')).returning('id').execute()).length

/** @throws AppError not_found for a session that is not the person's, or is over. */
export const endOne = (auth: AuthDb, owner: Owner, id: string): Promise<void> =>
  inAuth(auth, async (q) => {
    if ((await end(q, alive(q, owner).where('s.id', '=', id), owner.clock.now)) === 0) throw notFound('session')
  })

/** One session of a person in the tenant. @throws AppError not_found */
export const endOneIn = (auth: AuthDb, seat: SeatOwner, id: string): Promise<{ username: string }> =>
  inAuth(auth, async (q) => {
    const { username } = await personIn(q, seat.tenantId, seat.userId)
    if ((await end(q, alive(q, seat).where('s.id', '=', id), seat.clock.now)) === 0) throw notFound('session')
    return { username }
  })

/** All sessions of a person in the tenant. @throws AppError not_found */
export const endAllIn = (auth: AuthDb, seat: SeatOwner): Promise<{ username: string; ended: number }> =>
  inAuth(auth, async (q) => {
    const { username } = await personIn(q, seat.tenantId, seat.userId)
    return { username, ended: await end(q, alive(q, seat), seat.clock.now) }
  })

/** Revokes also what is over for want of use; only what was alive counts. */
export const revokeAll = async (q: Q, owner: Owner, keepId: string | null): Promise<number> => {
  const others = keepId === null ? alive(q, owner) : alive(q, owner).where('s.id', '!=', keepId)
  const { total } = await others.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  await q
    .updateTable('sessions')
    .set({ revoked_at: owner.clock.now })
    .where('user_id', '=', owner.userId)
    .where('revoked_at', 'is', null)
    .$if(keepId !== null, (found) => found.where('id', '!=', keepId ?? ''))
    .$if(owner.tenantId !== undefined, (found) => found.where('tenant_id', '=', owner.tenantId ?? ''))
    .execute()
  return total
}

/** Ends every session of the person but one, and says how many were alive. */
export const endOthers = (auth: AuthDb, owner: Owner, keepId: string): Promise<number> => inAuth(auth, (q) => revokeAll(q, owner, keepId))
