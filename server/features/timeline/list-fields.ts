import type * as contract from '../../../shared/contract/hunt/timeline.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { prepare } from '../search/index.ts'
import { timeColumns } from './store.ts'

const mostColumns = 500

/** Of all rows of the query, whatever the time range: a time may be in it although the main one is not. */
export const timeFields = async (
  ctx: Ctx,
  body: Parsed<typeof contract.timelineFields>['body'],
): Promise<Reply<typeof contract.timelineFields>> => {
  const begun = performance.now()
  const { where } = await prepare(ctx, body, ctx.now().getTime())
  const { columns, total } = await timeColumns(ctx.events, where, mostColumns, ctx.signal)
  return { fields: columns, total, took_ms: Math.round(performance.now() - begun) }
}
