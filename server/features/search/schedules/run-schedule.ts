import { AppError, isAppError } from '../../../platform/errors.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { iso } from '../../../platform/iso-time.ts'
import type { Sql } from '../../../platform/sql.ts'
import { recordAudit } from '../../audit/index.ts'
import type { NoticeFacts, NoticeKind } from '../../../../shared/domain/hunt.ts'
import type { Mail, NewMail } from '../../mail/index.ts'
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
  /** Beside the notice, where the schedule asks for it. */
  mail: Pick<Mail, 'put'>
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
  // What was told is not told again: an import of before may be read once more.
  const until = new Date(Math.max((await seenUntil(owner.db, now)).getTime(), schedule.seen_until.getTime()))
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

interface Told {
  kind: NoticeKind
  facts: Omit<NoticeFacts, 'schedule_id' | 'search_id' | 'search_name'>
}

/** By mail, once the result is kept: a mail that cannot be put in is no reason to search again. */
const tellByMail = async ({ system, mail }: ScheduleRun, schedule: ScheduleRow, { kind, facts }: Told): Promise<void> => {
  const { rows, reason = '' } = facts
  const sent: NewMail = {
    kind: kind === 'schedule.found' ? 'schedule.found' : 'schedule.failed',
    user_id: schedule.owner_id,
    tenant_id: system.tenant.id,
    facts: { search: schedule.search_name, tenant_id: system.tenant.id, reason, rows: rows === undefined ? '' : String(rows) },
  }
  await mail
    .put(sent)
    .catch((error: Error) => system.log.warn({ schedule_id: schedule.id, reason: error.message }, 'a mail was not put in'))
}

/** Keeps what became of a run, and puts in the next one. A schedule that was paused, changed or deleted meanwhile keeps nothing. */
const settle = async (run: ScheduleRun, schedule: ScheduleRow, change: ScheduleChange, told: Told | null): Promise<void> => {
  const isKept = await run.system.inTx(async (tx) => {
    // The schedule before its job, as a change of it does: the other way round the two would wait for each other.
    const still = await lockSchedule(tx.db, schedule.id)
    await run.hold(tx)
    if (still === undefined || still.state !== 'active') return false
    const now = tx.now()
    const step = still.every_minutes * 60_000
    const next = nextRun(new Date(still.next_run_at.getTime() + step), still.every_minutes, now)
    await updateSchedule(tx.db, schedule.id, { ...change, last_run_at: now, next_run_at: next })
    if (told !== null) await notify(tx, { user_id: schedule.owner_id, kind: told.kind, facts: { ...factsOf(schedule), ...told.facts } })
    if (change.state !== 'stopped') await enqueueRun(tx, schedule, next)
    else await recordStop(tx, schedule, change.stopped_reason ?? '')
    return true
  })
  if (isKept && told !== null && schedule.also_by_mail) await tellByMail(run, schedule, told)
}

const recordStop = (tx: Ctx, { id, search_name: search, owner_name: owner }: ScheduleRow, reason: string): Promise<void> =>
  recordAudit(tx, { action: 'schedule.stop', object_type: 'schedule', object_id: id, details: { search, owner, reason } })

const stop = (run: ScheduleRun, schedule: ScheduleRow, reason: string): Promise<void> =>
  settle(run, schedule, { state: 'stopped', stopped_reason: reason }, { kind: 'schedule.stopped', facts: { reason } })

const fail = (run: ScheduleRun, schedule: ScheduleRow, error: unknown): Promise<void> => {
  const isOurs = isAppError(error) && error.code !== 'internal'
  if (!isOurs) run.system.log.error({ schedule_id: schedule.id, reason: String(error) }, 'a scheduled search failed')
  const reason = isOurs
    ? error.message.replaceAll('\0', '\u2400').slice(0, longestReason)
    : 'Something went wrong in the server; its log says what.'
  // once for a row of failures: the schedule itself shows the others
  const told: Told | null = schedule.failures === 0 ? { kind: 'schedule.failed', facts: { reason } } : null
  return settle(run, schedule, { last_error: reason, failures: schedule.failures + 1 }, told)
}

const keep = (run: ScheduleRun, schedule: ScheduleRow, found: Found): Promise<void> => {
  const change = { seen_until: found.until, last_total: found.total, last_new: found.fresh, last_took_ms: found.took_ms }
  const facts = { rows: found.fresh, since: iso(schedule.seen_until), until: iso(found.until) }
  const told: Told | null = found.fresh === 0 ? null : { kind: 'schedule.found', facts }
  return settle(run, schedule, { ...change, last_error: null, failures: 0 }, told)
}

/** A job that was given up, as after many crashes: the schedule goes on with the next one. */
export const failSchedule = async (system: Ctx, mail: ScheduleRun['mail'], given: { id: string; reason: string }): Promise<void> => {
  const schedule = await scheduleById(system.db, given.id)
  const run = { system, owner: null, schedule_id: given.id, hold: () => Promise.resolve(), mail }
  if (schedule !== undefined) await fail(run, schedule, new AppError('unavailable', given.reason))
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
