// How long sessions last by how far they reach, and what an admin sees and ends of those of others.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import type { OwnSession } from '../../../../shared/contract/account.ts'
import type { GivenRole } from '../../../../shared/domain/permissions.ts'
import { inAuth } from '../../../db/auth.ts'
import { inTenant } from '../../../db/tenant.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
let app: SmallApp

interface Call {
  token?: string
  cookie?: string
  body?: unknown
  headers?: Record<string, string>
}
const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, o: Call = {}) =>
  app.http.inject({
    method,
    url,
    headers: {
      host: 'localhost:8000',
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
      ...(o.cookie === undefined ? {} : { cookie: o.cookie, origin: 'http://localhost:8000' }),
      ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...o.headers,
    },
    ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
  })
const person = async (username: string, role: GivenRole, tenant = 'Home') =>
  app.identity.createUserByOperator({ username, password: pass, tenant_name: tenant, role, is_platform_admin: false })
const cookieOf = async (username: string): Promise<string> =>
  String((await call('POST', '/api/auth/session', { body: { username, password: pass } })).headers['set-cookie']).split(';')[0] ?? ''
const tokensOf = async (username: string) =>
  (await call('POST', '/api/auth/login', { body: { username, password: pass } })).json<{ access_token: string; refresh_token: string }>()
const statusOf = async (o: Call): Promise<number> => (await call('GET', '/api/auth/me', o)).statusCode
const minutes = (n: number): void => {
  app.clock.now = new Date(app.clock.now.getTime() + n * 60_000)
}
/** Uses the session every ten minutes. */
const stayFor = async (hours: number, o: Call): Promise<number> => {
  let status = 0
  for (let at = 0; at < hours * 60; at += 10) {
    minutes(10)
    status = await statusOf(o)
  }
  return status
}

beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  app = await startSmallApp(plane, {})
})
afterEach(() => app.http.close())

describe('a session without use', () => {
  it('ends after 15 minutes for an admin and after an hour for others', async () => {
    await person('ann', 'admin')
    await person('bob', 'user')
    const [admin, user] = [{ cookie: await cookieOf('ann') }, { cookie: await cookieOf('bob') }]
    minutes(14)
    expect([await statusOf(admin), await statusOf(user)]).toEqual([200, 200])
    minutes(16)
    expect([await statusOf(admin), await statusOf(user)]).toEqual([401, 200])
    minutes(59)
    expect(await statusOf(user)).toBe(200)
    minutes(61)
    expect(await statusOf(user)).toBe(401)
  })
  it('ends after 15 minutes for a member of several tenants, and for a person who has become an admin since', async () => {
    const bob = await person('bob', 'user')
    const vic = await person('vic', 'viewer')
    const away = await person('eve', 'admin', 'Elsewhere')
    const [wide, risen] = [{ cookie: await cookieOf('bob') }, { cookie: await cookieOf('vic') }]
    await inAuth(plane.control.auth, async (q) => {
      await q.insertInto('memberships').values({ user_id: bob.id, tenant_id: away.tenant_id, role: 'viewer' }).execute()
      await q.updateTable('memberships').set({ role: 'admin' }).where('user_id', '=', vic.id).execute()
    })
    minutes(16)
    expect([await statusOf(wide), await statusOf(risen)]).toEqual([401, 401])
  })
})

describe('a page that asks by itself', () => {
  it('is let in like any other, and does not keep a session alive that nobody uses', async () => {
    await person('ann', 'admin')
    const [left, used] = [{ cookie: await cookieOf('ann') }, { cookie: await cookieOf('ann') }]
    const statuses: number[] = []
    for (let n = 0; n < 5; n++) {
      minutes(4)
      statuses.push(await statusOf({ ...left, headers: { 'x-unattended': '1' } }))
      expect(await statusOf(used)).toBe(200)
    }
    expect(statuses).toEqual([200, 200, 200, 401, 401])
  })
})

describe('a session that is used all the time', () => {
  it('ends after 12 hours for an admin, of either kind, and after 24 for others', async () => {
    await person('ann', 'admin')
    await person('bob', 'user')
    const tokens = await tokensOf('ann')
    const [admin, user] = [{ cookie: await cookieOf('ann') }, { cookie: await cookieOf('bob') }]
    const eleven = await stayFor(11, admin)
    expect(eleven).toBe(200)
    const later = await call('POST', '/api/auth/refresh', { body: { refresh_token: tokens.refresh_token } })
    expect(later.statusCode).toBe(200)
    minutes(61)
    expect(await statusOf(admin)).toBe(401)
    const next = later.json<{ refresh_token: string; access_token: string }>()
    expect((await call('POST', '/api/auth/refresh', { body: { refresh_token: next.refresh_token } })).statusCode).toBe(401)
    expect(await statusOf({ token: next.access_token })).toBe(401)
    const other = { cookie: await cookieOf('bob') }
    expect(await statusOf(user)).toBe(401)
    expect(await stayFor(23, other)).toBe(200)
    expect(await stayFor(2, other)).toBe(401)
  })
  it('says in the list when it ends', async () => {
    await person('ann', 'admin')
    await person('bob', 'user')
    const at = (hours: number): string => new Date(app.clock.now.getTime() + hours * 3_600_000).toISOString()
    const [admin, user] = [{ cookie: await cookieOf('ann') }, { cookie: await cookieOf('bob') }]
    const tokens = await tokensOf('bob')
    const ends = async (o: Call) =>
      (await call('GET', '/api/auth/sessions', o))
        .json<OwnSession[]>()
        .map((s) => [s.kind, s.expires_at, s.idle_expires_at])
        .sort()
    expect(await ends(admin)).toEqual([['browser', at(12), at(0.25)]])
    expect(await ends(user)).toEqual([
      ['api', at(30 * 24), null],
      ['browser', at(24), at(1)],
    ])
    expect(await ends({ token: tokens.access_token })).toHaveLength(2)
  })
})

describe('an admin', () => {
  it('sees the sessions of a person in the tenant and ends one or all of them', async () => {
    await person('ann', 'admin')
    const bob = await person('bob', 'user')
    const { access_token: token } = await tokensOf('ann')
    const [one, two] = [{ cookie: await cookieOf('bob') }, { token: (await tokensOf('bob')).access_token }]
    const list = async () => (await call('GET', `/api/users/${bob.id}/sessions`, { token })).json<OwnSession[]>()
    const seen = await list()
    expect(seen.map((s) => [s.kind, s.is_current]).sort()).toEqual([
      ['api', false],
      ['browser', false],
    ])
    const browser = seen.find((s) => s.kind === 'browser')?.id
    expect((await call('DELETE', `/api/users/${bob.id}/sessions/${browser}`, { token })).statusCode).toBe(204)
    expect([await statusOf(one), await statusOf(two)]).toEqual([401, 200])
    expect((await call('DELETE', `/api/users/${bob.id}/sessions/${browser}`, { token })).statusCode).toBe(404)
    const all = await call('DELETE', `/api/users/${bob.id}/sessions`, { token })
    expect([all.statusCode, all.json()]).toEqual([200, { ended_sessions: 1 }])
    expect(await statusOf(two)).toBe(401)
    expect(await list()).toEqual([])
    const rows = await inTenant(plane.control.forTenant(bob.tenant_id), (q) =>
      q.selectFrom('audit_rows').select(['actor_name', 'details']).where('action', '=', 'user.sessions_end').orderBy('seq').execute(),
    )
    expect(rows.map((row) => [row.actor_name, JSON.parse(row.details)])).toEqual([
      ['ann', { username: 'bob' }],
      ['ann', { username: 'bob', ended_sessions: 1 }],
    ])
  })
  it('of another tenant finds nobody, and of one of several tenants only the sessions there', async () => {
    await person('ann', 'admin')
    const bob = await person('bob', 'user')
    const eve = await person('eve', 'admin', 'Elsewhere')
    const { access_token: token } = await tokensOf('eve')
    const bobs = { cookie: await cookieOf('bob') }
    const [session] = (await call('GET', '/api/auth/sessions', bobs)).json<OwnSession[]>()
    for (const url of [`/api/users/${bob.id}/sessions`, `/api/users/${bob.id}/sessions/${session?.id}`])
      expect((await call('DELETE', url, { token })).statusCode).toBe(404)
    expect((await call('GET', `/api/users/${bob.id}/sessions`, { token })).statusCode).toBe(404)
    await inAuth(plane.control.auth, (q) =>
      q.insertInto('memberships').values({ user_id: bob.id, tenant_id: eve.tenant_id, role: 'viewer' }).execute(),
    )
    const seen = await call('GET', `/api/users/${bob.id}/sessions`, { token })
    expect([seen.statusCode, seen.json()]).toEqual([200, []])
    expect((await call('DELETE', `/api/users/${bob.id}/sessions/${session?.id}`, { token })).statusCode).toBe(404)
    expect((await call('DELETE', `/api/users/${bob.id}/sessions`, { token })).json()).toEqual({ ended_sessions: 0 })
    expect(await statusOf(bobs)).toBe(200)
  })
})
