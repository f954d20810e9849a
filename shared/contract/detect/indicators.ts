// Indicators: lists of what is known to be bad, and of the known good; what of them was found in rows, in all that is stored and in
// every import that comes.
import { z } from 'zod'
import { indicatorFormats, indicatorStates } from '../../domain/indicators.ts'
import { count, idParams, nothing, paging, time, uuid } from '../paging.ts'
import { rawRoute, route } from '../route.ts'
import { batch, confidence, indicator, kind, list, refusal, run, tlp } from './indicator-shapes.ts'

/** So large may a file of indicators be. */
export const indicatorFileBytes = 100_000_000
export const longestIndicator = 2000

const listName = z.string().trim().min(1).max(100)
const source = z.string().trim().max(200)
const said = z.string().trim().max(1000)

export const listIndicatorLists = route({
  method: 'GET',
  path: '/api/indicators/lists',
  tag: 'indicators',
  summary: 'All lists of indicators, with what they hold and what of it was found',
  permission: 'search',
  response: z.array(list),
})

export const createIndicatorList = route({
  method: 'POST',
  path: '/api/indicators/lists',
  tag: 'indicators',
  summary: 'Make a list',
  permission: 'detections.write',
  body: z.strictObject({
    name: listName,
    description: said.default(''),
    is_allow_list: z.boolean().default(false),
    source: source.default(''),
    tlp: tlp.default('none'),
  }),
  status: 201,
  response: list,
})

const listParams = idParams('list_id')

export const getIndicatorList = route({
  method: 'GET',
  path: '/api/indicators/lists/:list_id',
  tag: 'indicators',
  summary: 'One list',
  permission: 'search',
  params: listParams,
  response: list,
})

export const changeIndicatorList = route({
  method: 'PATCH',
  path: '/api/indicators/lists/:list_id',
  tag: 'indicators',
  summary: 'Change what is said of a list',
  permission: 'detections.write',
  params: listParams,
  body: z.strictObject({ name: listName.optional(), description: said.optional(), source: source.optional(), tlp: tlp.optional() }),
  response: list,
})

export const deleteIndicatorList = route({
  method: 'DELETE',
  path: '/api/indicators/lists/:list_id',
  tag: 'indicators',
  summary: 'Delete a list with its indicators and what they matched',
  permission: 'detections.write',
  params: listParams,
  status: 204,
  response: nothing,
})

export const listIndicators = route({
  method: 'GET',
  path: '/api/indicators/lists/:list_id/indicators',
  tag: 'indicators',
  summary: 'The indicators of a list, the newest first',
  permission: 'search',
  total: true,
  params: listParams,
  query: z.strictObject({
    ...paging,
    text: z.string().max(200).optional().describe('Somewhere in the value, its description or its source'),
    kind: kind.optional(),
    state: z.enum(indicatorStates).optional(),
    matched: z.enum(['true']).optional().describe('Only those found in rows'),
  }),
  response: z.array(indicator),
})

export const listIndicatorBatches = route({
  method: 'GET',
  path: '/api/indicators/lists/:list_id/imports',
  tag: 'indicators',
  summary: 'The receipts of a list, the newest first',
  permission: 'search',
  total: true,
  params: listParams,
  query: z.strictObject(paging),
  response: z.array(batch),
})

const given = {
  file_name: z.string().max(300).optional(),
  kind: kind.optional().describe('What values are of which nothing says the kind'),
}

export const previewIndicators = rawRoute({
  method: 'POST',
  path: '/api/indicators/preview',
  tag: 'indicators',
  summary: 'What a text or file would be read as, storing nothing: text, CSV, STIX 2.1, MISP JSON or OpenIOC, told apart by itself',
  permission: 'search',
  query: z.strictObject(given),
  consumes: ['text/plain', 'application/json', 'application/octet-stream'],
  produces: ['application/json'],
  response: z.object({
    format: z.enum(indicatorFormats),
    read: count,
    recognised: count,
    twice: count,
    refused: count,
    refusals: z.array(refusal),
    notes: z.array(z.string()),
    by_kind: z.array(z.object({ kind, count })),
    sample: z.array(z.object({ kind, value: z.string(), shown: z.string().nullable() })).describe('The first 200'),
  }),
})
export type IndicatorPreview = z.infer<typeof previewIndicators.response>

export const importIndicators = rawRoute({
  method: 'POST',
  path: '/api/indicators/lists/:list_id/imports',
  tag: 'indicators',
  summary: 'Put the indicators of a text or file into a list; they are looked for in all that is stored at once, as a job',
  permission: 'detections.write',
  params: listParams,
  query: z.strictObject({
    ...given,
    source: source.optional().describe('Of those of which the file says none; so are the next four'),
    tlp: tlp.optional(),
    confidence: z.coerce.number().pipe(confidence).optional(),
    valid_until: time.optional(),
    description: said.optional(),
  }),
  consumes: ['text/plain', 'application/json', 'application/octet-stream'],
  produces: ['application/json'],
  status: 201,
  response: batch,
})

export const addIndicator = route({
  method: 'POST',
  path: '/api/indicators',
  tag: 'indicators',
  summary: 'Make one value an indicator, or one of the known good',
  permission: 'detections.write',
  body: z.strictObject({
    value: z.string().min(1).max(longestIndicator),
    kind: kind.optional().describe('Left out: what the value looks like'),
    field: z.string().max(200).optional().describe('The column that it stands in: it tells the kind where the value does not'),
    list_id: uuid.optional().describe('Left out: the list of those added by hand, made where there is none'),
    is_allowed: z.boolean().default(false).describe('Into the list of the known good that were added by hand'),
    description: said.default(''),
    tlp: tlp.default('none'),
    confidence: confidence.nullable().default(null),
    valid_until: time.nullable().default(null),
  }),
  status: 201,
  response: z.object({ indicator, list_name: z.string(), was_known: z.boolean() }),
})

export const changeIndicator = route({
  method: 'PATCH',
  path: '/api/indicators/entries/:indicator_id',
  tag: 'indicators',
  summary: 'Change what is said of an indicator. One that has expired matches nothing that comes; what it matched stays',
  permission: 'detections.write',
  params: idParams('indicator_id'),
  body: z.strictObject({
    description: said.optional(),
    source: source.optional(),
    tlp: tlp.optional(),
    confidence: confidence.nullable().optional(),
    valid_until: time.nullable().optional(),
  }),
  response: indicator,
})

export const removeIndicators = route({
  method: 'POST',
  path: '/api/indicators/remove',
  tag: 'indicators',
  summary: 'Remove up to 1,000 indicators with what they matched',
  permission: 'detections.write',
  body: z.strictObject({ ids: z.array(uuid).min(1).max(1000) }),
  response: z.object({ removed: count }),
})

export const matchIndicatorsAgain = route({
  method: 'POST',
  path: '/api/indicators/lists/:list_id/match',
  tag: 'indicators',
  summary: 'Look for all indicators of a list in all that is stored, anew',
  permission: 'detections.write',
  params: listParams,
  status: 202,
  response: run,
})

export const listIndicatorRuns = route({
  method: 'GET',
  path: '/api/indicators/runs',
  tag: 'indicators',
  summary: 'Looks at rows, the newest first',
  permission: 'search',
  total: true,
  query: z.strictObject(paging),
  response: z.array(run),
})

export const cancelIndicatorRun = route({
  method: 'POST',
  path: '/api/indicators/runs/:indicator_run_id/cancel',
  tag: 'indicators',
  summary: 'Stop a look at rows; what it has found stays',
  permission: 'detections.write',
  params: idParams('indicator_run_id'),
  response: run,
})

export const listIndicatorMatches = route({
  method: 'GET',
  path: '/api/indicators/matches',
  tag: 'indicators',
  summary: 'What was found: one line for each indicator, column and value, the newest rows first',
  permission: 'search',
  total: true,
  query: z.strictObject({ ...paging, list_id: uuid.optional(), indicator_id: uuid.optional() }),
  response: z.array(
    z.object({
      indicator_id: uuid,
      list_id: uuid,
      list_name: z.string(),
      kind,
      indicator: z.string(),
      column: z.string().describe('"": somewhere in the row'),
      value: z.string(),
      rows: count,
      hosts: count,
      first_at: time.nullable(),
      last_at: time.nullable(),
      query: z.string().describe('What finds these rows in Explore'),
    }),
  ),
})
export type IndicatorMatch = z.infer<typeof listIndicatorMatches.response>[number]
