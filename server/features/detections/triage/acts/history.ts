import type { HistoryEntry } from '../../../../../shared/contract/detect/detections.ts'
import type { Paging } from '../../../../../shared/contract/paging.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { notFound } from '../../../../platform/errors.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { detectionById } from '../queue/store.ts'
import { historyOf } from './store.ts'

export const detectionHistory = async (ctx: Ctx, id: string, paging: Paging): Promise<{ items: HistoryEntry[]; total: number }> => {
  if ((await detectionById(ctx.db, id)) === undefined) throw notFound('detection')
  const { rows, total } = await historyOf(ctx.db, id, paging)
  const items = rows.map((row) => ({
    id: row.id,
    act_id: row.act_id,
    what: row.what as HistoryEntry['what'],
    facts: row.facts,
    by: row.by_name,
    by_id: row.by_id,
    at: iso(row.at),
    can_undo: row.before !== null && row.undone_at === null && row.is_last,
    undone_at: iso(row.undone_at),
  }))
  return { items, total }
}
