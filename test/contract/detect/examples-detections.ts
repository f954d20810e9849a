import type { Example, Side, World } from '../sides.ts'

const viewer = (world: World): string => world.a.viewer
const user = (world: World): string => world.a.user
const own = (world: World): Record<string, string> => world.a.ids

const wait = async <T>(what: string, look: () => Promise<T | null>): Promise<T> => {
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((again) => setTimeout(again, 100))) {
    const found = await look()
    if (found !== null) return found
  }
  throw new Error(`waited 30 s for ${what}`)
}

/** A row, and two indicators that stand in it. */
const raise = async ({ send }: World, side: Side): Promise<string[]> => {
  const domains = [1, 2].map((n) => `made-${n}-for-${side.tenant_id}.example`)
  const data = { artifact: 'Custom.Domains', results: [{ One: domains[0], Other: domains[1] }] }
  await send('POST', '/api/ingestion/ingest', { token: side.user, body: { hostname: `watched-${side.tenant_id.slice(0, 8)}`, data } })
  for (const value of domains) await send('POST', '/api/indicators', { token: side.user, body: { value } })
  return wait('detections', async () => {
    const body = { filter: { kind: ['indicator'] }, sort: 'title', order: 'asc' }
    const found = (await send('POST', '/api/detections/list', { token: side.user, body })).json() as { id: string }[]
    return found.length < 2 ? null : found.map((one) => one.id)
  })
}

export const makeDetection = async (world: World, side: Side): Promise<string> => {
  if (side.ids.detection_id === undefined) {
    const [one = '', other = ''] = await raise(world, side)
    Object.assign(side.ids, { detection_id: one, other_detection_id: other })
  }
  return side.ids.detection_id ?? ''
}
export const makeAct = async (world: World, side: Side): Promise<string> => {
  const body = { detections: [{ id: await makeDetection(world, side) }], status: 'in_progress' }
  return ((await world.send('POST', '/api/detections/triage', { token: side.user, body })).json() as { act_id: string }).act_id
}
export const makeDetectionComment = async (world: World, side: Side): Promise<string> => {
  const path = `/api/detections/${await makeDetection(world, side)}/comments`
  return ((await world.send('POST', path, { token: side.user, body: { body: 'made' } })).json() as { id: string }).id
}
export const makeView = async ({ send }: World, side: Side): Promise<string> => {
  const body = { name: 'made', filter: {}, is_shared: true }
  return ((await send('POST', '/api/detection-views', { token: side.user, body })).json() as { id: string }).id
}
/** Of no tenant: what the other side names is one that nobody has. */
export const makeTechnique = (world: World, side: Side): Promise<string> =>
  Promise.resolve(side.tenant_id === world.a.tenant_id ? 'T1003.001' : 'T9999')

/** Each call does something: it sets what is not so yet. */
let turn = 0
const nextStatus = (): string => (turn++ % 2 === 0 ? 'in_progress' : 'new')

const triage = async ({ send, a }: World, body: object): Promise<string> => {
  const reply = await send('POST', '/api/detections/triage', { token: a.user, body: { detections: [{ id: a.ids.detection_id }], ...body } })
  return (reply.json() as { act_id: string }).act_id
}
const freshAct = async (world: World): Promise<Record<string, string>> => ({ act_id: await triage(world, { status: nextStatus() }) })

const freshComment = async ({ send, a }: World): Promise<Record<string, string>> => {
  const path = `/api/detections/${a.ids.detection_id}/comments`
  const reply = await send('POST', path, { token: a.admin, body: { body: 'An example' } })
  return { detection_comment_id: (reply.json() as { id: string }).id }
}
const exampleView = { name: 'An example', filter: { status: ['new'] } }
const freshView = async ({ send, a }: World): Promise<Record<string, string>> => ({
  view_id: ((await send('POST', '/api/detection-views', { token: a.admin, body: exampleView })).json() as { id: string }).id,
})
const freshHunt = async ({ send, a }: World): Promise<Record<string, string>> => ({
  detection_hunt_id: ((await send('POST', '/api/detections/hunts', { token: a.user, body: {} })).json() as { id: string }).id,
})
const huntExamples: Record<string, Example> = {
  'POST /api/detections/hunts': { as: user, body: () => ({}), status: 202 },
  'GET /api/detections/hunts': { as: viewer, status: 200 },
  'GET /api/detections/hunts/:detection_hunt_id': { as: viewer, params: freshHunt, status: 200 },
  'POST /api/detections/hunts/:detection_hunt_id/cancel': { as: user, params: freshHunt, status: 204 },
  'POST /api/rules/backtest': {
    as: viewer,
    body: () => ({
      rule: 'title: An example\nlogsource: {category: process_creation, product: windows}\ndetection: {s: {Image: x}, condition: s}\n',
    }),
    status: 200,
  },
}

const attackExamples: Record<string, Example> = {
  'GET /api/detection-sources': { as: viewer, status: 200 },
  'GET /api/detection-sources/:source_id': { as: viewer, params: () => ({ source_id: 'windows-security' }), status: 200 },
  'GET /api/attack': { as: viewer, status: 200 },
  'GET /api/attack/techniques/:technique_id': { as: viewer, params: () => ({ technique_id: 'T1003.001' }), status: 200 },
  'GET /api/attack/layer': { as: viewer, query: 'show=detections', status: 200 },
  'GET /api/attack/bundle': { as: viewer, status: 200 },
  'POST /api/attack/bundle': {
    as: ({ platform }: World) => platform,
    query: 'file_name=example.json',
    body: () => ({
      type: 'bundle',
      objects: [
        { type: 'attack-pattern', id: 'a', name: 'Example', external_references: [{ source_name: 'mitre-attack', external_id: 'T1003' }] },
      ],
    }),
    status: 200,
  },
  'DELETE /api/attack/bundle': { as: ({ platform }: World) => platform, status: 204 },
}

export const detectionExamples: Record<string, Example> = {
  ...huntExamples,
  'POST /api/detections/list': { as: viewer, body: () => ({}), status: 200 },
  'POST /api/detections/counts': { as: viewer, body: () => ({}), status: 200 },
  'GET /api/detections/assignees': { as: viewer, status: 200 },
  'GET /api/detections/:detection_id': { as: viewer, params: own, status: 200 },
  'GET /api/detections/:detection_id/rows': { as: viewer, params: own, status: 200 },
  'GET /api/detections/:detection_id/explanation': { as: viewer, params: own, status: 200 },
  'GET /api/detections/:detection_id/context': { as: viewer, params: own, status: 200 },
  'GET /api/detections/:detection_id/history': { as: viewer, params: own, status: 200 },
  'GET /api/detections/:detection_id/exception-draft': { as: viewer, params: own, status: 200 },
  'POST /api/detections/triage': {
    as: user,
    body: ({ a }: World) => ({ detections: [{ id: a.ids.detection_id }], status: nextStatus() }),
    status: 200,
  },
  'POST /api/detections/acts/:act_id/undo': { as: user, params: freshAct, status: 200 },
  // The one puts together what the other takes apart: each does something only after the other.
  'POST /api/detections/merge': {
    as: user,
    body: ({ a }: World) => ({ into: { id: a.ids.detection_id }, detections: [{ id: a.ids.other_detection_id }] }),
    status: [200, 422],
  },
  'POST /api/detections/:detection_id/split': {
    as: user,
    params: own,
    body: ({ a }: World) => ({ take_out: a.ids.other_detection_id }),
    status: [200, 404],
  },
  'POST /api/detections/:detection_id/comments': { as: user, params: own, body: () => ({ body: 'An example' }), status: 201 },
  'PUT /api/detections/comments/:detection_comment_id': {
    as: (world: World) => world.a.admin,
    params: freshComment,
    body: () => ({ body: 'Another' }),
    status: 200,
  },
  'DELETE /api/detections/comments/:detection_comment_id': { as: (world: World) => world.a.admin, params: freshComment, status: 204 },
  'GET /api/detection-views': { as: viewer, status: 200 },
  'POST /api/detection-views': { as: viewer, body: () => exampleView, status: 201 },
  'PUT /api/detection-views/:view_id': { as: (world: World) => world.a.admin, params: freshView, body: () => exampleView, status: 200 },
  'DELETE /api/detection-views/:view_id': { as: (world: World) => world.a.admin, params: freshView, status: 204 },
  'PUT /api/hosts/:host_id/weight': { as: user, params: own, body: () => ({ weight: 'high', reason: 'An example' }), status: 200 },
  'GET /api/hosts/:host_id/risk': { as: viewer, params: own, status: 200 },
  ...attackExamples,
}
