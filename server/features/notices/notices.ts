import { type Notice, noticesKept } from '../../../shared/contract/notes/schedules.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { iso } from '../../platform/iso-time.ts'
import { insertNotice, markRead, type NewNotice, noticesOf } from './store.ts'

const nobody = '00000000-0000-0000-0000-000000000000'
const reader = (ctx: Ctx): string => ctx.actor.user_id ?? nobody

export const listNotices = async (ctx: Ctx, limit: number): Promise<{ notices: Notice[]; total: number; unread: number }> => {
  const { rows, total, unread } = await noticesOf(ctx.db, reader(ctx), limit)
  const notices = rows.map(({ id, kind, facts, created_at, read_at }) => ({
    id,
    kind,
    facts,
    created_at: iso(created_at),
    read_at: iso(read_at),
  }))
  return { notices, total, unread }
}

export const readNotices = async (ctx: Ctx, ids: readonly string[] | undefined): Promise<{ unread: number }> => ({
  unread: await markRead(ctx.db, reader(ctx), ids ?? null, ctx.now()),
})

/** In the transaction of what it tells of. */
export const notify = (tx: Ctx, notice: Omit<NewNotice, 'at'>): Promise<void> =>
  insertNotice(tx.db, { ...notice, at: tx.now() }, noticesKept)
