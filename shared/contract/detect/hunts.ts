// Rules over what is stored: a rule that is being written (back-test), and sets of rules over all history (hunts).
import { z } from 'zod'
import { count, idParams, nothing, paging, time, uuid } from '../paging.ts'
import { route } from '../route.ts'

const tag = 'hunts'

export const huntStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type HuntState = (typeof huntStates)[number]

export const hunt = z
  .object({
    id: uuid,
    kind: z.enum(['import', 'history']).describe('import: rows that have just come · history: rows that were there before'),
    import_id: uuid.nullable(),
    rule_ids: z.array(uuid).nullable().describe('null: every rule that is enabled'),
    state: z.enum(huntStates),
    rules: count.describe('How many rules are run'),
    rows_seen: count,
    rows_total: count.describe('What the rules have not seen yet; it is known once the hunt runs'),
    matches: count.describe('Rows that rules found, each rule for itself'),
    took_ms: count,
    error: z.string().nullable(),
    asked_by: z.string(),
    created_at: time,
    started_at: time.nullable(),
    finished_at: time.nullable(),
  })
  .meta({ id: 'DetectionHunt' })
export type Hunt = z.infer<typeof hunt>

export const startHunt = route({
  method: 'POST',
  path: '/api/detections/hunts',
  tag,
  summary: 'Run rules over all that is stored and that they have not seen yet',
  permission: 'detections.write',
  body: z.strictObject({
    rule_ids: z.array(uuid).min(1).max(1000).optional().describe('Of rules that are enabled; without it every one of them'),
    again: z.boolean().default(false).describe('Also what they have seen already'),
  }),
  status: 202,
  response: hunt,
})

export const listHunts = route({
  method: 'GET',
  path: '/api/detections/hunts',
  tag,
  summary: 'Hunts, newest first',
  permission: 'search',
  query: z.strictObject({
    ...paging,
    import_id: uuid.optional(),
    state: z.enum(huntStates).optional(),
    kind: z.enum(['import', 'history']).optional(),
  }),
  response: z.array(hunt),
  total: true,
})

const huntParams = idParams('detection_hunt_id')

export const getHunt = route({
  method: 'GET',
  path: '/api/detections/hunts/:detection_hunt_id',
  tag,
  summary: 'A hunt and how far it is',
  permission: 'search',
  params: huntParams,
  response: hunt,
})

export const cancelHunt = route({
  method: 'POST',
  path: '/api/detections/hunts/:detection_hunt_id/cancel',
  tag,
  summary: 'End a hunt. What its rules have seen by then stays seen; another one goes on from there',
  permission: 'detections.write',
  params: huntParams,
  status: 204,
  response: nothing,
})

export const backtestSource = z
  .object({
    id: z.string(),
    title: z.string(),
    rows: count.describe('Rows of the source in the range'),
    missing: z.array(z.string()).describe('Fields of the rule that rows of the source never have'),
    runs: z.boolean(),
  })
  .meta({ id: 'BacktestSource' })

export const backtestReply = z
  .object({
    total: count,
    hosts: count,
    first_at: time.nullable(),
    last_at: time.nullable(),
    without_time: count.describe('Rows among them that have no time'),
    bucket_s: count.describe('Seconds that a bucket spans'),
    buckets: z.array(z.object({ at: time, rows: count })),
    top_hosts: z
      .array(z.object({ host_id: uuid.nullable(), host_key: z.string(), host_name: z.string(), rows: count }))
      .describe('At most 20'),
    rows: z
      .array(
        z.object({
          row_id: z.string(),
          at: time.nullable(),
          host_name: z.string(),
          artifact: z.string(),
          values: z
            .array(z.object({ field: z.string(), values: z.array(z.string()) }))
            .describe('What the row holds under the fields of the rule'),
        }),
      )
      .describe('At most 50, the newest first'),
    sources: z.array(backtestSource),
    took_ms: count,
    sql: z.string().nullable(),
    parameters: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: 'BacktestReply' })
export type BacktestReply = z.infer<typeof backtestReply>

export const backtest = route({
  method: 'POST',
  path: '/api/rules/backtest',
  tag,
  summary: 'What a rule would find in all that is stored, before it is enabled; it ends when the caller goes',
  permission: 'search',
  body: z
    .strictObject({
      rule: z.string().min(1).max(1_000_000).optional().describe('The text of one rule'),
      rule_id: uuid.optional().describe('A rule that is stored'),
      from: time.optional(),
      to: time.optional(),
      with_sql: z.boolean().default(false),
    })
    .refine(({ rule, rule_id }) => (rule === undefined) !== (rule_id === undefined), 'Give the text of a rule or the id of a stored one'),
  response: backtestReply,
})
