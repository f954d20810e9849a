// What is written beside rows. The search asks it which rows a tag or a comment finds; nothing here asks the search.
import type { Ctx } from '../../platform/ctx.ts'
import { countNoted, type NoteTest, rowsNoted, tagsOfRows } from './store-lists.ts'

export type { NoteTest } from './store-lists.ts'

/** The ids of the rows that have such a tag or comment, at most `limit`; `total` is how many there are. */
export const findNoted = async (
  ctx: Ctx,
  which: 'tag' | 'comment',
  test: NoteTest,
  limit: number,
): Promise<{ ids: string[]; total: number }> => {
  const ids = await rowsNoted(ctx.db, which, test, limit + 1)
  if (ids.length <= limit) return { ids, total: ids.length }
  return { ids: ids.slice(0, limit), total: await countNoted(ctx.db, which, test) }
}

/** Every tag of every row, at most `limit` of them. */
export const everyTag = (ctx: Ctx, limit: number): Promise<{ row_id: string; tag: string }[]> => tagsOfRows(ctx.db, limit)
