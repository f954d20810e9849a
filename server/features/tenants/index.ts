import { type Deps, createTenant, type NewTenant } from './service.ts'
import type { Tenant } from '../../../shared/contract/tenants.ts'

export interface Tenants {
  /** For this room's routes only. */
  deps: Deps
  /** @throws AppError conflict when the name is taken */
  createTenant: (tenant: NewTenant) => Promise<Tenant>
}

export const createTenants = (deps: Deps): Tenants => ({ deps, createTenant: (tenant) => createTenant(deps, tenant) })
