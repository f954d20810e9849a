// Rows counted by the values that they share: what few hosts have stands out.
import { z } from 'zod'
import { count, idParams, time, uuid } from '../paging.ts'
import { route } from '../route.ts'
import { filter } from '../search.ts'
import { groupValues, sparkBars, type StackAnswer, stackAnswer, stackFieldsMost, type StackGroup, stackOrder } from './stack-answer.ts'

export type { StackAnswer, StackGroup }
export { sparkBars, stackFieldsMost }

/** A baseline holds at most so many groups. */
export const baselineGroupsMost = 3_000_000
export const baselinesMost = 200

const fieldName = z.string().min(1).max(300)
const fields = z.array(fieldName).min(1).max(stackFieldsMost)
const having = z.strictObject({
  of: z.enum(['count', 'hosts']),
  op: z.enum(['=', '<', '<=', '>', '>=']),
  value: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
})
export type Having = z.infer<typeof having>

/** What is stacked: as the request names it, else as the query's stages do. */
const stacked = {
  ...filter,
  fields: fields.optional().describe('One to five different fields; by default those of `| stack` in the query'),
  having: z.array(having).max(10).optional().describe('Which groups stay; by default what `| where` behind the stack says'),
}

export const stack = route({
  method: 'POST',
  path: '/api/search/stack',
  tag: 'search',
  summary: 'Rows grouped by one to five fields, with hosts, times and share of the fleet; exact, over all rows',
  permission: 'search',
  body: z.strictObject({
    ...stacked,
    order: stackOrder.optional().describe('Fewest first, most first, or first seen last'),
    by_host: z.boolean().optional().describe('What is few or many: hosts, else rows'),
    baseline_id: uuid.optional(),
    only_new: z.boolean().default(false).describe('Only groups that are not in the baseline'),
    limit: z.number().int().min(1).max(1000).default(100),
    cursor: z.string().max(400_000).optional(),
    skip: z.number().int().min(0).max(10_000_000).default(0).describe('Groups to pass over, from the first or from the cursor'),
  }),
  response: stackAnswer,
})

export const stackGroupDetail = route({
  method: 'POST',
  path: '/api/search/stack/group',
  tag: 'search',
  summary: 'One group of a stack: its hosts, other values of its rows, and groups with a similar name',
  permission: 'search',
  body: z.strictObject({ ...filter, fields, values: groupValues }),
  response: z.object({
    rows: count,
    hosts: z
      .array(z.object({ host_id: uuid.nullable(), host_name: z.string(), rows: count, first_seen: time.nullable() }))
      .describe('Those with the most rows first, at most 50; rows of no host are in none'),
    total_hosts: count,
    others: z
      .array(
        z.object({
          field: z.string(),
          distinct: count,
          rows: count.describe('Rows of the group that have the field'),
          values: z.array(z.object({ value: z.string(), rows: count })).describe('The commonest, at most 3'),
        }),
      )
      .describe('At most 8 fields that rows of the group have'),
    nearest: z
      .array(z.object({ value: z.string(), hosts: count, rows: count }))
      .describe('Other values of the first field that are written almost like this one, at most 5'),
    took_ms: z.number(),
  }),
})

export const baseline = z
  .object({
    id: uuid,
    name: z.string(),
    fields: z.array(z.string()),
    asked: z.object(filter).describe('What found its groups when it was saved'),
    groups: count,
    created_by: z.string(),
    created_at: time,
  })
  .meta({ id: 'Baseline' })
export type Baseline = z.infer<typeof baseline>

export const listBaselines = route({
  method: 'GET',
  path: '/api/baselines',
  tag: 'search',
  summary: 'Baselines of the tenant',
  permission: 'search',
  response: z.array(baseline),
})
export const saveBaseline = route({
  method: 'POST',
  path: '/api/baselines',
  tag: 'search',
  summary: `Saves every group of a stack under a name; at most ${baselineGroupsMost} groups, and ${baselinesMost} baselines`,
  permission: 'hunt.write',
  body: z.strictObject({ ...stacked, name: z.string().trim().min(1).max(100) }),
  response: baseline,
  status: 201,
})
export const deleteBaseline = route({
  method: 'DELETE',
  path: '/api/baselines/:baseline_id',
  tag: 'search',
  summary: 'Forgets a baseline',
  permission: 'hunt.write',
  params: idParams('baseline_id'),
  response: z.null(),
  status: 204,
})
export const addToBaseline = route({
  method: 'POST',
  path: '/api/baselines/:baseline_id/groups',
  tag: 'search',
  summary: 'Marks one group as known',
  permission: 'hunt.write',
  params: idParams('baseline_id'),
  body: z.strictObject({ fields, values: groupValues }),
  response: z.object({ added: z.boolean().describe('False: it was known before'), groups: count }),
})
