// What is answered of indicators.
import { z } from 'zod'
import { indicatorFormats, indicatorKinds, indicatorStates, tlps } from '../../domain/indicators.ts'
import { count, time, uuid } from '../paging.ts'

export const kind = z.enum(indicatorKinds)
export const tlp = z.enum(tlps)
export const confidence = z.number().int().min(0).max(100)

export const refusal = z.object({ reason: z.string(), count, examples: z.array(z.string()) })
export const run = z
  .object({
    id: uuid,
    why: z
      .enum(['batch', 'anew', 'import'])
      .describe('After an import of indicators; asked for, or after the known good changed; on the import of rows'),
    list_id: uuid.nullable(),
    batch_id: uuid.nullable(),
    state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    step: z.string().describe('What it looks at now'),
    steps_done: count,
    steps: count,
    rows_looked_at: count,
    matched_rows: count,
    matched_indicators: count,
    too_common: count.describe('Indicators found in so many rows that they are not kept as matches'),
    error: z.string().nullable(),
    asked_by: z.string(),
    created_at: time,
    started_at: time.nullable(),
    ended_at: time.nullable(),
  })
  .meta({ id: 'IndicatorRun' })
export type IndicatorRun = z.infer<typeof run>

export const batch = z
  .object({
    id: uuid,
    list_id: uuid,
    format: z.enum(indicatorFormats),
    file_name: z.string(),
    read: count.describe('Always added + known + refused'),
    added: count,
    known: count.describe('In the list before, or more than once in the file'),
    refused: count,
    refusals: z.array(refusal),
    notes: z.array(z.string()).describe('What was left out and is no indicator, with its number'),
    created_by: z.string(),
    created_at: time,
    run: run.nullable().describe('How far its indicators have been looked for in what was stored before'),
  })
  .meta({ id: 'IndicatorBatch' })
export type IndicatorBatch = z.infer<typeof batch>

export const list = z
  .object({
    id: uuid,
    name: z.string(),
    description: z.string(),
    is_allow_list: z.boolean().describe('The known good: its values match nothing, in whatever list they stand'),
    source: z.string(),
    tlp,
    indicators: count,
    expired: count,
    allowed: count,
    matched_indicators: count,
    matched_rows: count,
    created_by: z.string(),
    created_at: time,
    last_batch_at: time.nullable(),
    run: run.nullable().describe('The newest look at rows for it'),
  })
  .meta({ id: 'IndicatorList' })
export type IndicatorList = z.infer<typeof list>

export const indicator = z
  .object({
    id: uuid,
    list_id: uuid,
    kind,
    value: z.string().describe('As it is compared'),
    shown: z.string().nullable().describe('As it was written, where that is something else'),
    source: z.string(),
    tlp,
    confidence: confidence.nullable(),
    valid_until: time.nullable(),
    description: z.string(),
    state: z.enum(indicatorStates),
    allowed_by: z.string().nullable().describe('The list of the known good that it stands in'),
    too_common_rows: count.nullable(),
    rows: count.describe('Rows that it was found in'),
    hosts: count,
    last_at: time.nullable().describe('The newest of these rows'),
    created_at: time,
  })
  .meta({ id: 'Indicator' })
export type Indicator = z.infer<typeof indicator>
