import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { type SmallApp, smallRoutes, startSmallApp } from '../../../../test/harness/small-app.ts'
import type { FactorState } from '../../../../shared/contract/access/second-factors.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import type { GivenRole } from '../../../../shared/domain/permissions.ts'
import { inAuth } from '../../../db/auth.ts'
import { inTenant } from '../../../db/tenant.ts'
import { codeAt, stepAt } from './totp.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
const minute = 60_000
let app: SmallApp

interface Call {
  token?: string
  body?: unknown
  ip?: string
  headers?: Record<string, string>
}
const call = (method: string, url: string, o: Call = {}) =>
  app.http.inject({
    method: method as 'GET',
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
type Reply = Awaited<ReturnType<typeof call>>
interface Person {
  id: string
  tenant_id: string
  username: string
  token: string
  seed: string
  recovery: string[]
}
const wait = (ms: number): void => {
  app.clock.now = new Date(app.clock.now.getTime() + ms)
}
/** The code that an app shows now; the clock goes on first, since each works once. */
const code = (seed: string): string => {
  wait(30_000)
  return codeAt(seed, stepAt(app.clock.now))
}
const login = (username: string, o: Call & { scope?: string } = {}): Promise<Reply> =>
  call('POST', '/api/auth/login', { ip: o.ip, body: { username, password: pass, ...(o.scope === undefined ? {} : { scope: o.scope }) } })
const tokenOf = (reply: Reply): string => reply.json<{ access_token: string }>().access_token
const challengeOf = (reply: Reply): string => reply.json<{ challenge: { token: string } }>().challenge.token
const problemOf = (reply: Reply): [number, string] => [reply.statusCode, reply.json<{ code: string }>().code]

const plain = async (username: string, role: GivenRole = 'user', tenant_name = 'Home'): Promise<Person> => {
  const user = await app.identity.createUserByOperator({ username, password: pass, tenant_name, role, is_platform_admin: false })
  return { id: user.id, tenant_id: user.tenant_id, username, token: tokenOf(await login(username)), seed: '', recovery: [] }
}
const setUp = async (person: Person): Promise<Person> => {
  const begun = await call('POST', '/api/auth/2fa/setup', { token: person.token })
  expect(begun.statusCode, begun.body).toBe(200)
  const seed = begun.json<{ secret: string }>().secret
  const done = await call('POST', '/api/auth/2fa/verify', { token: person.token, body: { code: code(seed) } })
  expect(done.statusCode, done.body).toBe(200)
  return { ...person, seed, recovery: done.json<{ recovery_codes: string[] }>().recovery_codes }
}
const guarded = async (username: string, role: GivenRole = 'user', tenant = 'Home'): Promise<Person> =>
  setUp(await plain(username, role, tenant))
const complete = (challenge: string, given: string, o: Call = {}) =>
  call('POST', '/api/auth/2fa/login', { ...o, body: { challenge, code: given } })
const rowsOf = (tenantId: string) =>
  inTenant(plane.control.forTenant(tenantId), (q) => q.selectFrom('audit_rows').selectAll().orderBy('seq').execute())

beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  app = await startSmallApp(plane, {})
})
afterEach(() => app.http.close())

describe('setting up', () => {
  it('asks for nothing until a code of the app was given; then ten recovery codes come, and the other sessions are over', async () => {
    const ann = await plain('ann')
    const other = tokenOf(await login('ann'))
    const begun = (await call('POST', '/api/auth/2fa/setup', { token: ann.token })).json<{ secret: string; qr_svg: string }>()
    expect(begun.qr_svg).toContain('<svg')
    expect((await login('ann')).statusCode).toBe(200)
    const wrong = await call('POST', '/api/auth/2fa/verify', { token: ann.token, body: { code: '000000' } })
    expect(problemOf(wrong)).toEqual([422, 'validation'])
    const done = await call('POST', '/api/auth/2fa/verify', { token: ann.token, body: { code: code(begun.secret) } })
    expect(done.json<{ recovery_codes: string[]; ended_sessions: number }>()).toMatchObject({ ended_sessions: 2 })
    expect(new Set(done.json<{ recovery_codes: string[] }>().recovery_codes).size).toBe(10)
    expect((await call('GET', '/api/auth/me', { token: other })).statusCode).toBe(401)
    expect((await call('GET', '/api/auth/2fa', { token: ann.token })).json<FactorState>()).toMatchObject({
      is_active: true,
      recovery_codes_left: 10,
      is_required: false,
    })
    expect((await call('GET', '/api/auth/me', { token: ann.token })).json<User>().has_second_factor).toBe(true)
  })
  it('begun anew, only the newest key counts; over after an hour; and not while there is one', async () => {
    const ann = await plain('ann')
    const begin = async () => (await call('POST', '/api/auth/2fa/setup', { token: ann.token })).json<{ secret: string }>().secret
    const [first, second] = [await begin(), await begin()]
    const verify = async (given: string, token = ann.token) =>
      (await call('POST', '/api/auth/2fa/verify', { token, body: { code: given } })).statusCode
    expect(await verify(code(first))).toBe(422)
    wait(61 * minute)
    const later = tokenOf(await login('ann'))
    expect(await verify(code(second), later)).toBe(422)
    const third = (await call('POST', '/api/auth/2fa/setup', { token: later })).json<{ secret: string }>().secret
    expect(await verify(code(third), later)).toBe(200)
    expect(problemOf(await call('POST', '/api/auth/2fa/setup', { token: later }))).toEqual([409, 'conflict'])
    expect(await verify(code(third), later)).toBe(422)
  })
  it('needs a fresh proof, so that a page that was left open is not enough', async () => {
    const ann = await plain('ann')
    wait(11 * minute)
    const { token } = { token: ann.token }
    // The access token is over by then; its session goes on with the next one.
    const fresh = tokenOf(await login('ann'))
    await inAuth(plane.control.auth, (q) => q.updateTable('sessions').set({ proved_at: null }).execute())
    expect(token).not.toBe(fresh)
    expect(problemOf(await call('POST', '/api/auth/2fa/setup', { token: fresh }))).toEqual([403, 'step_up'])
    const proved = await call('POST', '/api/auth/step-up', { token: fresh, body: { password: pass } })
    expect(proved.statusCode, proved.body).toBe(200)
    expect((await call('POST', '/api/auth/2fa/setup', { token: fresh })).statusCode).toBe(200)
  })
})

describe('signing in with a second factor', () => {
  it('is two steps for an API client, or one with the code in the form field scope', async () => {
    const ann = await guarded('ann')
    const first = await login('ann')
    expect(problemOf(first)).toEqual([401, 'second_factor'])
    expect(first.body).not.toMatch(/access_token|refresh_token/)
    const done = await complete(challengeOf(first), code(ann.seed))
    expect(done.statusCode, done.body).toBe(200)
    expect((await call('GET', '/api/auth/me', { token: tokenOf(done) })).json<User>().username).toBe('ann')
    const form = (scope: string) =>
      app.http.inject({
        method: 'POST',
        url: '/api/auth/login',
        headers: { host: 'localhost:8000', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ username: 'ann', password: pass, scope }).toString(),
      })
    expect((await form(code(ann.seed))).statusCode).toBe(200)
    expect(problemOf(await form('openid profile'))).toEqual([401, 'second_factor'])
    expect(problemOf(await form('000000'))).toEqual([401, 'unauthenticated'])
  })
  it('is two steps for a browser; the cookie comes with the second, and no token in either', async () => {
    const ann = await guarded('ann')
    const first = await call('POST', '/api/auth/session', { body: { username: 'ann', password: pass } })
    expect(problemOf(first)).toEqual([401, 'second_factor'])
    expect(first.headers['set-cookie']).toBeUndefined()
    const body = { challenge: challengeOf(first), code: code(ann.seed) }
    expect(problemOf(await call('POST', '/api/auth/2fa/login', { body }))).toEqual([410, 'gone'])
    const second = await call('POST', '/api/auth/2fa/session', { body })
    expect([second.statusCode, second.body]).toEqual([204, ''])
    const cookie = String(second.headers['set-cookie']).split(';')[0] ?? ''
    expect((await call('GET', '/api/auth/me', { headers: { cookie } })).statusCode).toBe(200)
  })
  it('takes no code twice, also of fifty that come at once', async () => {
    const ann = await guarded('ann')
    const challenges = []
    for (let n = 0; n < 8; n++) challenges.push(challengeOf(await login('ann')))
    const given = code(ann.seed)
    const replies = await Promise.all(challenges.map((challenge) => complete(challenge, given)))
    expect(replies.filter((reply) => reply.statusCode === 200)).toHaveLength(1)
    const sessions = await inAuth(plane.control.auth, (q) =>
      q.selectFrom('sessions').select('id').where('created_at', '=', app.clock.now).execute(),
    )
    expect(sessions).toHaveLength(1)
  })
  it('takes a challenge once, for five minutes, and only as what it was begun', async () => {
    const ann = await guarded('ann')
    const challenge = challengeOf(await login('ann'))
    expect((await complete(challenge, code(ann.seed))).statusCode).toBe(200)
    expect(problemOf(await complete(challenge, code(ann.seed)))).toEqual([410, 'gone'])
    const late = challengeOf(await login('ann'))
    wait(5 * minute)
    expect(problemOf(await complete(late, code(ann.seed)))).toEqual([410, 'gone'])
    expect(problemOf(await complete('x'.repeat(43), '123456'))).toEqual([410, 'gone'])
  })
  it('opens no session with a password that was changed between the steps', async () => {
    const ann = await guarded('ann')
    const challenge = challengeOf(await login('ann'))
    const body = { current_password: pass, new_password: 'another fine long phrase' }
    expect((await call('POST', '/api/auth/password', { token: ann.token, body })).statusCode).toBe(200)
    expect((await complete(challenge, code(ann.seed))).statusCode).toBe(401)
  })
  it('says the same for a wrong code as for a wrong password that came with one', async () => {
    await guarded('ann')
    const wrongCode = await login('ann', { scope: '000000' })
    const wrongPassword = await call('POST', '/api/auth/login', { body: { username: 'ann', password: 'no', scope: '000000' } })
    const unknown = await call('POST', '/api/auth/login', { body: { username: 'nobody', password: 'no', scope: '000000' } })
    const words = [wrongCode, wrongPassword, unknown].map((reply) => ({
      ...reply.json<object>(),
      request_id: '',
      status: reply.statusCode,
    }))
    expect(words[1]).toEqual(words[0])
    expect(words[2]).toEqual(words[0])
  })
  it('leaves its rows: the challenge, each wrong code, and the session with what it was opened by', async () => {
    const ann = await guarded('ann')
    const challenge = challengeOf(await login('ann'))
    await complete(challenge, '000000')
    await complete(challenge, ann.recovery[0] ?? '')
    const rows = (await rowsOf(ann.tenant_id))
      .slice(-3)
      .map(({ action, outcome, details }) => ({ action, outcome, details: JSON.parse(details) }))
    expect(rows).toMatchObject([
      { action: 'session.challenge', outcome: 'success' },
      { action: 'session.open', outcome: 'failure', details: { account: 'ann', reason: 'The code was wrong' } },
      { action: 'session.open', outcome: 'success', details: { second_factor: 'recovery' } },
    ])
  })
})

describe('guessing codes', () => {
  it('ends after five in a row, whatever the challenge; each five more for twice as long; a right one is refused meanwhile', async () => {
    const ann = await guarded('ann')
    const guess = async (ip: string) => complete(challengeOf(await login('ann', { ip })), '000000', { ip })
    const round = async (net: number): Promise<number[]> => {
      const seen: number[] = []
      for (let n = 0; n < 5; n++) seen.push((await guess(`192.0.${net}.${n}`)).statusCode)
      return seen
    }
    expect(await round(1)).toEqual([422, 422, 422, 422, 429])
    const refused = await complete(challengeOf(await login('ann', { ip: '192.0.2.77' })), code(ann.seed), { ip: '192.0.2.77' })
    expect(problemOf(refused)).toEqual([429, 'limit'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(13 * 60)
    wait(15 * minute)
    expect(await round(3)).toEqual([422, 422, 422, 422, 429])
    wait(16 * minute)
    expect((await complete(challengeOf(await login('ann', { ip: '192.0.2.78' })), code(ann.seed), { ip: '192.0.2.78' })).statusCode).toBe(
      429,
    )
    wait(15 * minute)
    expect((await complete(challengeOf(await login('ann', { ip: '192.0.2.79' })), code(ann.seed), { ip: '192.0.2.79' })).statusCode).toBe(
      200,
    )
    expect((await guess('192.0.2.80')).statusCode).toBe(422)
  })
  it('voids the challenges that were open', async () => {
    const ann = await guarded('ann')
    const open = challengeOf(await login('ann'))
    for (let n = 0; n < 5; n++) await complete(open, '000000')
    wait(16 * minute)
    expect(problemOf(await complete(open, code(ann.seed)))).toEqual([410, 'gone'])
  })
  it('counts every one of many that come at once', async () => {
    await guarded('ann')
    const challenge = challengeOf(await login('ann'))
    const replies = await Promise.all(Array.from({ length: 12 }, (_, n) => complete(challenge, '000000', { ip: `192.0.2.${n}` })))
    expect(replies.filter((reply) => reply.statusCode === 422)).toHaveLength(4)
  })
  it('does not shut out who does not know the password, nor the owner by those who do not', async () => {
    const ann = await guarded('ann')
    for (let n = 0; n < 30; n++)
      await call('POST', '/api/auth/login', { ip: `198.51.100.${n}`, body: { username: 'ann', password: 'wrong', scope: '000000' } })
    expect((await login('ann', { scope: code(ann.seed) })).statusCode).toBe(200)
  })
})

describe('a challenge', () => {
  it('is no session: it opens no route but the step that asks for the code', async () => {
    await guarded('ann')
    const challenge = challengeOf(await login('ann'))
    const closed = smallRoutes.filter((route) => route.permission !== 'public')
    expect(closed.length).toBeGreaterThan(20)
    for (const route of closed) {
      const url = route.path.replaceAll(/:\w+/g, '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11')
      const tries = [{ token: challenge }, { headers: { cookie: `__Host-vc_session=${challenge}`, 'sec-fetch-site': 'same-origin' } }]
      for (const o of tries) expect((await call(route.method, url, o)).statusCode, `${route.method} ${route.path}`).toBe(401)
    }
  })
})

describe('recovery codes', () => {
  it('sign in once each, and new ones void the old', async () => {
    const ann = await guarded('ann')
    const [one = '', two = '', three = ''] = ann.recovery
    const by = async (given: string) => (await complete(challengeOf(await login('ann')), given)).statusCode
    expect(await by(one.toLowerCase().replaceAll('-', ''))).toBe(200)
    expect(await by(one)).toBe(422)
    expect(await by(two)).toBe(200)
    expect((await call('GET', '/api/auth/2fa', { token: ann.token })).json<FactorState>().recovery_codes_left).toBe(8)
    const renewed = await call('POST', '/api/auth/2fa/recovery-codes', { token: ann.token })
    expect(renewed.statusCode, renewed.body).toBe(200)
    expect(await by(three)).toBe(422)
    expect(await by(renewed.json<{ recovery_codes: string[] }>().recovery_codes[0] ?? '')).toBe(200)
  })
  it('of somebody else are worth nothing', async () => {
    const [ann, bob] = [await guarded('ann'), await guarded('bob')]
    expect((await complete(challengeOf(await login('ann')), bob.recovery[0] ?? '')).statusCode).toBe(422)
    expect((await complete(challengeOf(await login('ann')), code(bob.seed))).statusCode).toBe(422)
    expect((await complete(challengeOf(await login('ann')), ann.recovery[0] ?? '')).statusCode).toBe(200)
  })
})

describe('removing it', () => {
  it('needs the password and a code; a wrong password spends no code', async () => {
    const ann = await guarded('ann')
    const disable = (password: string, given: string) =>
      call('POST', '/api/auth/2fa/disable', { token: ann.token, body: { password, code: given } })
    const [spare = ''] = ann.recovery
    expect((await disable('wrong', spare)).statusCode).toBe(422)
    expect((await disable(pass, '000000')).statusCode).toBe(422)
    expect((await disable(pass, spare)).statusCode).toBe(204)
    expect((await login('ann')).statusCode).toBe(200)
    const left = await inAuth(plane.control.auth, (q) => q.selectFrom('recovery_codes').select('code_hash').execute())
    expect(left).toEqual([])
  })
  it('of somebody else is for admins of the tenant after a fresh proof; it ends the sessions of the person', async () => {
    const boss = await plain('boss', 'admin')
    const ann = await guarded('ann')
    const eve = await plain('eve', 'admin', 'Elsewhere')
    const reset = (token: string, id = ann.id) => call('DELETE', `/api/users/${id}/2fa`, { token })
    expect((await reset(eve.token)).statusCode).toBe(404)
    expect((await reset(ann.token)).statusCode).toBe(403)
    expect((await reset(boss.token, boss.id)).statusCode).toBe(409)
    await inAuth(plane.control.auth, (q) => q.updateTable('sessions').set({ proved_at: null }).execute())
    app.identity.deps.cache.clear()
    expect(problemOf(await reset(boss.token))).toEqual([403, 'step_up'])
    await call('POST', '/api/auth/step-up', { token: boss.token, body: { password: pass } })
    expect((await reset(boss.token)).json()).toEqual({ ended_sessions: 1 })
    expect((await call('GET', '/api/auth/me', { token: ann.token })).statusCode).toBe(401)
    expect((await login('ann')).statusCode).toBe(200)
    expect((await rowsOf(ann.tenant_id)).find((row) => row.action === 'factor.reset' && row.outcome === 'success')).toMatchObject({
      actor_name: 'boss',
      object_id: ann.id,
    })
    expect((await reset(boss.token)).statusCode).toBe(409)
  })
  it('is not done by a reset of the password', async () => {
    const boss = await plain('boss', 'admin')
    const ann = await guarded('ann')
    const { link } = (await call('POST', `/api/users/${ann.id}/password-reset`, { token: boss.token })).json<{ link: string }>()
    const token = new URL(link, 'http://localhost').searchParams.get('token')
    await call('POST', '/api/auth/password-reset/confirm', { body: { token, new_password: 'another fine long phrase' } })
    const reply = await call('POST', '/api/auth/login', { body: { username: 'ann', password: 'another fine long phrase' } })
    expect(problemOf(reply)).toEqual([401, 'second_factor'])
  })
})

describe('a fresh proof', () => {
  it('lasts ten minutes, is of one session, and is a code where there is a second factor', async () => {
    const ann = await guarded('ann')
    const second = tokenOf(await login('ann', { scope: code(ann.seed) }))
    await inAuth(plane.control.auth, (q) => q.updateTable('sessions').set({ proved_at: null }).execute())
    app.identity.deps.cache.clear()
    const renew = async (token: string) => (await call('POST', '/api/auth/2fa/recovery-codes', { token })).statusCode
    expect(await renew(ann.token)).toBe(403)
    expect((await call('POST', '/api/auth/step-up', { token: ann.token, body: { password: pass } })).statusCode).toBe(422)
    expect(await renew(ann.token)).toBe(403)
    expect((await call('POST', '/api/auth/step-up', { token: ann.token, body: { code: code(ann.seed) } })).statusCode).toBe(200)
    expect(await renew(ann.token)).toBe(200)
    expect(await renew(second)).toBe(403)
    await inAuth(plane.control.auth, (q) =>
      q
        .updateTable('sessions')
        .set({ proved_at: new Date(app.clock.now.getTime() - 10 * minute - 1) })
        .execute(),
    )
    app.identity.deps.cache.clear()
    expect(await renew(ann.token)).toBe(403)
  })
  it('is slowed down like the sign-in', async () => {
    const ann = await plain('ann')
    const seen: number[] = []
    for (let n = 0; n < 12; n++)
      seen.push((await call('POST', '/api/auth/step-up', { token: ann.token, body: { password: `no ${n}` } })).statusCode)
    expect([seen[0], seen.at(-1)]).toEqual([422, 429])
  })
})

describe('a tenant that requires it', () => {
  const policy = (token: string, id: string, is_required: boolean) =>
    call('PUT', `/api/tenants/${id}/2fa`, { token, body: { is_required } })
  it('lets those without one set it up, and nothing else; API keys of theirs rest meanwhile', async () => {
    const boss = await guarded('boss', 'admin')
    const ann = await plain('ann')
    const made = await call('POST', '/api/auth/api-keys', { token: ann.token, body: { name: 'k', scopes: ['search'], expires_in_days: 1 } })
    const { key } = made.json<{ key: string }>()
    expect((await policy(boss.token, boss.tenant_id, true)).json()).toEqual({ is_required: true, people: 2, people_without: 1 })
    const open: string[] = []
    for (const route of smallRoutes.filter((r) => r.permission !== 'public')) {
      const reply = await call(route.method, route.path.replaceAll(/:\w+/g, '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11'), { token: ann.token })
      if (reply.statusCode !== 403 || reply.json<{ code: string }>().code !== 'factor_setup') open.push(`${route.method} ${route.path}`)
      if (route.method === 'DELETE' && route.path === '/api/auth/session') ann.token = tokenOf(await login('ann'))
    }
    const flagged = smallRoutes.filter((route) => 'open_without_factor' in route).map((route) => `${route.method} ${route.path}`)
    expect(open.sort()).toEqual(flagged.sort())
    expect(flagged.filter((key) => !key.includes(' /api/auth/'))).toEqual([])
    expect((await call('GET', '/api/auth/me', { token: ann.token })).json<User>().must_set_up_factor).toBe(true)
    expect(problemOf(await call('GET', '/api/users', { token: key }))).toEqual([403, 'factor_setup'])
    const done = await setUp(ann)
    expect((await call('PUT', '/api/auth/me', { token: done.token, body: { full_name: 'Ann' } })).statusCode).toBe(200)
    expect(problemOf(await call('GET', '/api/users', { token: key }))).toEqual([403, 'forbidden'])
  })
  it('is made so by an admin who has one, and only of the own tenant; nobody there disables it then', async () => {
    const boss = await plain('boss', 'admin')
    const eve = await guarded('eve', 'admin', 'Elsewhere')
    expect((await policy(boss.token, boss.tenant_id, true)).statusCode).toBe(409)
    expect((await policy(eve.token, boss.tenant_id, true)).statusCode).toBe(404)
    const safe = await setUp(boss)
    expect((await policy(safe.token, boss.tenant_id, true)).statusCode).toBe(200)
    const body = { password: pass, code: safe.recovery[0] ?? '' }
    expect((await call('POST', '/api/auth/2fa/disable', { token: safe.token, body })).statusCode).toBe(409)
    expect((await policy(safe.token, boss.tenant_id, false)).statusCode).toBe(200)
    expect((await call('POST', '/api/auth/2fa/disable', { token: safe.token, body: { ...body, code: safe.recovery[1] } })).statusCode).toBe(
      204,
    )
  })
})
