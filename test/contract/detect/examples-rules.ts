import type { Example, Side, World } from '../sides.ts'

const lead = (world: World): string => world.a.lead
const viewer = (world: World): string => world.a.viewer
const platform = (world: World): string => world.platform
const own = (world: World): Record<string, string> => world.a.ids

let made = 0
const ruleText = (title = `An example ${++made}`): string =>
  `title: ${title}\nlevel: high\nlogsource: {category: process_creation, product: windows}\ndetection:\n  a:\n    Image|endswith: \\example-${++made}.exe\n  condition: a\n`

type Made = { id: string; version: number }
const write = async ({ send }: Pick<World, 'send'>, token: string): Promise<Made> =>
  (await send('POST', '/api/rules', { token, body: { text: ruleText() } })).json() as Made

type Import = { id: string; state: string; pack_id: string | null }
const waited = async ({ send }: Pick<World, 'send'>, token: string, id: string): Promise<Import> => {
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((again) => setTimeout(again, 50))) {
    const shown = (await send('GET', `/api/rules/imports/${id}`, { token })).json() as Import
    if (shown.state !== 'queued' && shown.state !== 'reading') return shown
  }
  throw new Error('waited 30 s for an import of rules')
}
const importText = async (world: Pick<World, 'send'>, token: string, apply: boolean): Promise<Import> => {
  const body = { text: ruleText(), pack_name: `Pack ${++made} ${Math.random()}`, apply }
  const { id } = (await world.send('POST', '/api/rules/imports', { token, body })).json() as { id: string }
  return waited(world, token, id)
}

export const makeRule = async (world: World, side: Side): Promise<string> => (await write(world, side.lead)).id
export const makePack = async (world: World, side: Side): Promise<string> => (await importText(world, side.lead, true)).pack_id ?? ''
export const makeRuleImport = async (world: World, side: Side): Promise<string> => (await importText(world, side.lead, false)).id
const exception = { query: 'host.name:example-*', reason: 'An example' }
export const makeException = async ({ send }: World, side: Side): Promise<string> =>
  ((await send('POST', '/api/rules/exceptions', { token: side.lead, body: exception })).json() as { id: string }).id
export const makeList = async ({ send }: World, side: Side): Promise<string> => {
  const name = `made_${side.tenant_id}`
  await send('PUT', '/api/rules/value-lists', { token: side.lead, body: { name, values: ['a'] } })
  return name
}

const freshRule = async (world: World) => ({ rule_id: (await write(world, world.a.lead)).id })
const freshImport = async (world: World) => ({ rule_import_id: (await importText(world, world.a.lead, false)).id })
const freshPack = async (world: World) => ({ pack_id: await makePack(world, world.a) })
const freshException = async (world: World) => ({ exception_id: await makeException(world, world.a) })
const freshList = async (world: World) => ({ list_name: await makeList(world, world.a) })
/** Of the installation. */
const publish = async (world: World): Promise<{ packs: { id: string; kind: string }[] }> => {
  const { pack_id } = await importText(world, world.platform, true)
  return (await world.send('POST', '/api/platform/rules/publish', { token: world.platform, body: { pack_id } })).json() as {
    packs: { id: string; kind: string }[]
  }
}
const platformPack = async (world: World) => ({ pack_id: (await publish(world)).packs.find((pack) => pack.kind === 'imported')?.id ?? '' })

const ofRule = ({ a }: World) => ({ ...exception, subject_kind: 'rule', subject_id: a.ids.rule_id })
const choice = { is_on: true, levels: ['high'], statuses: null, logsources: null, not_logsources: [], tags: null, not_tags: [] }
const boundary = 'an-example-of-a-form'
const form = (): string =>
  `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="rules/a.yml"\r\ncontent-type: text/yaml\r\n\r\n${ruleText()}\r\n--${boundary}--\r\n`

export const ruleExamples: Record<string, Example> = {
  'POST /api/rules/list': { as: viewer, body: () => ({ filter: { level: ['high'] } }), status: 200 },
  'POST /api/rules/counts': { as: viewer, body: () => ({}), status: 200 },
  'POST /api/rules/validate': { as: viewer, body: () => ({ text: ruleText() }), status: 200 },
  'POST /api/rules/switch': { as: lead, body: ({ a }: World) => ({ filter: { ids: [a.ids.rule_id] }, is_on: true }), status: 200 },
  'POST /api/rules': { as: lead, body: () => ({ text: ruleText() }), status: 201 },
  'GET /api/rules/by-id/:rule_id': { as: viewer, params: own, status: 200 },
  'GET /api/rules/by-id/:rule_id/versions': { as: viewer, params: own, status: 200 },
  'PUT /api/rules/by-id/:rule_id': { as: lead, params: freshRule, body: () => ({ text: ruleText(), version: 1 }), status: 200 },
  'DELETE /api/rules/by-id/:rule_id': { as: lead, params: freshRule, status: 204 },
  'POST /api/rules/imports': { as: lead, body: () => ({ text: ruleText(), apply: false }), status: 202 },
  'POST /api/rules/imports/files': {
    as: lead,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: form,
    status: 202,
  },
  'GET /api/rules/imports': { as: viewer, status: 200 },
  'GET /api/rules/imports/:rule_import_id': { as: viewer, params: own, status: 200 },
  'GET /api/rules/imports/:rule_import_id/changes': { as: viewer, params: own, status: 200 },
  'POST /api/rules/imports/:rule_import_id/apply': { as: lead, params: freshImport, status: 200 },
  'POST /api/rules/imports/:rule_import_id/discard': { as: lead, params: freshImport, status: 200 },
  'GET /api/rules/packs': { as: viewer, status: 200 },
  'GET /api/rules/packs/:pack_id': { as: viewer, params: own, status: 200 },
  'PATCH /api/rules/packs/:pack_id': { as: lead, params: own, body: () => ({ description: 'An example' }), status: 200 },
  'DELETE /api/rules/packs/:pack_id': { as: lead, params: freshPack, status: 204 },
  'PUT /api/rules/packs/:pack_id/choice': { as: lead, params: own, body: () => choice, status: 200 },
  'GET /api/rules/exceptions': { as: viewer, status: 200 },
  'POST /api/rules/exceptions': { as: lead, body: ofRule, status: 201 },
  'PUT /api/rules/exceptions/:exception_id': { as: lead, params: freshException, body: ofRule, status: 200 },
  'DELETE /api/rules/exceptions/:exception_id': { as: lead, params: freshException, status: 204 },
  'GET /api/rules/value-lists': { as: viewer, status: 200 },
  'PUT /api/rules/value-lists': { as: lead, body: () => ({ name: 'Administrators', values: ['root'] }), status: 200 },
  'DELETE /api/rules/value-lists/:list_name': { as: lead, params: freshList, status: 204 },
  'GET /api/platform/rules': { as: platform, status: 200 },
  'POST /api/platform/rules/publish': {
    as: platform,
    body: async (world: World) => ({ pack_id: (await importText(world, world.platform, true)).pack_id }),
    status: 200,
  },
  'PUT /api/platform/rules/packs/:pack_id/rings': {
    as: platform,
    params: platformPack,
    body: () => ({ canary_version: 1, version: null, is_on_by_default: false }),
    status: 200,
  },
  'PUT /api/platform/rules/canaries': { as: platform, body: ({ a }: World) => ({ tenants: [a.tenant_id] }), status: 200 },
}
