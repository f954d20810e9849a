import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import type { ApiKey } from '../../../../shared/contract/access/keys.ts'
import type { GivenRole } from '../../../../shared/domain/permissions.ts'
import { inAuth } from '../../../db/auth.ts'
import { inTenant } from '../../../db/tenant.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
let app: SmallApp
let ann: { id: string; tenant_id: string; token: string }

interface Call {
  token?: string
  body?: unknown
  ip?: string
  headers?: Record<string, string>
}
const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, o: Call = {}) =>
  app.http.inject({
    method,
    url,
    remoteAddress: o.ip ?? '127.0.0.1',
    headers: {
      host: 'localhost:8000',
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
      ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...o.headers,
    },
    ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
  })
const person = async (username: string, role: GivenRole, o: { tenant?: string; platform?: boolean } = {}) => {
  const user = await app.identity.createUserByOperator({
    username,
    password: pass,
    tenant_name: o.tenant ?? 'Home',
    role,
    is_platform_admin: o.platform ?? false,
  })
  const reply = await call('POST', '/api/auth/login', { body: { username, password: pass } })
  return { id: user.id, tenant_id: user.tenant_id, token: reply.json<{ access_token: string }>().access_token }
}
const make = async (token: string, o: { scopes?: string[]; expires_in_days?: number } = {}) => {
  const reply = await call('POST', '/api/auth/api-keys', {
    token,
    body: { name: 'nightly export', scopes: ['audit.read', 'users.read'], expires_in_days: 30, ...o },
  })
  expect(reply.statusCode, reply.body).toBe(201)
  return reply.json<ApiKey & { key: string }>()
}
const reads = async (key: string, o: Call = {}): Promise<number> => (await call('GET', '/api/users', { ...o, token: key })).statusCode
const wait = (ms: number): void => {
  app.clock.now = new Date(app.clock.now.getTime() + ms)
}

beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  app = await startSmallApp(plane, {})
  ann = await person('ann', 'admin')
})
afterEach(() => app.http.close())

describe('an API key', () => {
  it('is shown once, is known by its mark, and is kept as a hash', async () => {
    const made = await make(ann.token)
    expect(made.key).toMatch(/^vc_[\w-]{43}$/)
    expect(made.prefix).toBe(made.key.slice(0, 8))
    const listed = await call('GET', '/api/auth/api-keys', { token: ann.token })
    expect(listed.json<ApiKey[]>().map(({ id, name, is_over }) => ({ id, name, is_over }))).toEqual([
      { id: made.id, name: 'nightly export', is_over: false },
    ])
    expect(listed.headers['x-total-count']).toBe('1')
    expect(listed.body).not.toContain(made.key)
    const rows = await inAuth(plane.control.auth, (q) => q.selectFrom('api_keys').selectAll().execute())
    expect(JSON.stringify(rows)).not.toContain(made.key.slice(8))
    expect(rows[0]?.token_hash).toBe(createHash('sha256').update(made.key).digest('hex'))
    expect(await reads(made.key)).toBe(200)
  })
  it('is opened by nothing else that is known of it', async () => {
    await make(ann.token)
    const [row] = await inAuth(plane.control.auth, (q) => q.selectFrom('api_keys').selectAll().execute())
    const known = Object.values(row ?? {}).flatMap((value) => (value instanceof Date ? [value.toISOString()] : [String(value)]))
    expect(known.length).toBeGreaterThan(10)
    for (const value of [...known, ...known.map((v) => `vc_${v}`), ann.id])
      expect(await reads(value.replaceAll(/\s/g, '') || 'x'), value).toBe(401)
  })
  it('is no key in another header or a cookie', async () => {
    const { key } = await make(ann.token)
    const elsewhere: Record<string, string>[] = [
      { 'x-api-key': key },
      { cookie: `__Host-vc_session=${key}` },
      { authorization: `Basic ${key}` },
    ]
    for (const headers of elsewhere) expect((await call('GET', '/api/users', { headers })).statusCode).toBe(401)
  })
  it('may do what its scopes and the role of its owner both allow, as the role is at that time', async () => {
    const boss = await person('boss', 'admin')
    const { key } = await make(ann.token)
    const narrow = await make(ann.token, { scopes: ['search'] })
    expect(await reads(narrow.key)).toBe(403)
    expect(await reads(key)).toBe(200)
    await call('PUT', `/api/users/${ann.id}`, { token: boss.token, body: { role: 'viewer' } })
    const refused = await call('GET', '/api/users', { token: key })
    expect(refused.statusCode).toBe(403)
    expect(refused.json<{ detail: string }>().detail).toContain('the role of its owner does not allow it any more')
    await call('PUT', `/api/users/${ann.id}`, { token: boss.token, body: { role: 'admin' } })
    expect(await reads(key)).toBe(200)
  })
  it('cannot be given what its owner may not, nor what is for people alone', async () => {
    const viewer = await person('vic', 'viewer')
    const wish = (token: string, scopes: string[]) =>
      call('POST', '/api/auth/api-keys', { token, body: { name: 'x', scopes, expires_in_days: 1 } })
    const beyond = await wish(viewer.token, ['search', 'imports.write'])
    expect([beyond.statusCode, beyond.json<{ detail: string }>().detail]).toEqual([422, expect.stringContaining('imports.write')])
    for (const scope of ['users.manage', 'tenant.manage', 'platform.manage', 'everything'])
      expect((await wish(ann.token, [scope])).statusCode, scope).toBe(422)
    expect((await wish(ann.token, [])).statusCode).toBe(422)
  })
  it('ends: after a year at most, and when its time is over', async () => {
    const body = { name: 'x', scopes: ['search'] }
    for (const more of [{}, { expires_in_days: 366 }, { expires_in_days: 0 }, { expires_in_days: null }])
      expect((await call('POST', '/api/auth/api-keys', { token: ann.token, body: { ...body, ...more } })).statusCode).toBe(422)
    const { key } = await make(ann.token, { expires_in_days: 1 })
    wait(86_000_000)
    expect(await reads(key)).toBe(200)
    wait(1_000_000)
    const over = await call('GET', '/api/users', { token: key })
    expect([over.statusCode, over.json<{ detail: string }>().detail]).toEqual([401, expect.stringContaining('This API key opens nothing')])
    const token = (await call('POST', '/api/auth/login', { body: { username: 'ann', password: pass } })).json<{ access_token: string }>()
    const [listed] = (await call('GET', '/api/auth/api-keys', { token: token.access_token })).json<ApiKey[]>()
    expect(listed?.is_over).toBe(true)
  })
  it('tells when and from where it was used last', async () => {
    const { key } = await make(ann.token)
    const seen = async () => (await call('GET', '/api/auth/api-keys', { token: ann.token })).json<ApiKey[]>()[0]
    expect(await seen()).toMatchObject({ last_used_at: null, last_used_address: null })
    await reads(key, { ip: '192.0.2.7' })
    expect(await seen()).toMatchObject({ last_used_at: app.clock.now.toISOString(), last_used_address: '192.0.2.7' })
    wait(5_000)
    await reads(key, { ip: '192.0.2.8' })
    expect(await seen()).toMatchObject({ last_used_address: '192.0.2.8' })
  })
})

describe('a key is dead at once', () => {
  it('when its owner revokes it, and no one else of the same rank may', async () => {
    const bob = await person('bob', 'user')
    const [made, other] = [await make(ann.token), await make(ann.token)]
    expect(await reads(made.key)).toBe(200)
    expect((await call('DELETE', `/api/auth/api-keys/${made.id}`, { token: bob.token })).statusCode).toBe(404)
    expect((await call('DELETE', `/api/users/${ann.id}/api-keys/${made.id}`, { token: bob.token })).statusCode).toBe(403)
    expect((await call('DELETE', `/api/auth/api-keys/${made.id}`, { token: ann.token })).statusCode).toBe(204)
    expect(await reads(made.key)).toBe(401)
    expect(await reads(other.key)).toBe(200)
    expect((await call('DELETE', `/api/auth/api-keys/${made.id}`, { token: ann.token })).statusCode).toBe(404)
  })
  it('when an admin of the tenant revokes it, who sees it first; one of another tenant sees nothing', async () => {
    const bob = await person('bob', 'user')
    const eve = await person('eve', 'admin', { tenant: 'Elsewhere' })
    const made = await make(bob.token, { scopes: ['search'] })
    for (const url of [`/api/users/${bob.id}/api-keys`, `/api/users/${eve.id}/api-keys`])
      expect((await call('GET', url, { token: url.includes(bob.id) ? eve.token : ann.token })).statusCode).toBe(404)
    expect((await call('DELETE', `/api/users/${bob.id}/api-keys/${made.id}`, { token: eve.token })).statusCode).toBe(404)
    expect((await call('DELETE', `/api/users/${eve.id}/api-keys/${made.id}`, { token: eve.token })).statusCode).toBe(404)
    const seen = (await call('GET', `/api/users/${bob.id}/api-keys`, { token: ann.token })).json<ApiKey[]>()
    expect(seen.map((key) => key.id)).toEqual([made.id])
    expect((await call('DELETE', `/api/users/${bob.id}/api-keys/${made.id}`, { token: ann.token })).statusCode).toBe(204)
    expect((await call('GET', '/api/auth/me', { token: made.key })).statusCode).toBe(401)
  })
  it('when its owner is deactivated, and stays so when they come back', async () => {
    const bob = await person('bob', 'user')
    const { key } = await make(bob.token, { scopes: ['search'] })
    const me = async () => (await call('GET', '/api/auth/me', { token: key })).statusCode
    expect(await me()).toBe(200)
    await call('DELETE', `/api/users/${bob.id}`, { token: ann.token })
    expect(await me()).toBe(401)
    await call('PUT', `/api/users/${bob.id}`, { token: ann.token, body: { is_active: true } })
    expect(await me()).toBe(401)
  })
  it('within 5 s when another process did it', async () => {
    const { key } = await make(ann.token)
    expect(await reads(key)).toBe(200)
    await inAuth(plane.control.auth, (q) => q.updateTable('api_keys').set({ revoked_at: app.clock.now }).execute())
    wait(4_900)
    expect(await reads(key)).toBe(401)
  })
})

describe('a key is no person', () => {
  it('it makes no key, changes no password, ends no session, and is no platform admin', async () => {
    const root = await person('root', 'admin', { platform: true })
    const { key } = await make(root.token)
    const me = (await call('GET', '/api/auth/me', { token: key })).json<User>()
    expect(me.username).toBe('root')
    for (const [method, url, body] of [
      ['POST', '/api/auth/api-keys', { name: 'wider', scopes: ['search'], expires_in_days: 1 }],
      ['GET', '/api/auth/api-keys', undefined],
      ['PUT', '/api/auth/me', { password: 'another fine long one', current_password: pass }],
      ['POST', '/api/auth/password', { current_password: pass, new_password: 'another fine long one' }],
      ['POST', `/api/users/${ann.id}/password-reset`, {}],
      ['GET', '/api/auth/sessions', undefined],
      ['DELETE', '/api/auth/sessions', {}],
      ['POST', '/api/tenants', { name: 'Mine' }],
    ] as const)
      expect((await call(method, url, { token: key, body })).statusCode, url).toBe(403)
  })
  it('it does not spare its holder the waiting after wrong passwords', async () => {
    const { key } = await make(ann.token)
    const tries: number[] = []
    for (let n = 0; n < 12; n++)
      tries.push((await call('POST', '/api/auth/login', { token: key, body: { username: 'ann', password: `wrong ${n}` } })).statusCode)
    expect(tries).toContain(429)
  })
  it('the audit log names it beside its owner', async () => {
    const { key, id } = await make(ann.token, { scopes: ['search'] })
    await call('POST', '/api/users', { token: key, headers: { 'x-request-id': 'by-a-key' }, body: { username: 'x', role: 'viewer' } })
    const rows = await inTenant(plane.control.forTenant(ann.tenant_id), (q) => q.selectFrom('audit_rows').selectAll().execute())
    const denied = rows.find((row) => row.request_id === 'by-a-key')
    expect(denied).toMatchObject({ actor_name: 'ann', outcome: 'denied', action: 'user.create' })
    expect(JSON.parse(denied?.details ?? '')).toMatchObject({ api_key: { id, name: 'nightly export' } })
    const made = rows.find((row) => row.action === 'key.create')
    expect(made).toMatchObject({ object_id: id, actor_name: 'ann' })
    expect(made?.details).not.toContain(key.slice(8))
  })
  it('outlives a changed password, and ends with a reset link, whose row in the audit log says how many did', async () => {
    const bob = await person('bob', 'admin')
    const { key } = await make(bob.token)
    await make(bob.token)
    const changed = { current_password: pass, new_password: 'another kernel muffin orbit' }
    expect((await call('POST', '/api/auth/password', { token: bob.token, body: changed })).statusCode).toBe(200)
    expect(await reads(key)).toBe(200)
    const { link } = (await call('POST', `/api/users/${bob.id}/password-reset`, { token: ann.token })).json<{ link: string }>()
    const body = { token: new URL(link, 'http://localhost').searchParams.get('token'), new_password: 'seven quiet lanterns drift' }
    expect((await call('POST', '/api/auth/password-reset/confirm', { body })).statusCode).toBe(200)
    expect(await reads(key)).toBe(401)
    const rows = await inTenant(plane.control.forTenant(ann.tenant_id), (q) => q.selectFrom('audit_rows').selectAll().execute())
    const reset = rows.find((row) => row.action === 'password.reset')
    expect(JSON.parse(reset?.details ?? '')).toMatchObject({ revoked_keys: 2 })
  })
  it('a person has 50 at most', async () => {
    const wish = () => call('POST', '/api/auth/api-keys', { token: ann.token, body: { name: 'n', scopes: ['search'], expires_in_days: 1 } })
    for (let n = 0; n < 49; n++) await wish()
    const last = await Promise.all([wish(), wish(), wish()])
    expect(last.map((r) => r.statusCode).sort((a, b) => a - b)).toEqual([201, 409, 409])
  })
})
