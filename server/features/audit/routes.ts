import * as contract from '../../../shared/contract/audit.ts'
import { type HttpApp, mount, mountRaw } from '../../http/mount.ts'
import type { Audit } from './index.ts'

export const mountAudit = (app: HttpApp, audit: Audit): void => {
  mount(app, contract.listAudit, ({ query }, ctx) => audit.listRows(ctx, query))
  mount(app, contract.verifyAudit, ({ query }, ctx) => audit.verifyRows(ctx, query))
  mountRaw(app, contract.exportAudit, async (request, reply, ctx) => {
    const query = contract.exportAudit.query.parse(request.query)
    const { name, total, stream } = await audit.openExport(ctx, query)
    void reply
      .header('content-type', query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}"`)
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .header('x-total-count', String(total))
    return reply.send(stream)
  })
}
