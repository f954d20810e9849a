// A provider speaks for its tenant alone, and an account may be known in others: what is of the whole account is not changed on
// the word of the provider of one of them.
import type { Ctx } from '../../../platform/ctx.ts'
import { forbidden } from '../../../platform/errors.ts'
import { type Deps, personOf } from '../deps.ts'
import { reachesBeyond } from './store-reach.ts'

/** @throws AppError forbidden for the session of a provider, of a person whose account reaches further than its tenant */
export const requireOwnReach = async (deps: Deps, { actor }: Ctx): Promise<void> => {
  const tenantId = actor.sso_tenant_id ?? null
  if (tenantId === null || !(await reachesBeyond(deps.auth, personOf(actor), tenantId))) return
  throw forbidden(
    'Your account is of other tenants too, and single sign-on reaches this one alone. Sign in with your password to change the account itself.',
  )
}
