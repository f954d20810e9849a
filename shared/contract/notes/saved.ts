// Searches that are kept: their owner's alone, or the tenant's.
import { z } from 'zod'
import { savedState, searchParameter, stateLimitBytes } from '../../domain/hunt.ts'
import { count, paging, time, uuid } from '../paging.ts'
import { route } from '../route.ts'

export const savedPerPerson = 500
export const parametersPerSearch = 20
/** Of one person and tenant; the least recently run are forgotten. */
export const historyLength = 1000
/** A longer search is not kept in the history. */
export const historyStateBytes = 16_384

const state = savedState.refine(
  (one) => JSON.stringify(one).length <= stateLimitBytes,
  `Keep at most ${stateLimitBytes} characters, written as JSON`,
)
const searchParams = z.strictObject({ search_id: uuid })

const savedSummary = z.object({
  id: uuid,
  name: z.string(),
  description: z.string(),
  folder: z.string(),
  view: z.string(),
  parameters: z.array(searchParameter),
  is_shared: z.boolean(),
  owner_id: uuid,
  owner_name: z.string(),
  may_edit: z.boolean(),
  created_at: time,
  updated_at: time,
  last_run_at: time.nullable().describe('When I ran it last'),
})
export type SavedSummary = z.infer<typeof savedSummary>
export const savedSearch = savedSummary.extend({ state: savedState }).meta({ id: 'SavedSearch' })
export type SavedSearch = z.infer<typeof savedSearch>

const fields = {
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(4000).default(''),
  folder: z.string().trim().max(200).default('').describe('Levels by `/`'),
  state,
  parameters: z.array(searchParameter).max(parametersPerSearch).default([]).describe('One for each {{name}} of the query and its pills'),
  is_shared: z.boolean().default(false).describe('With everybody of the tenant: needs `hunt.write`'),
}

export const listSaved = route({
  method: 'GET',
  path: '/api/saved-searches',
  tag: 'saved searches',
  summary: 'My saved searches and those that are shared',
  permission: 'search',
  response: z.object({ searches: z.array(savedSummary) }),
})
export const saveSearch = route({
  method: 'POST',
  path: '/api/saved-searches',
  tag: 'saved searches',
  summary: 'Save a search',
  permission: 'search',
  body: z.strictObject(fields),
  status: 201,
  response: savedSearch,
})
export const getSaved = route({
  method: 'GET',
  path: '/api/saved-searches/:search_id',
  tag: 'saved searches',
  summary: 'One saved search whole',
  permission: 'search',
  params: searchParams,
  response: savedSearch,
})
export const changeSaved = route({
  method: 'PUT',
  path: '/api/saved-searches/:search_id',
  tag: 'saved searches',
  summary: 'Change a saved search: its owner, or for a shared one who has `hunt.manage`',
  permission: 'search',
  params: searchParams,
  body: z.strictObject({
    name: fields.name.optional(),
    description: z.string().trim().max(4000).optional(),
    folder: z.string().trim().max(200).optional(),
    state: state.optional(),
    parameters: z.array(searchParameter).max(parametersPerSearch).optional(),
    is_shared: z.boolean().optional(),
  }),
  response: savedSearch,
})
export const deleteSaved = route({
  method: 'DELETE',
  path: '/api/saved-searches/:search_id',
  tag: 'saved searches',
  summary: 'Delete a saved search and its schedules: its owner, or for a shared one who has `hunt.manage`',
  permission: 'search',
  params: searchParams,
  status: 204,
  response: z.null(),
})

export const parameterValues = z.record(z.string().max(40), z.string().max(4096))
export const runSaved = route({
  method: 'POST',
  path: '/api/saved-searches/:search_id/run',
  tag: 'saved searches',
  summary: 'The state to run, placeholders filled in, and since when rows are new to me; the next run counts from this one',
  permission: 'search',
  params: searchParams,
  body: z.strictObject({ values: parameterValues.default({}) }),
  response: z.object({
    state: savedState,
    previous: z
      .object({ run_at: time, seen_until: time.describe('Rows stored at this moment or later are new: `ingested_at:>=...`') })
      .nullable(),
  }),
})

const historyEntry = z.object({
  id: uuid,
  parent_id: uuid.nullable().describe('The search that it was changed from'),
  state: savedState,
  runs: count,
  rows_found: count.nullable(),
  first_run_at: time,
  last_run_at: time,
})
export type HistoryEntry = z.infer<typeof historyEntry>

export const listHistory = route({
  method: 'GET',
  path: '/api/search-history',
  tag: 'saved searches',
  summary: `My own last searches, newest first: at most ${historyLength}`,
  permission: 'search',
  query: z.strictObject(paging),
  total: true,
  response: z.array(historyEntry),
})
export const noteSearch = route({
  method: 'POST',
  path: '/api/search-history',
  tag: 'saved searches',
  summary: 'Note a search that I ran; the same search again is the same entry',
  permission: 'search',
  body: z.strictObject({ state, parent_id: uuid.nullable().default(null), rows_found: count.nullable().default(null) }),
  response: z.object({ id: uuid.nullable().describe(`null: it is longer than ${historyStateBytes} characters and is not kept`) }),
})
export const clearHistory = route({
  method: 'DELETE',
  path: '/api/search-history',
  tag: 'saved searches',
  summary: 'Forget my own searches',
  permission: 'search',
  status: 204,
  response: z.null(),
})
