import {
  type DetectionView,
  type saveDetectionView as saveRoute,
  viewsPerPerson,
} from '../../../../shared/contract/detect/detection-views.ts'
import type { Parsed } from '../../../../shared/contract/route.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { conflict, forbidden, notFound } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { recordAudit } from '../../audit/index.ts'
import { countDetections } from './queue/store-counts.ts'
import { insertView, removeView, updateView, viewById, type ViewRow, viewsOf } from './store-views.ts'

type Fields = Parsed<typeof saveRoute>['body']

const personOf = (ctx: Ctx): { id: string; name: string } => {
  if (ctx.actor.user_id === null) throw forbidden('Views are kept for people.')
  return { id: ctx.actor.user_id, name: ctx.actor.username }
}

const shown = async (ctx: Ctx, rows: readonly ViewRow[]): Promise<DetectionView[]> => {
  const counts = await countDetections(
    ctx.db,
    rows.map((row) => row.filter),
    ctx.actor.user_id,
  )
  return rows.map((row, at) => ({
    id: row.id,
    name: row.name,
    filter: row.filter,
    is_shared: row.is_shared,
    owner: row.owner_name,
    is_mine: row.owner_id === ctx.actor.user_id,
    detections: counts[at] ?? 0,
    created_at: iso(row.created_at),
  }))
}

const one = async (ctx: Ctx, row: ViewRow): Promise<DetectionView> => {
  const [view] = await shown(ctx, [row])
  if (view === undefined) throw notFound('view')
  return view
}

const refuseSharing = (ctx: Ctx): void => {
  if (!ctx.can('hunt.write')) throw forbidden('Your role does not share views with the tenant. Keep it for yourself.')
}

export const listViews = async (ctx: Ctx): Promise<DetectionView[]> => shown(ctx, await viewsOf(ctx.db, personOf(ctx).id))

export const saveView = (ctx: Ctx, fields: Fields): Promise<DetectionView> => {
  if (fields.is_shared) refuseSharing(ctx)
  return ctx.inTx(async (tx) => {
    const made = await insertView(tx.db, { fields, owner: personOf(tx), at: tx.now() }, viewsPerPerson)
    if (made === null) throw conflict(`You have ${viewsPerPerson} views, which is all that one person can have. Delete some.`)
    const view = await one(tx, made)
    await recordAudit(tx, {
      action: 'view.save',
      object_type: 'detection_view',
      object_id: made.id,
      details: { name: fields.name, is_shared: fields.is_shared },
    })
    return view
  })
}

const editable = async (tx: Ctx, id: string): Promise<ViewRow> => {
  const row = await viewById(tx.db, id, personOf(tx).id)
  if (row === undefined) throw notFound('view')
  if (row.owner_id !== tx.actor.user_id && !tx.can('hunt.manage'))
    throw forbidden('A shared view is changed by its owner or by a lead. Save a copy of your own.')
  return row
}

export const changeView = (ctx: Ctx, id: string, fields: Fields): Promise<DetectionView> =>
  ctx.inTx(async (tx) => {
    const before = await editable(tx, id)
    if (fields.is_shared && !before.is_shared) refuseSharing(tx)
    if (!fields.is_shared && before.is_shared && before.owner_id !== tx.actor.user_id)
      throw forbidden('Only its owner takes a view back from the tenant. It can be deleted.')
    const view = await one(tx, await updateView(tx.db, id, fields))
    await recordAudit(tx, {
      action: 'view.change',
      object_type: 'detection_view',
      object_id: id,
      details: { name: fields.name, is_shared: fields.is_shared },
    })
    return view
  })

export const deleteView = (ctx: Ctx, id: string): Promise<null> =>
  ctx.inTx(async (tx) => {
    const { name } = await editable(tx, id)
    await removeView(tx.db, id)
    await recordAudit(tx, { action: 'view.delete', object_type: 'detection_view', object_id: id, details: { name } })
    return null
  })
