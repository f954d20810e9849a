import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import {
  type changeTags as changeTagsRoute,
  type listTags as listTagsRoute,
  tagsPerRow,
} from '../../../shared/contract/notes/annotations.ts'
import { cleanTag, tagWords } from '../../../shared/domain/hunt.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { AppError, conflict, invalid, notFound } from '../../platform/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { type Author, changeTagsOf, knownRows } from './store.ts'
import { countTags } from './store-lists.ts'
import { type StoredRow, storedRows } from './store-rows.ts'

const tagsShown = 1000
/** So many rows are named in the audit log; the number of all stands there always. */
const namedInAudit = 100

export const authorOf = (ctx: Ctx): Author => ({ id: ctx.actor.user_id, name: ctx.actor.username })

/** The rows that may be written about: stored now, or written about before. @throws AppError not_found with how many are neither */
export const findRows = async (ctx: Ctx, ids: readonly string[]): Promise<StoredRow[]> => {
  const asked = [...new Set(ids)]
  const stored = await storedRows(ctx.events, asked, ctx.signal)
  const rest = asked.filter((id) => !stored.has(id))
  const known = await knownRows(ctx.db, rest)
  const missing = rest.length - known.size
  if (missing > 0)
    throw asked.length === 1
      ? notFound('row')
      : new AppError('not_found', `${missing} of these ${asked.length} rows are not stored. No row was changed.`)
  return [...stored.values(), ...known.values()]
}

const cleaned = (given: readonly string[], field: string): string[] => {
  const tags = given.map(cleanTag)
  if (tags.includes(null)) throw invalid(field, tagWords)
  return [...new Set(tags.filter((tag) => tag !== null))]
}

export const changeTags = async (ctx: Ctx, body: Parsed<typeof changeTagsRoute>['body']): Promise<Reply<typeof changeTagsRoute>> => {
  const add = cleaned(body.add, 'add')
  const remove = cleaned(body.remove, 'remove').filter((tag) => !add.includes(tag))
  if (add.length + remove.length === 0) throw invalid('add', 'Name a tag to put on or to take off.')
  const rows = await findRows(ctx, body.row_ids)
  return ctx.inTx(async (tx) => {
    const { added, removed, over } = await changeTagsOf(tx.db, { rows, add, remove, by: authorOf(tx), at: tx.now() }, tagsPerRow)
    if (over > 0) throw conflict(`A row has at most ${tagsPerRow} tags, and ${over} of these would have more. No row was changed.`)
    const [only] = rows
    await recordAudit(tx, {
      action: 'row.tag',
      object_type: 'row',
      object_id: rows.length === 1 ? (only?.row_id ?? null) : null,
      details: { add, remove, rows: rows.length, added, removed, row_ids: rows.slice(0, namedInAudit).map((row) => row.row_id) },
    })
    return { rows: rows.length, added, removed }
  })
}

export const listTags = (ctx: Ctx): Promise<Reply<typeof listTagsRoute>> => countTags(ctx.db, tagsShown)
