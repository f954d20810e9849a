// How far the word of a provider reaches: its own tenant, and only while the tenant takes it.
import { createServer } from 'node:net'
import { Secret, TOTP } from 'otpauth'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { startProvider, type TestProvider } from '../../../../test/harness/provider/identity-provider.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import { inAuth } from '../../../db/auth.ts'
import { inTenant } from '../../../db/tenant.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
const here = 'http://localhost:8000'
const returnAddress = `${here}/sign-in/sso/callback`
let idp: TestProvider
let other: TestProvider
let app: SmallApp
let home = ''
let admin = ''

interface Call {
  token?: string
  cookie?: string
  body?: unknown
  ip?: string
}
const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, o: Call = {}) =>
  app.http.inject({
    method,
    url,
    remoteAddress: o.ip ?? '127.0.0.1',
    headers: {
      host: 'localhost:8000',
      origin: here,
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
      ...(o.cookie === undefined ? {} : { cookie: o.cookie }),
      ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
  })
type Answer = Awaited<ReturnType<typeof call>>
const cookieOf = (reply: Answer, name: string): string => {
  const set = [reply.headers['set-cookie'] ?? []].flat().find((text) => String(text).startsWith(`${name}=`))
  expect(set, reply.body).toBeDefined()
  return String(set).split(';')[0] ?? ''
}
const statusOf = async (cookie: string): Promise<number> => (await call('GET', '/api/auth/me', { cookie })).statusCode
const person = (username: string, tenant_name: string) =>
  app.identity.createUserByOperator({
    username,
    password: pass,
    tenant_name,
    role: 'admin',
    email: `${username}@home.example`,
    is_platform_admin: false,
  })
const login = (username: string, scope?: string) =>
  call('POST', '/api/auth/login', { body: { username, password: pass, ...(scope === undefined ? {} : { scope }) } })
const tokenOf = async (username: string): Promise<string> => (await login(username)).json<{ access_token: string }>().access_token
const setUp = async (changes: Record<string, unknown> = {}): Promise<void> => {
  const body = {
    is_enabled: true,
    label: 'the company',
    issuer: idp.issuer,
    client: idp.client_id,
    client_secret: idp.client_secret,
    role_map: [{ group: 'chiefs', role: 'admin' }],
    may_link_by_email: true,
    ...changes,
  }
  const reply = await call('PUT', '/api/sso', { token: admin, body })
  expect(reply.statusCode, reply.body).toBe(200)
}
const chief = (name: string): TestProvider['person'] => ({
  sub: `${name}-1`,
  email: `${name}@home.example`,
  email_verified: true,
  preferred_username: name,
  groups: ['chiefs'],
})
/** The cookie of a session by the provider, which asked the person just now. */
const arrive = async (name: string): Promise<string> => {
  idp.person = chief(name)
  const started = await call('POST', '/api/auth/sso/start', { body: { tenant: home, is_fresh: true } })
  expect(started.statusCode, started.body).toBe(200)
  const cookie = cookieOf(started, '__Host-vc_sso')
  const query = await idp.visit(started.json<{ url: string }>().url)
  return cookieOf(await call('POST', '/api/auth/sso/finish', { cookie, body: { query } }), '__Host-vc_session')
}
const codeOf = (secret: string): string => {
  app.clock.now = new Date(app.clock.now.getTime() + 30_000)
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: app.clock.now.getTime() })
}
/** An app that was set up: its key. */
const addFactor = async (o: Call): Promise<string> => {
  const begun = await call('POST', '/api/auth/2fa/setup', o)
  expect(begun.statusCode, begun.body).toBe(200)
  const { secret } = begun.json<{ secret: string }>()
  const done = await call('POST', '/api/auth/2fa/verify', { ...o, body: { code: codeOf(secret) } })
  expect(done.statusCode, done.body).toBe(200)
  return secret
}
const lastDetails = async (action: string): Promise<unknown> => {
  const { details } = await inTenant(plane.control.forTenant(home), (q) =>
    q.selectFrom('audit_rows').select(['details']).where('action', '=', action).orderBy('seq', 'desc').limit(1).executeTakeFirstOrThrow(),
  )
  return JSON.parse(details)
}

beforeAll(async () => {
  idp = await startProvider({ returnAddress })
  other = await startProvider({ returnAddress })
})
afterAll(async () => {
  await idp.close()
  await other.close()
})
beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  app = await startSmallApp(plane, { OUTBOUND_ALLOW: `127.0.0.1:${idp.port},127.0.0.1:${other.port}` })
  home = (await person('boss', 'Home')).tenant_id
  admin = await tokenOf('boss')
  await setUp()
})
afterEach(() => app.http.close())

describe('the session of a provider, of a person who is in another tenant too,', () => {
  let away = ''
  let bossId = ''
  beforeEach(async () => {
    const linked = (await call('GET', '/api/auth/me', { cookie: await arrive('boss') })).json<User>()
    bossId = linked.id
    admin = await tokenOf('boss')
    away = (await person('other', 'Away')).tenant_id
    await inAuth(plane.control.auth, (q) =>
      q.insertInto('memberships').values({ tenant_id: away, user_id: bossId, role: 'admin' }).execute(),
    )
  })

  it('makes no recovery codes, removes no factor and sets none up', async () => {
    const before = await arrive('boss')
    for (const [act, body] of [['setup'], ['verify', { code: '123456' }]] as const) {
      const reply = await call('POST', `/api/auth/2fa/${act}`, { cookie: before, body })
      expect([act, reply.statusCode], reply.body).toEqual([act, 403])
      expect(reply.json<{ detail: string }>().detail).toMatch(/other tenants too.*password/)
    }
    const secret = await addFactor({ token: admin })
    const cookie = await arrive('boss')
    expect((await call('POST', '/api/auth/2fa/recovery-codes', { cookie })).statusCode).toBe(403)
    const disabling = await call('POST', '/api/auth/2fa/disable', { cookie, body: { password: pass, code: codeOf(secret) } })
    expect(disabling.statusCode).toBe(403)
    expect((await call('POST', '/api/auth/2fa/recovery-codes', { token: admin })).statusCode).toBe(200)
  })

  it('changes neither name nor address nor password, also not as an admin of its tenant', async () => {
    const cookie = await arrive('boss')
    const changes = { email: 'evil@home.example' }
    expect((await call('PUT', '/api/auth/me', { cookie, body: { ...changes, current_password: pass } })).statusCode).toBe(403)
    expect((await call('PUT', `/api/users/${bossId}`, { cookie, body: changes })).statusCode).toBe(403)
    const body = { current_password: pass, new_password: 'another kernel muffin orbit' }
    expect((await call('POST', '/api/auth/password', { cookie, body })).statusCode).toBe(403)
    expect((await login('boss')).statusCode).toBe(200)
    expect((await call('GET', '/api/auth/me', { token: admin })).json<User>().email).toBe('boss@home.example')
  })

  it('sees and ends the sessions of its tenant alone', async () => {
    const moved = await call('POST', '/api/auth/switch', { token: await tokenOf('boss'), body: { tenant_id: away } })
    const inAway = moved.json<{ access_token: string }>().access_token
    const [there] = (await call('GET', '/api/auth/sessions', { token: inAway }))
      .json<{ id: string; is_current: boolean }[]>()
      .filter((session) => session.is_current)
    const cookie = await arrive('boss')
    const seen = (await call('GET', '/api/auth/sessions', { cookie })).json<{ id: string }[]>().map(({ id }) => id)
    expect(seen.length).toBeGreaterThan(1)
    expect(seen).not.toContain(there?.id)
    expect((await call('DELETE', `/api/auth/sessions/${there?.id}`, { cookie })).statusCode).toBe(404)
    const ended = await call('DELETE', '/api/auth/sessions', { cookie })
    expect(ended.json<{ ended_sessions: number }>().ended_sessions).toBe(seen.length - 1)
    expect((await call('GET', '/api/auth/me', { token: inAway })).statusCode).toBe(200)
    expect((await call('GET', '/api/auth/me', { token: admin })).statusCode).toBe(401)
  })
})

it('who is in one tenant alone does all of it by the provider', async () => {
  const cookie = await arrive('ann')
  expect((await call('PUT', '/api/auth/me', { cookie, body: { full_name: 'Ann Hall' } })).statusCode).toBe(200)
  await addFactor({ cookie })
  expect((await call('POST', '/api/auth/2fa/recovery-codes', { cookie })).statusCode).toBe(200)
})

describe('a person without a password', () => {
  it('disables the own factor by a code and a fresh proof of the provider', async () => {
    const secret = await addFactor({ cookie: await arrive('ann') })
    const cookie = await arrive('ann')
    const reply = await call('POST', '/api/auth/2fa/disable', { cookie, body: { code: codeOf(secret) } })
    expect(reply.statusCode, reply.body).toBe(204)
  })

  it('does not disable it by two codes, nor by a proof that is old', async () => {
    const secret = await addFactor({ cookie: await arrive('ann') })
    const cookie = await arrive('ann')
    app.clock.now = new Date(app.clock.now.getTime() + 11 * 60_000)
    const disable = () => call('POST', '/api/auth/2fa/disable', { cookie, body: { code: codeOf(secret) } })
    const old = await disable()
    expect([old.statusCode, old.json<{ detail: string }>().detail]).toEqual([422, expect.stringContaining('provider')])
    expect((await call('POST', '/api/auth/step-up', { cookie, body: { code: codeOf(secret) } })).statusCode).toBe(200)
    expect((await disable()).statusCode).toBe(422)
  })
})

describe('sessions of a provider end', () => {
  it.each([
    ['when single sign-on is turned off', () => ({ is_enabled: false })],
    ['when it goes to another issuer', () => ({ issuer: other.issuer })],
    ['when it goes to another client there', () => ({ client: 'another client' })],
  ])('%s, and the audit log says how many', async (_when, changes) => {
    const cookie = await arrive('ann')
    expect(await statusOf(cookie)).toBe(200)
    await setUp(changes())
    expect(await statusOf(cookie)).toBe(401)
    expect(await lastDetails('sso.update')).toMatchObject({ ended_sessions: 1 })
    expect((await call('GET', '/api/auth/me', { token: admin })).statusCode).toBe(200)
  })

  it('and go on when something else of it is changed', async () => {
    const cookie = await arrive('ann')
    await setUp({ label: 'another word' })
    expect(await statusOf(cookie)).toBe(200)
    expect(await lastDetails('sso.update')).toMatchObject({ ended_sessions: 0 })
  })
})

describe('while the provider is away', () => {
  it('starts are slowed down, share one try to reach it, and it is tried again after half a minute', async () => {
    await setUp({ issuer: other.issuer })
    await inAuth(plane.control.auth, (q) =>
      q
        .updateTable('sso_providers')
        .set({ updated_at: new Date(5) })
        .execute(),
    )
    await other.close()
    let tries = 0
    const dead = createServer((socket) => {
      tries++
      socket.destroy()
    })
    await new Promise<void>((resolve) => dead.listen(other.port, '127.0.0.1', () => resolve()))
    try {
      const start = (ip: string) => call('POST', '/api/auth/sso/start', { ip, body: { tenant: home } })
      const statuses = (await Promise.all([start('203.0.113.9'), start('203.0.113.9')])).map((reply) => reply.statusCode)
      for (let n = 0; n < 58; n++) statuses.push((await start('203.0.113.9')).statusCode)
      expect(statuses).toEqual([...Array<number>(10).fill(503), ...Array<number>(50).fill(429)])
      const once = tries
      expect(once).toBeGreaterThan(0)
      expect((await start('198.51.100.7')).statusCode).toBe(503)
      expect(tries).toBe(once)
      app.clock.now = new Date(app.clock.now.getTime() + 31_000)
      expect((await start('198.51.100.7')).statusCode).toBe(503)
      expect(tries).toBe(2 * once)
      expect(once).toBe(1)
    } finally {
      await new Promise<void>((resolve) => dead.close(() => resolve()))
      other = await startProvider({ returnAddress })
    }
  })
})
