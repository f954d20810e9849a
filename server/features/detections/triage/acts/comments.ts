import type { DetectionComment } from '../../../../../shared/contract/detect/detections.ts'
import type { Ctx } from '../../../../platform/ctx.ts'
import { conflict, forbidden, notFound } from '../../../../platform/errors.ts'
import { iso } from '../../../../platform/iso-time.ts'
import { recordAudit } from '../../../audit/index.ts'
import { byOf, hold } from './hold.ts'
import { type CommentRow, commentsOf, countComments, insertComments, lockComment, removeComment, updateComment } from './store-comments.ts'

const commentsPerDetection = 1000

export const shownComment = (row: CommentRow): DetectionComment => ({
  id: row.id,
  detection_id: row.detection_id,
  body: row.body,
  author_id: row.created_by,
  author: row.created_by_name,
  created_at: iso(row.created_at),
  edited_at: iso(row.edited_at),
})

const auditOf = (action: 'detection.comment' | 'detection.comment_edit' | 'detection.comment_delete', comment: CommentRow) => ({
  action,
  object_type: 'detection',
  object_id: comment.detection_id,
  details: { comment_id: comment.id, characters: comment.body.length },
})

export const commentDetection = (ctx: Ctx, id: string, body: string): Promise<DetectionComment> =>
  ctx.inTx(async (tx) => {
    await hold(tx, [{ id }])
    if ((await countComments(tx.db, id)) >= commentsPerDetection)
      throw conflict(`The detection has ${commentsPerDetection} comments, which is all that it can have.`)
    await insertComments(tx.db, { ids: [id], body, by: byOf(tx), at: tx.now() })
    const made = (await commentsOf(tx.db, [id])).at(-1)
    if (made === undefined) throw notFound('comment')
    await recordAudit(tx, auditOf('detection.comment', made))
    return shownComment(made)
  })

const ownComment = async (tx: Ctx, id: string): Promise<CommentRow> => {
  const comment = await lockComment(tx.db, id)
  if (comment === undefined) throw notFound('comment')
  if (comment.created_by === null || comment.created_by !== tx.actor.user_id)
    throw forbidden('A comment is changed by who wrote it, and by nobody else.')
  return comment
}

export const editComment = (ctx: Ctx, id: string, body: string): Promise<DetectionComment> =>
  ctx.inTx(async (tx) => {
    await ownComment(tx, id)
    const edited = await updateComment(tx.db, id, { body, at: tx.now() })
    await recordAudit(tx, auditOf('detection.comment_edit', edited))
    return shownComment(edited)
  })

export const deleteComment = (ctx: Ctx, id: string): Promise<null> =>
  ctx.inTx(async (tx) => {
    const comment = await ownComment(tx, id)
    await removeComment(tx.db, id)
    await recordAudit(tx, auditOf('detection.comment_delete', comment))
    return null
  })
