import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type * as contract from '../../../shared/contract/search.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { AppError, isAppError } from '../../platform/errors.ts'
import { resolveHostKeys } from '../hosts/index.ts'
import { type Order, parseOrder } from './compile/order.ts'
import { type Cursor, type CursorScope, readCursor, writeCursor } from './answer/cursor.ts'
import { fieldNamed, prepare, together } from './question.ts'
import { toEventRow } from './answer/rows.ts'
import { countRows, findPage, type PageOf, type PageRow, placeOf } from './store.ts'

type Body = Parsed<typeof contract.search>['body']

/** @throws AppError `validation` for what rows cannot be sorted by */
export const orderOf = async (ctx: Ctx, sort: string | undefined): Promise<Order> => {
  const order = parseOrder(sort)
  if (order !== null) return order
  const name = (sort ?? '').replace(/^-/, '').replace(/:(asc|desc)$/i, '')
  await fieldNamed(ctx, name, 'sort')
  const message = `Rows cannot be sorted by ${name}: only normalised fields such as timestamp or process_name give an order.`
  throw new AppError('validation', message, { details: { errors: [{ field: 'sort', message }] } })
}

interface Found {
  rows: PageRow[]
  isMore: boolean
}
const none: Found = { rows: [], isMore: false }

interface Asked {
  page: PageOf
  skip: number
  isHeavy: boolean
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

/**
 * The page and the number of all rows. Counting leaves behind where no row is (the engine's cache of conditions): a page that comes
 * after it reads only the rest, while side by side both would look at every row. What is looked at quickly goes side by side.
 */
const pageAndTotal = async (ctx: Ctx, asked: Asked, signal: AbortSignal): Promise<[Found, number]> => {
  const { page, skip } = asked
  const counting = countRows(ctx.events, page.where, signal)
  if (!asked.isHeavy) return Promise.all([pageBehind(ctx, page, skip, signal), counting])
  const total = await counting
  return [total === 0 ? none : await pageBehind(ctx, page, skip, signal), total]
}

export const searchRows = async (ctx: Ctx, cursorKey: string, body: Body): Promise<Reply<typeof contract.search>> => {
  const begun = performance.now()
  const { limit, cursor: given, skip, ...asked } = body
  const scope: CursorScope = { tenant_id: ctx.tenant.id, question: asked }
  const cursor: Cursor | null = given === undefined ? null : readCursor(cursorKey, scope, given)
  const now = cursor?.now ?? ctx.now().getTime()
  const order = await orderOf(ctx, body.sort)
  const question = await prepare(ctx, body, now)
  const page: PageOf = { where: question.rows, order, after: cursor, limit }
  const [[{ rows, isMore }, total], without_time] = await together<[[Found, number], number]>(ctx, (signal) => [
    pageAndTotal(ctx, { page, skip, isHeavy: question.is_heavy }, signal),
    question.rows_without_time === null ? Promise.resolve(0) : countRows(ctx.events, question.rows_without_time, signal),
  ])
  const last = rows.at(-1)
  const hostIds = await resolveHostKeys(ctx, [...new Set(rows.map((r) => r.host_key))])
  return {
    events: rows.map((row) => toEventRow(row, hostIds)),
    total,
    without_time,
    next_cursor: isMore && last !== undefined ? writeCursor(cursorKey, scope, { value: last.place, id: last.row_id, now }) : null,
    took_ms: Math.round(performance.now() - begun),
  }
}
