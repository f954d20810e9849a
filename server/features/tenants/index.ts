import type { Ctx } from '../../platform/ctx.ts'
import { erase } from './life/erase.ts'
import { createTenant, type Deps, type NewTenant } from './service.ts'
import { allTenants } from './store.ts'
import type { Tenant } from '../../../shared/contract/tenants.ts'

export interface Tenants {
  /** For this room's routes only. */
  deps: Deps
  /** @throws AppError conflict when the name is taken */
  createTenant: (ctx: Ctx, tenant: NewTenant) => Promise<Tenant>
  /** The job that erases a tenant; `ctx` is of the product itself, in that tenant. */
  erase: (ctx: Ctx, stillMine: () => Promise<void>) => Promise<void>
  /** For the operator, the platform admin's storage page and the start of the server only. */
  allTenants: () => Promise<{ id: string; name: string; quota_bytes: number | null }[]>
}

export const createTenants = (deps: Deps): Tenants => ({
  deps,
  createTenant: (ctx, tenant) => createTenant(deps, ctx, tenant),
  erase: (ctx, stillMine) => erase(deps, ctx, stillMine),
  allTenants: () => allTenants(deps.auth),
})
