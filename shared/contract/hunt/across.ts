// One question of several tenants: asked in each of them on its own, and answered by each on its own.
import { z } from 'zod'
import { errorCodes } from '../errors.ts'
import { count, uuid } from '../paging.ts'
import { route } from '../route.ts'
import { eventRow, filter } from '../search.ts'

export const acrossSorts = ['-timestamp', 'timestamp'] as const

const answer = z
  .object({
    tenant_id: uuid,
    tenant_name: z.string(),
    events: z.array(eventRow),
    total: count,
    without_time: count.describe('Rows that match but have no time, left out by the time range'),
    next_cursor: z.string().nullable().describe('To be sent under the id of the tenant for the rows behind these'),
    took_ms: z.number(),
  })
  .meta({ id: 'AnswerOfTenant' })
export type AnswerOfTenant = z.infer<typeof answer>

const failure = z
  .object({
    tenant_id: uuid,
    tenant_name: z.string().nullable().describe('Null where the caller is no member: whether there is such a tenant is not told'),
    code: z.enum(errorCodes),
    detail: z.string(),
  })
  .meta({ id: 'FailureOfTenant' })
export type FailureOfTenant = z.infer<typeof failure>

export const searchAcross = route({
  method: 'POST',
  path: '/api/all/search',
  tag: 'search',
  summary: 'Ask several of my tenants one question: each answers for itself, and those that cannot are named with the reason',
  permission: 'session',
  body: z.strictObject({
    tenant_ids: z.array(uuid).min(1).max(200).optional().describe('Without them all tenants that I am a member of'),
    query: filter.query,
    from: filter.from,
    to: filter.to,
    artifacts: filter.artifacts,
    sort: z.enum(acrossSorts).default('-timestamp'),
    limit: z.number().int().min(1).max(200).default(50).describe('Rows of each tenant'),
    cursors: z
      .record(uuid, z.string().max(4096))
      .optional()
      .describe('The `next_cursor` of tenants, by their ids: only these tenants are then asked'),
  }),
  response: z.object({
    answers: z.array(answer).describe('By the names of the tenants'),
    failures: z.array(failure),
    total: count.describe('Of the tenants that answered'),
    without_time: count,
    took_ms: z.number(),
  }),
})
