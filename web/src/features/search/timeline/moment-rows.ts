// Moments as rows of the grid: the row that each is of, with the moment beside it.
import { type Moment, timeline } from '../../../../../shared/contract/hunt/timeline.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { call } from '../../../api/call.ts'
import type { Filter, Question } from '../result/question.ts'
import type { Result } from '../result/search-run.ts'
import { type PageAsk, RowStore } from '../rows/row-store.ts'
import { type StrandStart, startsOfEnd } from '../rows/strands.ts'

export type MomentRow = EventRow & { moment: Moment }

export const momentOf = (row: EventRow): Moment | null => ('moment' in row ? (row as MomentRow).moment : null)

/** What stands in the URL for one moment: its time, and the row that it is of. */
export interface MomentPlace {
  at: string
  id: string | null
}

type Answer = Reply<typeof timeline>

const rowsOf = ({ moments, events }: Answer): EventRow[] => {
  const byId = new Map(events.map((event) => [event.id, event]))
  return moments.flatMap((moment) => {
    const event = byId.get(moment.id)
    return event === undefined ? [] : [{ ...event, moment } satisfies MomentRow]
  })
}

/** A strand that begins at a moment names it by its time and, where several have the same, by its row. */
const writePlace = ({ at, id }: MomentPlace): string => (id === null ? at : `${at} ${id}`)
const readPlace = (text: string): { at: string; id?: string } => {
  const [at = '', id] = text.split(' ')
  return id === undefined ? { at } : { at, id }
}

const firstMoments = 200

const pageOf = async (filter: Filter, ask: PageAsk, signal: AbortSignal) => {
  const answer = await call(timeline, {
    body: {
      ...filter,
      order: ask.isReversed ? 'newest' : 'oldest',
      counts: false,
      limit: ask.limit,
      skip: ask.skip,
      ...(ask.from === undefined ? {} : { anchor: readPlace(ask.from) }),
      ...(ask.cursor === undefined ? {} : { cursor: ask.cursor }),
    },
    signal,
  })
  return { events: rowsOf(answer), next_cursor: answer.next_cursor, total: answer.total ?? 0 }
}

/** Where a moment stands among all of them. */
const indexOf = async (filter: Filter, place: MomentPlace, signal: AbortSignal): Promise<number> => {
  const anchor = { at: place.at, ...(place.id === null ? {} : { id: place.id }) }
  return (await call(timeline, { body: { ...filter, anchor, limit: 1 }, signal })).before ?? 0
}

export interface MomentsResult extends Result {
  /** The index of the moment that the link names. */
  begin: number | null
  /** Where moments can be read from in any case: their end, and the moment of the link. */
  starts: readonly StrandStart[]
}

/** All moments of a question, oldest first, from the place of a link where there is one. */
export const askMoments = async (question: Question, place: MomentPlace | null, signal: AbortSignal): Promise<MomentsResult> => {
  const { filter } = question
  const [first, begin] = await Promise.all([
    call(timeline, { body: { ...filter, limit: firstMoments }, signal }),
    place === null ? Promise.resolve(null) : indexOf(filter, place, signal),
  ])
  const total = first.total ?? 0
  const store = new RowStore<EventRow>({
    first: { events: rowsOf(first), next_cursor: first.next_cursor, total },
    fetchPage: (ask, stop) => pageOf(filter, ask, stop),
  })
  const ends = startsOfEnd(total, 0)
  const atPlace: StrandStart[] = begin === null || place === null || begin === 0 ? [] : [{ index: begin, step: 1, from: writePlace(place) }]
  const starts = [...ends, ...atPlace]
  store.offer(starts)
  return {
    question,
    store,
    total,
    deduplicated: 0,
    columns: null,
    without_time: first.without_time ?? 0,
    took_ms: first.took_ms,
    begin: begin === null || total === 0 ? null : Math.min(begin, total - 1),
    starts,
  }
}
