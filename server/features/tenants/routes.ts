import * as contract from '../../../shared/contract/tenants.ts'
import { type HttpApp, mount, mountList } from '../../http/mount.ts'
import type { Tenants } from './index.ts'
import { createTenant, getTenant, listTenants, updateTenant } from './service.ts'

export const mountTenants = (app: HttpApp, { deps }: Tenants): void => {
  mountList(app, contract.listTenants, ({ query }, ctx) => listTenants(deps, ctx, query))
  mount(app, contract.createTenant, ({ body }, ctx) => createTenant(deps, ctx, body))
  mount(app, contract.getTenant, ({ params }, ctx) => getTenant(deps, ctx, params.tenant_id))
  mount(app, contract.updateTenant, ({ params, body }, ctx) => updateTenant(deps, ctx, params.tenant_id, body))
}
