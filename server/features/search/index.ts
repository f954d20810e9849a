import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type * as contract from '../../../shared/contract/search.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { searchRows } from './search-rows.ts'

export interface Search {
  /** One page of the rows that a query finds, with their exact number. @throws AppError `syntax` or `validation`. */
  searchRows: (ctx: Ctx, body: Parsed<typeof contract.search>['body']) => Promise<Reply<typeof contract.search>>
}

/** `cursorKey` signs the places of pages: the same in every process, and never shown. */
export const createSearch = (o: { cursorKey: string }): Search => ({ searchRows: (ctx, body) => searchRows(ctx, o.cursorKey, body) })
export { getEvent } from './get-event.ts'
export { listFields } from './list-fields.ts'
export { failSchedule, runSchedule } from './schedules/run-schedule.ts'
export { scheduleJobKind } from './schedules/schedules.ts'
export { overview } from './overview.ts'
export { fleetOf, prevalence } from './prevalence/prevalence.ts'
export { facets, fieldValues } from './facets/facets.ts'
export { histogram } from './histogram/histogram.ts'
// For rooms that show what a query finds in a way of their own.
export { readCursor, writeCursor } from './answer/cursor.ts'
export { isoOfMicros } from './answer/times.ts'
export { eventsAt, type EventWithTimes, type RowKey } from './by-id/rows-at.ts'
export type { Field } from './compile/fields.ts'
export { hasTime } from './compile/filter.ts'
export { all, microsParam } from './compile/ranges.ts'
export { oneValue } from './compile/values.ts'
export { fieldNamed, type FilterBody, microsOf, prepare, type Question, together } from './question.ts'
export { ask, rowsOf } from './store.ts'
export { baselineSide } from './stack/baseline-side.ts'
export { anyPresent, keyOf, readValue, selected } from './stack/stack-sql.ts'
