import type { OwnSession } from '../../../../shared/contract/account.ts'
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited } from '../../audit/index.ts'
import { type Deps, personOf } from '../deps.ts'
import { deviceWords } from './device-words.ts'
import { endOne, endOthers, listAlive, type Owner } from './store-own-sessions.ts'

/** A browser's session that was used last before it is over. */
export const idleSince = (deps: Deps, now: Date): Date => new Date(now.getTime() - deps.config.SESSION_IDLE_MINUTES * 60_000)

export const ownerOf = (deps: Deps, ctx: Ctx): Owner => {
  const now = deps.now()
  return { userId: personOf(ctx.actor), now, idleSince: idleSince(deps, now) }
}

/** The session that asks. @throws AppError forbidden for work without one. */
export const ownSessionId = (ctx: Ctx): string => {
  if (ctx.actor.session_id === null) throw new AppError('forbidden', 'This needs a session of its own.')
  return ctx.actor.session_id
}

export const listOwnSessions = async (
  deps: Deps,
  ctx: Ctx,
  page: { skip: number; limit: number },
): Promise<{ items: OwnSession[]; total: number }> => {
  const { items, total } = await listAlive(deps.auth, ownerOf(deps, ctx), page)
  return {
    items: items.map(({ id, kind, ip, user_agent, created_at, last_used_at }) => ({
      id,
      kind,
      device: deviceWords(user_agent),
      address: ip,
      created_at: iso(created_at),
      last_used_at: iso(last_used_at),
      is_current: id === ctx.actor.session_id,
    })),
    total,
  }
}

export const endOwnSession = async (deps: Deps, ctx: Ctx, id: string): Promise<void> => {
  const act = (): AuditAct => ({ action: 'session.end', object_type: 'session', object_id: id })
  await endOne(audited(deps.auth, sourceOf(ctx), act), ownerOf(deps, ctx), id)
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
  const ended = await endOthers(audited(deps.auth, sourceOf(ctx), act), owner, ownSessionId(ctx))
  deps.cache.clear()
  return { ended_sessions: ended }
}
