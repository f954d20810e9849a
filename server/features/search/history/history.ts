import {
  type HistoryEntry,
  historyLength,
  historyStateBytes,
  type noteSearch as noteRoute,
} from '../../../../shared/contract/notes/saved.ts'
import type { Paging } from '../../../../shared/contract/paging.ts'
import type { Parsed } from '../../../../shared/contract/route.ts'
import type { SavedState } from '../../../../shared/domain/hunt.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { sha256Hex } from '../../../platform/ids.ts'
import { iso } from '../../../platform/iso-time.ts'
import { personOf } from '../saved/saved.ts'
import { forgetHistory, historyOf, noteEntry } from './store.ts'

export const listHistory = async (ctx: Ctx, o: Paging): Promise<{ items: HistoryEntry[]; total: number }> => {
  const { rows, total } = await historyOf(ctx.db, personOf(ctx).id, o)
  const items = rows.map(({ id, parent_id, state, runs, rows_found, first_run_at, last_run_at }) => ({
    id,
    parent_id,
    state,
    runs,
    rows_found,
    first_run_at: iso(first_run_at),
    last_run_at: iso(last_run_at),
  }))
  return { items, total }
}

/** Names in one order, so that the same search is the same text however it was made. */
const canonical = ({ others, ...state }: SavedState): string =>
  JSON.stringify([Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1)), Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1))])

export const noteSearch = async (ctx: Ctx, body: Parsed<typeof noteRoute>['body']): Promise<{ id: string | null }> => {
  const { state, parent_id, rows_found } = body
  const text = JSON.stringify(state)
  if (text.length > historyStateBytes) return { id: null }
  const entry = { user_id: personOf(ctx).id, parent_id, state: text, state_hash: sha256Hex(canonical(state)), rows_found, at: ctx.now() }
  return { id: await noteEntry(ctx.db, entry, historyLength) }
}

export const clearHistory = async (ctx: Ctx): Promise<null> => {
  await forgetHistory(ctx.db, personOf(ctx).id)
  return null
}
