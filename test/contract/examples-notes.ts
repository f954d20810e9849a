import type { Example, World } from './sides.ts'

const user = (world: World): string => world.a.user
const viewer = (world: World): string => world.a.viewer
const own = (world: World): Record<string, string> => world.a.ids

const freshComment = async ({ send, a }: World): Promise<Record<string, string>> => {
  const reply = await send('POST', `/api/annotations/rows/${a.ids.event_id}/comments`, { token: a.user, body: { body: 'An example' } })
  return { comment_id: (reply.json() as { id: string }).id }
}

export const notesExamples: Record<string, Example> = {
  'POST /api/annotations/look-up': { as: viewer, body: ({ a }: World) => ({ ids: [a.ids.event_id] }), status: 200 },
  'GET /api/annotations': { as: viewer, query: 'text=example', status: 200 },
  'GET /api/annotations/tags': { as: viewer, status: 200 },
  'POST /api/annotations/tags': { as: user, body: ({ a }: World) => ({ row_ids: [a.ids.event_id], add: ['Example'] }), status: 200 },
  'GET /api/annotations/rows/:event_id': { as: viewer, params: own, status: 200 },
  'POST /api/annotations/rows/:event_id/comments': { as: user, params: own, body: () => ({ body: 'Said' }), status: 201 },
  'PUT /api/annotations/comments/:comment_id': { as: user, params: freshComment, body: () => ({ body: 'Said anew' }), status: 200 },
  'DELETE /api/annotations/comments/:comment_id': { as: user, params: freshComment, status: 204 },
  'POST /api/search/tags': { as: viewer, body: () => ({}), status: 200 },
}
