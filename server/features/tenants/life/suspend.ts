import type { Tenant } from '../../../../shared/contract/tenants.ts'
import { type AuditAct, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { conflict } from '../../../platform/errors.ts'
import { audited } from '../../audit/index.ts'
import type { Deps } from '../service.ts'
import { setState } from './store-life.ts'

const acted =
  (action: AuditAct['action']) =>
  ({ id, name }: Tenant): AuditAct => ({ action, object_type: 'tenant', object_id: id, tenant_id: null, details: { name } })

/** Nobody shuts themselves out: the one who suspends is in another tenant, and can let it in again. */
export const suspendTenant = async (deps: Deps, ctx: Ctx, tenantId: string): Promise<Tenant> => {
  if (tenantId === ctx.tenant.id) throw conflict('You are in this tenant. Switch to another one first.')
  return await setState(audited(deps.auth, sourceOf(ctx), acted('tenant.suspend')), tenantId, { from: 'active', to: 'frozen' })
}

export const resumeTenant = (deps: Deps, ctx: Ctx, tenantId: string): Promise<Tenant> =>
  setState(audited(deps.auth, sourceOf(ctx), acted('tenant.resume')), tenantId, { from: 'frozen', to: 'active' })
