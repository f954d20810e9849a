// Indicators of a list: shown in pages, changed, removed; and what was found of them.
import type * as contract from '../../../shared/contract/detect/indicators.ts'
import type { Parsed } from '../../../shared/contract/route.ts'
import { printName, printValue } from '../../../shared/query/print.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { notFound } from '../../platform/errors.ts'
import { recordAudit } from '../audit/index.ts'
import { countMatches, forgetMatches, forgetValues, matchedSubjects, matchedValues, type Which } from './matching/store-values.ts'
import { listNamed } from './lists.ts'
import { enqueueMatch, foldIndicators, type FoldMatches } from './runs.ts'
import { shownBatch, shownIndicator } from './show.ts'
import { changeIndicatorRow, type IndicatorRow, indicatorsById, pageOf, removeRows } from './store.ts'
import { batchRows, newestRuns } from './store-lists.ts'

const shownAll = async (ctx: Ctx, rows: readonly IndicatorRow[]) => {
  const counts = await countMatches(
    ctx.events,
    rows.map((row) => row.id),
    ctx.signal,
  )
  return rows.map((row) => shownIndicator(row, counts.get(row.id), ctx.now()))
}

export const showIndicator = async (ctx: Ctx, id: string) => {
  const [shown] = await shownAll(ctx, await indicatorsById(ctx.db, [id]))
  if (shown === undefined) throw notFound('indicator')
  return shown
}

export const showIndicators = async (ctx: Ctx, listId: string, query: Parsed<typeof contract.listIndicators>['query']) => {
  await listNamed(ctx, listId)
  const { matched, ...rest } = query
  const ids = matched === undefined ? null : await matchedSubjects(ctx.events, { list_id: listId }, ctx.signal)
  const { items, total } = await pageOf(ctx.db, { ...rest, list_id: listId, ids, now: ctx.now() })
  return { items: await shownAll(ctx, items), total }
}

export const showBatches = async (ctx: Ctx, listId: string, paging: { skip: number; limit: number }) => {
  await listNamed(ctx, listId)
  const { items, total } = await batchRows(ctx.db, listId, paging)
  const runs = new Map((await newestRuns(ctx.db, { batches: items.map((row) => row.id) })).map((run) => [run.batch_id, run]))
  return { items: items.map((row) => shownBatch(row, runs.get(row.id))), total }
}

export const changeEntry = async (ctx: Ctx, id: string, body: Parsed<typeof contract.changeIndicator>['body'], fold: FoldMatches) => {
  await ctx.inTx(async (tx) => {
    if (!(await changeIndicatorRow(tx.db, id, body))) throw notFound('indicator')
    await recordAudit(tx, { action: 'indicators.change', object_type: 'indicator', object_id: id, details: { ...body } })
  })
  const shown = await showIndicator(ctx, id)
  if (shown.rows > 0) await foldIndicators(ctx, [id], fold)
  return shown
}

export const removeEntries = async (ctx: Ctx, ids: readonly string[], fold: FoldMatches) => {
  const asked = [...new Set(ids)]
  const removed = await ctx.inTx(async (tx) => {
    const rows = await removeRows(tx.db, asked)
    if (rows.length === 0) throw notFound('indicator')
    if (rows.some((row) => row.is_allow_list)) await enqueueMatch(tx, { why: 'anew', list_id: null, batch_id: null })
    const details = { indicators: rows.length, ids: rows.slice(0, 100).map((row) => row.id) }
    await recordAudit(tx, {
      action: 'indicators.remove',
      object_type: 'indicator',
      object_id: rows.length === 1 ? (rows[0]?.id ?? null) : null,
      details,
    })
    return rows.map((row) => row.id)
  })
  const matched = await matchedSubjects(ctx.events, { indicator_ids: removed }, ctx.signal)
  if (matched.length > 0) await forgetMatches(ctx.events, matched)
  await forgetValues(ctx.events, { indicator_ids: removed })
  await foldIndicators(ctx, matched, fold)
  return { removed: removed.length }
}

const queryOf = (column: string, value: string): string => (column === '' ? printValue(value) : `${printName(column)}:${printValue(value)}`)

const whichOf = ({ list_id, indicator_id }: { list_id?: string | undefined; indicator_id?: string | undefined }): Which => {
  if (indicator_id !== undefined) return { indicator_ids: [indicator_id] }
  return list_id === undefined ? 'all' : { list_id }
}

export const showMatches = async (ctx: Ctx, query: Parsed<typeof contract.listIndicatorMatches>['query']) => {
  const { skip, limit } = query
  const { items, total } = await matchedValues(ctx.events, whichOf(query), { skip, limit, signal: ctx.signal })
  const known = new Map((await indicatorsById(ctx.db, [...new Set(items.map((one) => one.indicator_id))])).map((row) => [row.id, row]))
  const shown = items.flatMap((one) => {
    const row = known.get(one.indicator_id)
    if (row === undefined) return []
    const { list_id, list_name, kind, value: indicator } = row
    return [{ ...one, list_id, list_name, kind, indicator, query: queryOf(one.column, one.value) }]
  })
  return { items: shown, total }
}
