import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../test/harness/control-plane.ts'
import { type SmallApp, startSmallApp } from '../../../test/harness/small-app.ts'
import type { Tenant } from '../../../shared/contract/tenants.ts'
import { inAuth } from '../../db/auth.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { createTenants } from './index.ts'

const plane = withControlPlane()
const password = 'seven quiet lanterns drift'
let app: SmallApp
let platform = ''
let admin = ''

const tokenOf = async (username: string): Promise<string> => {
  const reply = await app.http.inject({ method: 'POST', url: '/api/auth/login', body: { username, password } })
  return reply.json<{ access_token: string }>().access_token
}
const call = (method: 'GET' | 'POST' | 'PUT', url: string, token: string, body?: object) =>
  app.http.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(body === undefined ? {} : { body }) })

beforeAll(async () => {
  app = await startSmallApp(plane)
  const make = (username: string, tenant_name: string, is_platform_admin: boolean) =>
    app.identity.createUserByOperator({ username, password, tenant_name, role: 'admin', is_platform_admin })
  await make('root', 'Home', true)
  await make('ann', 'Acme', false)
  platform = await tokenOf('root')
  admin = await tokenOf('ann')
})
afterAll(() => app.http.close())

describe('tenants', () => {
  it('are all seen by a platform admin, and only their own by everybody else', async () => {
    const all = await call('GET', '/api/tenants', platform)
    expect(all.json<Tenant[]>().map((t) => t.name)).toEqual(['Home', 'Acme'])
    expect(all.headers['x-total-count']).toBe('2')
    const own = await call('GET', '/api/tenants?limit=1', admin)
    expect(own.json<Tenant[]>().map((t) => t.name)).toEqual(['Acme'])
    expect(own.headers['x-total-count']).toBe('1')
    const past = await call('GET', '/api/tenants?skip=5', platform)
    expect([past.json<Tenant[]>(), past.headers['x-total-count']]).toEqual([[], '2'])
  })
  it('are made once by each name, whatever its case, with their stores', async () => {
    const before = app.madeStores.length
    const made = await call('POST', '/api/tenants', platform, { name: 'Globex', description: 'A customer', quota_bytes: 5_000_000_000 })
    expect(made.statusCode).toBe(201)
    expect(made.json()).toMatchObject({ name: 'Globex', description: 'A customer', quota_bytes: 5_000_000_000 })
    expect(app.madeStores.slice(before)).toEqual([made.json<Tenant>().id])
    expect((await call('POST', '/api/tenants', platform, { name: 'GLOBEX' })).statusCode).toBe(409)
    expect(app.madeStores).toHaveLength(before + 1)
  })
  it('are not there when their stores could not be made', async () => {
    const nothing = (): Promise<void> => Promise.resolve()
    const broken = createTenants({
      auth: plane.control.auth,
      createTenantStores: () => Promise.reject(new AppError('unavailable', 'The event store does not answer.')),
      whole: { dropEvents: nothing, dropEvidence: nothing, dropChain: nothing },
      stillMay: () => Promise.resolve(true),
    })
    const actor = { kind: 'system', user_id: null, username: 'test', role: 'admin', is_platform_admin: true, session_id: null }
    const ctx = { tenant: { id: newId(), name: 'Home' }, actor, client: null, requestId: 'test', now: () => new Date(), log: plane.log }
    await expect(broken.createTenant(ctx as unknown as Ctx, { name: 'Half' })).rejects.toMatchObject({ code: 'unavailable' })
    expect((await call('GET', '/api/tenants', platform)).body).not.toContain('Half')
  })
  it('are changed by a platform admin, who may take a limit away again', async () => {
    const { id } = (await call('GET', '/api/tenants', admin)).json<Tenant[]>()[0] ?? { id: '' }
    const url = `/api/tenants/${id}`
    expect((await call('PUT', url, platform, { quota_bytes: 10 })).json()).toMatchObject({ name: 'Acme', quota_bytes: 10 })
    expect((await call('PUT', url, platform, { quota_bytes: null, name: 'Acme Ltd' })).json()).toMatchObject({
      name: 'Acme Ltd',
      quota_bytes: null,
    })
    expect((await call('PUT', url, platform, { name: 'home' })).statusCode).toBe(409)
    expect((await call('PUT', url, platform, {})).json()).toMatchObject({ name: 'Acme Ltd' })
    expect((await call('PUT', url, admin, { quota_bytes: null })).statusCode).toBe(403)
  })
  it('are not changed while they are being erased, and that is said', async () => {
    const { id } = (await call('POST', '/api/tenants', platform, { name: 'Going' })).json<Tenant>()
    await inAuth(plane.control.auth, (q) => q.updateTable('tenants').set({ state: 'erasing' }).where('id', '=', id).execute())
    const reply = await call('PUT', `/api/tenants/${id}`, platform, { name: 'Renamed' })
    expect([reply.statusCode, reply.json()]).toMatchObject([409, { detail: 'This tenant is being erased.' }])
    const { name } = await inAuth(plane.control.auth, (q) =>
      q.selectFrom('tenants').select('name').where('id', '=', id).executeTakeFirstOrThrow(),
    )
    expect(name).toBe('Going')
  })
})
