import { beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import { inTenant } from '../../../db/tenant.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
const fresh = 'seven quiet lanterns drift'
let app: SmallApp
let ann: User

const post = (url: string, body: object, token?: string) =>
  app.http.inject({
    method: 'POST',
    url,
    headers: {
      host: 'localhost',
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
const login = (password: string) => post('/api/auth/login', { username: 'ann', password })
const confirm = (link: string) =>
  post('/api/auth/password-reset/confirm', { token: new URL(link, 'http://x').searchParams.get('token'), new_password: fresh })

beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  app = await startSmallApp(plane, {})
  ann = await app.identity.createUserByOperator({
    username: 'ann',
    password: pass,
    tenant_name: 'Home',
    role: 'admin',
    is_platform_admin: true,
  })
})

describe('a link that the operator makes', () => {
  it('sets the password of the only admin once, ends the sessions, and is told in the log of the tenant', async () => {
    const token = (await login(pass)).json<{ access_token: string }>().access_token
    const made = await app.identity.makeLinkByOperator('ANN')
    expect(made.username).toBe('ann')
    expect(made.link).toMatch(/^\/reset-password\?token=[\w-]{43}$/)
    expect((await confirm(made.link)).statusCode).toBe(200)
    expect((await confirm(made.link)).statusCode).toBe(410)
    expect([(await login(pass)).statusCode, (await login(fresh)).statusCode]).toEqual([401, 200])
    const me = await app.http.inject({ url: '/api/auth/me', headers: { host: 'localhost', authorization: `Bearer ${token}` } })
    expect(me.statusCode).toBe(401)
    const rows = await inTenant(plane.control.forTenant(ann.tenant_id), (q) =>
      q
        .selectFrom('audit_rows')
        .select(['actor_kind', 'actor_name', 'object_id', 'details'])
        .where('action', '=', 'password.link')
        .execute(),
    )
    expect(rows).toEqual([
      { actor_kind: 'system', actor_name: 'operator', object_id: ann.id, details: '{"username":"ann","by":"operator"}' },
    ])
  })
  it('is over after half an hour, and when a newer one is made', async () => {
    const old = await app.identity.makeLinkByOperator('ann')
    const newer = await app.identity.makeLinkByOperator('ann')
    expect((await confirm(old.link)).statusCode).toBe(410)
    app.clock.now = new Date(app.clock.now.getTime() + 30 * 60_000 + 1000)
    expect((await confirm(newer.link)).statusCode).toBe(410)
  })
  it('is not made for nobody, and not for who could not sign in with it', async () => {
    await expect(app.identity.makeLinkByOperator('nobody')).rejects.toMatchObject({ code: 'not_found' })
    const bob = await app.identity.createUserByOperator({
      username: 'bob',
      password: pass,
      tenant_name: 'Home',
      role: 'viewer',
      is_platform_admin: false,
    })
    const token = (await login(pass)).json<{ access_token: string }>().access_token
    const off = await app.http.inject({
      method: 'PUT',
      url: `/api/users/${bob.id}`,
      headers: { host: 'localhost', 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ is_active: false }),
    })
    expect(off.statusCode, off.body).toBe(200)
    await expect(app.identity.makeLinkByOperator('bob')).rejects.toMatchObject({ code: 'conflict' })
  })
})
