import type { Example, Side, World } from '../sides.ts'

const user = (world: World): string => world.a.user
const viewer = (world: World): string => world.a.viewer
const own = (world: World): Record<string, string> => world.a.ids

let made = 0
const name = (): string => `Indicators ${++made} ${Math.random()}`
const value = (): string => `host-${++made}-${Math.random().toString(36).slice(2)}.example`

export const makeIndicatorList = async ({ send }: World, side: Side): Promise<string> =>
  ((await send('POST', '/api/indicators/lists', { token: side.user, body: { name: name() } })).json() as { id: string }).id
export const makeIndicator = async ({ send }: World, side: Side): Promise<string> => {
  const reply = await send('POST', '/api/indicators', { token: side.user, body: { value: value() } })
  return (reply.json() as { indicator: { id: string } }).indicator.id
}
const match = async ({ send }: World, side: Side, listId: string): Promise<string> =>
  ((await send('POST', `/api/indicators/lists/${listId}/match`, { token: side.user })).json() as { id: string }).id
/** Those before it are looked at first, so that it has not ended. */
export const makeIndicatorRun = async (world: World, side: Side): Promise<string> => {
  const list = await makeIndicatorList(world, side)
  for (let n = 0; n < 3; n++) await match(world, side, list)
  return match(world, side, list)
}

const freshList = async (world: World) => ({ list_id: await makeIndicatorList(world, world.a) })
const freshRun = async (world: World) => ({ indicator_run_id: await makeIndicatorRun(world, world.a) })

export const indicatorExamples: Record<string, Example> = {
  'GET /api/indicators/lists': { as: viewer, status: 200 },
  'POST /api/indicators/lists': { as: user, body: () => ({ name: name() }), status: 201 },
  'GET /api/indicators/lists/:list_id': { as: viewer, params: own, status: 200 },
  'PATCH /api/indicators/lists/:list_id': { as: user, params: own, body: () => ({ description: 'An example' }), status: 200 },
  'DELETE /api/indicators/lists/:list_id': { as: user, params: freshList, status: 204 },
  'GET /api/indicators/lists/:list_id/indicators': { as: viewer, params: own, status: 200 },
  'GET /api/indicators/lists/:list_id/imports': { as: viewer, params: own, status: 200 },
  'POST /api/indicators/preview': { as: viewer, body: () => ['10[.]0[.]0[.]1'], status: 200 },
  'POST /api/indicators/lists/:list_id/imports': { as: user, params: own, body: () => [value()], status: 201 },
  'POST /api/indicators': { as: user, body: () => ({ value: value() }), status: 201 },
  'PATCH /api/indicators/entries/:indicator_id': { as: user, params: own, body: () => ({ description: 'An example' }), status: 200 },
  'POST /api/indicators/remove': {
    as: user,
    body: async (world: World) => ({ ids: [await makeIndicator(world, world.a)] }),
    status: 200,
  },
  'POST /api/indicators/lists/:list_id/match': { as: user, params: own, status: 202 },
  'GET /api/indicators/runs': { as: viewer, status: 200 },
  'POST /api/indicators/runs/:indicator_run_id/cancel': { as: user, params: freshRun, status: 200 },
  'GET /api/indicators/matches': { as: viewer, status: 200 },
}
