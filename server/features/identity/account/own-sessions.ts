import type { OwnSession } from '../../../../shared/contract/account.ts'
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited } from '../../audit/index.ts'
import { type Deps, personOf } from '../deps.ts'
import { deviceWords } from './device-words.ts'
import { clockOf, endsOf } from './limits.ts'
import * as store from './store-own-sessions.ts'

/** By the word of a provider the sessions of its tenant alone. */
export const ownerOf = (deps: Deps, ctx: Ctx): store.Owner => ({
  userId: personOf(ctx.actor),
  tenantId: ctx.actor.sso_tenant_id ?? undefined,
  clock: clockOf(deps.config, deps.now()),
})
const seatOf = (deps: Deps, ctx: Ctx, userId: string): store.SeatOwner => ({
  userId,
  tenantId: ctx.tenant.id,
  clock: clockOf(deps.config, deps.now()),
})

/** The session that asks. @throws AppError forbidden for work without one. */
export const ownSessionId = (ctx: Ctx): string => {
  if (ctx.actor.session_id === null) throw new AppError('forbidden', 'This needs a session of its own.')
  return ctx.actor.session_id
}

interface Page {
  skip: number
  limit: number
}
interface Sessions {
  items: OwnSession[]
  total: number
}

const toSession =
  (deps: Deps, ctx: Ctx) =>
  (row: store.SessionRow): OwnSession => {
    const { expires_at, idle_expires_at } = endsOf(deps.config, row)
    return {
      id: row.id,
      kind: row.kind,
      device: deviceWords(row.user_agent),
      address: row.ip,
      created_at: iso(row.created_at),
      last_used_at: iso(row.last_used_at),
      expires_at: iso(expires_at),
      idle_expires_at: iso(idle_expires_at),
      is_current: row.id === ctx.actor.session_id,
    }
  }

export const listOwnSessions = async (deps: Deps, ctx: Ctx, page: Page): Promise<Sessions> => {
  const { items, total } = await store.listAlive(deps.auth, ownerOf(deps, ctx), page)
  return { items: items.map(toSession(deps, ctx)), total }
}

/** For an admin: those that reach this tenant, and no others of the person. */
export const listSessionsOf = async (deps: Deps, ctx: Ctx, userId: string, page: Page): Promise<Sessions> => {
  const { items, total } = await store.listAliveIn(deps.auth, seatOf(deps, ctx, userId), page)
  return { items: items.map(toSession(deps, ctx)), total }
}

export const endSessionOf = async (
  deps: Deps,
  ctx: Ctx,
  { user_id, session_id }: { user_id: string; session_id: string },
): Promise<void> => {
  const act = ({ username }: { username: string }): AuditAct => ({
    action: 'user.sessions_end',
    object_type: 'session',
    object_id: session_id,
    details: { username },
  })
  await store.endOneIn(audited(deps.auth, sourceOf(ctx), act), seatOf(deps, ctx, user_id), session_id)
  deps.cache.clear()
}

export const endSessionsOf = async (deps: Deps, ctx: Ctx, userId: string): Promise<{ ended_sessions: number }> => {
  const act = ({ username, ended }: { username: string; ended: number }): AuditAct => ({
    action: 'user.sessions_end',
    object_type: 'user',
    object_id: userId,
    details: { username, ended_sessions: ended },
  })
  const { ended } = await store.endAllIn(audited(deps.auth, sourceOf(ctx), act), seatOf(deps, ctx, userId))
  deps.cache.clear()
  return { ended_sessions: ended }
}

export const endOwnSession = async (deps: Deps, ctx: Ctx, id: string): Promise<void> => {
  const act = (): AuditAct => ({ action: 'session.end', object_type: 'session', object_id: id })
  await store.endOne(audited(deps.auth, sourceOf(ctx), act), ownerOf(deps, ctx), id)
  deps.cache.clear()
}

export const endOtherSessions = async (deps: Deps, ctx: Ctx): Promise<{ ended_sessions: number }> => {
  const owner = ownerOf(deps, ctx)
  const act = (ended: number): AuditAct => ({
    action: 'session.end',
    object_type: 'user',
    object_id: owner.userId,
    details: { ended_sessions: ended },
  })
  const ended = await store.endOthers(audited(deps.auth, sourceOf(ctx), act), owner, ownSessionId(ctx))
  deps.cache.clear()
  return { ended_sessions: ended }
}
