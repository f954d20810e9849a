// Where rules find their rows: the map of log sources, what of each a tenant has, and what rules are blind for there.
import { z } from 'zod'
import { count, time } from '../paging.ts'
import { route } from '../route.ts'

const source = {
  id: z.string(),
  title: z.string(),
  kind: z
    .enum(['record', 'state'])
    .describe('record: something happened and was logged; state: something is or was there when it was looked at'),
  product: z.string().nullable(),
  category: z.string().nullable().describe('As rules name it; null: rules without a category read it'),
  service: z.string().nullable(),
  reads: z.array(z.string()).describe('Which rows belong to it, in words; any of them'),
  renamed: z
    .array(z.object({ field: z.string(), from: z.array(z.string()) }))
    .describe('Fields of Sigma that stand under other names there'),
  note: z.string().describe('What one must know of it; "" when nothing'),
  rows: count.describe('Of the tenant, exactly; a row may belong to several sources'),
  first_row_at: time.nullable().describe('null: no rows, or none with a time'),
  last_row_at: time.nullable(),
  last_stored_at: time.nullable(),
  rules: count.describe('Enabled rules whose log source it is'),
  rules_run: count.describe(
    'Those that are run on it: on a state and on artifacts of few columns not those whose exceptions need fields that they lack',
  ),
}

export const detectionSource = z.object(source).meta({ id: 'DetectionSource' })
export type DetectionSource = z.infer<typeof detectionSource>

export const listDetectionSources = route({
  method: 'GET',
  path: '/api/detection-sources',
  tag: 'rules',
  summary: 'Every log source: what it reads, the rows that the tenant has of it, and the enabled rules that read them',
  permission: 'search',
  response: z.object({
    sources: z.array(detectionSource),
    unmapped: z
      .array(
        z.object({
          product: z.string().nullable(),
          category: z.string().nullable(),
          service: z.string().nullable(),
          reason: z.string(),
          rules: count,
        }),
      )
      .describe('Log sources of enabled rules that no rows are, with the reason: these rules find nothing'),
    took_ms: count,
  }),
})

export const getDetectionSource = route({
  method: 'GET',
  path: '/api/detection-sources/:source_id',
  tag: 'rules',
  summary: 'One log source, with the fields that its enabled rules need and whether rows have them',
  permission: 'search',
  params: z.strictObject({ source_id: z.string().max(100) }),
  response: z.object({
    ...source,
    rows_looked_at: count.describe('Of its rows, for their fields: the first ones that were found'),
    fields: z
      .array(
        z.object({
          field: z.string(),
          rules: count.describe('Enabled rules that look at it'),
          keys: z.array(z.string()).describe('Fields of rows in which it stands; empty: no row that was looked at has it'),
          is_lacking: z.boolean(),
        }),
      )
      .describe('Those that most rules look at first'),
    not_run: z
      .array(z.object({ id: z.string(), title: z.string(), needs: z.array(z.string()) }))
      .describe('Enabled rules that are not run on it, with the fields that their exceptions need; at most 200'),
  }),
})
