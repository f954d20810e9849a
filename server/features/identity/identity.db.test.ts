import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../test/harness/control-plane.ts'
import { type SmallApp, startSmallApp } from '../../../test/harness/small-app.ts'
import type { User } from '../../../shared/contract/identity.ts'
import type { Config } from '../../platform/config.ts'
import { inAuth } from '../../db/auth.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
const other = 'seven quiet lanterns drift'
const local = { host: 'localhost:8000' }
let app: SmallApp

const open = async (env: Partial<Record<keyof Config, string>> = {}): Promise<SmallApp> => {
  await inAuth(plane.control.auth, async (q) => {
    for (const table of ['invitations', 'refresh_tokens', 'sessions', 'memberships'] as const) await q.deleteFrom(table).execute()
  })
  // The auth role may not delete people: the tests empty the tables as the product never does.
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  return await startSmallApp(plane, env)
}

interface Call {
  token?: string
  cookie?: string
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
      ...local,
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
      ...(o.cookie === undefined ? {} : { cookie: o.cookie, origin: 'http://localhost:8000' }),
      ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...o.headers,
    },
    ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
  })
const login = async (username: string, password = pass, o: Call = {}) =>
  call('POST', '/api/auth/login', { ...o, body: { username, password } })
const tokensOf = async (username: string, password = pass) =>
  (await login(username, password)).json<{ access_token: string; refresh_token: string }>()
const first = async (): Promise<{ token: string; user: User }> => {
  const user = (await call('POST', '/api/auth/register', { body: { username: 'root', password: pass, tenant_name: 'Home' } })).json<User>()
  return { token: (await tokensOf('root')).access_token, user }
}

beforeEach(async () => {
  app = await open()
})
afterEach(() => app.http.close())

describe('the first account', () => {
  it('becomes platform admin and admin of a tenant of its own, whatever role it asks for', async () => {
    const reply = await call('POST', '/api/auth/register', {
      body: { username: 'root', password: pass, role: 'viewer', tenant_name: 'Home' },
    })
    expect(reply.statusCode).toBe(201)
    expect(reply.json()).toMatchObject({ role: 'admin', is_platform_admin: true, tenant_name: 'Home', invited: false, is_active: true })
    expect(app.madeStores).toEqual([reply.json<User>().tenant_id])
  })
  it('is made exactly once by 50 registrations at the same time', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, i) => call('POST', '/api/auth/register', { body: { username: `racer${i}`, password: pass } })),
    )
    const statuses = replies.map((r) => r.statusCode)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409 || status === 403)).toHaveLength(49)
    expect(app.madeStores).toHaveLength(1)
  })
  it('needs the set-up code from another machine', async () => {
    const register = (setup_code?: string) =>
      call('POST', '/api/auth/register', {
        ip: '192.0.2.9',
        headers: { host: 'hunt.example' },
        body: { username: 'root', password: pass, setup_code },
      })
    expect(await app.identity.setupState({ isLocal: false })).toMatchObject({ needs_first_account: true, needs_setup_code: true })
    expect((await register()).statusCode).toBe(403)
    expect((await register('AAAAA-AAAAA-AAAAA-AAAAA')).statusCode).toBe(403)
    const code = await app.identity.printableSetupCode()
    expect(code).toMatch(/^([2-9A-Z]{5}-){3}[2-9A-Z]{5}$/)
    expect((await register(code?.toLowerCase().replaceAll('-', ' '))).statusCode).toBe(201)
    expect(await app.identity.printableSetupCode()).toBeNull()
  })
  it('is refused a set-up code that is two days old', async () => {
    const code = await app.identity.printableSetupCode()
    app.clock.now = new Date(app.clock.now.getTime() + 2 * 86_400_000)
    const body = { username: 'root', password: pass, setup_code: code }
    expect((await call('POST', '/api/auth/register', { ip: '192.0.2.9', body })).statusCode).toBe(403)
  })
})

describe('registering later', () => {
  it('needs an invitation by default, and nothing when it is open', async () => {
    await first()
    const body = { username: 'eve', password: other, tenant_name: 'Evil', role: 'admin' }
    expect((await call('POST', '/api/auth/register', { body })).statusCode).toBe(403)
    await app.http.close()
    app = await startSmallApp(plane, { REGISTRATION: 'open' })
    const reply = await call('POST', '/api/auth/register', { body })
    expect(reply.json()).toMatchObject({ tenant_name: 'Evil', role: 'admin', is_platform_admin: false })
    const again = await call('POST', '/api/auth/register', { body: { ...body, username: 'eve2', tenant_name: 'home' } })
    expect(again.statusCode).toBe(409)
  })
  it('spends an invitation once, for the tenant and role it names', async () => {
    const { token, user } = await first()
    const made = (await call('POST', '/api/users', { token, body: { username: 'ann', role: 'viewer' } })).json<User & { invite: string }>()
    expect(made).toMatchObject({ invited: true, role: 'viewer' })
    expect((await login('ann', '')).statusCode).toBe(401)
    const body = { username: 'ann', password: other, invite: made.invite, role: 'admin', tenant_name: 'Mine' }
    const replies = await Promise.all(Array.from({ length: 5 }, () => call('POST', '/api/auth/register', { body })))
    expect(replies.map((r) => r.statusCode).sort((a, b) => a - b)).toEqual([201, 410, 410, 410, 410])
    expect(replies.find((r) => r.statusCode === 201)?.json()).toMatchObject({ role: 'viewer', tenant_id: user.tenant_id, invited: false })
    expect((await login('ann', other)).statusCode).toBe(200)
  })
  it('refuses an invitation that was replaced or is eight days old', async () => {
    const { token } = await first()
    const made = (await call('POST', '/api/users', { token, body: { username: 'ann', role: 'user' } })).json<User & { invite: string }>()
    const newer = (await call('POST', `/api/users/${made.id}/invite`, { token })).json<{ invite: string }>()
    const redeem = (invite: string) => call('POST', '/api/auth/register', { body: { username: 'ann', password: other, invite } })
    expect((await redeem(made.invite)).statusCode).toBe(410)
    app.clock.now = new Date(app.clock.now.getTime() + 8 * 86_400_000)
    expect((await redeem(newer.invite)).statusCode).toBe(410)
  })
  it('applies the password rule on every path', async () => {
    const weak = 'Password12345'
    const { token, user } = await first()
    const made = (await call('POST', '/api/users', { token, body: { username: 'ann', role: 'user' } })).json<{ invite: string }>()
    const replies = await Promise.all([
      call('POST', '/api/users', { token, body: { username: 'bob', role: 'user', password: weak } }),
      call('PUT', '/api/auth/me', { token, body: { password: weak, current_password: pass } }),
      call('POST', '/api/auth/register', { body: { username: 'ann', password: weak, invite: made.invite } }),
    ])
    expect(replies.map((r) => r.statusCode)).toEqual([422, 422, 422])
    const operator = { username: 'op', password: weak, tenant_name: user.tenant_name, role: 'user' as const, is_platform_admin: false }
    await expect(app.identity.createUserByOperator(operator)).rejects.toMatchObject({ code: 'validation' })
  })
})

describe('signing in', () => {
  it('takes a form, the username in any case and an e-mail address that one person has', async () => {
    const { token } = await first()
    await call('PUT', '/api/auth/me', { token, body: { email: 'root@example.org' } })
    const form = await app.http.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ username: 'ROOT', password: pass }).toString(),
    })
    expect(form.body).toMatch(/^\{"access_token":"[^"]+","token_type":"bearer","refresh_token":"[^"]+","expires_in":600\}$/)
    expect((await login('Root@Example.org')).statusCode).toBe(200)
  })
  it('answers alike to an unknown person, a wrong or empty password, a deactivated and an invited person', async () => {
    const { token } = await first()
    await call('POST', '/api/users', { token, body: { username: 'invited', role: 'user' } })
    const gone = (await call('POST', '/api/users', { token, body: { username: 'gone', role: 'user', password: other } })).json<User>()
    await call('DELETE', `/api/users/${gone.id}`, { token })
    const tries: [string, string][] = [
      ['nobody', 'x'],
      ['root', 'x'],
      ['root', ''],
      ['root', pass.slice(0, -1)],
      ['gone', other],
      ['invited', ''],
    ]
    const answers = await Promise.all(tries.map(([u, p]) => login(u, p)))
    const bodies = answers.map((r) => {
      const { request_id: _id, ...rest } = r.json<{ request_id: string }>()
      return JSON.stringify([r.statusCode, rest, r.headers['www-authenticate']])
    })
    expect(answers[0]?.statusCode).toBe(401)
    expect(new Set(bodies).size).toBe(1)
  })
  it('takes as long for an unknown person as for a wrong password', async () => {
    await first()
    const time = async (name: string) => {
      const times: number[] = []
      for (let i = 0; i < 9; i++) {
        const begun = performance.now()
        await login(name, 'wrong', { ip: `192.0.2.${i + 1}` })
        times.push(performance.now() - begun)
      }
      return Math.min(...times)
    }
    await time('warm')
    const [known, unknown] = [await time('root'), await time('nobody')]
    expect(Math.abs(known - unknown)).toBeLessThan(12)
  })
  it('does not cut long passwords, and takes any script', async () => {
    const { token } = await first()
    const long = 'Ω λευκή θάλασσα 🌊 '.repeat(6)
    expect((await call('POST', '/api/users', { token, body: { username: 'ann', role: 'user', password: `${long}Z` } })).statusCode).toBe(
      201,
    )
    expect((await login('ann', long)).statusCode).toBe(401)
    expect((await login('ann', `${long}Z`)).statusCode).toBe(200)
  })
  it('slows guessing down, whatever blanks stand around the name, by itself lets go, and does not lock the owner out', async () => {
    await first()
    const cookie = String(
      (await call('POST', '/api/auth/session', { body: { username: 'root', password: pass } })).headers['set-cookie'],
    ).split(';')[0]
    const names = Array.from({ length: 14 }, (_, i) => `${['', '\t', '\u00a0', '\ufeff'][i % 4]}root${' '.repeat(i)}`)
    const guesses = await Promise.all(names.map((name) => login(name, 'guess', { ip: '198.51.100.7' })))
    expect(guesses.filter((r) => r.statusCode === 429)).toHaveLength(4)
    const blocked = await login('root', pass, { ip: '198.51.100.7' })
    expect(blocked.statusCode).toBe(429)
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(200)
    expect((await login('root', pass, { ip: '203.0.113.5' })).statusCode).toBe(200)
    expect((await login('root', pass, { ip: '198.51.100.7', cookie })).statusCode).toBe(200)
    app.clock.now = new Date(app.clock.now.getTime() + 301_000)
    expect((await login('root', pass, { ip: '198.51.100.7' })).statusCode).toBe(200)
  })
  it('stores argon2id hashes, renews weak ones, and keeps no secret in clear', async () => {
    await first()
    const row = () => inAuth(plane.control.auth, (q) => q.selectFrom('users').select('password_hash').executeTakeFirstOrThrow())
    expect((await row()).password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const { hash } = await import('@node-rs/argon2')
    const weak = await hash(pass, { memoryCost: 8192, timeCost: 1, parallelism: 1 })
    await inAuth(plane.control.auth, (q) => q.updateTable('users').set({ password_hash: weak }).execute())
    const { refresh_token } = await tokensOf('root')
    expect((await row()).password_hash).toContain('m=19456,t=2')
    const stored = await inAuth(plane.control.auth, (q) =>
      sql<{
        all: string
      }>`select (select json_agg(s) from sessions s)::text || (select json_agg(r) from refresh_tokens r)::text as all`.execute(q),
    )
    expect(stored.rows[0]?.all).not.toContain(refresh_token)
  })
})

describe('sessions', () => {
  const cookieOf = async (username = 'root') =>
    String((await call('POST', '/api/auth/session', { body: { username, password: pass } })).headers['set-cookie']).split(';')[0] ?? ''
  it('of a browser: a cookie and no body; signing out ends it', async () => {
    await first()
    const reply = await call('POST', '/api/auth/session', { body: { username: 'root', password: pass } })
    expect([reply.statusCode, reply.body]).toEqual([204, ''])
    const cookie = String(reply.headers['set-cookie']).split(';')[0]
    expect((await call('GET', '/api/auth/me', { cookie })).json()).toMatchObject({ username: 'root' })
    expect((await call('DELETE', '/api/auth/session', { cookie })).statusCode).toBe(204)
    expect((await call('GET', '/api/auth/me', { cookie })).statusCode).toBe(401)
  })
  it('end after an hour without use and after a day in any case', async () => {
    const { token } = await first()
    await call('POST', '/api/users', { token, body: { username: 'ann', role: 'user', password: pass } })
    const cookie = await cookieOf('ann')
    const wait = (minutes: number) => (app.clock.now = new Date(app.clock.now.getTime() + minutes * 60_000))
    for (let i = 0; i < 28; i++) {
      wait(50)
      expect((await call('GET', '/api/auth/me', { cookie })).statusCode).toBe(200)
    }
    wait(50)
    expect((await call('GET', '/api/auth/me', { cookie })).statusCode).toBe(401)
    const idle = await cookieOf('ann')
    wait(61)
    expect((await call('GET', '/api/auth/me', { cookie: idle })).statusCode).toBe(401)
  })
  it('stop working at once for a person who is deactivated, and a role change acts at once', async () => {
    const { token } = await first()
    const ann = (await call('POST', '/api/users', { token, body: { username: 'ann', role: 'admin', password: other } })).json<User>()
    const theirs = (await tokensOf('ann', other)).access_token
    expect((await call('GET', '/api/users', { token: theirs })).statusCode).toBe(200)
    await call('PUT', `/api/users/${ann.id}`, { token, body: { role: 'viewer' } })
    expect((await call('GET', '/api/users', { token: theirs })).statusCode).toBe(403)
    await call('DELETE', `/api/users/${ann.id}`, { token })
    expect((await call('GET', '/api/auth/me', { token: theirs })).statusCode).toBe(401)
    expect(await app.identity.actorFor(ann.id, ann.tenant_id)).toBeNull()
  })
  it('see a change that another process made within 5 s', async () => {
    const { token } = await first()
    expect((await call('GET', '/api/auth/me', { token })).statusCode).toBe(200)
    await inAuth(plane.control.auth, (q) => q.updateTable('users').set({ is_active: false }).execute())
    app.clock.now = new Date(app.clock.now.getTime() + 4_000)
    expect((await call('GET', '/api/auth/me', { token })).statusCode).toBe(401)
  })
  it('are all ended by a new password but the one that set it, and it needs the current one', async () => {
    const { token } = await first()
    const elsewhere = await tokensOf('root')
    expect((await call('PUT', '/api/auth/me', { token, body: { password: other } })).statusCode).toBe(422)
    expect((await call('PUT', '/api/auth/me', { token, body: { password: other, current_password: 'x' } })).statusCode).toBe(422)
    expect((await call('PUT', '/api/auth/me', { token, body: { password: other, current_password: pass } })).statusCode).toBe(200)
    expect((await call('GET', '/api/auth/me', { token })).statusCode).toBe(200)
    expect((await call('GET', '/api/auth/me', { token: elsewhere.access_token })).statusCode).toBe(401)
    const { refresh_token } = elsewhere
    expect((await call('POST', '/api/auth/refresh', { body: { refresh_token } })).statusCode).toBe(401)
  })
  it('cannot be opened by anything that stands in their row', async () => {
    const { user } = await first()
    const rows = await inAuth(plane.control.auth, (q) => q.selectFrom('sessions').selectAll().execute())
    const values = [user.id, user.tenant_id, ...rows.flatMap((row) => [row.id, row.token_hash])]
    for (const value of values) {
      expect((await call('GET', '/api/auth/me', { token: value })).statusCode, value).toBe(401)
      expect((await call('GET', '/api/auth/me', { cookie: `__Host-vc_session=${value}` })).statusCode, value).toBe(401)
    }
  })
})

describe('the last admin', () => {
  it('of a tenant stays when two admins demote each other at once', async () => {
    await first()
    const make = (username: string) =>
      app.identity.createUserByOperator({ username, password: other, tenant_name: 'Pair', role: 'admin', is_platform_admin: false })
    const [ann, bob] = [await make('ann'), await make('bob')]
    const [a, b] = [(await tokensOf('ann', other)).access_token, (await tokensOf('bob', other)).access_token]
    const replies = await Promise.all([
      call('PUT', `/api/users/${bob.id}`, { token: a, body: { role: 'user' } }),
      call('PUT', `/api/users/${ann.id}`, { token: b, body: { role: 'user' } }),
    ])
    expect(replies.filter((r) => r.statusCode === 200)).toHaveLength(1)
    const admins = await inAuth(plane.control.auth, (q) =>
      q.selectFrom('memberships').select('user_id').where('tenant_id', '=', ann.tenant_id).where('role', '=', 'admin').execute(),
    )
    expect(admins).toHaveLength(1)
  })
  it('cannot be counted on when only invited; nobody changes their own role or deactivates themselves', async () => {
    const { token, user } = await first()
    await call('POST', '/api/users', { token, body: { username: 'later', role: 'admin' } })
    const op = await app.identity.createUserByOperator({
      username: 'op',
      password: other,
      tenant_name: 'Home',
      role: 'user',
      is_platform_admin: true,
    })
    expect(op.tenant_id).toBe(user.tenant_id)
    expect((await call('DELETE', `/api/users/${user.id}`, { token })).statusCode).toBe(409)
    expect((await call('PUT', `/api/users/${user.id}`, { token, body: { role: 'user' } })).statusCode).toBe(409)
  })
  it('of the installation cannot be changed by an admin of the tenant', async () => {
    const { token, user } = await first()
    await call('POST', '/api/users', { token, body: { username: 'ann', role: 'admin', password: other } })
    const theirs = (await tokensOf('ann', other)).access_token
    expect((await call('DELETE', `/api/users/${user.id}`, { token: theirs })).statusCode).toBe(403)
  })
})

describe('access tokens', () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forge = (header: object, payload: object, key: Buffer | string | null) => {
    const body = `${encode(header)}.${encode(payload)}`
    return `${body}.${key === null ? '' : createHmac('sha256', key).update(body).digest('base64url')}`
  }
  it('are refused unless they are exactly ours', async () => {
    const { token } = await first()
    const [h = '', p = '', s = ''] = token.split('.')
    const header = JSON.parse(Buffer.from(h, 'base64url').toString()) as object
    const payload = JSON.parse(Buffer.from(p, 'base64url').toString()) as Record<string, unknown>
    expect(payload).toMatchObject({ iss: 'velocicompanion', aud: 'velocicompanion-api', role: 'admin' })
    const key = createHmac('sha256', 'a secret of the tests, thirty-two long').update('velocicompanion access tokens').digest()
    expect((await call('GET', '/api/auth/me', { token: forge(header, payload, key) })).statusCode).toBe(200)
    const without = (name: string) => Object.fromEntries(Object.entries(payload).filter(([k]) => k !== name))
    const now = Math.floor(app.clock.now.getTime() / 1000)
    const lies = [
      forge({ alg: 'none', typ: 'at+jwt' }, payload, null),
      forge({ alg: 'None', typ: 'at+jwt' }, payload, null),
      forge({ alg: 'HS512', typ: 'at+jwt' }, payload, key),
      forge({ alg: 'RS256', typ: 'at+jwt' }, payload, key),
      forge({ alg: 'HS256', typ: 'JWT' }, payload, key),
      forge({ alg: 'HS256' }, payload, key),
      forge({ ...header, kid: "../../dev/null' OR 1=1" }, payload, key),
      forge({ ...header, jwk: { kty: 'oct', k: 'AA' } }, payload, key),
      forge({ ...header, jku: 'https://evil.example/keys' }, payload, key),
      forge({ ...header, x5u: 'https://evil.example/x' }, payload, key),
      forge({ ...header, crit: ['x'], x: 1 }, payload, key),
      ...['exp', 'iss', 'aud', 'iat', 'jti', 'sub', 'sid', 'tenant_id'].map((name) => forge(header, without(name), key)),
      forge(header, { ...payload, iss: 'other' }, key),
      forge(header, { ...payload, aud: 'other' }, key),
      forge(header, { ...payload, exp: now - 60 }, key),
      forge(header, { ...payload, exp: now + 86_400, iat: now - 3_600 }, key),
      forge(header, { ...payload, nbf: now + 600 }, key),
      forge(header, { ...payload, sub: '00000000-0000-4000-8000-000000000000' }, key),
      forge(header, { ...payload, tenant_id: '00000000-0000-4000-8000-000000000000' }, key),
      forge(header, { ...payload, sid: "' OR 1=1 --" }, key),
      forge(header, { ...payload, pad: 'x'.repeat(9000) }, key),
      forge(header, payload, ''),
      forge(header, payload, 'a secret of the tests, thirty-two long'),
      `${h}.${p}.`,
      `${h}.${p}.${s.slice(0, -2)}`,
      `${h}.${encode({ ...payload, role: 'platform' })}.${s}`,
    ]
    for (const lie of lies) expect((await call('GET', '/api/auth/me', { token: lie })).statusCode, lie.slice(0, 200)).toBe(401)
  })
  it('do not outlive their minutes', async () => {
    const { token } = await first()
    app.clock.now = new Date(app.clock.now.getTime() + 10 * 60_000 + 6_000)
    expect((await call('GET', '/api/auth/me', { token })).statusCode).toBe(401)
  })
})
