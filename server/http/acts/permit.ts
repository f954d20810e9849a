// Whether a caller who is known may call a route: led here by our own page, allowed by role and scopes, with the factor that
// their tenant requires, and proven lately where the act is dangerous.
import type { FastifyRequest } from 'fastify'
import { type AnyRoute, shownTenantHeader, stepUpWindowMs } from '../../../shared/contract/route.ts'
import { may, type Permission } from '../../../shared/domain/permissions.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { AppError, forbidden } from '../../platform/errors.ts'
import { bearerOf, refuseForgery } from '../guard.ts'

const refuse = ({ permission }: AnyRoute, { actor }: Ctx): AppError => {
  if (actor.api_key === undefined) return forbidden()
  if (permission === 'session') return forbidden('An API key cannot do this. Sign in as a person.')
  return forbidden(
    actor.scopes?.includes(permission as Permission) === true
      ? `This API key has the scope ${permission}, and the role of its owner does not allow it any more.`
      : `This API key does not have the scope ${permission}.`,
  )
}

const permitRole = (route: AnyRoute, ctx: Ctx): void => {
  const { permission } = route
  if (permission === 'public') return
  const isAllowed =
    permission === 'session'
      ? ctx.actor.api_key === undefined || ('open_to_keys' in route && route.open_to_keys === true)
      : may(ctx.actor, permission)
  if (!isAllowed) throw refuse(route, ctx)
}

const requireFactor = (route: AnyRoute, { actor }: Ctx): void => {
  if ('open_without_factor' in route && route.open_without_factor === true) return
  if (actor.must_use_passkey === true)
    throw new AppError('factor_setup', 'Whoever reaches beyond one tenant needs a passkey here. Use or add yours before anything else.')
  if (actor.must_set_up_factor !== true) return
  throw new AppError('factor_setup', 'Your tenant requires a second factor. Set one up before anything else.')
}

/** The owner of the machine, who has no session, has proven enough by being there. */
const requireProof = (route: AnyRoute, { actor, now }: Ctx): void => {
  if (route.step_up !== true) return
  if (actor.api_key !== undefined) throw forbidden('An API key cannot do this. Sign in as a person.')
  if (actor.session_id === null) return
  const age = now().getTime() - (actor.proved_at?.getTime() ?? 0)
  if (age > stepUpWindowMs) throw new AppError('step_up', 'Confirm that it is you, then this is done.')
}

/** What a window shows of one tenant must not be done to another. What is asked about oneself alone is answered in either. */
const requireShownTenant = (request: FastifyRequest, route: AnyRoute, { tenant }: Ctx): void => {
  const shown = request.headers[shownTenantHeader]
  const isOfSelf = route.permission === 'session' && !('of_tenant' in route && route.of_tenant === true)
  if (shown === undefined || shown === tenant.id || isOfSelf) return
  throw new AppError('other_tenant', 'You went on to another tenant in another window. Nothing was done here; reload the page to go on.')
}

/** @throws AppError forbidden, factor_setup, step_up, other_tenant */
export const permit = (request: FastifyRequest, route: AnyRoute, ctx: Ctx): void => {
  if (bearerOf(request) === null) refuseForgery(request, true)
  requireShownTenant(request, route, ctx)
  requireFactor(route, ctx)
  permitRole(route, ctx)
  requireProof(route, ctx)
}
