import { commentsPerRow, type RowComment } from '../../../shared/contract/notes/annotations.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { conflict, forbidden, notFound } from '../../platform/errors.ts'
import { iso } from '../../platform/iso-time.ts'
import { recordAudit } from '../audit/index.ts'
import { type CommentRow, insertComment, lockComment, removeComment, updateComment } from './store.ts'
import { authorOf, findRows } from './tags.ts'

export const shownComment = (row: CommentRow): RowComment => ({
  id: row.id,
  row_id: row.row_id,
  body: row.body,
  author_id: row.created_by,
  author: row.created_by_name,
  created_at: iso(row.created_at),
  edited_at: iso(row.edited_at),
})

/** What was said stands where it was said; the audit log says that it was, and how long it is. */
const auditOf = (action: 'comment.add' | 'comment.edit' | 'comment.delete', comment: CommentRow) => ({
  action,
  object_type: 'comment',
  object_id: comment.id,
  details: { row_id: comment.row_id, characters: comment.body.length },
})

/** @throws AppError not_found for a row that is neither stored nor written about */
export const addComment = async (ctx: Ctx, rowId: string, body: string): Promise<RowComment> => {
  const [row] = await findRows(ctx, [rowId])
  if (row === undefined) throw notFound('row')
  return ctx.inTx(async (tx) => {
    const made = await insertComment(tx.db, { row, body, by: authorOf(tx), at: tx.now() }, commentsPerRow)
    if (made === null) throw conflict(`The row has ${commentsPerRow} comments, which is all that it can have.`)
    await recordAudit(tx, auditOf('comment.add', made))
    return shownComment(made)
  })
}

const ownComment = async (tx: Ctx, id: string): Promise<CommentRow> => {
  const comment = await lockComment(tx.db, id)
  if (comment === undefined) throw notFound('comment')
  if (comment.created_by === null || comment.created_by !== tx.actor.user_id)
    throw forbidden('A comment is changed by who wrote it, and by nobody else.')
  return comment
}

export const editComment = (ctx: Ctx, id: string, body: string): Promise<RowComment> =>
  ctx.inTx(async (tx) => {
    await ownComment(tx, id)
    const edited = await updateComment(tx.db, id, { body, at: tx.now() })
    await recordAudit(tx, auditOf('comment.edit', edited))
    return shownComment(edited)
  })

export const deleteComment = (ctx: Ctx, id: string): Promise<null> =>
  ctx.inTx(async (tx) => {
    const comment = await ownComment(tx, id)
    await removeComment(tx.db, comment)
    await recordAudit(tx, auditOf('comment.delete', comment))
    return null
  })
