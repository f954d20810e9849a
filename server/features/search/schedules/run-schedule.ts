import { AppError, isAppError } from '../../../platform/errors.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { iso } from '../../../platform/iso-time.ts'
import type { Sql } from '../../../platform/sql.ts'
import { recordAudit } from '../../audit/index.ts'
import { notify } from '../../notices/index.ts'
import { all } from '../compile/ranges.ts'
import { prepare, together } from '../question.ts'
import { bindState, filterOf } from '../saved/bind-state.ts'
import { savedById, type SavedRow, seenUntil } from '../saved/store.ts'
import { countRows } from '../store.ts'
import { enqueueRun, nextRun } from './schedules.ts'
import { lockSchedule, scheduleById, type ScheduleChange, type ScheduleRow, updateSchedule } from './store.ts'
import { storedFrom } from './stored-from.ts'

export interface ScheduleRun {
  /** The product itself: it keeps the result, whatever becomes of the owner. */
  system: Ctx
  /** With the rights that the owner has now; null when they have none. */
  owner: Ctx | null
  schedule_id: string
  /** Inside a transaction: its writes are committed under the lease of the job or not at all. */
  hold: (tx: Ctx) => Promise<void>
}

interface Found {
  total: number
  fresh: number
  until: Date
  took_ms: number
}

const longestReason = 1000

/** Why the schedule cannot go on; null when it can. */
const endOf = (owner: Ctx | null, search: SavedRow | undefined): string | null => {
  if (owner === null) return 'Its owner has no access to this tenant any more.'
  if (!owner.can('search')) return 'Its owner may not search in this tenant any more.'
  return search === undefined ? 'The search is not shared with its owner any more.' : null
}

const look = async (owner: Ctx, search: SavedRow, schedule: ScheduleRow): Promise<Found> => {
  const begun = performance.now()
  const now = owner.now()
  const until = await seenUntil(owner.db, now)
  const { rows } = await prepare(owner, filterOf(bindState(search, schedule.parameter_values), now), now.getTime())
  const count = (where: Sql, signal: AbortSignal) => countRows(owner.events, where, signal)
  const [total, fresh] = await together<[number, number]>(owner, (signal) => [
    count(rows, signal),
    count(all([storedFrom(schedule.seen_until, until), rows]), signal),
  ])
  return { total, fresh, until, took_ms: Math.round(performance.now() - begun) }
}

const factsOf = (schedule: ScheduleRow) => ({
  schedule_id: schedule.id,
  search_id: schedule.search_id,
  search_name: schedule.search_name,
})

/** Keeps what became of a run, and puts in the next one. A schedule that was paused, changed or deleted meanwhile keeps nothing. */
const settle = (run: ScheduleRun, schedule: ScheduleRow, change: ScheduleChange, tell: (tx: Ctx) => Promise<void>): Promise<void> =>
  run.system.inTx(async (tx) => {
    await run.hold(tx)
    const still = await lockSchedule(tx.db, schedule.id)
    if (still === undefined || still.state !== 'active') return
    const now = tx.now()
    const step = still.every_minutes * 60_000
    const next = nextRun(new Date(still.next_run_at.getTime() + step), still.every_minutes, now)
    await updateSchedule(tx.db, schedule.id, { ...change, last_run_at: now, next_run_at: next })
    await tell(tx)
    if (change.state !== 'stopped') await enqueueRun(tx, schedule, next)
  })

const stop = (run: ScheduleRun, schedule: ScheduleRow, reason: string): Promise<void> =>
  settle(run, schedule, { state: 'stopped', stopped_reason: reason }, async (tx) => {
    await notify(tx, { user_id: schedule.owner_id, kind: 'schedule.stopped', facts: { ...factsOf(schedule), reason } })
    const details = { search: schedule.search_name, owner: schedule.owner_name, reason }
    await recordAudit(tx, { action: 'schedule.stop', object_type: 'schedule', object_id: schedule.id, details })
  })

const fail = (run: ScheduleRun, schedule: ScheduleRow, error: unknown): Promise<void> => {
  const isOurs = isAppError(error) && error.code !== 'internal'
  if (!isOurs) run.system.log.error({ schedule_id: schedule.id, reason: String(error) }, 'a scheduled search failed')
  const reason = isOurs
    ? error.message.replaceAll('\0', '\u2400').slice(0, longestReason)
    : 'Something went wrong in the server; its log says what.'
  return settle(run, schedule, { last_error: reason, failures: schedule.failures + 1 }, async (tx) => {
    // once for a row of failures: the schedule itself shows the others
    if (schedule.failures === 0)
      await notify(tx, { user_id: schedule.owner_id, kind: 'schedule.failed', facts: { ...factsOf(schedule), reason } })
  })
}

const keep = (run: ScheduleRun, schedule: ScheduleRow, found: Found): Promise<void> => {
  const change = { seen_until: found.until, last_total: found.total, last_new: found.fresh, last_took_ms: found.took_ms }
  return settle(run, schedule, { ...change, last_error: null, failures: 0 }, async (tx) => {
    if (found.fresh === 0) return
    const facts = { ...factsOf(schedule), rows: found.fresh, since: iso(schedule.seen_until), until: iso(found.until) }
    await notify(tx, { user_id: schedule.owner_id, kind: 'schedule.found', facts })
  })
}

/** A job that was given up, as after many crashes: the schedule goes on with the next one. */
export const failSchedule = async (system: Ctx, scheduleId: string, reason: string): Promise<void> => {
  const schedule = await scheduleById(system.db, scheduleId)
  const run = { system, owner: null, schedule_id: scheduleId, hold: () => Promise.resolve() }
  if (schedule !== undefined) await fail(run, schedule, new AppError('unavailable', reason))
}

/** An import that begins while nothing is read is looked at next time; one that is being read, when it is done. */
export const runSchedule = async (run: ScheduleRun): Promise<void> => {
  const { system, owner } = run
  const schedule = await scheduleById(system.db, run.schedule_id)
  if (schedule === undefined || schedule.state !== 'active') return
  const search = await savedById(system.db, schedule.search_id, schedule.owner_id)
  const end = endOf(owner, search)
  if (end !== null || owner === null || search === undefined) return stop(run, schedule, end ?? '')
  let found: Found
  try {
    found = await look(owner, search, schedule)
  } catch (error) {
    system.signal.throwIfAborted()
    // a store that restarts is no fault of the search: the job waits for it
    if (isAppError(error) && error.code === 'unavailable') throw error
    return fail(run, schedule, error)
  }
  await keep(run, schedule, found)
}
