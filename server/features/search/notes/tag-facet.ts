import type { Reply } from '../../../../shared/contract/route.ts'
import type { tagFacet as tagFacetRoute } from '../../../../shared/contract/notes/annotations.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { invalid } from '../../../platform/errors.ts'
import { everyTag } from '../../annotations/index.ts'
import { type FilterBody, prepare } from '../question.ts'
import { idIn, notedRowsLimit } from './note-terms.ts'
import { idsAmong } from './store.ts'

const tagsLimit = 200_000

/** Exact, or refused with the number. */
export const tagFacet = async (ctx: Ctx, body: FilterBody): Promise<Reply<typeof tagFacetRoute>> => {
  const begun = performance.now()
  const [question, tags] = await Promise.all([prepare(ctx, body, ctx.now().getTime()), everyTag(ctx, tagsLimit + 1)])
  if (tags.length > tagsLimit) throw invalid('query', `rows of the tenant have more than ${tagsLimit} tags, too many to count by query`)
  const ids = [...new Set(tags.map((tag) => tag.row_id))]
  const found = new Set<string>()
  for (let i = 0; i < ids.length; i += notedRowsLimit) {
    const some = ids.slice(i, i + notedRowsLimit)
    for (const id of await idsAmong(ctx.events, question.rows, idIn(some), ctx.signal)) found.add(id)
  }
  const counts = new Map<string, number>()
  for (const { row_id, tag } of tags) if (found.has(row_id)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  const counted = [...counts].map(([tag, rows]) => ({ tag, rows })).sort((a, b) => b.rows - a.rows || (a.tag < b.tag ? -1 : 1))
  return { tags: counted, tagged: found.size, took_ms: Math.round(performance.now() - begun) }
}
