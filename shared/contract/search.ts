import { z } from 'zod'
import { count, time, uuid } from './paging.ts'
import { stackAnswer } from './hunt/stack-answer.ts'
import { route } from './route.ts'

/** What every view of one query shares: list, count, histogram, fields and values take the same filter. */
export const filter = {
  query: z.string().max(65_536).default('').describe('The search language; empty finds every row'),
  from: time.optional().describe('Rows at or after; a row without a time is then left out and counted in `without_time`'),
  to: time.optional().describe('Rows before'),
  import_ids: z.array(uuid).max(1000).optional(),
  artifacts: z.array(z.string().max(300)).max(1000).optional().describe('"Artifact" or "Artifact/Source"'),
  host_ids: z.array(uuid).max(1000).optional(),
}

export const values = z.record(z.string(), z.array(z.string()))
/** One row of an export. `fields` holds the row's own columns, flattened; an empty array is a null. */
export const eventRow = z
  .object({
    id: z.string().regex(/^[0-9a-f]{32}$/),
    timestamp: z.string().nullable().describe('RFC 3339 in UTC with the stored precision, up to microseconds'),
    time_field: z.string().nullable().describe('The column that the time came from'),
    artifact: z.string(),
    artifact_source: z.string().nullable(),
    host_id: uuid.nullable(),
    host_name: z.string(),
    client_id: z.string().nullable(),
    flow_id: z.string().nullable(),
    hunt_id: z.string().nullable(),
    import_id: uuid,
    ecs: z.record(z.string(), z.union([z.string(), z.number()])).describe('The normalised fields that this row has'),
    fields: values,
  })
  .meta({ id: 'EventRow' })
export type EventRow = z.infer<typeof eventRow>

export const eventDetail = eventRow
  .extend({
    times: z.array(z.object({ field: z.string(), at: z.string() })).describe('Every time that the row carries'),
    raw: z.string().describe('The row as it stood in the file, byte for byte'),
    provenance: z.object({
      import_id: uuid,
      file: z.string(),
      file_sha256: z.string(),
      member: z.string(),
      row_number: count,
      client_id: z.string().nullable(),
      flow_id: z.string().nullable(),
      hunt_id: z.string().nullable(),
      artifact: z.string(),
      artifact_source: z.string().nullable(),
      host_key: z.string(),
      normaliser_version: count,
      ingested_at: time,
      also_in: z.array(uuid).describe('Other imports that delivered the same row'),
    }),
    same_record: z
      .array(z.object({ id: z.string(), artifact: z.string() }))
      .describe('The same Windows record (computer, channel, record id) from elsewhere'),
  })
  .meta({ id: 'EventDetail' })
export type EventDetail = z.infer<typeof eventDetail>

export const search = route({
  method: 'POST',
  path: '/api/search',
  tag: 'search',
  summary: 'Search all rows; the total is exact',
  permission: 'search',
  body: z.strictObject({
    ...filter,
    sort: z
      .string()
      .max(300)
      .optional()
      .describe('A field, `-field` or `field:desc`, before a `| sort` of the query; by default newest first'),
    limit: z.number().int().min(1).max(1000).default(100).describe('At most; rows with megabytes each come in shorter pages'),
    cursor: z.string().max(400_000).optional(),
    skip: z.number().int().min(0).max(1_000_000).default(0).describe('Rows or groups to pass over, from the first or from the cursor'),
  }),
  response: z.object({
    events: z.array(eventRow),
    total: count.describe('Rows that the query finds; with `| dedup` those that are left'),
    deduplicated: count.describe('Rows that `| dedup` left out'),
    columns: z.array(z.string()).nullable().describe('The columns that `| fields` asks for, else null; rows come whole'),
    stack: stackAnswer.nullable().describe('The groups of a query with `| stack`, which answers no events; null without'),
    without_time: count.describe('Rows that match but have no time, left out by the time range'),
    next_cursor: z.string().nullable(),
    took_ms: z.number(),
  }),
})
export const getEvent = route({
  method: 'GET',
  path: '/api/search/events/:event_id',
  tag: 'search',
  summary: 'One row whole: fields, raw text, provenance',
  permission: 'search',
  params: z.strictObject({ event_id: z.string().regex(/^[0-9a-f]{32}$/) }),
  response: eventDetail,
})
export const histogram = route({
  method: 'POST',
  path: '/api/search/histogram',
  tag: 'search',
  summary: 'Rows over time, by one field',
  permission: 'search',
  body: z.strictObject({
    ...filter,
    by: z.string().max(300).default('artifact'),
    time_field: z
      .string()
      .min(1)
      .max(300)
      .default('timestamp')
      .describe('`timestamp`, `ingested_at` or a column that holds times; a row with several in it stands at the earliest'),
    buckets: z.number().int().min(1).max(400).default(100),
  }),
  response: z.object({
    from: time.nullable(),
    to: time.nullable(),
    bucket_ms: z.number(),
    starts: z.array(time),
    series: z
      .array(z.object({ key: z.string(), is_other: z.boolean(), total: count, counts: z.array(count) }))
      .describe('At most 6, then all others as one, named "Other"'),
    total: count.describe('Rows that have the time'),
    without_time: count.describe('Rows without it: those that the time range left out, and without a range those among the rows'),
    took_ms: z.number(),
  }),
})
export const fieldInfo = z.object({
  name: z.string(),
  type: z.enum(['text', 'number', 'time', 'boolean', 'address']),
  is_ecs: z.boolean(),
  rows: count,
  alias_of: z.string().optional().describe('The field that this name of the tenant stands for'),
})
export const listFields = route({
  method: 'POST',
  path: '/api/search/fields',
  tag: 'search',
  summary: 'The fields of the rows found, with how many rows have each',
  permission: 'search',
  body: z.strictObject(filter),
  response: z.object({ fields: z.array(fieldInfo), total: count, is_exact: z.boolean(), took_ms: z.number() }),
})
export const fieldValues = route({
  method: 'POST',
  path: '/api/search/values',
  tag: 'search',
  summary: 'The commonest or rarest values of a field, with rows and hosts',
  permission: 'search',
  body: z.strictObject({
    ...filter,
    field: z.string().min(1).max(300),
    order: z.enum(['top', 'rare']).default('top'),
    limit: z.number().int().min(1).max(1000).default(10),
  }),
  response: z.object({
    values: z.array(z.object({ value: z.string().nullable(), rows: count, hosts: count })),
    distinct: count,
    rows: count,
    missing: count,
    took_ms: z.number(),
  }),
})
export const overview = route({
  method: 'GET',
  path: '/api/search/overview',
  tag: 'search',
  summary: 'Rows, artifacts and hosts of the tenant',
  permission: 'search',
  response: z.object({
    rows: count,
    hosts: count,
    time_from: time.nullable(),
    time_to: time.nullable(),
    artifacts: z.array(z.object({ artifact: z.string(), rows: count, hosts: count, last_ingested_at: time })),
    arrived: z.array(z.object({ day: z.string(), rows: count })).describe('Rows stored on each of the last 30 days'),
  }),
})
