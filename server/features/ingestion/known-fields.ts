import type { Ctx } from '../../platform/ctx.ts'
import { fieldNames } from './store-batches.ts'

/** The columns that the tenant's artifacts have, as the exports spell them. */
export const knownFieldNames = (ctx: Ctx): Promise<string[]> => fieldNames(ctx.db)
