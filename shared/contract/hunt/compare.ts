// What differs between two sets of rows of one artifact, by a key that says which rows are of the same thing.
import { z } from 'zod'
import { count, uuid } from '../paging.ts'
import { route } from '../route.ts'

export const side = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('imports'), ids: z.array(uuid).min(1).max(50) }),
    z.strictObject({ kind: z.literal('hunt'), id: z.string().min(1).max(200) }),
    z.strictObject({ kind: z.literal('hosts'), ids: z.array(uuid).min(1).max(50) }),
    z.strictObject({ kind: z.literal('baseline'), id: uuid }),
  ])
  .describe('Rows of imports, of a hunt or of hosts; on one of the sides the groups of a baseline')
export type Side = z.infer<typeof side>

export const compareStates = ['new', 'gone', 'changed', 'same'] as const
export type CompareState = (typeof compareStates)[number]

const sides = { left: side, right: side }

export const compareArtifacts = route({
  method: 'POST',
  path: '/api/compare/artifacts',
  tag: 'compare',
  summary: 'The artifacts of two sides, with the rows that each has of them',
  permission: 'search',
  body: z.strictObject(sides),
  response: z.object({
    artifacts: z
      .array(z.object({ artifact: z.string(), left: count, right: count }))
      .describe('Those that both sides have first, then by rows'),
    took_ms: z.number(),
  }),
})

const sideCount = z.object({
  rows: count,
  keys: count.describe('Different keys among them'),
  repeats: count.describe('Rows beyond the first of their key'),
  without_key: count.describe('Rows that have no value in any field of the key: they stand under one empty key'),
})
export type SideCount = z.infer<typeof sideCount>

const sideRow = z
  .object({
    id: z.string(),
    timestamp: z.string().nullable(),
    host_id: uuid.nullable(),
    host_name: z.string(),
    import_id: uuid,
    fields: z.record(z.string(), z.array(z.string())),
  })
  .meta({ id: 'ComparedRow' })
export type ComparedRow = z.infer<typeof sideRow>

const values = z.array(z.string()).nullable()
const entry = z
  .object({
    key: z.array(z.string()).describe('The values of the fields of the key, in their order; empty where whole rows are compared'),
    rows_left: count,
    rows_right: count,
    left: sideRow.nullable().describe('A row of the left side under this key; of a changed one a row that the right side does not have'),
    right: sideRow.nullable(),
    changes: z
      .array(z.object({ column: z.string(), left: values, right: values }))
      .describe('Of a changed one: the columns in which these two rows differ; null where a row lacks the column'),
  })
  .meta({ id: 'ComparedEntry' })
export type ComparedEntry = z.infer<typeof entry>

const names = z.array(z.string().min(1).max(300)).max(50)

export const compare = route({
  method: 'POST',
  path: '/api/compare',
  tag: 'compare',
  summary: 'New, gone, changed and same rows of an artifact by a key; exact, over all rows of both sides',
  permission: 'search',
  body: z.strictObject({
    ...sides,
    artifact: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe('"Artifact" or "Artifact/Source"; none beside a baseline, which says by its query what it is of'),
    key: names
      .max(8)
      .optional()
      .describe('Fields that say what a row is of; none: the whole row. By default what fits the artifact; beside a baseline its fields'),
    ignore: names.optional().describe('Columns that may differ. By default what differs from one collection to the next'),
    show: z.enum(compareStates).default('changed'),
    limit: z.number().int().min(1).max(200).default(100),
    cursor: z.string().max(4096).optional(),
  }),
  response: z.object({
    key: z.array(z.string()),
    ignore: z.array(z.string()),
    left: sideCount,
    right: sideCount,
    counts: z
      .object({ new: count, gone: count, changed: count, same: count, keys: count })
      .describe('Of keys: each is one of the four. A key is changed when one side has a row under it that the other has not'),
    entries: z.array(entry),
    next_cursor: z.string().nullable(),
    took_ms: z.number(),
  }),
})
