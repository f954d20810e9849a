// Looks at rows as jobs: after indicators came, anew after the known good changed, and within the import of rows.
import type { Severity } from '../../../shared/domain/detections.ts'
import { kindFacts } from '../../../shared/domain/indicators.ts'
import { cancelJobs, enqueueJob } from '../../jobs/enqueue.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { conflict, notFound, sentenceOf } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { recordAudit } from '../audit/index.ts'
import { type Matched, matchIndicators, type MatchOptions } from './matching/match.ts'
import { copyValues, forgetMatches, forgetValues, matchedSubjects, type Which } from './matching/store-values.ts'
import { forgetTooCommon, hasIndicators, type IndicatorRow, indicatorsById, settleAllowed } from './store.ts'
import { changeRun, copiedPage, insertRun, listRows, type RunRow, runById, runRows } from './store-lists.ts'
import { shownRun } from './show.ts'

export const indicatorJobKind = 'indicators.match'

interface Subject {
  kind: 'indicator'
  subject_id: string
  facts?: { title: string; level: Severity | null; tags: readonly string[] }
}
/** Makes detections of matches, or takes them back where these are gone. */
export type FoldMatches = (ctx: Ctx, changed: readonly Subject[]) => Promise<unknown>

const levelOf = ({ confidence }: IndicatorRow): Severity => {
  if (confidence === null) return 'medium'
  if (confidence >= 80) return 'high'
  return confidence >= 40 ? 'medium' : 'low'
}

const factsOf = (row: IndicatorRow) => ({
  title: `${kindFacts[row.kind].label} ${row.value.slice(0, 200)} of ${row.list_name}`,
  level: levelOf(row),
  tags: [],
})

/** Those that are gone are folded too: what they matched is taken back. */
export const foldIndicators = async (ctx: Ctx, ids: readonly string[], fold: FoldMatches): Promise<void> => {
  if (ids.length === 0) return
  const known = new Map((await indicatorsById(ctx.db, ids)).map((row) => [row.id, row]))
  await fold(
    ctx,
    ids.map((id) => {
      const row = known.get(id)
      return { kind: 'indicator', subject_id: id, ...(row === undefined ? {} : { facts: factsOf(row) }) }
    }),
  )
}

export type NewRun = { why: 'batch' | 'anew'; list_id: string | null; batch_id: string | null }

/** In the transaction of what makes it necessary. */
export const enqueueMatch = async (tx: Ctx, run: NewRun): Promise<RunRow> => {
  const row = await insertRun(tx.db, { id: newId(), ...run, asked_by_name: tx.actor.username, created_at: tx.now() })
  await enqueueJob(tx.db, { kind: indicatorJobKind, lane: 'indicators', subject_id: row.id, actor_user_id: null })
  return row
}

const copiedAtOnce = 20_000

/** What an attempt before has copied is copied anew: the values of a batch stand there once. */
const copyBatch = async (ctx: Ctx, batchId: string): Promise<void> => {
  await forgetValues(ctx.events, { batch_id: batchId })
  for (let after: string | null = null; ; ) {
    const page = await copiedPage(ctx.db, batchId, after, copiedAtOnce)
    if (page.length > 0) await copyValues(ctx.events, page, newId())
    if (page.length < copiedAtOnce) return
    after = page.at(-1)?.id ?? null
  }
}

const whichOf = (run: RunRow): Which =>
  run.batch_id !== null ? { batch_id: run.batch_id } : run.list_id !== null ? { list_id: run.list_id } : 'all'

/** Everything that stands in matches is forgotten first. The ids that had any. */
const forgetAll = async (ctx: Ctx, which: Which): Promise<string[]> => {
  const before = await matchedSubjects(ctx.events, which, ctx.signal)
  for (let from = 0; from < before.length; from += 5000) await forgetMatches(ctx.events, before.slice(from, from + 5000))
  return before
}

const look = async (ctx: Ctx, run: RunRow, fold: FoldMatches): Promise<Matched> => {
  if (run.batch_id !== null) await copyBatch(ctx, run.batch_id)
  await settleAllowed(ctx.db)
  const [list] = run.list_id === null ? [] : await listRows(ctx.db, ctx.now(), run.list_id)
  const isOfGood = list?.is_allow_list === true
  // What is allowed now may have matched before, and what is allowed no longer has not: all of it is looked for again.
  const which = isOfGood ? 'all' : whichOf(run)
  const isAnew = isOfGood || run.why === 'anew'
  const before = isAnew ? await forgetAll(ctx, which) : []
  if (isAnew) await forgetTooCommon(ctx.db, isOfGood ? null : run.list_id)
  const onProgress: MatchOptions['onProgress'] = async (step, steps_done, steps) => {
    await changeRun(ctx.db, run.id, ['running'], { step, steps_done, steps })
  }
  const matched = await matchIndicators(ctx, { import_ids: null, which, signal: ctx.signal, onProgress })
  await foldIndicators(ctx, [...new Set([...before, ...matched.indicator_ids])], fold)
  return matched
}

const ended = (matched: Matched, at: Date) => ({
  state: 'done' as const,
  step: '',
  rows_looked_at: matched.rows_looked_at,
  matched_rows: matched.matched_rows,
  matched_indicators: matched.indicator_ids.length,
  too_common: matched.too_common,
  ended_at: at,
})

/** The job. It may run again after a crash: what is matched already is not matched twice. */
export const runMatch = async (ctx: Ctx, runId: string, fold: FoldMatches): Promise<void> => {
  const run = await changeRun(ctx.db, runId, ['queued', 'running'], { state: 'running', started_at: ctx.now(), error: null })
  if (run === undefined) return
  const matched = await look(ctx, run, fold)
  await changeRun(ctx.db, runId, ['running'], { ...ended(matched, ctx.now()), steps_done: (await runById(ctx.db, runId))?.steps ?? 0 })
}

export const failMatch = async (ctx: Ctx, runId: string, reason: string): Promise<void> => {
  await changeRun(ctx.db, runId, ['queued', 'running'], { state: 'failed', error: reason.slice(0, 1000), ended_at: ctx.now() })
}

export interface ImportMatched {
  matched_rows: number
  matched_indicators: number
  too_common: number
  /** Why it was not looked, in a sentence; null: it was. */
  error: string | null
}

/** All indicators in the rows of imports that were just stored. Never throws but when it is stopped: a job goes on where it failed. */
export const matchImports = async (ctx: Ctx, importIds: readonly string[], fold: FoldMatches): Promise<ImportMatched> => {
  if (!(await hasIndicators(ctx.db))) return { matched_rows: 0, matched_indicators: 0, too_common: 0, error: null }
  const row = await insertRun(ctx.db, {
    id: newId(),
    why: 'import',
    list_id: null,
    batch_id: null,
    state: 'running',
    asked_by_name: ctx.actor.username,
    created_at: ctx.now(),
    started_at: ctx.now(),
  })
  try {
    const matched = await matchIndicators(ctx, { import_ids: importIds, signal: ctx.signal })
    await foldIndicators(ctx, matched.indicator_ids, fold)
    await changeRun(ctx.db, row.id, ['running'], ended(matched, ctx.now()))
    const { matched_rows, too_common, indicator_ids } = matched
    return { matched_rows, matched_indicators: indicator_ids.length, too_common, error: null }
  } catch (error) {
    await failMatch(ctx, row.id, sentenceOf(error))
    ctx.signal.throwIfAborted()
    ctx.log.warn({ reason: sentenceOf(error) }, 'indicators were not looked for in an import; all of them are looked for anew')
    await ctx.inTx((tx) => enqueueMatch(tx, { why: 'anew', list_id: null, batch_id: null }))
    return { matched_rows: 0, matched_indicators: 0, too_common: 0, error: sentenceOf(error) }
  }
}

export const matchAgain = async (ctx: Ctx, listId: string) => {
  const [list] = await listRows(ctx.db, ctx.now(), listId)
  if (list === undefined) throw notFound('list')
  return ctx.inTx(async (tx) => {
    const run = await enqueueMatch(tx, { why: 'anew', list_id: listId, batch_id: null })
    await recordAudit(tx, { action: 'indicators.match', object_type: 'indicator_list', object_id: listId, details: { name: list.name } })
    return shownRun(run)
  })
}

export const cancelRun = (ctx: Ctx, id: string) =>
  ctx.inTx(async (tx) => {
    const found = await runById(tx.db, id)
    if (found === undefined) throw notFound('look at rows')
    const run = await changeRun(tx.db, id, ['queued', 'running'], { state: 'cancelled', ended_at: tx.now() })
    if (run === undefined) throw conflict('It has ended already.')
    await cancelJobs(tx.db, { kind: indicatorJobKind, subject_id: id })
    await recordAudit(tx, { action: 'indicators.cancel', object_type: 'indicator_run', object_id: id, details: { why: run.why } })
    return shownRun(run)
  })

export const listRuns = async (ctx: Ctx, o: { skip: number; limit: number }) => {
  const { items, total } = await runRows(ctx.db, o)
  return { items: items.map(shownRun), total }
}
