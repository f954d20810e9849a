import type * as contract from '../../../shared/contract/hunt/timeline.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { microsOf, readCursor, together, writeCursor } from '../search/index.ts'
import { showThatFit } from './page.ts'
import { inTime, prepareTimeline, type TimelineQuestion } from './question.ts'
import { countBefore, countTimeless, findMoments, type FoundMoment, type PageOf, type Place, sumMoments } from './store.ts'

type Body = Parsed<typeof contract.timeline>['body']

interface Counts {
  total: number
  rows: number
  without_time: number
}

/** Null where nothing was counted. */
type Told = { [P in keyof Counts]: number | null }
const uncounted: Told = { total: null, rows: null, without_time: null }

/** What a page leaves to the next: where it ended, what was counted, and when the first was asked for. */
interface Ended extends Told {
  at: bigint
  id: string
  now: number
}

/** What says which page is wanted; the rest decides which moments there are and in what order. */
const ofPage: ReadonlySet<string> = new Set(['cursor', 'limit', 'skip', 'counts'])

const scopeOf = (ctx: Ctx, body: Body) => ({
  tenant_id: ctx.tenant.id,
  question: ['timeline', Object.entries(body).filter(([name]) => !ofPage.has(name))],
})

const numberOr = (text: string | null | undefined): number | null => (text === null || text === undefined ? null : Number(text))
const textOr = (value: bigint | number | null): string | null => (value === null ? null : String(value))

const readEnd = (key: string, ctx: Ctx, body: Body): Ended | null => {
  if (body.cursor === undefined) return null
  const { values, id, now } = readCursor(key, scopeOf(ctx, body), body.cursor)
  const [at, total, rows, without] = values ?? []
  return { at: BigInt(at ?? 0), id, now, total: numberOr(total), rows: numberOr(rows), without_time: numberOr(without) }
}

const writeEnd = (key: string, ctx: Ctx, body: Body, { at, id, now, total, rows, without_time }: Ended): string =>
  writeCursor(key, scopeOf(ctx, body), { values: [at, total, rows, without_time].map(textOr), id, now })

const anchorOf = ({ anchor }: Body): Place | null => {
  const at = microsOf(anchor?.at)
  return at === null ? null : { at, id: anchor?.id ?? null }
}

const countAll = async (ctx: Ctx, asked: TimelineQuestion, signal: AbortSignal): Promise<Counts> => {
  const [{ total, rows }, without_time] = await Promise.all([
    sumMoments(ctx.events, asked, signal),
    countTimeless(ctx.events, asked, signal),
  ])
  return { total, rows, without_time }
}

export const moments = async (ctx: Ctx, cursorKey: string, body: Body): Promise<Reply<typeof contract.timeline>> => {
  const begun = performance.now()
  const ended = readEnd(cursorKey, ctx, body)
  const now = ended?.now ?? ctx.now().getTime()
  const asked = await prepareTimeline(ctx, body, now)
  const anchor = ended === null ? anchorOf(body) : null
  const isCounted = body.counts && ended === null
  const place = ended === null ? anchor && { ...anchor, isBehind: false } : { at: ended.at, id: ended.id, isBehind: true }
  const { limit, skip, order } = body
  // One more than is shown tells whether there are more.
  const page: PageOf = { order, place, skip, limit: limit + 1 }
  const [found, counts, before] = await inTime(asked, () =>
    together<[FoundMoment[], Told, number | null]>(ctx, (signal) => [
      findMoments(ctx.events, asked, page, signal),
      isCounted ? countAll(ctx, asked, signal) : Promise.resolve(ended ?? uncounted),
      anchor === null || !isCounted ? Promise.resolve(null) : countBefore(ctx.events, asked, anchor, signal),
    ]),
  )
  const fitting = { of: (most: number) => found.slice(0, most), limit }
  const { moments: shown, events, ...end } = await showThatFit(ctx, fitting, asked.times, ctx.signal)
  const last = found.length > end.asked ? end.last : undefined
  const { total, rows, without_time } = counts
  return {
    moments: shown,
    events,
    total,
    rows,
    without_time,
    before,
    next_cursor:
      last === undefined
        ? null
        : writeEnd(cursorKey, ctx, body, { at: BigInt(last.at_micros), id: last.row_id, now, total, rows, without_time }),
    took_ms: Math.round(performance.now() - begun),
  }
}
