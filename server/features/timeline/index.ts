import type * as contract from '../../../shared/contract/hunt/timeline.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { moments } from './moments.ts'

export interface Timeline {
  /** One page of the moments that a query finds, with their exact number. @throws AppError `syntax`, `validation` or `timeout`. */
  moments: (ctx: Ctx, body: Parsed<typeof contract.timeline>['body']) => Promise<Reply<typeof contract.timeline>>
}

/** `cursorKey` signs the places of pages: the same in every process, and never shown. */
export const createTimeline = (o: { cursorKey: string }): Timeline => ({ moments: (ctx, body) => moments(ctx, o.cursorKey, body) })
export { density } from './density.ts'
export { timeFields } from './list-fields.ts'
export { surrounding } from './surrounding.ts'
