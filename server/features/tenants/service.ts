import type { Tenant } from '../../../shared/contract/tenants.ts'
import type { Permission } from '../../../shared/domain/permissions.ts'
import { type AuditAct, sourceOf } from '../../platform/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { notFound } from '../../platform/errors.ts'
import { audited } from '../audit/index.ts'
import * as store from './store.ts'

export interface Deps {
  auth: store.AuthDb
  /** Makes what a new tenant needs outside the control plane (its event database). Safe to call twice. */
  createTenantStores: (tenantId: string) => Promise<void>
  /** Removes what belongs to a tenant where no tenant's handle reaches. Each can be repeated. */
  whole: {
    dropEvents: (tenantId: string) => Promise<void>
    dropEvidence: (tenantId: string) => Promise<void>
    dropChain: (tenantId: string) => Promise<void>
  }
  /** Whether the caller's session and rights are still there. */
  stillMay: (ctx: Ctx, permission: Permission) => Promise<boolean>
}

export const listTenants = ({ auth }: Deps, ctx: Ctx, page: { skip: number; limit: number }) =>
  store.listTenants(auth, ctx.actor.is_platform_admin ? null : ctx.tenant.id, page)

/** An act of the whole installation: it stands in the platform's chain. */
const onTenant =
  (action: AuditAct['action'], details: AuditAct['details'] = {}) =>
  (tenant: Tenant): AuditAct => ({
    action,
    object_type: 'tenant',
    object_id: tenant.id,
    tenant_id: null,
    details: { name: tenant.name, ...details },
  })

/** Who looks at a tenant that is not their own leaves a row. */
export const getTenant = ({ auth }: Deps, ctx: Ctx, tenantId: string): Promise<Tenant> => {
  if (tenantId === ctx.tenant.id) return store.getTenant(auth, tenantId)
  if (!ctx.actor.is_platform_admin) throw notFound('tenant')
  return store.getTenant(audited(auth, sourceOf(ctx), onTenant('tenant.read')), tenantId)
}

export interface NewTenant {
  name: string
  description?: string
  quota_bytes?: number | null
}

export const createTenant = ({ auth, createTenantStores }: Deps, ctx: Ctx, given: NewTenant): Promise<Tenant> =>
  store.insertTenant(
    audited(auth, sourceOf(ctx), onTenant('tenant.create')),
    { name: given.name, description: given.description ?? null, quota_bytes: given.quota_bytes ?? null },
    createTenantStores,
  )

export const updateTenant = ({ auth }: Deps, ctx: Ctx, tenantId: string, changes: Partial<store.TenantFields>): Promise<Tenant> =>
  store.updateTenant(audited(auth, sourceOf(ctx), onTenant('tenant.update', { changes })), tenantId, changes)
