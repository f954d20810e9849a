import type * as contract from '../../../shared/contract/detect/indicators.ts'
import type { Parsed } from '../../../shared/contract/route.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { conflict, notFound } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { recordAudit } from '../audit/index.ts'
import { countByList, forgetMatches, forgetValues, matchedSubjects } from './matching/store-values.ts'
import { enqueueMatch, foldIndicators, type FoldMatches } from './runs.ts'
import { shownList } from './show.ts'
import type { ListRow } from './store.ts'
import { changeListRow, deleteListRow, insertList, listRows, newestRuns } from './store-lists.ts'

export const showLists = async (ctx: Ctx, id: string | null = null) => {
  const rows = await listRows(ctx.db, ctx.now(), id)
  const [matched, runs] = await Promise.all([
    rows.length === 0 ? new Map<string, never>() : countByList(ctx.events, ctx.signal),
    newestRuns(ctx.db, { lists: rows.map((row) => row.id) }),
  ])
  const runOf = new Map(runs.map((run) => [run.list_id, run]))
  return rows.map((row) => shownList(row, matched.get(row.id), runOf.get(row.id)))
}

export const showList = async (ctx: Ctx, id: string) => {
  const [list] = await showLists(ctx, id)
  if (list === undefined) throw notFound('list')
  return list
}

export const listNamed = async (ctx: Ctx, id: string): Promise<ListRow> => {
  const [list] = await listRows(ctx.db, ctx.now(), id)
  if (list === undefined) throw notFound('list')
  return list
}

const taken = (name: string) => conflict(`There is a list named ${name} already.`)

export const createList = async (ctx: Ctx, body: Parsed<typeof contract.createIndicatorList>['body']) => {
  const id = newId()
  await ctx.inTx(async (tx) => {
    const by = { created_by: tx.actor.user_id, created_by_name: tx.actor.username, created_at: tx.now() }
    if (!(await insertList(tx.db, { id, ...body, ...by }))) throw taken(body.name)
    const { name, is_allow_list } = body
    await recordAudit(tx, { action: 'indicators.list', object_type: 'indicator_list', object_id: id, details: { name, is_allow_list } })
  })
  return showList(ctx, id)
}

export const changeList = async (ctx: Ctx, id: string, body: Parsed<typeof contract.changeIndicatorList>['body']) => {
  const list = await listNamed(ctx, id)
  await ctx.inTx(async (tx) => {
    if (body.name !== undefined && body.name.toLowerCase() !== list.name.toLowerCase())
      for (const other of await listRows(tx.db, tx.now(), null))
        if (other.name.toLowerCase() === body.name.toLowerCase()) throw taken(body.name)
    await changeListRow(tx.db, id, body)
    await recordAudit(tx, { action: 'indicators.list', object_type: 'indicator_list', object_id: id, details: { ...body } })
  })
  return showList(ctx, id)
}

/** The list goes first: what is left in the event store is nobody's then, and counts for nothing. */
export const deleteList = async (ctx: Ctx, id: string, fold: FoldMatches): Promise<null> => {
  const list = await listNamed(ctx, id)
  const matched = await matchedSubjects(ctx.events, { list_id: id }, ctx.signal)
  await ctx.inTx(async (tx) => {
    await deleteListRow(tx.db, id)
    if (list.is_allow_list && list.indicators > 0) await enqueueMatch(tx, { why: 'anew', list_id: null, batch_id: null })
    const details = { name: list.name, indicators: list.indicators, matched: matched.length }
    await recordAudit(tx, { action: 'indicators.delete', object_type: 'indicator_list', object_id: id, details })
  })
  for (let from = 0; from < matched.length; from += 5000) await forgetMatches(ctx.events, matched.slice(from, from + 5000))
  await forgetValues(ctx.events, { list_id: id })
  await foldIndicators(ctx, matched, fold)
  return null
}
