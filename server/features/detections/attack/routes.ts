import * as contract from '../../../../shared/contract/detect/attack.ts'
import { type HttpApp, mount, mountRaw } from '../../../http/mount.ts'
import { type BundleDeps, forgetBundle, getBundle, loadBundle } from './bundle.ts'
import { attackLayer, attackMatrix, attackTechnique } from './matrix.ts'
import type { Window } from './store.ts'

export const mountAttack = (app: HttpApp, deps: BundleDeps): void => {
  mount(app, contract.attackMatrix, ({ query }, ctx) => attackMatrix(deps, ctx, query))
  mount(app, contract.attackTechnique, ({ params, query }, ctx) => attackTechnique(deps, ctx, { id: params.technique_id, query }))
  mount(app, contract.getBundle, () => getBundle(deps))
  mount(app, contract.removeBundle, (_, ctx) => forgetBundle(deps, ctx))
  mountRaw(app, contract.attackLayer, async (request, reply, ctx) => {
    const query = request.query as Window & { show: 'coverage' | 'detections' }
    const layer = await attackLayer(ctx, query)
    return reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="attack-${query.show}.json"`)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store')
      .send(JSON.stringify(layer))
  })
  mountRaw(app, contract.loadBundle, async (request, reply, ctx) => {
    const { file_name } = request.query as { file_name: string }
    const loaded = await loadBundle(deps, ctx, { source: request.raw, file_name })
    return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(loaded))
  })
}
