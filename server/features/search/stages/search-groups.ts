// A search whose query ends in a stack: whoever asks by the API or the command line gets the whole answer of any query in one place.
import type { Parsed, Reply } from '../../../../shared/contract/route.ts'
import type * as contract from '../../../../shared/contract/search.ts'
import { parsePipeline } from '../../../../shared/query/pipeline.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { invalid } from '../../../platform/errors.ts'
import { prepare, together } from '../question.ts'
import { stack } from '../stack/stack.ts'
import { countRows } from '../store.ts'

type Body = Parsed<typeof contract.search>['body']

export const asksForGroups = (query: string): boolean => {
  const parsed = parsePipeline(query)
  return parsed.ok && parsed.pipeline.stages.some((stage) => stage.kind === 'stack')
}

const rowsWithoutTime = async (ctx: Ctx, body: Body, signal: AbortSignal): Promise<number> => {
  const { rows_without_time } = await prepare(ctx, body, ctx.now().getTime())
  return rows_without_time === null ? 0 : countRows(ctx.events, rows_without_time, signal)
}

export const searchGroups = async (ctx: Ctx, cursorKey: string, body: Body): Promise<Reply<typeof contract.search>> => {
  const begun = performance.now()
  const { sort, ...asked } = body
  if (sort !== undefined) throw invalid('sort', 'a stack sorts its groups itself: rare, top or newest behind its fields.')
  const [answer, without_time] = await together<[Awaited<ReturnType<typeof stack>>, number]>(ctx, (signal) => [
    stack(ctx, cursorKey, { ...asked, only_new: false }),
    rowsWithoutTime(ctx, body, signal),
  ])
  return {
    events: [],
    total: answer.rows + answer.missing,
    deduplicated: 0,
    columns: null,
    stack: answer,
    without_time,
    next_cursor: answer.next_cursor,
    took_ms: Math.round(performance.now() - begun),
  }
}
