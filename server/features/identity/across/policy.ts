// What the installation requires of whoever reaches beyond one tenant: for those who run it.
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { audited } from '../../audit/index.ts'
import { ownSessionId } from '../account/own-sessions.ts'
import type { Deps } from '../deps.ts'
import { type InstallationPolicy, readPolicy, writePolicy } from './store-policy.ts'

export const readInstallationPolicy = (deps: Deps): Promise<InstallationPolicy> => readPolicy(deps.auth)

/** @throws AppError conflict for who has not used a passkey in this session, whom it would shut out */
export const setInstallationPolicy = async (deps: Deps, ctx: Ctx, change: { requires_passkey: boolean }): Promise<InstallationPolicy> => {
  const act = (): AuditAct => ({ action: 'platform.policy', object_type: 'installation', tenant_id: null, details: { ...change } })
  const by = { user_id: ctx.actor.user_id, session_id: ownSessionId(ctx) }
  const policy = await writePolicy(audited(deps.auth, sourceOf(ctx), act), by, change)
  deps.cache.clear()
  return policy
}
