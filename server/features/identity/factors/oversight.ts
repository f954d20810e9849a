// What admins do about the second factors of others.
import { type AuditAct, type AuditSource, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { conflict, notFound } from '../../../platform/errors.ts'
import { audited } from '../../audit/index.ts'
import { clockOf } from '../account/limits.ts'
import { type Deps, personOf } from '../deps.ts'
import { notified } from '../mailed/notices.ts'
import type { AuthDb } from '../store-people.ts'
import { hasFactor } from './store-factors.ts'
import { dropAnyFactor, dropFactorOf, type Policy, readPolicy, type Reset, writePolicy } from './store-oversight.ts'

const removed = (deps: Deps, auth: AuthDb, source: AuditSource, user_id: string): AuthDb =>
  notified(deps, auth, source, () => [{ kind: 'factor.removed', user_id, tenant_id: source.tenant_id }])

export const resetFactorOf = async (deps: Deps, ctx: Ctx, userId: string): Promise<{ ended_sessions: number }> => {
  const act = ({ username, ended_sessions }: Reset): AuditAct => ({
    action: 'factor.reset',
    object_type: 'user',
    object_id: userId,
    details: { username, ended_sessions },
  })
  const owner = { userId, clock: clockOf(deps.config, deps.now()) }
  const auth = removed(deps, audited(deps.auth, sourceOf(ctx), act), sourceOf(ctx), userId)
  const { ended_sessions } = await dropFactorOf(auth, { tenantId: ctx.tenant.id, owner, by: ctx.actor })
  deps.cache.clear()
  return { ended_sessions }
}

/** For the person at the machine itself, when nobody is left who could: the last admin has lost phone and codes. */
export const resetFactorByOperator = async (
  deps: Deps,
  person: { id: string; username: string },
  source: AuditSource,
): Promise<{ username: string; ended_sessions: number }> => {
  const act = (ended_sessions: number): AuditAct => ({
    action: 'factor.reset',
    object_type: 'user',
    object_id: person.id,
    details: { username: person.username, ended_sessions },
  })
  const owner = { userId: person.id, clock: clockOf(deps.config, deps.now()) }
  const ended_sessions = await dropAnyFactor(removed(deps, audited(deps.auth, source, act), source, person.id), owner)
  deps.cache.clear()
  return { username: person.username, ended_sessions }
}

const own = (ctx: Ctx, tenantId: string): string => {
  if (tenantId !== ctx.tenant.id) throw notFound('tenant')
  return tenantId
}

export const readFactorPolicy = async (deps: Deps, ctx: Ctx, tenantId: string): Promise<Policy> =>
  await readPolicy(deps.auth, own(ctx, tenantId))

/** @throws AppError conflict for an admin without a second factor, who would be the first to be shut out */
export const setFactorPolicy = async (deps: Deps, ctx: Ctx, tenantId: string, isRequired: boolean): Promise<Policy> => {
  const id = own(ctx, tenantId)
  if (isRequired && !(await hasFactor(deps.auth, personOf(ctx.actor))))
    throw conflict('Set up your own second factor first, under Settings, Account.')
  const act = (): AuditAct => ({
    action: 'tenant.policy',
    object_type: 'tenant',
    object_id: id,
    details: { requires_second_factor: isRequired },
  })
  const policy = await writePolicy(audited(deps.auth, sourceOf(ctx), act), id, isRequired)
  deps.cache.clear()
  return policy
}
