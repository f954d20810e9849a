import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import { inAuth } from '../../../db/auth.ts'
import { openApiSession } from '../sessions.ts'
import { signIn } from '../sign-in.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
const other = 'seven quiet lanterns drift'
const weak = 'Password12345'
let app: SmallApp
let ann: User
let bob: User

interface Call {
  token?: string
  body?: unknown
  ip?: string
  host?: string
}
const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, o: Call = {}) =>
  app.http.inject({
    method,
    url,
    remoteAddress: o.ip ?? '127.0.0.1',
    headers: {
      host: o.host ?? 'localhost:8000',
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
      ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
  })
const login = (username: string, password = pass) => call('POST', '/api/auth/login', { body: { username, password } })
const tokenOf = async (username: string, password = pass): Promise<string> =>
  (await login(username, password)).json<{ access_token: string }>().access_token
const statusOf = async (token: string): Promise<number> => (await call('GET', '/api/auth/me', { token })).statusCode
const change = (token: string, current_password: string, new_password: string, ip?: string) =>
  call('POST', '/api/auth/password', { token, body: { current_password, new_password }, ...(ip === undefined ? {} : { ip }) })
const linkFor = (token: string, userId: string, host?: string) =>
  call('POST', `/api/users/${userId}/password-reset`, { token, ...(host === undefined ? {} : { host }) })
const tokenIn = (reply: { json: <T>() => T }): string =>
  new URL(reply.json<{ link: string }>().link, 'http://localhost').searchParams.get('token') ?? ''
const confirm = (token: string, new_password: string, ip?: string) =>
  call('POST', '/api/auth/password-reset/confirm', { body: { token, new_password }, ...(ip === undefined ? {} : { ip }) })
const make = (username: string, o: { tenant_name?: string; role?: 'admin' | 'user'; is_platform_admin?: boolean } = {}) =>
  app.identity.createUserByOperator({
    username,
    password: pass,
    tenant_name: o.tenant_name ?? 'Home',
    role: o.role ?? 'user',
    is_platform_admin: o.is_platform_admin ?? false,
  })

beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  app = await startSmallApp(plane, {})
  ann = await make('ann', { role: 'admin' })
  bob = await make('bob')
})
afterEach(() => app.http.close())

describe('changing the password', () => {
  it('needs the current one, ends every other session and says how many', async () => {
    const [mine, second, third] = [await tokenOf('bob'), await tokenOf('bob'), await tokenOf('bob')]
    const anns = await tokenOf('ann')
    expect((await change(mine, 'wrong', other)).json()).toMatchObject({ status: 422, errors: [{ field: 'current_password' }] })
    expect(await statusOf(second)).toBe(200)
    const reply = await change(mine, pass, other)
    expect([reply.statusCode, reply.json()]).toEqual([200, { ended_sessions: 2 }])
    expect([await statusOf(mine), await statusOf(second), await statusOf(third), await statusOf(anns)]).toEqual([200, 401, 401, 200])
    expect([(await login('bob')).statusCode, (await login('bob', other)).statusCode]).toEqual([401, 200])
  })
  it('follows the rule, with its reasons at the new password', async () => {
    const reply = await change(await tokenOf('bob'), pass, weak)
    expect(reply.statusCode).toBe(422)
    const { errors } = reply.json<{ errors: { field: string }[] }>()
    expect(new Set(errors.map((e) => e.field))).toEqual(new Set(['new_password']))
    expect((await login('bob')).statusCode).toBe(200)
  })
  it('is slowed down like a sign-in, from one network and not from another', async () => {
    const token = await tokenOf('bob')
    const replies = []
    for (let i = 0; i < 12; i++) replies.push(await change(token, `guess ${i}`, other, '198.51.100.7'))
    expect(replies.map((r) => r.statusCode)).toEqual([...Array.from({ length: 10 }, () => 422), 429, 429])
    expect((await change(token, pass, other, '198.51.100.7')).statusCode).toBe(429)
    expect((await change(token, pass, other, '203.0.113.5')).statusCode).toBe(200)
  })
  it('shuts out a sign-in that was judged before it and opens its session after it', async () => {
    const { deps } = app.identity
    const client = { ip: '192.0.2.7', userAgent: 'slow' }
    const nobody = { kind: 'anonymous', user_id: null, username: '' } as const
    const source = { tenant_id: null, actor: nobody, client, requestId: 'slow', now: deps.now, log: plane.log }
    const attempt = { username: 'bob', password: pass, origin: { ...client, source }, credentials: { bearer: null, cookie: null } }
    const judged = await signIn(deps, attempt)
    expect((await change(await tokenOf('bob'), pass, other)).statusCode).toBe(200)
    await expect(openApiSession(deps, judged)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
  it('is done once by two who change it at the same time', async () => {
    const [a, b] = [await tokenOf('bob'), await tokenOf('bob')]
    const replies = await Promise.all([change(a, pass, other), change(b, pass, 'a third sentence, quite long')])
    expect(replies.filter((r) => r.statusCode === 200)).toHaveLength(1)
  })
})

describe('a reset link', () => {
  it('sets a password once, ends all sessions and signs nobody in', async () => {
    const [bobs, anns] = [await tokenOf('bob'), await tokenOf('ann')]
    const made = await linkFor(anns, bob.id, 'evil.example')
    expect(made.statusCode).toBe(200)
    expect(made.json<{ link: string }>().link).toMatch(/^\/reset-password\?token=[A-Za-z0-9_-]{43}$/)
    expect(await statusOf(bobs)).toBe(200)
    const replies = await Promise.all(Array.from({ length: 5 }, () => confirm(tokenIn(made), other)))
    expect(replies.map((r) => r.statusCode).sort((x, y) => x - y)).toEqual([200, 410, 410, 410, 410])
    const done = replies.find((r) => r.statusCode === 200)
    expect(done?.json()).toEqual({ ended_sessions: 1 })
    expect(done?.headers['set-cookie']).toBeUndefined()
    expect([await statusOf(bobs), await statusOf(anns)]).toEqual([401, 200])
    expect([(await login('bob')).statusCode, (await login('bob', other)).statusCode]).toEqual([401, 200])
  })
  it('is kept as a hash alone', async () => {
    const token = tokenIn(await linkFor(await tokenOf('ann'), bob.id))
    const rows = await inAuth(plane.control.auth, (q) => q.selectFrom('password_resets').selectAll().execute())
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect((await confirm(rows[0]?.token_hash ?? '', other)).statusCode).toBe(410)
  })
  it('is over after half an hour, when a newer one is made, and when the password was changed', async () => {
    const anns = await tokenOf('ann')
    const [older, newer] = [tokenIn(await linkFor(anns, bob.id)), tokenIn(await linkFor(anns, bob.id))]
    expect((await confirm(older, other)).statusCode).toBe(410)
    app.clock.now = new Date(app.clock.now.getTime() + 1_801_000)
    expect((await confirm(newer, other)).statusCode).toBe(410)
    const last = tokenIn(await linkFor(await tokenOf('ann'), bob.id))
    expect((await change(await tokenOf('bob'), pass, other)).statusCode).toBe(200)
    expect((await confirm(last, pass)).statusCode).toBe(410)
    const again = tokenIn(await linkFor(await tokenOf('ann'), bob.id))
    const body = { password: pass, current_password: other }
    expect((await call('PUT', '/api/auth/me', { token: await tokenOf('bob', other), body })).statusCode).toBe(200)
    expect((await confirm(again, other)).statusCode).toBe(410)
  })
  it('dies with the account, and does not come back with it', async () => {
    const anns = await tokenOf('ann')
    const token = tokenIn(await linkFor(anns, bob.id))
    await call('DELETE', `/api/users/${bob.id}`, { token: anns })
    expect((await confirm(token, other)).statusCode).toBe(410)
    expect((await linkFor(anns, bob.id)).statusCode).toBe(409)
    await call('PUT', `/api/users/${bob.id}`, { token: anns, body: { is_active: true } })
    expect((await confirm(token, other)).statusCode).toBe(410)
  })
  it('follows the password rule, and a refused password does not spend it', async () => {
    const token = tokenIn(await linkFor(await tokenOf('ann'), bob.id))
    const refused = await confirm(token, weak)
    expect(refused.statusCode).toBe(422)
    expect(refused.json<{ errors: { field: string }[] }>().errors[0]?.field).toBe('new_password')
    expect((await confirm(token, other)).statusCode).toBe(200)
  })
  it('is not found by guessing: tries are slowed down, and other networks are not', async () => {
    const token = tokenIn(await linkFor(await tokenOf('ann'), bob.id))
    const statuses: number[] = []
    for (let i = 0; i < 12; i++) statuses.push((await confirm(`guess-${i}`, other, '198.51.100.7')).statusCode)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 410), 429, 429])
    expect((await confirm(token, other, '203.0.113.5')).statusCode).toBe(200)
  })
  it('is made by an admin of the tenant, for no one above or beyond it, and never for oneself', async () => {
    const anns = await tokenOf('ann')
    const root = await make('root', { is_platform_admin: true })
    const eve = await make('eve', { tenant_name: 'Evil', role: 'admin' })
    expect((await linkFor(await tokenOf('bob'), ann.id)).statusCode).toBe(403)
    expect((await linkFor(anns, ann.id)).statusCode).toBe(409)
    expect((await linkFor(anns, root.id)).statusCode).toBe(403)
    expect((await linkFor(anns, eve.id)).statusCode).toBe(404)
    const invited = (await call('POST', '/api/users', { token: anns, body: { username: 'new', role: 'user' } })).json<User>()
    expect((await linkFor(anns, invited.id)).statusCode).toBe(409)
    await inAuth(plane.control.auth, (q) =>
      q.insertInto('memberships').values({ tenant_id: eve.tenant_id, user_id: bob.id, role: 'admin' }).execute(),
    )
    expect((await linkFor(anns, bob.id)).statusCode).toBe(403)
    expect(await inAuth(plane.control.auth, (q) => q.selectFrom('password_resets').selectAll().execute())).toEqual([])
  })
  it('cannot be asked for by mail, which is said to everybody alike and changes nothing', async () => {
    const ask = (email: string) => call('POST', '/api/auth/password-reset/request', { body: { email } })
    const [known, unknown] = [await ask('bob'), await ask('nobody')]
    expect([known.statusCode, unknown.statusCode]).toEqual([200, 200])
    expect(known.body).toBe(unknown.body)
    expect(known.json()).toMatchObject({ is_sent: false })
    expect(await inAuth(plane.control.auth, (q) => q.selectFrom('password_resets').selectAll().execute())).toEqual([])
  })
})
