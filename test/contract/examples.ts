// One call that succeeds for each route. A route without one fails the sweep.
import { factorExamples } from './examples-factors.ts'
import { detectionExamples } from './detect/examples-detections.ts'
import { indicatorExamples } from './detect/examples-indicators.ts'
import { ruleExamples } from './detect/examples-rules.ts'
import { notesExamples } from './examples-notes.ts'
import type { Example, World } from './sides.ts'
import { ssoExamples } from './examples-sso.ts'
import { password, tokenOf } from './world.ts'

const admin = (world: World): string => world.a.admin
const user = (world: World): string => world.a.user
const viewer = (world: World): string => world.a.viewer
const platform = (world: World): string => world.platform
const nobody = (): undefined => undefined
const own = (world: World): Record<string, string> => world.a.ids

let made = 0
const name = (): string => `example-${++made}`

const invited = async ({ send, a }: World): Promise<{ id: string; invite: string; username: string }> => {
  const reply = await send('POST', '/api/users', { token: a.admin, body: { username: name(), role: 'user' } })
  return reply.json() as { id: string; invite: string; username: string }
}
const person = async (world: World): Promise<Record<string, string>> => ({ user_id: (await invited(world)).id })
const freshImport = async ({ send, a }: World): Promise<Record<string, string>> => {
  const body = { hostname: name(), data: { artifact: 'Custom.Example', results: [{ n: made }] } }
  return { import_id: ((await send('POST', '/api/ingestion/ingest', { token: a.user, body })).json() as { import_id: string }).import_id }
}
const tus = { 'tus-resumable': '1.0.0' }
const freshUpload = async ({ send, a }: World): Promise<Record<string, string>> => {
  const reply = await send('POST', '/api/ingestion/uploads', { token: a.user, headers: { ...tus, 'upload-length': '10' } })
  return { upload_id: decodeURIComponent(String(reply.headers.location).split('/').at(-1) ?? '') }
}

/** A person of their own, for calls that end sessions or change passwords. */
const newcomer = async ({ send, a }: World): Promise<{ id: string; username: string }> => {
  const reply = await send('POST', '/api/users', { token: a.admin, body: { username: name(), role: 'viewer', password } })
  return reply.json() as { id: string; username: string }
}
const asNewcomer = async (world: World): Promise<string> => tokenOf(world.send, (await newcomer(world)).username)
const freshSession = async ({ send }: World): Promise<Record<string, string>> => {
  const token = await tokenOf(send, 'user-of-Alpha')
  const sessions = (await send('GET', '/api/auth/sessions', { token })).json() as { id: string; is_current: boolean }[]
  return { session_id: sessions.find((session) => session.is_current)?.id ?? '' }
}

const keyOf = async (world: World, token: string): Promise<string> => {
  const body = { name: name(), scopes: ['search'], expires_in_days: 1 }
  return ((await world.send('POST', '/api/auth/api-keys', { token, body })).json() as { id: string }).id
}
const newcomersKey = async (world: World): Promise<Record<string, string>> => {
  const { id, username } = await newcomer(world)
  return { user_id: id, key_id: await keyOf(world, await tokenOf(world.send, username)) }
}

const newcomersSession = async (world: World): Promise<Record<string, string>> => {
  const { id, username } = await newcomer(world)
  const token = await tokenOf(world.send, username)
  const [session] = (await world.send('GET', '/api/auth/sessions', { token })).json() as { id: string }[]
  return { user_id: id, session_id: session?.id ?? '' }
}

const resetLink = async (world: World): Promise<string> => {
  const { id } = await newcomer(world)
  const reply = await world.send('POST', `/api/users/${id}/password-reset`, { token: world.a.admin })
  return new URL((reply.json() as { link: string }).link, 'http://localhost').searchParams.get('token') ?? ''
}
const newPassword = 'kernel flag muffin orbit'

const identity: Record<string, Example> = {
  'POST /api/auth/register': {
    as: nobody,
    body: async (world: World) => {
      const { invite, username } = await invited(world)
      return { username, password, invite }
    },
    status: 201,
  },
  'POST /api/auth/login': { as: nobody, body: () => ({ username: 'user-of-Alpha', password }), status: 200 },
  'POST /api/auth/refresh': {
    as: nobody,
    body: async ({ send }: World) => {
      const reply = await send('POST', '/api/auth/login', { body: { username: 'user-of-Alpha', password } })
      return { refresh_token: (reply.json() as { refresh_token: string }).refresh_token }
    },
    status: 200,
  },
  'POST /api/auth/session': { as: nobody, body: () => ({ username: 'user-of-Alpha', password }), status: 204 },
  'DELETE /api/auth/session': { as: ({ send }) => tokenOf(send, 'viewer-of-Alpha'), status: 204 },
  'POST /api/auth/logout': { as: ({ send }) => tokenOf(send, 'viewer-of-Alpha'), status: 204 },
  'GET /api/auth/sessions': { as: viewer, status: 200 },
  'DELETE /api/auth/sessions/:session_id': { as: user, params: freshSession, status: 204 },
  'DELETE /api/auth/sessions': { as: asNewcomer, status: 200 },
  'GET /api/auth/api-keys': { as: viewer, status: 200 },
  'POST /api/auth/api-keys': { as: viewer, body: () => ({ name: 'A script', scopes: ['search'], expires_in_days: 30 }), status: 201 },
  'DELETE /api/auth/api-keys/:key_id': {
    as: viewer,
    params: async (world: World) => ({ key_id: await keyOf(world, world.a.viewer) }),
    status: 204,
  },
  'GET /api/users/:user_id/sessions': { as: admin, params: own, status: 200 },
  'DELETE /api/users/:user_id/sessions/:session_id': { as: admin, params: newcomersSession, status: 204 },
  'DELETE /api/users/:user_id/sessions': { as: admin, params: person, status: 200 },
  'GET /api/users/:user_id/api-keys': { as: admin, params: own, status: 200 },
  'DELETE /api/users/:user_id/api-keys/:key_id': { as: admin, params: newcomersKey, status: 204 },
  'GET /api/auth/me': { as: viewer, status: 200 },
  'PUT /api/auth/me': { as: viewer, body: () => ({ full_name: 'A Viewer' }), status: 200 },
  'POST /api/auth/password': {
    as: asNewcomer,
    body: () => ({ current_password: password, new_password: newPassword }),
    status: 200,
  },
  'POST /api/auth/password-reset/request': { as: nobody, body: () => ({ email: 'user@alpha.example' }), status: 200 },
  'POST /api/auth/password-reset/confirm': {
    as: nobody,
    body: async (world: World) => ({ token: await resetLink(world), new_password: newPassword }),
    status: 200,
  },
  'POST /api/users/:user_id/password-reset': {
    as: admin,
    params: async (world: World) => ({ user_id: (await newcomer(world)).id }),
    status: 200,
  },
  'POST /api/auth/password-check': { as: nobody, body: () => ({ password: 'x' }), status: 200 },
  'GET /api/users': { as: admin, status: 200 },
  'POST /api/users': { as: admin, body: () => ({ username: name(), role: 'user' }), status: 201 },
  'GET /api/users/:user_id': { as: admin, params: own, status: 200 },
  'PUT /api/users/:user_id': { as: admin, params: own, body: () => ({ full_name: 'Renamed' }), status: 200 },
  'DELETE /api/users/:user_id': { as: admin, params: person, status: 204 },
  'POST /api/users/:user_id/invite': { as: admin, params: person, status: 200 },
}

const inviteToken = async ({ send, b }: World): Promise<string> => {
  const reply = await send('POST', '/api/invitations', { token: b.admin, body: { role: 'viewer' } })
  return (reply.json() as { link: string }).link.split('/').at(-1) ?? ''
}
const invitedHere = async ({ send, a }: World): Promise<Record<string, string>> => {
  const reply = await send('POST', '/api/invitations', { token: a.admin, body: { role: 'viewer' } })
  return { invitation_id: (reply.json() as { id: string }).id }
}
/** Somebody of the other tenant, who joins this one. */
const stranger = async (world: World): Promise<string> => {
  const body = { username: name(), role: 'viewer', password }
  await world.send('POST', '/api/users', { token: world.b.admin, body })
  return tokenOf(world.send, body.username)
}
const inviteHere = async ({ send, a }: World): Promise<string> => {
  const reply = await send('POST', '/api/invitations', { token: a.admin, body: { role: 'viewer' } })
  return (reply.json() as { link: string }).link.split('/').at(-1) ?? ''
}

const freshTenant = async ({ send, platform: token }: World): Promise<Record<string, string>> => {
  const reply = await send('POST', '/api/tenants', { token, body: { name: name() } })
  return { tenant_id: (reply.json() as { id: string }).id }
}
const suspendedTenant = async (world: World): Promise<Record<string, string>> => {
  const ids = await freshTenant(world)
  await world.send('POST', `/api/tenants/${ids.tenant_id}/suspend`, { token: world.platform })
  return ids
}

const memberships: Record<string, Example> = {
  'GET /api/auth/memberships': { as: viewer, status: 200 },
  'POST /api/auth/switch': { as: asNewcomer, body: ({ a }: World) => ({ tenant_id: a.tenant_id }), status: 200 },
  'POST /api/invitations': { as: admin, body: () => ({ role: 'analyst', email: `${name()}@example.org` }), status: 201 },
  'GET /api/invitations': { as: ({ a }: World) => a.lead, status: 200 },
  'DELETE /api/invitations/:invitation_id': { as: admin, params: invitedHere, status: 204 },
  'POST /api/auth/invitations/read': { as: nobody, body: async (world: World) => ({ token: await inviteToken(world) }), status: 200 },
  'POST /api/auth/invitations/accept': { as: stranger, body: async (world: World) => ({ token: await inviteHere(world) }), status: 200 },
  'POST /api/tenants/:tenant_id/invitations': { as: platform, params: own, body: () => ({ role: 'admin' }), status: 201 },
  'POST /api/tenants/:tenant_id/suspend': { as: platform, params: freshTenant, status: 200 },
  'POST /api/tenants/:tenant_id/resume': { as: platform, params: suspendedTenant, status: 200 },
  'GET /api/tenants/:tenant_id/export': { as: admin, params: own, status: 200 },
  'POST /api/tenants/:tenant_id/erase': {
    as: platform,
    params: suspendedTenant,
    body: () => ({ name: `example-${made}` }),
    status: 202,
  },
  'GET /api/erasures': { as: platform, status: 200 },
  'POST /api/tenants/:tenant_id/join': { as: platform, params: own, body: () => ({ role: 'viewer' }), status: 200 },
}

const tenants: Record<string, Example> = {
  'GET /api/tenants': { as: viewer, status: 200 },
  'POST /api/tenants': { as: platform, body: () => ({ name: name() }), status: 201 },
  'GET /api/tenants/:tenant_id': { as: viewer, params: own, status: 200 },
  'PUT /api/tenants/:tenant_id': { as: platform, params: own, body: () => ({ description: 'Said' }), status: 200 },
}

const operations: Record<string, Example> = {
  'GET /health': { as: nobody, status: 200 },
  'GET /': { as: nobody, headers: { accept: 'application/json' }, status: 200 },
  'GET /api/setup': { as: nobody, status: 200 },
  'POST /api/vt/lookup': { as: user, body: () => ({ hash: 'a'.repeat(64) }), status: 503 },
}

const mail: Record<string, Example> = {
  'GET /api/mail': { as: platform, status: 200 },
  'POST /api/mail/test': { as: platform, body: () => ({}), status: 503 },
}

const hosts: Record<string, Example> = {
  'GET /api/hosts': { as: viewer, status: 200 },
  'POST /api/hosts': { as: user, body: () => ({ hostname: name() }), status: 201 },
  'GET /api/hosts/:host_id': { as: viewer, params: own, status: 200 },
  'GET /api/hosts/:host_id/artifacts': { as: viewer, params: own, status: 200 },
  'GET /api/hosts/coverage': { as: viewer, status: 200 },
  'GET /api/hosts/:host_id/overview': { as: viewer, params: own, status: 200 },
  'GET /api/hosts/:host_id/processes': { as: viewer, params: own, status: 200 },
  'GET /api/hosts/:host_id/network': { as: viewer, params: own, status: 200 },
  'GET /api/hosts/:host_id/network/peers': { as: viewer, params: own, status: 200 },
  'GET /api/hosts/:host_id/persistence': { as: viewer, params: own, status: 200 },
  'GET /api/hosts/:host_id/logons': { as: viewer, params: own, status: 200 },
  'GET /api/hosts/:host_id/software': { as: viewer, params: own, status: 200 },
}

const ingestion: Record<string, Example> = {
  'POST /api/ingestion/ingest': {
    as: user,
    body: () => ({ hostname: name(), data: { artifact: 'Custom.Example', results: [] } }),
    status: 200,
  },
  'POST /api/csp-reports': {
    as: nobody,
    headers: { 'content-type': 'application/csp-report' },
    body: () => Buffer.from('{"csp-report":{"effective-directive":"script-src"}}'),
    status: 204,
  },
  'OPTIONS /api/ingestion/uploads': { as: user, headers: tus, status: 204 },
  'POST /api/ingestion/uploads': { as: user, headers: { ...tus, 'upload-length': '10' }, status: 201 },
  'HEAD /api/ingestion/uploads/:upload_id': { as: user, params: own, headers: tus, status: 200 },
  'PATCH /api/ingestion/uploads/:upload_id': {
    as: user,
    params: freshUpload,
    headers: { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    body: () => Buffer.from('a,b\n1,2'),
    status: 204,
  },
  'DELETE /api/ingestion/uploads/:upload_id': { as: user, params: freshUpload, headers: tus, status: 204 },
  'GET /api/ingestion/imports': { as: viewer, status: 200 },
  'GET /api/ingestion/imports/:import_id': { as: viewer, params: own, status: 200 },
  'GET /api/ingestion/imports/:import_id/rejects': { as: viewer, params: own, status: 200 },
  'POST /api/ingestion/imports/:import_id/cancel': { as: user, params: freshImport, status: [200, 409] },
  'POST /api/ingestion/imports/:import_id/retry': { as: user, params: own, status: [200, 409] },
  'POST /api/ingestion/imports/:import_id/unlock': { as: user, params: own, body: () => ({ password: 'x' }), status: [200, 409] },
  'DELETE /api/ingestion/imports/:import_id': { as: user, params: freshImport, status: 202 },
  'GET /api/ingestion/imports/:import_id/files/:sha256': { as: user, params: own, status: 200 },
  'GET /api/ingestion/storage': { as: viewer, status: 200 },
  'POST /api/ingestion/demo': { as: user, body: () => ({ hosts: 1 }), status: 202 },
}

const freshBaseline = async ({ send, a }: World): Promise<Record<string, string>> => {
  const reply = await send('POST', '/api/baselines', { token: a.user, body: { name: name(), fields: ['artifact'] } })
  return { baseline_id: (reply.json() as { id: string }).id }
}
const search: Record<string, Example> = {
  'POST /api/search': { as: viewer, body: () => ({}), status: 200 },
  'POST /api/compare': {
    as: viewer,
    body: ({ a }: World) => ({
      left: { kind: 'hosts', ids: [a.ids.host_id] },
      right: { kind: 'imports', ids: [a.ids.import_id] },
      artifact: 'Generic.Client.Info',
    }),
    status: 200,
  },
  'POST /api/compare/artifacts': {
    as: viewer,
    body: ({ a }: World) => ({ left: { kind: 'hosts', ids: [a.ids.host_id] }, right: { kind: 'hunt', id: 'H.1' } }),
    status: 200,
  },
  'POST /api/all/search': { as: viewer, body: () => ({ query: 'artifact:*' }), status: 200 },
  'POST /api/search/export': { as: viewer, body: () => ({ format: 'csv' }), status: 200 },
  'GET /api/search/events/:event_id': { as: viewer, params: own, status: 200 },
  'POST /api/search/histogram': { as: viewer, body: () => ({}), status: 200 },
  'POST /api/search/fields': { as: viewer, body: () => ({}), status: 200 },
  'POST /api/search/facets': { as: viewer, body: () => ({ fields: ['artifact'] }), status: 200 },
  'POST /api/prevalence': { as: viewer, body: () => ({ values: [{ field: 'artifact', value: 'Custom.Example' }] }), status: 200 },
  'POST /api/search/values': { as: viewer, body: () => ({ field: 'artifact' }), status: 200 },
  'POST /api/search/stack': { as: viewer, body: () => ({ fields: ['artifact'] }), status: 200 },
  'POST /api/search/stack/group': { as: viewer, body: () => ({ fields: ['artifact'], values: ['Custom.Example'] }), status: 200 },
  'GET /api/baselines': { as: viewer, status: 200 },
  'POST /api/baselines': { as: user, body: () => ({ name: name(), fields: ['artifact'] }), status: 201 },
  'POST /api/baselines/:baseline_id/groups': {
    as: user,
    params: own,
    body: () => ({ fields: ['artifact'], values: [name()] }),
    status: 200,
  },
  'DELETE /api/baselines/:baseline_id': { as: user, params: freshBaseline, status: 204 },
  'GET /api/search/overview': { as: viewer, status: 200 },
  'POST /api/timeline': { as: viewer, body: () => ({}), status: 200 },
  'POST /api/timeline/density': { as: viewer, body: () => ({}), status: 200 },
  'POST /api/timeline/fields': { as: viewer, body: () => ({}), status: 200 },
  // A row of an import without times has nothing before or after it.
  'POST /api/timeline/surrounding': {
    as: viewer,
    body: ({ a }: World) => ({ event_id: a.ids.event_id, at: '2026-01-01T00:00:00Z' }),
    status: 200,
  },
}

const audit: Record<string, Example> = {
  'GET /api/audit': { as: admin, status: 200 },
  'GET /api/audit/export': { as: admin, query: 'format=csv', status: 200 },
  'GET /api/audit/verify': { as: admin, status: 200 },
}

export const examples: Readonly<Record<string, Example>> = {
  ...identity,
  ...memberships,
  ...factorExamples,
  ...ssoExamples,
  ...tenants,
  ...operations,
  ...mail,
  ...hosts,
  ...ingestion,
  ...search,
  ...notesExamples,
  ...ruleExamples,
  ...indicatorExamples,
  ...detectionExamples,
  ...audit,
}
