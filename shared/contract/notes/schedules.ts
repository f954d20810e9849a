// Saved searches that run by themselves, and what people are told in the product.
import { z } from 'zod'
import { noticeKinds } from '../../domain/hunt.ts'
import { count, time, uuid } from '../paging.ts'
import { route } from '../route.ts'
import { parameterValues } from './saved.ts'

export const everyMinutes = { least: 5, most: 10_080 }
export const schedulesPerPerson = 20
/** Of one person and tenant; the oldest are forgotten. */
export const noticesKept = 500

const scheduleParams = z.strictObject({ schedule_id: uuid })
const every = z.number().int().min(everyMinutes.least).max(everyMinutes.most).describe('60 is hourly, 1440 daily')

const schedule = z
  .object({
    id: uuid,
    search_id: uuid,
    search_name: z.string(),
    owner_id: uuid,
    owner_name: z.string(),
    is_mine: z.boolean(),
    every_minutes: z.number().int(),
    values: parameterValues,
    also_by_mail: z.boolean(),
    state: z.enum(['active', 'paused', 'stopped']),
    stopped_reason: z.string().nullable(),
    next_run_at: time.nullable().describe('null while it does not run'),
    last_run_at: time.nullable(),
    last_total: count.nullable(),
    last_new: count.nullable(),
    last_took_ms: count.nullable(),
    last_error: z.string().nullable().describe('Of the last run, where it failed'),
    failures: count.describe('Since the last run that went well'),
    created_at: time,
  })
  .meta({ id: 'SearchSchedule' })
export type SearchSchedule = z.infer<typeof schedule>

export const listSchedules = route({
  method: 'GET',
  path: '/api/schedules',
  tag: 'saved searches',
  summary: 'My schedules; with `hunt.manage` those of everybody',
  permission: 'search',
  response: z.object({ schedules: z.array(schedule), sends_mail: z.boolean() }),
})
export const createSchedule = route({
  method: 'POST',
  path: '/api/schedules',
  tag: 'saved searches',
  summary: 'Run a saved search by itself, with my rights as they are then, and tell me of new rows',
  permission: 'search',
  body: z.strictObject({
    search_id: uuid,
    every_minutes: every,
    first_run_at: time.optional().describe('Runs stand at this moment and every so many minutes from it; else from now'),
    values: parameterValues.default({}),
    also_by_mail: z.boolean().default(false),
  }),
  status: 201,
  response: schedule,
})
export const changeSchedule = route({
  method: 'PUT',
  path: '/api/schedules/:schedule_id',
  tag: 'saved searches',
  summary: 'Pause a schedule, let it go on, or change how often it runs; another’s with `hunt.manage`, only to pause it',
  permission: 'search',
  params: scheduleParams,
  body: z.strictObject({
    state: z.enum(['active', 'paused']).optional(),
    every_minutes: every.optional(),
    values: parameterValues.optional(),
    also_by_mail: z.boolean().optional(),
  }),
  response: schedule,
})
export const deleteSchedule = route({
  method: 'DELETE',
  path: '/api/schedules/:schedule_id',
  tag: 'saved searches',
  summary: 'Delete a schedule: its owner, or who has `hunt.manage`',
  permission: 'search',
  params: scheduleParams,
  status: 204,
  response: z.null(),
})

const notice = z.object({
  id: uuid,
  kind: z.enum(noticeKinds),
  facts: z.object({
    schedule_id: uuid,
    search_id: uuid,
    search_name: z.string(),
    rows: count.optional(),
    since: time.optional().describe('Rows stored at this moment or later,'),
    until: time.optional().describe('and before this one, are meant'),
    reason: z.string().optional(),
  }),
  created_at: time,
  read_at: time.nullable(),
})
export type Notice = z.infer<typeof notice>

export const listNotices = route({
  method: 'GET',
  path: '/api/notices',
  tag: 'notices',
  summary: `What I was told, newest first: at most ${noticesKept}`,
  permission: 'tenant.read',
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(noticesKept).default(50) }),
  response: z.object({ notices: z.array(notice), total: count, unread: count }),
})
export const readNotices = route({
  method: 'POST',
  path: '/api/notices/read',
  tag: 'notices',
  summary: 'Mark notices as read; all of mine where none is named',
  permission: 'tenant.read',
  body: z.strictObject({ ids: z.array(uuid).max(noticesKept).optional() }),
  response: z.object({ unread: count }),
})
