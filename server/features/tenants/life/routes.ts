import * as contract from '../../../../shared/contract/access/tenant-life.ts'
import { type HttpApp, mount, mountList, mountRaw } from '../../../http/mount.ts'
import type { Tenants } from '../index.ts'
import { beginErasure, listErasures } from './erase.ts'
import { exportTenant } from './export.ts'
import { resumeTenant, suspendTenant } from './suspend.ts'

export const mountTenantLife = (app: HttpApp, { deps }: Tenants): void => {
  mount(app, contract.suspendTenant, ({ params }, ctx) => suspendTenant(deps, ctx, params.tenant_id))
  mount(app, contract.resumeTenant, ({ params }, ctx) => resumeTenant(deps, ctx, params.tenant_id))
  mount(app, contract.eraseTenant, ({ params, body }, ctx) => beginErasure(deps, ctx, { id: params.tenant_id, name: body.name }))
  mountList(app, contract.listErasures, ({ query }) => listErasures(deps, query))
  mountRaw(app, contract.exportTenant, async (request, reply, ctx) => {
    const { tenant_id } = contract.exportTenant.params.parse(request.params)
    const { name, stream } = await exportTenant(deps, ctx, tenant_id)
    void reply
      .header('content-type', 'application/zip')
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
    return reply.send(stream)
  })
}
