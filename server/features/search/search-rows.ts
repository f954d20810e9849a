import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type * as contract from '../../../shared/contract/search.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { conflict, isAppError } from '../../platform/errors.ts'
import type { Sql } from '../../platform/sql.ts'
import { resolveHostKeys } from '../hosts/index.ts'
import { columnOf, type Field } from './compile/fields.ts'
import type { Order, Place } from './compile/order.ts'
import { canBeCarried, type Cursor, type CursorScope, readCursor, writeCursor } from './answer/cursor.ts'
import { prepare, together } from './question.ts'
import { toEventRow } from './answer/rows.ts'
import { arrange } from './stages/arrange.ts'
import { asksForGroups, searchGroups } from './stages/search-groups.ts'
import { countKept, countRows, findPage, type PageOf, type PageRow, placeOf, placeOfRow } from './store.ts'

type Body = Parsed<typeof contract.search>['body']

/** @throws AppError `validation` for what rows cannot be sorted by */
export interface Found {
  rows: PageRow[]
  isMore: boolean
}
const none: Found = { rows: [], isMore: false }

interface Asked {
  /** Before rows alike are left out. */
  where: Sql
  page: PageOf
  skip: number
  isHeavy: boolean
  alike: readonly Field[] | null
}

/**
 * As many rows of the page as can be handed over at once: of rows with megabytes each that are fewer than were asked for, and the
 * next page begins behind them.
 */
const pageThatFits = async (ctx: Ctx, page: PageOf, signal: AbortSignal): Promise<Found> => {
  for (let limit = page.limit; ; limit = Math.floor(limit / 4))
    try {
      // One row more than is shown tells whether there are more.
      const rows = await findPage(ctx.events, { ...page, limit: limit + 1 }, signal)
      return { rows: rows.slice(0, Math.max(limit, 1)), isMore: rows.length > limit }
    } catch (error) {
      if (!isAppError(error) || error.code !== 'too_large' || limit === 0) throw error
    }
}

const pageBehind = async (ctx: Ctx, page: PageOf, skip: number, signal: AbortSignal): Promise<Found> => {
  if (skip === 0) return pageThatFits(ctx, page, signal)
  const place = await placeOf(ctx.events, page, skip, signal)
  return place === null ? none : pageThatFits(ctx, { ...page, after: place }, signal)
}

interface Page extends Found {
  total: number
  deduplicated: number
}

/**
 * The page and the number of all rows. Counting leaves behind where no row is (the engine's cache of conditions): a page that comes
 * after it reads only the rest, while side by side both would look at every row. What is looked at quickly goes side by side.
 */
const pageAndTotal = async (ctx: Ctx, asked: Asked, signal: AbortSignal): Promise<Page> => {
  const { page, skip } = asked
  if (asked.alike !== null) return firstOnes(ctx, { ...asked, alike: asked.alike }, signal)
  const counting = countRows(ctx.events, page.where, signal)
  if (!asked.isHeavy) {
    const [found, total] = await Promise.all([pageBehind(ctx, page, skip, signal), counting])
    return { ...found, total, deduplicated: 0 }
  }
  const total = await counting
  const found = total === 0 ? none : await pageBehind(ctx, page, skip, signal)
  return { ...found, total, deduplicated: 0 }
}

/** One after the other: both hold every combination of values in memory. */
const firstOnes = async (ctx: Ctx, asked: Asked & { alike: readonly Field[] }, signal: AbortSignal): Promise<Page> => {
  const { rows, kept } = await countKept(ctx.events, asked.where, asked.alike, signal)
  const found = rows === 0 ? none : await pageBehind(ctx, asked.page, asked.skip, signal)
  return { ...found, total: kept, deduplicated: rows - kept }
}

/** Behind what a page begins. @throws AppError `conflict` where the row that ended the last page is gone, and its values with it */
const behindOf = async (ctx: Ctx, order: Order, cursor: Cursor | null): Promise<Place | null> => {
  if (cursor === null) return null
  if (cursor.values !== null) return { id: cursor.id, values: cursor.values }
  const place = await placeOfRow(ctx.events, order, cursor.id, ctx.signal)
  if (place === null) throw conflict('The row that the last page ended with was deleted. Search again from the first page.')
  return place
}

const endOf = ({ place, row_id }: PageRow, now: number): Cursor => ({ values: canBeCarried(place) ? place : null, id: row_id, now })

export const searchRows = async (ctx: Ctx, cursorKey: string, body: Body): Promise<Reply<typeof contract.search>> => {
  if (asksForGroups(body.query)) return searchGroups(ctx, cursorKey, body)
  const begun = performance.now()
  const { limit, cursor: given, skip, ...asked } = body
  const scope: CursorScope = { tenant_id: ctx.tenant.id, question: asked }
  const cursor: Cursor | null = given === undefined ? null : readCursor(cursorKey, scope, given)
  const now = cursor?.now ?? ctx.now().getTime()
  const question = await prepare(ctx, body, now)
  const { rows: where, order, alike, columns } = await arrange(ctx, body.sort, question)
  const page: PageOf = { where, order, after: await behindOf(ctx, order, cursor), limit }
  const asks: Asked = { page, skip, isHeavy: question.is_heavy, alike, where: question.rows }
  const [{ rows, isMore, total, deduplicated }, without_time] = await together<[Page, number]>(ctx, (signal) => [
    pageAndTotal(ctx, asks, signal),
    question.rows_without_time === null ? Promise.resolve(0) : countRows(ctx.events, question.rows_without_time, signal),
  ])
  const last = rows.at(-1)
  const hostIds = await resolveHostKeys(ctx, [...new Set(rows.map((r) => r.host_key))])
  return {
    events: rows.map((row) => toEventRow(row, hostIds)),
    total,
    deduplicated,
    stack: null,
    columns: columns?.map(columnOf) ?? null,
    without_time,
    next_cursor: isMore && last !== undefined ? writeCursor(cursorKey, scope, endOf(last, now)) : null,
    took_ms: Math.round(performance.now() - begun),
  }
}
