import type { setHostWeight as setRoute, WeightOfHost } from '../../../../../shared/contract/detect/detection-views.ts'
import type { Parsed, Reply } from '../../../../../shared/contract/route.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { notFound } from '../../../../platform/errors.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { recordAudit } from '../../../audit/index.ts'
import { moveSeverities, putWeight, weightOf } from './store.ts'

const steps = { low: -1, normal: 0, high: 1 } as const

/** @throws AppError not_found */
export const readWeight = async (ctx: Ctx, hostId: string): Promise<WeightOfHost> => {
  const row = await weightOf(ctx.db, hostId)
  if (row === null) throw notFound('host')
  if (row === undefined) return { host_id: hostId, weight: 'normal', reason: '', set_by: null, set_at: null }
  return { host_id: hostId, weight: row.weight, reason: row.reason, set_by: row.set_by_name, set_at: iso(row.set_at) }
}

export const setWeight = (ctx: Ctx, hostId: string, body: Parsed<typeof setRoute>['body']): Promise<Reply<typeof setRoute>> =>
  ctx.inTx(async (tx) => {
    const before = await readWeight(tx, hostId)
    await putWeight(tx.db, { host_id: hostId, ...body, by: { id: tx.actor.user_id, name: tx.actor.username }, at: tx.now() })
    const moved = await moveSeverities(tx.db, { host_id: hostId, step: steps[body.weight], at: tx.now() })
    const details = { from: before.weight, to: body.weight, reason: body.reason, detections: moved }
    await recordAudit(tx, { action: 'host.weight', object_type: 'host', object_id: hostId, details })
    return { ...(await readWeight(tx, hostId)), detections: moved }
  })
