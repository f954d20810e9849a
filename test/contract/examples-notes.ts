import type { Example, World } from './sides.ts'

const user = (world: World): string => world.a.user
/** What is its maker's alone is made and changed by one who may do everything, as the keys of the sweep are theirs. */
const admin = (world: World): string => world.a.admin
const viewer = (world: World): string => world.a.viewer
const own = (world: World): Record<string, string> => world.a.ids

const freshComment = async ({ send, a }: World): Promise<Record<string, string>> => {
  const reply = await send('POST', `/api/annotations/rows/${a.ids.event_id}/comments`, { token: a.admin, body: { body: 'An example' } })
  return { comment_id: (reply.json() as { id: string }).id }
}

const state = {
  view: 'rows',
  q: 'Hostname:{{host}}',
  pills: [],
  from: null,
  to: null,
  sort: null,
  cols: null,
  imports: [],
  artifacts: [],
  hosts: [],
  others: {},
}
export const exampleSearch = { name: 'An example', state, parameters: [{ name: 'host', type: 'text', default: 'ws-1' }] }
const freshSearch = async ({ send, a }: World): Promise<Record<string, string>> => ({
  search_id: ((await send('POST', '/api/saved-searches', { token: a.admin, body: exampleSearch })).json() as { id: string }).id,
})
const freshSchedule = async (world: World): Promise<Record<string, string>> => {
  const body = { ...(await freshSearch(world)), every_minutes: 60 }
  return { schedule_id: ((await world.send('POST', '/api/schedules', { token: world.a.admin, body })).json() as { id: string }).id }
}
const lead = (world: World): string => world.a.lead
const freshAlias = async ({ send, a }: World): Promise<Record<string, string>> => {
  await send('POST', '/api/field-aliases', { token: a.lead, body: { name: 'an_example', field: 'host_name' } })
  return { alias: 'an_example' }
}

export const notesExamples: Record<string, Example> = {
  'POST /api/annotations/look-up': { as: viewer, body: ({ a }: World) => ({ ids: [a.ids.event_id] }), status: 200 },
  'GET /api/annotations': { as: viewer, query: 'text=example', status: 200 },
  'GET /api/annotations/tags': { as: viewer, status: 200 },
  'POST /api/annotations/tags': { as: user, body: ({ a }: World) => ({ row_ids: [a.ids.event_id], add: ['Example'] }), status: 200 },
  'GET /api/annotations/rows/:event_id': { as: viewer, params: own, status: 200 },
  'POST /api/annotations/rows/:event_id/comments': { as: user, params: own, body: () => ({ body: 'Said' }), status: 201 },
  'PUT /api/annotations/comments/:comment_id': { as: admin, params: freshComment, body: () => ({ body: 'Said anew' }), status: 200 },
  'DELETE /api/annotations/comments/:comment_id': { as: admin, params: freshComment, status: 204 },
  'GET /api/field-aliases': { as: viewer, status: 200 },
  'POST /api/field-aliases': { as: lead, body: () => ({ name: 'where_it_ran', field: 'host_name' }), status: 200 },
  'DELETE /api/field-aliases/:alias': { as: lead, params: freshAlias, status: 204 },
  'GET /api/saved-searches': { as: viewer, status: 200 },
  'POST /api/saved-searches': { as: viewer, body: () => exampleSearch, status: 201 },
  'GET /api/saved-searches/:search_id': { as: viewer, params: own, status: 200 },
  'PUT /api/saved-searches/:search_id': { as: admin, params: freshSearch, body: () => ({ folder: 'Examples' }), status: 200 },
  'DELETE /api/saved-searches/:search_id': { as: admin, params: freshSearch, status: 204 },
  'POST /api/saved-searches/:search_id/run': { as: viewer, params: own, body: () => ({ values: { host: 'a b' } }), status: 200 },
  'GET /api/search-history': { as: viewer, status: 200 },
  'POST /api/search-history': { as: viewer, body: () => ({ state, rows_found: 1 }), status: 200 },
  'DELETE /api/search-history': { as: viewer, status: 204 },
  'GET /api/schedules': { as: viewer, status: 200 },
  'POST /api/schedules': { as: viewer, body: ({ a }: World) => ({ search_id: a.ids.search_id, every_minutes: 60 }), status: 201 },
  'PUT /api/schedules/:schedule_id': { as: admin, params: freshSchedule, body: () => ({ state: 'paused' }), status: 200 },
  'DELETE /api/schedules/:schedule_id': { as: admin, params: freshSchedule, status: 204 },
  'GET /api/notices': { as: viewer, status: 200 },
  'POST /api/notices/read': { as: viewer, body: () => ({}), status: 200 },
  'POST /api/search/tags': { as: viewer, body: () => ({}), status: 200 },
}
