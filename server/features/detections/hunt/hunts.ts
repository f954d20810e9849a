// Hunts: what people may ask of them, and what imports and their removal do.
import type { Hunt } from '../../../../shared/contract/detect/hunts.ts'
import { enqueueJob, cancelJobs } from '../../../jobs/enqueue.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { recordAudit } from '../../audit/index.ts'
import { rulesByIds } from '../rules/enabled/enabled-rules.ts'
import { foldMatches } from '../triage/fold/fold.ts'
import { Matcher } from './matcher.ts'
import { type Hold, isBehind, numberNew, reasonOf, runHistory, runImport } from './run-hunt.ts'
import {
  changeRun,
  findRun,
  findRuns,
  forgetImport,
  forgetSeen,
  insertRun,
  openRun,
  type RunRow,
  runOfImport,
  type RunsAsked,
  hasNumber,
  unnumbered,
} from './store.ts'
import { dropMatches } from './store-rows.ts'

export const huntJobKind = 'hunt'

const shown = (run: RunRow): Hunt => {
  const { asked_by: _asked, asked_by_name, ...rest } = run
  return {
    ...rest,
    rows_seen: Number(run.rows_seen),
    rows_total: Number(run.rows_total),
    matches: Number(run.matches),
    took_ms: Number(run.took_ms),
    asked_by: asked_by_name,
    created_at: run.created_at.toISOString(),
    started_at: run.started_at?.toISOString() ?? null,
    finished_at: run.finished_at?.toISOString() ?? null,
  }
}

const noHunt = (): AppError => new AppError('not_found', 'There is no such hunt.')

export const getHunt = async (ctx: Ctx, id: string): Promise<Hunt> => {
  const run = await findRun(ctx.db, id)
  if (run === undefined) throw noHunt()
  return shown(run)
}

export const listHunts = async (ctx: Ctx, asked: RunsAsked): Promise<{ items: Hunt[]; total: number }> => {
  const { rows, total } = await findRuns(ctx.db, asked)
  return { items: rows.map(shown), total }
}

const enqueue = async (tx: Ctx, ruleIds: string[] | null): Promise<string> => {
  const id = newId()
  const { user_id, username } = tx.actor
  await insertRun(tx.db, {
    id,
    kind: 'history',
    import_id: null,
    rule_ids: ruleIds,
    state: 'queued',
    asked_by: user_id,
    asked_by_name: username,
  })
  await enqueueJob(tx.db, { kind: huntJobKind, lane: 'hunt', subject_id: id, actor_user_id: user_id })
  return id
}

export const startHunt = async (ctx: Ctx, body: { rule_ids?: string[] | undefined; again: boolean }): Promise<Hunt> => {
  const ids = body.rule_ids === undefined ? null : [...new Set(body.rule_ids)]
  if (ids !== null && (await rulesByIds(ctx, ids)).length !== ids.length) throw new AppError('not_found', 'There is no such rule.')
  const id = await ctx.inTx(async (tx) => {
    if (body.again) await forgetSeen(tx.db, ids)
    const made = await enqueue(tx, ids)
    await recordAudit(tx, {
      action: 'detection_hunt.start',
      object_type: 'hunt',
      object_id: made,
      details: { rules: ids?.length ?? 'all', again: body.again },
    })
    return made
  })
  return getHunt(ctx, id)
}

export const cancelHunt = async (ctx: Ctx, id: string): Promise<null> => {
  if ((await findRun(ctx.db, id)) === undefined) throw noHunt()
  await ctx.inTx(async (tx) => {
    // one that is over stays as it is
    if (!(await changeRun(tx.db, id, ['queued', 'running'], { state: 'cancelled', finished_at: tx.now() }))) return
    await cancelJobs(tx.db, { kind: huntJobKind, subject_id: id })
    await recordAudit(tx, { action: 'detection_hunt.cancel', object_type: 'hunt', object_id: id })
  })
  return null
}

/** Rules that are behind are run over what they have not seen, unless that waits to be done already. */
export const catchUp = async (ctx: Ctx): Promise<void> => {
  if (!(await isBehind(ctx)) || (await openRun(ctx.db)) !== null) return
  await ctx.inTx((tx) => enqueue(tx, null))
}

const importRun = async (ctx: Ctx, importId: string): Promise<string> => {
  const id = newId()
  const { user_id, username } = ctx.actor
  await insertRun(ctx.db, {
    id,
    kind: 'import',
    import_id: importId,
    rule_ids: null,
    state: 'running',
    asked_by: user_id,
    asked_by_name: username,
  })
  return id
}

/** The rules over what an import has just stored. It never fails the import: what goes wrong is told, and a hunt catches up. */
const matchImport = async (ctx: Ctx, o: { matcher: Matcher; import_id: string; hold: Hold }): Promise<void> => {
  let run_id: string | null = null
  try {
    const isFresh = (await unnumbered(ctx.db)).some(({ id }) => id === o.import_id)
    const before = await runOfImport(ctx.db, o.import_id)
    if (before?.state === 'done' && !isFresh) return
    await numberNew(ctx)
    if (!(await hasNumber(ctx.db, o.import_id))) return
    run_id = before?.state === 'running' ? before.id : await importRun(ctx, o.import_id)
    await runImport(ctx, { ...o, run_id })
    await catchUp(ctx)
  } catch (error) {
    ctx.signal.throwIfAborted()
    ctx.log.error({ import_id: o.import_id, fault: String(error) }, 'rules could not be run over an import')
    if (run_id !== null) await changeRun(ctx.db, run_id, ['running'], { state: 'failed', finished_at: ctx.now(), error: reasonOf(error) })
  }
}

const forgetRows = async (ctx: Ctx, importId: string): Promise<void> => {
  await forgetImport(ctx.db, importId)
  const gone = await dropMatches(ctx.events, importId)
  const changed = gone.flatMap(({ kind, subject_id }) =>
    kind === 'rule' || kind === 'correlation' || kind === 'indicator' ? [{ kind, subject_id } as const] : [],
  )
  if (changed.length > 0) await foldMatches(ctx, changed)
}

export const createHunts = () => {
  const matcher = new Matcher()
  return {
    run: (ctx: Ctx, job: { subject_id: string; hold: Hold }) => runHistory(ctx, { matcher, run_id: job.subject_id, hold: job.hold }),
    fail: async (ctx: Ctx, id: string, reason: string): Promise<void> => {
      await changeRun(ctx.db, id, ['queued', 'running'], { state: 'failed', finished_at: ctx.now(), error: reason })
    },
    /** Of the job of an import, once its rows are stored. */
    matchImport: (ctx: Ctx, importId: string, hold: Hold) => matchImport(ctx, { matcher, import_id: importId, hold }),
    /** Rows of an import are gone, or are to be made anew. */
    forgetRows,
    catchUp,
    close: () => matcher.close(),
  }
}
export type Hunts = ReturnType<typeof createHunts>
