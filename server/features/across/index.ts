import type { searchAcross } from '../../../shared/contract/hunt/across.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { type AcrossDeps, askTenants } from './ask-tenants.ts'

export interface Across {
  /** One question of several tenants of the person who asks. @throws AppError `syntax` or `validation` where it is wrong in all */
  ask: (ctx: Ctx, body: Parsed<typeof searchAcross>['body']) => Promise<Reply<typeof searchAcross>>
}

export const createAcross = (deps: AcrossDeps): Across => ({ ask: (ctx, body) => askTenants(deps, ctx, body) })
