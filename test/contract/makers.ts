// How to make an object for each name of a path parameter that the two people of a side do not cover.
import { makeAct, makeDetection, makeDetectionComment, makeTechnique, makeView } from './detect/examples-detections.ts'
import { makeIndicator, makeIndicatorList, makeIndicatorRun } from './detect/examples-indicators.ts'
import { makeException, makeList, makePack, makeRule, makeRuleImport } from './detect/examples-rules.ts'
import { exampleSearch } from './examples-notes.ts'
import { createSoftPasskey } from '../harness/people/soft-passkey.ts'
import { type Side, site, type World } from './sides.ts'

type Maker = (world: World, side: Side) => Promise<string>

const rows = (side: Side): unknown => ({
  hostname: `host-${side.tenant_id.slice(0, 8)}`,
  data: { artifact: 'Generic.Client.Info', results: [{ Hostname: side.tenant_id, OS: 'linux' }] },
})

const waitFor = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((again) => setTimeout(again, 100))
  }
  throw new Error(`waited 30 s for ${what}`)
}

const makeImport: Maker = async ({ send }, side) => {
  const reply = await send('POST', '/api/ingestion/ingest', { token: side.user, body: rows(side) })
  const { import_id } = reply.json() as { import_id: string }
  await waitFor('an import to be ready', async () => {
    const receipt = (await send('GET', `/api/ingestion/imports/${import_id}`, { token: side.user })).json() as { state: string }
    return receipt.state === 'ready' ? receipt : undefined
  })
  return import_id
}

const importOf = async (world: World, side: Side): Promise<string> => (side.ids.import_id ??= await makeImport(world, side))

const passkeyOf: Maker = async ({ send }, side) => {
  const { options } = (await send('POST', '/api/auth/passkey-setup', { token: side.lead })).json() as { options: Record<string, unknown> }
  const body = { name: 'made', credential: createSoftPasskey(site).make(options) }
  return ((await send('POST', '/api/auth/passkeys', { token: side.lead, body })).json() as { passkey: { id: string } }).passkey.id
}

export const makers: Readonly<Record<string, Maker>> = {
  invitation_id: async ({ send }, side) => {
    const reply = await send('POST', '/api/invitations', { token: side.admin, body: { role: 'viewer' } })
    return (reply.json() as { id: string }).id
  },
  import_id: importOf,
  detection_hunt_id: async ({ send }, side) =>
    ((await send('POST', '/api/detections/hunts', { token: side.user, body: {} })).json() as { id: string }).id,
  session_id: async ({ send }, side) => {
    const sessions = (await send('GET', '/api/auth/sessions', { token: side.user })).json() as { id: string; is_current: boolean }[]
    return sessions.find((session) => session.is_current)?.id ?? ''
  },
  passkey_id: passkeyOf,
  key_id: async ({ send }, side) => {
    const body = { name: 'made', scopes: ['search'], expires_in_days: 1 }
    return ((await send('POST', '/api/auth/api-keys', { token: side.viewer, body })).json() as { id: string }).id
  },
  host_id: async ({ send }, side) => {
    const reply = await send('POST', '/api/hosts', { token: side.user, body: { hostname: `made-${side.tenant_id.slice(0, 8)}` } })
    return (reply.json() as { id: string }).id
  },
  sha256: async (world, side) => {
    const receipt = (await world.send('GET', `/api/ingestion/imports/${await importOf(world, side)}`, { token: side.user })).json()
    return (receipt as { files: { sha256: string }[] }).files[0]?.sha256 ?? ''
  },
  event_id: async (world, side) => {
    await importOf(world, side)
    const found = (await world.send('POST', '/api/search', { token: side.user, body: {} })).json() as { events: { id: string }[] }
    return found.events[0]?.id ?? ''
  },
  baseline_id: async ({ send }, side) => {
    const body = { name: `made-${side.tenant_id}-${Math.random()}`, fields: ['artifact'] }
    return ((await send('POST', '/api/baselines', { token: side.user, body })).json() as { id: string }).id
  },
  comment_id: async ({ send }, side) => {
    const reply = await send('POST', `/api/annotations/rows/${side.ids.event_id}/comments`, { token: side.user, body: { body: 'made' } })
    return (reply.json() as { id: string }).id
  },
  search_id: async ({ send }, side) => {
    const body = { ...exampleSearch, is_shared: true }
    return ((await send('POST', '/api/saved-searches', { token: side.user, body })).json() as { id: string }).id
  },
  schedule_id: async ({ send }, side) => {
    const body = { search_id: side.ids.search_id, every_minutes: 1440 }
    return ((await send('POST', '/api/schedules', { token: side.user, body })).json() as { id: string }).id
  },
  list_id: makeIndicatorList,
  indicator_id: makeIndicator,
  indicator_run_id: makeIndicatorRun,
  rule_id: makeRule,
  pack_id: makePack,
  rule_import_id: makeRuleImport,
  exception_id: makeException,
  subject_id: (_world, side) => Promise.resolve(side.ids.rule_id ?? ''),
  list_name: makeList,
  detection_id: makeDetection,
  act_id: makeAct,
  detection_comment_id: makeDetectionComment,
  view_id: makeView,
  technique_id: makeTechnique,
  // the map is the same for all: what another tenant could have is only what there is not
  source_id: (world, side) => Promise.resolve(side.tenant_id === world.a.tenant_id ? 'windows-security' : 'none-of-these'),
  alias: async ({ send }, side) => {
    const name = `made_${side.tenant_id.slice(0, 8)}`
    await send('POST', '/api/field-aliases', { token: side.lead, body: { name, field: 'host_name' } })
    return name
  },
  row_id: (_world, side) => Promise.resolve(side.ids.event_id ?? ''),
  parent_id: async ({ send }, side) => {
    const reply = await send('POST', '/api/search-history', { token: side.viewer, body: { state: exampleSearch.state } })
    return (reply.json() as { id: string }).id
  },
  upload_id: async ({ send }, side) => {
    const headers = {
      'tus-resumable': '1.0.0',
      'upload-length': '10',
      'upload-metadata': `filename ${Buffer.from('a.csv').toString('base64')}`,
    }
    const reply = await send('POST', '/api/ingestion/uploads', { token: side.user, headers })
    return decodeURIComponent(String(reply.headers.location).split('/').at(-1) ?? '')
  },
}
