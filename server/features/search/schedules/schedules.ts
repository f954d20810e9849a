// A schedule is a chain of jobs: one waits for the next run, and the run puts in the one after it, in the transaction that keeps its
// result. So a run that was missed is made up for once, nothing runs twice, and a restart changes nothing.
import {
  type changeSchedule as changeRoute,
  type createSchedule as createRoute,
  type SearchSchedule,
  schedulesPerPerson,
} from '../../../../shared/contract/notes/schedules.ts'
import type { Parsed } from '../../../../shared/contract/route.ts'
import { cancelJobs, enqueueJob, hasWaitingJob } from '../../../jobs/enqueue.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { conflict, forbidden, notFound } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { recordAudit } from '../../audit/index.ts'
import { bindState } from '../saved/bind-state.ts'
import { personOf } from '../saved/saved.ts'
import { savedById, type SavedRow, seenUntil } from '../saved/store.ts'
import {
  insertSchedule,
  lockSchedule,
  removeSchedule,
  type ScheduleChange,
  scheduleById,
  type ScheduleRow,
  schedulesOf,
  updateSchedule,
} from './store.ts'

export const scheduleJobKind = 'search.schedule'
const minuteMs = 60_000

const shown = (ctx: Ctx, row: ScheduleRow): SearchSchedule => ({
  id: row.id,
  search_id: row.search_id,
  search_name: row.search_name,
  owner_id: row.owner_id,
  owner_name: row.owner_name,
  is_mine: row.owner_id === ctx.actor.user_id,
  every_minutes: row.every_minutes,
  values: row.parameter_values,
  also_by_mail: row.also_by_mail,
  state: row.state,
  stopped_reason: row.stopped_reason,
  next_run_at: row.state === 'active' ? iso(row.next_run_at) : null,
  last_run_at: iso(row.last_run_at),
  last_total: row.last_total,
  last_new: row.last_new,
  last_took_ms: row.last_took_ms,
  last_error: row.last_error,
  failures: row.failures,
  created_at: iso(row.created_at),
})

/** The next moment of a series that is not past: what was missed in between is not run one by one. */
export const nextRun = (from: Date, everyMinutes: number, now: Date): Date => {
  const step = everyMinutes * minuteMs
  const missed = Math.max(0, Math.ceil((now.getTime() - from.getTime()) / step))
  return new Date(from.getTime() + missed * step)
}

/** One job waits for a schedule, and no other: a change during a run has put in its own. The caller holds the schedule. */
export const enqueueRun = async (tx: Ctx, schedule: { id: string; owner_id: string }, at: Date): Promise<void> => {
  if (await hasWaitingJob(tx.db, { kind: scheduleJobKind, subject_id: schedule.id })) return
  await enqueueJob(tx.db, {
    kind: scheduleJobKind,
    lane: `schedule:${schedule.id}`,
    is_patient: true,
    subject_id: schedule.id,
    actor_user_id: schedule.owner_id,
    run_after: at,
  })
}

const visible = async (ctx: Ctx, searchId: string): Promise<SavedRow> => {
  const search = await savedById(ctx.db, searchId, personOf(ctx).id)
  if (search === undefined) throw notFound('saved search')
  return search
}

export const listSchedules = async (ctx: Ctx, sendsMail: boolean): Promise<{ schedules: SearchSchedule[]; sends_mail: boolean }> => {
  const rows = await schedulesOf(ctx.db, ctx.can('hunt.manage') ? null : personOf(ctx).id)
  return { schedules: rows.map((row) => shown(ctx, row)), sends_mail: sendsMail }
}

export const createSchedule = async (ctx: Ctx, body: Parsed<typeof createRoute>['body']): Promise<SearchSchedule> => {
  const search = await visible(ctx, body.search_id)
  bindState(search, body.values)
  const now = ctx.now()
  const next_run_at = nextRun(body.first_run_at === undefined ? now : new Date(body.first_run_at), body.every_minutes, now)
  return ctx.inTx(async (tx) => {
    const { search_id, every_minutes, values, also_by_mail } = body
    const seen_until = await seenUntil(tx.db, now)
    const made = { search_id, every_minutes, values, also_by_mail, owner: personOf(tx), next_run_at, seen_until, at: now }
    const id = await insertSchedule(tx.db, made, schedulesPerPerson)
    if (id === null) throw conflict(`You have ${schedulesPerPerson} schedules, which is all that one person can have. Delete some.`)
    await enqueueRun(tx, { id, owner_id: personOf(tx).id }, next_run_at)
    const row = await scheduleById(tx.db, id)
    if (row === undefined) throw notFound('schedule')
    const details = { search_id, search: search.name, every_minutes, also_by_mail }
    await recordAudit(tx, { action: 'schedule.create', object_type: 'schedule', object_id: id, details })
    return shown(tx, row)
  })
}

const locked = async (tx: Ctx, id: string): Promise<ScheduleRow> => {
  const row = await lockSchedule(tx.db, id)
  if (row === undefined || (row.owner_id !== tx.actor.user_id && !tx.can('hunt.manage'))) throw notFound('schedule')
  return row
}

/** Whose rights it runs with says what it asks, and that it runs. */
const refuseForOthers = (row: ScheduleRow, tx: Ctx, body: Parsed<typeof changeRoute>['body']): void => {
  const { state, ...rest } = body
  const isPause = state === 'paused' && Object.values(rest).every((value) => value === undefined)
  if (row.owner_id !== tx.actor.user_id && !isPause)
    throw forbidden('A schedule runs with the rights of its owner, who alone changes it. It can be paused or deleted.')
}

const changesOf = (row: ScheduleRow, body: Parsed<typeof changeRoute>['body'], now: Date): ScheduleChange => {
  const every_minutes = body.every_minutes ?? row.every_minutes
  const state = body.state ?? (row.state === 'stopped' ? 'stopped' : row.state)
  const isNewSeries = every_minutes !== row.every_minutes || row.state !== 'active'
  return {
    every_minutes,
    also_by_mail: body.also_by_mail ?? row.also_by_mail,
    ...(body.values === undefined ? {} : { values: body.values }),
    state,
    stopped_reason: state === 'stopped' ? row.stopped_reason : null,
    next_run_at: isNewSeries ? nextRun(row.next_run_at, every_minutes, now) : row.next_run_at,
  }
}

export const changeSchedule = (ctx: Ctx, id: string, body: Parsed<typeof changeRoute>['body']): Promise<SearchSchedule> =>
  ctx.inTx(async (tx) => {
    const row = await locked(tx, id)
    refuseForOthers(row, tx, body)
    if (row.owner_id === tx.actor.user_id) bindState(await visible(tx, row.search_id), body.values ?? row.parameter_values)
    const change = changesOf(row, body, tx.now())
    await updateSchedule(tx.db, id, change)
    await cancelJobs(tx.db, { kind: scheduleJobKind, subject_id: id })
    if (change.state === 'active') await enqueueRun(tx, row, change.next_run_at ?? row.next_run_at)
    const after = await scheduleById(tx.db, id)
    if (after === undefined) throw notFound('schedule')
    const details = { search: row.search_name, state: after.state, every_minutes: after.every_minutes, owner: row.owner_name }
    await recordAudit(tx, { action: 'schedule.change', object_type: 'schedule', object_id: id, details })
    return shown(tx, after)
  })

export const deleteSchedule = (ctx: Ctx, id: string): Promise<null> =>
  ctx.inTx(async (tx) => {
    const row = await locked(tx, id)
    await removeSchedule(tx.db, id)
    await cancelJobs(tx.db, { kind: scheduleJobKind, subject_id: id })
    const details = { search: row.search_name, owner: row.owner_name }
    await recordAudit(tx, { action: 'schedule.delete', object_type: 'schedule', object_id: id, details })
    return null
  })
