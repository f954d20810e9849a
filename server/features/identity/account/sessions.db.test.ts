import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import type { OwnSession } from '../../../../shared/contract/account.ts'
import { inAuth } from '../../../db/auth.ts'
import { createTokens } from '../credentials/tokens.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
let app: SmallApp

interface Call {
  token?: string
  cookie?: string
  body?: unknown
  ip?: string
  headers?: Record<string, string>
}
const call = (method: 'GET' | 'POST' | 'DELETE', url: string, o: Call = {}) =>
  app.http.inject({
    method,
    url,
    remoteAddress: o.ip ?? '127.0.0.1',
    headers: {
      host: 'localhost:8000',
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
      ...(o.cookie === undefined ? {} : { cookie: o.cookie, origin: 'http://localhost:8000' }),
      ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...o.headers,
    },
    ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
  })

interface Tokens {
  access_token: string
  refresh_token: string
}
const tokensOf = async (username: string, o: Call = {}): Promise<Tokens> =>
  (await call('POST', '/api/auth/login', { ...o, body: { username, password: pass } })).json<Tokens>()
const cookieOf = async (username: string): Promise<string> => {
  const reply = await call('POST', '/api/auth/session', { body: { username, password: pass }, headers: { 'user-agent': 'curl/8' } })
  return String(reply.headers['set-cookie']).split(';')[0] ?? ''
}
const refresh = (refresh_token: string, o: Call = {}) => call('POST', '/api/auth/refresh', { ...o, body: { refresh_token } })
const statusOf = async (o: Call): Promise<number> => (await call('GET', '/api/auth/me', o)).statusCode
const sessionsOf = async (o: Call): Promise<OwnSession[]> => (await call('GET', '/api/auth/sessions', o)).json<OwnSession[]>()
const wait = (ms: number): void => {
  app.clock.now = new Date(app.clock.now.getTime() + ms)
}

beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  app = await startSmallApp(plane, {})
  for (const username of ['ann', 'bob'])
    await app.identity.createUserByOperator({ username, password: pass, tenant_name: 'Home', role: 'admin', is_platform_admin: false })
})
afterEach(() => app.http.close())

describe('a refresh token', () => {
  const unspent = () =>
    inAuth(plane.control.auth, (q) => q.selectFrom('refresh_tokens').select('token_hash').where('used_at', 'is', null).execute())

  it('that 50 tabs spend at once has one live successor, which all of them are given', async () => {
    const old = (await tokensOf('ann')).refresh_token
    const replies = await Promise.all(Array.from({ length: 50 }, () => refresh(old)))
    expect(new Set(replies.map((r) => r.statusCode))).toEqual(new Set([200]))
    const successors = new Set(replies.map((r) => r.json<Tokens>().refresh_token))
    expect(successors.size).toBe(1)
    expect(successors).not.toContain(old)
    expect(await unspent()).toHaveLength(1)
    const [successor = ''] = successors
    expect((await refresh(successor)).statusCode).toBe(200)
  })
  it('that comes again after 10 s ends its whole family', async () => {
    const old = (await tokensOf('ann')).refresh_token
    const next = (await refresh(old)).json<Tokens>()
    expect(await statusOf({ token: next.access_token })).toBe(200)
    wait(11_000)
    expect((await refresh(old)).statusCode).toBe(401)
    expect((await refresh(next.refresh_token)).statusCode).toBe(401)
    expect(await statusOf({ token: next.access_token })).toBe(401)
    const other = await tokensOf('ann')
    expect(await statusOf({ token: other.access_token })).toBe(200)
  })
  it('that comes from another program ends its family at once', async () => {
    const [one, two] = [{ 'user-agent': 'one' }, { 'user-agent': 'two' }]
    const old = (await tokensOf('ann', { headers: one })).refresh_token
    const next = (await refresh(old, { headers: one })).json<Tokens>()
    expect((await refresh(old, { headers: two })).statusCode).toBe(401)
    expect(await statusOf({ token: next.access_token })).toBe(401)
    expect((await refresh(next.refresh_token, { headers: one })).statusCode).toBe(401)
  })
  it('gives its successor to no other address, and to nobody once that is spent itself', async () => {
    const old = (await tokensOf('ann', { headers: { 'user-agent': 'one' } })).refresh_token
    const headers = { 'user-agent': 'one' }
    const next = (await refresh(old, { headers })).json<Tokens>()
    expect((await refresh(old, { headers, ip: '192.0.2.7' })).statusCode).toBe(401)
    expect((await refresh(old, { headers })).statusCode).toBe(200)
    expect((await refresh(next.refresh_token, { headers })).statusCode).toBe(200)
    expect((await refresh(old, { headers })).statusCode).toBe(401)
  })
  it('cannot be reckoned from the one before it without the secret of the server', async () => {
    const { refresh_token } = await tokensOf('ann')
    const next = (await refresh(refresh_token)).json<Tokens>().refresh_token
    expect(app.identity.deps.tokens.successorOf(refresh_token)).toBe(next)
    expect(createTokens('another secret of the tests, as long').successorOf(refresh_token)).not.toBe(next)
  })
})

describe('signing out', () => {
  it('ends the session of the bearer token with its refresh token, and no other', async () => {
    const [mine, other] = [await tokensOf('ann'), await tokensOf('ann')]
    const cookie = await cookieOf('ann')
    const reply = await call('POST', '/api/auth/logout', { token: mine.access_token, headers: { cookie } })
    expect([reply.statusCode, reply.body, reply.headers['set-cookie']]).toEqual([204, '', undefined])
    expect(await statusOf({ token: mine.access_token })).toBe(401)
    expect((await refresh(mine.refresh_token)).statusCode).toBe(401)
    expect(await statusOf({ token: other.access_token })).toBe(200)
    expect(await statusOf({ cookie })).toBe(200)
  })
  it('ends the session of the cookie and takes the cookie away', async () => {
    const cookie = await cookieOf('ann')
    const reply = await call('POST', '/api/auth/logout', { cookie })
    expect(reply.statusCode).toBe(204)
    expect(reply.headers['set-cookie']).toMatch(/^__Host-vc_session=; .*Max-Age=0/)
    expect(await statusOf({ cookie })).toBe(401)
  })
  it('works over plain HTTP from afar for a bearer token, which needs no cookie', async () => {
    const { access_token } = await tokensOf('ann')
    const remote = { token: access_token, ip: '192.0.2.7', headers: { host: 'hunt.example' } }
    expect((await call('POST', '/api/auth/logout', remote)).statusCode).toBe(204)
  })
})

describe('own sessions', () => {
  it('are listed with device, address and the one that asks, without secrets and without those of others', async () => {
    const { access_token } = await tokensOf('ann', { ip: '192.0.2.7', headers: { 'user-agent': 'python-requests/2.32' } })
    await cookieOf('ann')
    await tokensOf('bob')
    const reply = await call('GET', '/api/auth/sessions', { token: access_token })
    const listed = reply.json<OwnSession[]>()
    expect(reply.headers['x-total-count']).toBe('2')
    expect(listed.map(({ kind, device, address, is_current }) => ({ kind, device, address, is_current }))).toEqual(
      expect.arrayContaining([
        { kind: 'api', device: 'python-requests', address: '192.0.2.7', is_current: true },
        { kind: 'browser', device: 'curl', address: '127.0.0.1', is_current: false },
      ]),
    )
    expect(reply.body).not.toContain('hash')
    wait(3_700_000)
    const later = await tokensOf('ann')
    expect((await sessionsOf({ token: later.access_token })).map((s) => s.kind)).toEqual(['api', 'api'])
  })
  it('are ended one by one: own ones only, and an id of another person is like one that never was', async () => {
    const [mine, other, bobs] = [await tokensOf('ann'), await tokensOf('ann'), await tokensOf('bob')]
    const token = mine.access_token
    const otherId = (await sessionsOf({ token: other.access_token })).find((s) => s.is_current)?.id ?? ''
    const bobsId = (await sessionsOf({ token: bobs.access_token })).find((s) => s.is_current)?.id ?? ''
    const end = (id: string) => call('DELETE', `/api/auth/sessions/${id}`, { token })
    const [foreign, random] = [await end(bobsId), await end('0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11')]
    expect([foreign.statusCode, random.statusCode]).toEqual([404, 404])
    expect(foreign.json<{ detail: string }>().detail).toBe(random.json<{ detail: string }>().detail)
    expect(await statusOf({ token: bobs.access_token })).toBe(200)
    expect(await statusOf({ token: other.access_token })).toBe(200)
    expect((await end(otherId)).statusCode).toBe(204)
    expect(await statusOf({ token: other.access_token })).toBe(401)
    expect((await refresh(other.refresh_token)).statusCode).toBe(401)
    expect((await end(otherId)).statusCode).toBe(404)
    expect(await statusOf({ token })).toBe(200)
  })
  it('are all ended but the one that asks, which is told how many', async () => {
    const { access_token: token } = await tokensOf('ann')
    const [second, bobs] = [await tokensOf('ann'), await tokensOf('bob')]
    const cookie = await cookieOf('ann')
    const reply = await call('DELETE', '/api/auth/sessions', { token })
    expect([reply.statusCode, reply.json()]).toEqual([200, { ended_sessions: 2 }])
    expect(await statusOf({ token: second.access_token })).toBe(401)
    expect(await statusOf({ cookie })).toBe(401)
    expect(await statusOf({ token })).toBe(200)
    expect(await statusOf({ token: bobs.access_token })).toBe(200)
    expect((await sessionsOf({ token })).map((s) => s.is_current)).toEqual([true])
  })
})
