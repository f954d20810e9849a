import type { Tenant } from '../../../shared/contract/tenants.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { notFound } from '../../platform/errors.ts'
import * as store from './store.ts'

export interface Deps {
  auth: store.AuthDb
  /** Makes what a new tenant needs outside the control plane (its event database). Safe to call twice. */
  createTenantStores: (tenantId: string) => Promise<void>
}

export const listTenants = ({ auth }: Deps, ctx: Ctx, page: { skip: number; limit: number }) =>
  store.listTenants(auth, ctx.actor.is_platform_admin ? null : ctx.tenant.id, page)

export const getTenant = ({ auth }: Deps, ctx: Ctx, tenantId: string): Promise<Tenant> => {
  if (tenantId !== ctx.tenant.id && !ctx.actor.is_platform_admin) throw notFound('tenant')
  return store.getTenant(auth, tenantId)
}

export interface NewTenant {
  name: string
  description?: string
  quota_bytes?: number | null
}

export const createTenant = ({ auth, createTenantStores }: Deps, given: NewTenant): Promise<Tenant> =>
  store.insertTenant(
    auth,
    { name: given.name, description: given.description ?? null, quota_bytes: given.quota_bytes ?? null },
    createTenantStores,
  )

export const updateTenant = ({ auth }: Deps, tenantId: string, changes: Partial<store.TenantFields>): Promise<Tenant> =>
  store.updateTenant(auth, tenantId, changes)
