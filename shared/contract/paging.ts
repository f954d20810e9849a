import { z } from 'zod'

const integer = (least: number, most: number) => z.coerce.number().int().min(least).max(most)

/** `skip` and `limit` of the bare-array lists; the number of all rows comes in `X-Total-Count`. */
export const paging = { skip: integer(0, 10_000_000).default(0), limit: integer(1, 1000).default(100) }

export const pagingQuery = z.strictObject(paging)
export type Paging = z.infer<typeof pagingQuery>

export const uuid = z.uuid()
export const time = z.iso.datetime({ offset: true })
/** A count of rows or bytes: never negative, safe in a double. */
export const count = z.number().int().min(0)
export const idParams = <const K extends string>(name: K) => z.strictObject({ [name]: uuid } as { [P in K]: typeof uuid })
export const nothing = z.null()
