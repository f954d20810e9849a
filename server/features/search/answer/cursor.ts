// A cursor says where a page ended. It is signed, and bound to the tenant, the question and the sort, so that nobody can
// point it at rows of another question or put a value of their own into it.
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../../platform/errors.ts'
import { isSameSecret } from '../../../platform/ids.ts'
import type { Place } from '../compile/order.ts'

export interface CursorScope {
  tenant_id: string
  /** Everything that decides which rows there are and in what order. */
  question: unknown
}

/**
 * `now` is when the first page was asked for: `now-7d` must mean the same on every page. Without values they are too long to be
 * carried, and are those of the row.
 */
export type Cursor = { values: Place['values'] | null; id: string; now: number }

const shape = z.strictObject({
  values: z.array(z.string().nullable()).max(8).nullable(),
  id: z.string().regex(/^[0-9a-f]{32}$/),
  now: z.number(),
})

/** Written, so many bytes are less than half of what a request may send as a cursor. */
const longestValues = 100_000

/** Whether values are short enough to travel in a cursor. */
export const canBeCarried = (values: Place['values']): boolean => Buffer.byteLength(JSON.stringify(values)) <= longestValues

const sign = (key: string, scope: CursorScope, body: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['search cursor', scope.tenant_id, scope.question, body]))
    .digest('base64url')

/** A place of any view, signed. */
export const sealCursor = (key: string, scope: CursorScope, place: unknown): string => {
  const body = Buffer.from(JSON.stringify(place)).toString('base64url')
  return `${body}.${sign(key, scope, body)}`
}

/** @throws AppError `validation` for one that was changed or belongs to another question. */
export const openCursor = <T>(key: string, scope: CursorScope, text: string, as: z.ZodType<T>): T => {
  const [body = '', signature = ''] = text.split('.')
  const message = 'cursor: this is no cursor of this search. Search again from the first page.'
  const refused = new AppError('validation', message, { details: { errors: [{ field: 'cursor', message: 'no cursor of this search' }] } })
  if (!isSameSecret(signature, sign(key, scope, body))) throw refused
  const parsed = as.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
  if (!parsed.success) throw refused
  return parsed.data
}

export const writeCursor = (key: string, scope: CursorScope, cursor: Cursor): string => sealCursor(key, scope, cursor)

/** @throws AppError `validation` for one that was changed or belongs to another question. */
export const readCursor = (key: string, scope: CursorScope, text: string): Cursor => openCursor(key, scope, text, shape)
