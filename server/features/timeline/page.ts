// Keys of moments become moments with the rows that they are of.
import type { Moment } from '../../../shared/contract/hunt/timeline.ts'
import type { EventRow } from '../../../shared/contract/search.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { isAppError } from '../../platform/errors.ts'
import { eventsAt, isoOfMicros } from '../search/index.ts'
import type { FoundMoment } from './store.ts'
import type { TimeSource } from './times.ts'

export interface ShownMoments {
  moments: Moment[]
  events: EventRow[]
}

/** A row that was deleted between the two looks is in neither list. */
const showMoments = async (ctx: Ctx, found: readonly FoundMoment[], { names }: TimeSource, signal: AbortSignal): Promise<ShownMoments> => {
  const rows = await eventsAt(
    ctx,
    found.map((one) => ({ id: one.row_id, main_micros: one.main_micros })),
    signal,
  )
  const moments = found.flatMap((one): Moment[] => {
    const row = rows.get(one.row_id)
    if (row === undefined) return []
    const holding = row.times.filter((time) => time.at_micros === one.at_micros && (names === null || names.includes(time.field)))
    const is_main = one.at_micros === one.main_micros
    const fields = [...new Set(holding.map((time) => time.field))]
    return [{ id: one.row_id, at: isoOfMicros(BigInt(one.at_micros)), fields, is_main, lane: one.lane }]
  })
  return { moments, events: [...rows.values()].map((row) => row.event) }
}

/** As many moments as have rows that can be handed over at once: `of` names those of a page of so many. */
export const showThatFit = async (
  ctx: Ctx,
  page: { of: (most: number) => readonly FoundMoment[]; limit: number },
  times: TimeSource,
  signal: AbortSignal,
): Promise<ShownMoments & { last: FoundMoment | undefined; asked: number }> => {
  for (let most = page.limit; ; most = Math.ceil(most / 4))
    try {
      const found = page.of(most)
      return { ...(await showMoments(ctx, found, times, signal)), last: found.at(-1), asked: found.length }
    } catch (error) {
      if (!isAppError(error) || error.code !== 'too_large' || most === 1) throw error
    }
}
