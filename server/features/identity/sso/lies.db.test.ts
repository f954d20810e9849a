// A provider that lies gets nobody in: one lie at a time, against the truth as the control.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { type Lie, type LyingProvider, startLyingProvider } from '../../../../test/harness/provider/lying-provider.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import { inAuth } from '../../../db/auth.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
const seconds = (): number => Math.floor(Date.now() / 1000)
let idp: LyingProvider
let app: SmallApp
let tenantId = ''
let admin = ''
let round = 0

const call = (method: 'POST' | 'PUT', url: string, o: { token?: string; cookie?: string; body: unknown }) =>
  app.http.inject({
    method,
    url,
    headers: {
      host: 'localhost:8000',
      origin: 'http://localhost:8000',
      'content-type': 'application/json',
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
      ...(o.cookie === undefined ? {} : { cookie: o.cookie }),
    },
    body: JSON.stringify(o.body),
  })
/** Saved anew each time, so that nothing of the provider is remembered from the lie before. */
const setUp = () => {
  app.clock.now = new Date()
  return call('PUT', '/api/sso', {
    token: admin,
    body: {
      is_enabled: true,
      label: `round ${round++}`,
      issuer: idp.issuer,
      client: idp.client_id,
      client_secret: idp.client_secret,
      role_map: [{ group: 'hunters', role: 'analyst' }],
    },
  })
}
const arrive = async (): Promise<{ status: number; detail: string; hasSession: boolean }> => {
  const started = await call('POST', '/api/auth/sso/start', { body: { tenant: tenantId } })
  expect(started.statusCode, started.body).toBe(200)
  const cookie = String(started.headers['set-cookie']).split(';')[0] ?? ''
  const reply = await call('POST', '/api/auth/sso/finish', {
    cookie,
    body: { query: idp.visit(started.json<{ url: string }>().url) },
  })
  const { detail = '' } = reply.json<{ detail?: string }>()
  return { status: reply.statusCode, detail, hasSession: String(reply.headers['set-cookie']).includes('__Host-vc_session=') }
}
const people = async (): Promise<number> => (await inAuth(plane.control.auth, (q) => q.selectFrom('users').select('id').execute())).length

beforeAll(async () => {
  idp = await startLyingProvider()
  app = await startSmallApp(plane, { OUTBOUND_ALLOW: `127.0.0.1:${idp.port}` })
  tenantId = (
    await app.identity.createUserByOperator({
      username: 'boss',
      password: pass,
      tenant_name: 'Home',
      role: 'admin',
      is_platform_admin: false,
    })
  ).tenant_id
  const reply = await call('POST', '/api/auth/login', { body: { username: 'boss', password: pass } })
  admin = reply.json<{ access_token: string }>().access_token
})
afterAll(async () => {
  await app.http.close()
  await idp.close()
})

const lies: Record<string, Lie> = {
  'a token that nobody signed': { signedWith: 'nothing' },
  'a token that another key signed': { signedWith: 'another key' },
  'a token that the client secret signed': { signedWith: 'the client secret' },
  'a token for another client': { claims: () => ({ aud: 'another' }) },
  'a token for several clients that does not say which of them asked': { claims: ({ aud }) => ({ aud: [aud, 'another'] }) },
  'a token that another client asked for': { claims: () => ({ azp: 'another' }) },
  'a token of another issuer': { claims: () => ({ iss: 'https://id.example' }) },
  'a token that is over': { claims: () => ({ iat: seconds() - 900, exp: seconds() - 600 }) },
  'a token that is not valid yet': { claims: () => ({ nbf: seconds() + 600 }) },
  'a token without an end': { claims: () => ({ exp: undefined }) },
  'a token without a nonce': { claims: () => ({ nonce: undefined }) },
  'a token with the nonce of another sign-in': { claims: () => ({ nonce: 'another' }) },
  'a token of nobody': { claims: () => ({ sub: undefined }) },
  'a token whose subject is no text': { claims: () => ({ sub: { $ne: '' } }) },
  'no token': {
    answer: (res) => {
      res.setHeader('content-type', 'application/json')
      res.end('{"access_token":"x","token_type":"Bearer"}')
    },
  },
  'a way to somebody else': {
    answer: (res) => {
      res.writeHead(307, { location: 'http://127.0.0.1:9/token' })
      res.end()
    },
  },
  'an answer without end': {
    answer: (res) => {
      res.setHeader('content-type', 'application/json')
      res.end(' '.repeat(6 * 1_048_576))
    },
  },
  'what somebody else told it': { userinfo: { sub: 'bob', email: 'boss@home.example', email_verified: true } },
  'no key': { jwks: { keys: [] } },
}

describe('a provider', () => {
  it('that tells the truth gets its person in, so that what follows can fail', async () => {
    idp.lie = {}
    expect((await setUp()).statusCode).toBe(200)
    expect(await arrive()).toMatchObject({ status: 200, hasSession: true })
    expect(await people()).toBe(2)
  })
  it.each(Object.entries(lies))('that sends %s gets nobody in', async (_name, lie) => {
    idp.lie = {}
    expect((await setUp()).statusCode).toBe(200)
    const before = await people()
    idp.lie = lie
    const refused = await arrive()
    expect([403, 503]).toContain(refused.status)
    expect(refused.hasSession).toBe(false)
    expect(refused.detail).toMatch(/^Your provider cannot be reached\.|^What your provider sent is not|^Your provider did not sign you in/)
    expect(await people()).toBe(before)
    idp.lie = {}
    expect((await setUp()).statusCode).toBe(200)
    expect((await arrive()).status).toBe(200)
  })
  it('that describes itself as somebody else, or with addresses in the inner network, is not taken or not called', async () => {
    idp.lie = { discovery: { issuer: 'https://id.example' } }
    const other = await setUp()
    expect([other.statusCode, other.json<{ errors: { field: string }[] }>().errors[0]?.field]).toEqual([422, 'issuer'])
    for (const token_endpoint of ['http://127.0.0.1:9/token', 'https://169.254.169.254/token', 'https://10.0.0.1/token']) {
      idp.lie = { discovery: { token_endpoint } }
      expect((await setUp()).statusCode).toBe(200)
      expect(await arrive()).toMatchObject({ status: 503, detail: expect.stringContaining('does not call') })
    }
  })
})
