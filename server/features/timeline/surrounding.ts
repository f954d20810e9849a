import type * as contract from '../../../shared/contract/hunt/timeline.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type { EventDetail } from '../../../shared/contract/search.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { invalid } from '../../platform/errors.ts'
import { getEvent, isoOfMicros, microsOf, together } from '../search/index.ts'
import { showThatFit } from './page.ts'
import { inTime, prepareTimeline, type TimelineQuestion } from './question.ts'
import { countBefore, countTimeless, findMoments, type FoundMoment, type PageOf, sumMoments, type Sums } from './store.ts'
import { sameHost } from './times.ts'

type Body = Parsed<typeof contract.surrounding>['body']

const momentOf = ({ timestamp }: EventDetail, { at }: Body): bigint => {
  const found = microsOf(at ?? timestamp ?? undefined)
  if (found === null) throw invalid('event_id', 'this row has no time, so that nothing stands before or after it')
  return found
}

/** The rows of its host: of every key that the host is known by; of its name where the host is not known. */
const askedOf = async (ctx: Ctx, row: EventDetail, body: Body, reach: { from: bigint; to: bigint }): Promise<TimelineQuestion> => {
  const { time_field, lanes } = body
  const range = { from: isoOfMicros(reach.from), to: isoOfMicros(reach.to) }
  const hosts = row.host_id === null ? {} : { host_ids: [row.host_id] }
  const asked = await prepareTimeline(ctx, { query: '', ...range, ...hosts, time_field, lanes }, ctx.now().getTime())
  return row.host_id === null ? { ...asked, where: sameHost(row.provenance.host_key, row.host_name) } : asked
}

/** Half of them before the row, half from it on; what one side lacks the other does not fill. Where rows are large, fewer of both. */
export const surrounding = async (ctx: Ctx, body: Body): Promise<Reply<typeof contract.surrounding>> => {
  const begun = performance.now()
  const row = await getEvent(ctx, body.event_id)
  const at = momentOf(row, body)
  const half = BigInt(Math.round(body.minutes * 60_000_000))
  const range = { from: at - half, to: at + half + 1n }
  const asked = await askedOf(ctx, row, body, range)
  const place = { at, id: body.event_id, isBehind: false }
  const limit = Math.floor(body.limit / 2)
  const page = (order: PageOf['order']): PageOf => ({ order, place, skip: 0, limit })
  const [before, after, sums, without_time, earlier] = await inTime(asked, () =>
    together<[FoundMoment[], FoundMoment[], Sums, number, number]>(ctx, (signal) => [
      findMoments(ctx.events, asked, page('newest'), signal),
      findMoments(ctx.events, asked, page('oldest'), signal),
      sumMoments(ctx.events, asked, signal),
      countTimeless(ctx.events, asked, signal),
      countBefore(ctx.events, asked, place, signal),
    ]),
  )
  const around = { of: (most: number) => [...before.slice(0, most).toReversed(), ...after.slice(0, most)], limit }
  const { moments, events } = await showThatFit(ctx, around, asked.times, ctx.signal)
  return {
    host_id: row.host_id,
    host_name: row.host_name,
    at: isoOfMicros(at),
    from: isoOfMicros(range.from),
    to: isoOfMicros(range.to),
    moments,
    events,
    total: sums.total,
    rows: sums.rows,
    without_time,
    before: earlier,
    took_ms: Math.round(performance.now() - begun),
  }
}
