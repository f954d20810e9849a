// Rows as moments: a row stands once for each of its different times, so that an MFT entry is where it was made, changed and read.
import { z } from 'zod'
import { count, time, uuid } from '../paging.ts'
import { route } from '../route.ts'
import { eventRow, filter } from '../search.ts'

const rowId = z.string().regex(/^[0-9a-f]{32}$/)

export const mostLanes = 20
export const mostBuckets = 1000

/** What every part of one timeline shares. `from` and `to` are of the moments, whatever the main times of their rows are. */
const asked = {
  ...filter,
  from: time.optional().describe('Moments at or after'),
  to: time.optional().describe('Moments before'),
  time_field: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe(
      'Only this time of each row: the column that holds it, or `timestamp` for the main time alone (much faster); by default the field of `| timeline FIELD`, else every time',
    ),
  lanes: z
    .string()
    .min(1)
    .max(300)
    .default('host')
    .describe('What moments are told apart by: `host`, `artifact`, `category`, `kind` (processes, files, ...), or a field'),
}

/** The lanes of `kind`, in this order. */
export const kinds = ['Processes', 'Files', 'Persistence', 'Network', 'Logons'] as const

export const moment = z
  .object({
    id: rowId.describe('The row, among `events`'),
    at: time.describe('RFC 3339 in UTC with the stored precision, up to microseconds'),
    fields: z.array(z.string()).describe('The columns of the row that hold this time, as they are called there'),
    is_main: z.boolean().describe('It is the main time of its row'),
    lane: z.string().describe("The row's value of what the lanes are; empty where it has none"),
  })
  .meta({ id: 'Moment' })
export type Moment = z.infer<typeof moment>

const counts = {
  total: count.describe('Moments that the question finds; exact'),
  rows: count.describe('Rows that have one of them'),
  without_time: count.describe('Rows that the query finds and that have no such time at all'),
}

const place = z.strictObject({
  at: time,
  id: rowId.optional().describe('A row with this time: what has the same time goes by the id of its row'),
})

export const timeline = route({
  method: 'POST',
  path: '/api/timeline',
  tag: 'timeline',
  summary: 'Every time of every row that a query finds, in order',
  permission: 'search',
  body: z.strictObject({
    ...asked,
    order: z.enum(['oldest', 'newest']).default('oldest'),
    anchor: place
      .optional()
      .describe('Begin here: `oldest` gives moments from it on, `newest` those before it, so that both are the whole'),
    limit: z.number().int().min(1).max(1000).default(100),
    counts: z
      .boolean()
      .default(true)
      .describe(
        'Whether to count all moments and those before the anchor; a page from another place of a known timeline is there sooner without',
      ),
    cursor: z.string().max(4096).optional().describe('Goes on where the page ended that gave it; the anchor then counts no more'),
    skip: z.number().int().min(0).max(1_000_000).default(0).describe('Moments to pass over, from the anchor or the cursor'),
  }),
  response: z.object({
    moments: z.array(moment).describe('By time, then by the id of the row'),
    events: z.array(eventRow).describe('The rows of these moments, each once'),
    total: counts.total.nullable(),
    rows: counts.rows.nullable(),
    without_time: counts.without_time.nullable(),
    before: count.nullable().describe('Moments before the anchor; null without one, and behind a cursor'),
    next_cursor: z.string().nullable(),
    took_ms: z.number(),
  }),
})

export const stretch = z
  .object({ from: time, to: time, is_marked: z.boolean().describe('Longer than this lane usually pauses: see `gaps`') })
  .meta({ id: 'Stretch' })
export type Stretch = z.infer<typeof stretch>

export const lane = z
  .object({
    key: z.string().describe('Empty for rows without a value'),
    is_other: z.boolean().describe('All lanes that are not shown, together'),
    lanes: count.describe('1, or how many lanes `Other` stands for'),
    moments: count,
    counts: z.array(count).describe('By bucket'),
    gaps: z
      .array(stretch)
      .describe(
        'The longest stretch without a moment, and every one at least eight times as long as the usual pause of the lane (the median of the pauses between its buckets that have moments, where there are four) and as eight buckets; exact to the microsecond',
      ),
    bursts: z
      .array(count)
      .describe('Buckets with at least 20 moments and eight times the median of the buckets of the lane that have any, where four have'),
  })
  .meta({ id: 'TimelineLane' })
export type TimelineLane = z.infer<typeof lane>

export const timelineDensity = route({
  method: 'POST',
  path: '/api/timeline/density',
  tag: 'timeline',
  summary: 'How many moments there are, by time and lane, with gaps and bursts',
  permission: 'search',
  body: z.strictObject({
    ...asked,
    top: z.number().int().min(1).max(mostLanes).default(8).describe('Lanes with the most moments; the others are `Other`'),
    buckets: z.number().int().min(10).max(mostBuckets).default(200).describe('At most; their width is a round one'),
  }),
  response: z.object({
    from: time.nullable().describe('The asked range, else from the first moment to the last'),
    to: time.nullable(),
    bucket_micros: z.number().describe('How wide a bucket is, from one microsecond to a hundred years'),
    starts: z.array(time).describe('A bucket begins at a multiple of its width, so that the first may begin before `from`'),
    lanes: z.array(lane),
    ...counts,
    took_ms: z.number(),
  }),
})

export const timelineFields = route({
  method: 'POST',
  path: '/api/timeline/fields',
  tag: 'timeline',
  summary: 'The columns that hold the times of the rows that a query finds',
  permission: 'search',
  body: z.strictObject(filter),
  response: z.object({
    fields: z.array(z.object({ name: z.string(), rows: count })).describe('At most 500, the commonest first'),
    total: count.describe('How many there are'),
    took_ms: z.number(),
  }),
})

export const surrounding = route({
  method: 'POST',
  path: '/api/timeline/surrounding',
  tag: 'timeline',
  summary: 'What happened on the same host before and after a row',
  permission: 'search',
  body: z.strictObject({
    event_id: rowId,
    minutes: z.number().min(0.001).max(525_600).default(5).describe('So many before and after'),
    at: time.optional().describe('Around this time of the row; by default its main one'),
    time_field: asked.time_field,
    lanes: asked.lanes,
    limit: z.number().int().min(2).max(1000).default(200).describe('Half of them before the row, half from it on'),
  }),
  response: z.object({
    host_id: uuid.nullable(),
    host_name: z.string(),
    at: time,
    from: time,
    to: time,
    moments: z.array(moment).describe('By time; the row is among them'),
    events: z.array(eventRow),
    ...counts,
    before: count.describe('Moments of the range before the row, shown or not'),
    took_ms: z.number(),
  }),
})
