import type { Annotated, listAnnotated as listRoute, RowAnnotations } from '../../../shared/contract/notes/annotations.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import { cleanTag } from '../../../shared/domain/hunt.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { notFound } from '../../platform/errors.ts'
import { iso } from '../../platform/iso-time.ts'
import { shownComment } from './comments.ts'
import { commentsOfRow, knownRows, notesOf, tagsOfRow } from './store.ts'
import { annotatedRows } from './store-lists.ts'
import { storedRows } from './store-rows.ts'

export const lookUp = async (ctx: Ctx, ids: readonly string[]): Promise<{ annotations: Annotated[] }> => ({
  annotations: await notesOf(ctx.db, [...new Set(ids)]),
})

/** @throws AppError not_found for a row that is neither stored nor written about */
export const annotationsOf = async (ctx: Ctx, id: string): Promise<RowAnnotations> => {
  const stored = (await storedRows(ctx.events, [id], ctx.signal)).get(id)
  const row = stored ?? (await knownRows(ctx.db, [id])).get(id)
  if (row === undefined) throw notFound('row')
  const [tags, comments] = await Promise.all([tagsOfRow(ctx.db, id), commentsOfRow(ctx.db, id)])
  return {
    row_id: id,
    is_stored: stored !== undefined,
    artifact: row.artifact,
    host_name: row.host_name,
    tags: tags.map((t) => ({ tag: t.tag, by: t.created_by_name, at: iso(t.created_at) })),
    comments: comments.map(shownComment),
  }
}

export const listAnnotated = async (
  ctx: Ctx,
  o: Parsed<typeof listRoute>['query'],
): Promise<{ items: Reply<typeof listRoute>; total: number }> => {
  const tag = o.tag === undefined ? null : (cleanTag(o.tag) ?? '')
  const { items, total } = await annotatedRows(ctx.db, { tag, text: o.text ?? null, skip: o.skip, limit: o.limit })
  const stored = await storedRows(
    ctx.events,
    items.map((item) => item.row_id),
    ctx.signal,
  )
  return { items: items.map((item) => ({ ...item, last_at: iso(item.last_at), is_stored: stored.has(item.row_id) })), total }
}
