// Single sign-on against a real provider on loopback: who gets in as whom, and what is not believed.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { startProvider, type TestProvider } from '../../../../test/harness/provider/identity-provider.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import type { SsoState } from '../../../../shared/contract/access/sso.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import type { GivenRole } from '../../../../shared/domain/permissions.ts'
import { inAuth } from '../../../db/auth.ts'
import { inTenant } from '../../../db/tenant.ts'
import { createVault } from '../../../platform/vault.ts'
import { resealSecrets } from '../factors/reseal.ts'
import { secretBound } from './settings.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
const here = 'http://localhost:8000'
const returnAddress = `${here}/sign-in/sso/callback`
let idp: TestProvider
let other: TestProvider
let app: SmallApp
let tenantId = ''
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
const cookiesOf = (reply: Answer): Record<string, string> =>
  Object.fromEntries([reply.headers['set-cookie'] ?? []].flat().map((set) => String(set).split(';')[0]?.split('=') ?? []))
const detailOf = (reply: Answer): string => reply.json<{ detail: string }>().detail

const person = (username: string, role: GivenRole, o: { tenant?: string; email?: string; platform?: boolean } = {}) =>
  app.identity.createUserByOperator({
    username,
    password: pass,
    tenant_name: o.tenant ?? 'Home',
    role,
    email: o.email,
    is_platform_admin: o.platform ?? false,
  })
const tokenOf = async (username: string): Promise<string> =>
  (await call('POST', '/api/auth/login', { body: { username, password: pass } })).json<{ access_token: string }>().access_token

const setUp = (changes: Record<string, unknown> = {}, token = admin) =>
  call('PUT', '/api/sso', {
    token,
    body: {
      is_enabled: true,
      label: 'the company',
      issuer: idp.issuer,
      client: idp.client_id,
      client_secret: idp.client_secret,
      role_map: [
        { group: 'hunters', role: 'analyst' },
        { group: 'chiefs', role: 'admin' },
      ],
      ...changes,
    },
  })

const start = async (tenant = tenantId) => {
  const reply = await call('POST', '/api/auth/sso/start', { body: { tenant, to: '/t/x/hosts' } })
  expect(reply.statusCode, reply.body).toBe(200)
  return { url: reply.json<{ url: string }>().url, cookie: `__Host-vc_sso=${cookiesOf(reply)['__Host-vc_sso']}` }
}
const finish = (cookie: string, query: string) => call('POST', '/api/auth/sso/finish', { cookie, body: { query } })
/** Through the whole of it, as a browser does. */
const arrive = async (who: TestProvider['person'], tenant = tenantId): Promise<Answer> => {
  idp.person = who
  const { url, cookie } = await start(tenant)
  return finish(cookie, await idp.visit(url))
}
const sessionOf = (reply: Answer): string => {
  expect(reply.statusCode, reply.body).toBe(200)
  return `__Host-vc_session=${cookiesOf(reply)['__Host-vc_session']}`
}
const meOf = async (reply: Answer): Promise<User> => (await call('GET', '/api/auth/me', { cookie: sessionOf(reply) })).json<User>()

const ann = {
  sub: 'ann-1',
  email: 'ann@home.example',
  email_verified: true,
  preferred_username: 'ann',
  name: 'Ann Hall',
  groups: ['hunters'],
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
  tenantId = (await person('boss', 'admin', { email: 'boss@home.example' })).tenant_id
  admin = await tokenOf('boss')
  expect((await setUp()).statusCode).toBe(200)
})
afterEach(() => app.http.close())

describe('a person whom the provider vouches for', () => {
  it('is signed in as a new account with the role of their group, in this browser and this tenant', async () => {
    const reply = await arrive(ann)
    expect(reply.json()).toEqual({ to: '/t/x/hosts' })
    expect([reply.headers['set-cookie']].flat()[0]).toMatch(/^__Host-vc_sso=; .*Max-Age=0/)
    expect(await meOf(reply)).toMatchObject({
      username: 'ann',
      email: 'ann@home.example',
      full_name: 'Ann Hall',
      role: 'user',
      tenant_id: tenantId,
      invited: false,
      is_platform_admin: false,
    })
    const [session] = await inAuth(plane.control.auth, (q) => q.selectFrom('sessions').selectAll().where('kind', '=', 'browser').execute())
    expect(session).toMatchObject({ sso_tenant_id: tenantId, tenant_id: tenantId })
  })
  it('comes back to where they wanted to go, however long the address may be that is taken', async () => {
    idp.person = ann
    const to = `/t/x/explore?q=${'x'.repeat(985)}`
    const started = await call('POST', '/api/auth/sso/start', { body: { tenant: tenantId, to } })
    expect(String(started.headers['set-cookie']).length).toBeLessThan(4096)
    const cookie = `__Host-vc_sso=${cookiesOf(started)['__Host-vc_sso']}`
    expect((await finish(cookie, await idp.visit(started.json<{ url: string }>().url))).json()).toEqual({ to })
    for (const wrong of [`${to}xx`, 'https://evil.example', '/t/x?q=ü'])
      expect((await call('POST', '/api/auth/sso/start', { body: { tenant: tenantId, to: wrong } })).statusCode).toBe(422)
  })
  it('is the same account when they come again under another name and address, and another one with their address is not', async () => {
    const first = await meOf(await arrive(ann))
    const again = await meOf(await arrive({ ...ann, preferred_username: 'annie', email: 'new@home.example' }))
    expect(again.id).toBe(first.id)
    const twin = await arrive({ ...ann, sub: 'not-ann' })
    expect([twin.statusCode, detailOf(twin)]).toEqual([409, expect.stringContaining('not linked to your provider')])
    const namesake = await meOf(await arrive({ ...ann, sub: 'ann-2', email: 'ann2@home.example' }))
    expect([namesake.username, namesake.id === first.id]).toEqual(['ann-2', false])
  })
  it('has the role that their groups give at each sign-in', async () => {
    expect((await meOf(await arrive(ann))).role).toBe('user')
    const risen = await arrive({ ...ann, groups: ['hunters', 'chiefs'] })
    expect((await meOf(risen)).role).toBe('admin')
    const rows = await inTenant(plane.control.forTenant(tenantId), (q) =>
      q.selectFrom('audit_rows').select(['actor_name', 'details']).where('action', '=', 'session.open').orderBy('seq').execute(),
    )
    const last = rows.at(-1)
    expect([last?.actor_name, JSON.parse(last?.details ?? '')]).toEqual([
      'ann',
      expect.objectContaining({ by: 'single sign-on', how: 'known', role: 'admin', role_was: 'analyst', is_role_kept: false }),
    ])
    expect((await meOf(await arrive(ann))).role).toBe('user')
  })
  it('without a group that has a role is refused, or given the role for everybody where there is one', async () => {
    const refused = await arrive({ ...ann, groups: ['cooks'] })
    expect([refused.statusCode, detailOf(refused)]).toEqual([403, expect.stringContaining('None of your groups')])
    expect(cookiesOf(refused)['__Host-vc_session']).toBeUndefined()
    await setUp({ default_role: 'viewer' })
    expect((await meOf(await arrive({ ...ann, groups: ['cooks'] }))).role).toBe('viewer')
  })
  it('who is deactivated is refused, and so is one who runs the installation', async () => {
    const { id } = await meOf(await arrive(ann))
    await call('DELETE', `/api/users/${id}`, { token: admin })
    const refused = await arrive(ann)
    expect([refused.statusCode, detailOf(refused)]).toEqual([403, expect.stringContaining('deactivated')])
    await call('PUT', `/api/users/${id}`, { token: admin, body: { is_active: true } })
    expect((await arrive(ann)).statusCode).toBe(200)
    await inAuth(plane.control.auth, (q) => q.updateTable('users').set({ is_platform_admin: true }).where('id', '=', id).execute())
    expect((await arrive(ann)).statusCode).toBe(403)
  })
  it('who is the last admin stays one, whatever the groups say', async () => {
    await setUp({ may_link_by_email: true })
    const boss = await arrive({ ...ann, sub: 'boss-1', email: 'boss@home.example' })
    expect(await meOf(boss)).toMatchObject({ username: 'boss', role: 'admin' })
  })
})

describe('a fresh proof', () => {
  const dangerous = (cookie: string) =>
    call('POST', '/api/auth/api-keys', { cookie, body: { name: 'x', scopes: ['search'], expires_in_days: 1 } })

  it('is none when the provider asked nobody, and is one when it was told to ask', async () => {
    const quiet = sessionOf(await arrive(ann))
    const refused = await dangerous(quiet)
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([403, 'step_up'])
    const started = await call('POST', '/api/auth/sso/start', { body: { tenant: tenantId, is_fresh: true } })
    const { url } = started.json<{ url: string }>()
    const cookie = `__Host-vc_sso=${cookiesOf(started)['__Host-vc_sso']}`
    expect((await dangerous(sessionOf(await finish(cookie, await idp.visit(url))))).statusCode).toBe(201)
  })
  it('is not believed when the provider left out that it should ask', async () => {
    idp.person = ann
    const started = await call('POST', '/api/auth/sso/start', { body: { tenant: tenantId, is_fresh: true } })
    const url = new URL(started.json<{ url: string }>().url)
    url.searchParams.delete('max_age')
    const cookie = `__Host-vc_sso=${cookiesOf(started)['__Host-vc_sso']}`
    expect((await finish(cookie, await idp.visit(url.href))).statusCode).toBe(403)
  })
})

describe('an account that is here already', () => {
  const bob = { sub: 'bob-1', email: 'Bob@home.example', email_verified: true, groups: ['hunters'] }

  it('is linked by a verified address where the tenant allows it: what opened it before opens it no more', async () => {
    const { id } = await person('bob', 'viewer', { email: 'bob@home.example' })
    const token = await tokenOf('bob')
    const made = await call('POST', '/api/auth/api-keys', { token, body: { name: 'x', scopes: ['search'], expires_in_days: 1 } })
    const refused = await arrive(bob)
    expect([refused.statusCode, detailOf(refused)]).toEqual([409, expect.stringContaining('Sign in to it with its password')])
    await setUp({ may_link_by_email: true })
    expect(await meOf(await arrive(bob))).toMatchObject({ id, username: 'bob', role: 'user', invited: false })
    for (const old of [token, made.json<{ key: string }>().key])
      expect((await call('GET', '/api/auth/me', { token: old })).statusCode).toBe(401)
    expect((await call('POST', '/api/auth/login', { body: { username: 'bob', password: pass } })).statusCode).toBe(401)
    expect((await call('POST', `/api/users/${id}/password-reset`, { token: admin })).statusCode).toBe(409)
  })
  it('is not linked by an address that is not verified', async () => {
    await setUp({ may_link_by_email: true })
    const { id } = await person('bob', 'viewer', { email: 'bob@home.example' })
    const made = await meOf(await arrive({ ...bob, email_verified: false }))
    expect([made.id === id, made.email]).toEqual([false, null])
  })
  it('is never linked when it is of another tenant, of several, or runs the installation', async () => {
    await setUp({ may_link_by_email: true })
    const eve = await person('eve', 'admin', { tenant: 'Elsewhere', email: 'eve@home.example' })
    const made = await meOf(await arrive({ ...bob, sub: 'eve-1', email: 'eve@home.example', preferred_username: 'eve' }))
    expect([made.id === eve.id, made.tenant_id, made.username]).toEqual([false, tenantId, 'eve-2'])
    const wide = await person('wide', 'viewer', { email: 'wide@home.example' })
    await inAuth(plane.control.auth, (q) =>
      q.insertInto('memberships').values({ user_id: wide.id, tenant_id: eve.tenant_id, role: 'viewer' }).execute(),
    )
    await person('root', 'admin', { email: 'root@home.example', platform: true })
    for (const name of ['wide', 'root'])
      expect((await arrive({ ...bob, sub: `${name}-1`, email: `${name}@home.example` })).statusCode, name).toBe(409)
  })
})

describe('what comes back', () => {
  it('is for the browser that asked, within ten minutes, and once', async () => {
    idp.person = ann
    const { url } = await start()
    const query = await idp.visit(url)
    for (const wrong of ['', `__Host-vc_sso=${'x'.repeat(60)}`, (await start()).cookie])
      expect([403, 410]).toContain((await finish(wrong, query)).statusCode)
    const late = await start()
    const lateQuery = await idp.visit(late.url)
    app.clock.now = new Date(app.clock.now.getTime() + 11 * 60_000)
    expect((await finish(late.cookie, lateQuery)).statusCode).toBe(410)
    app.clock.now = new Date()
    const used = await start()
    const usedQuery = await idp.visit(used.url)
    expect((await finish(used.cookie, usedQuery)).statusCode).toBe(200)
    const again = await finish(used.cookie, usedQuery)
    expect([again.statusCode, detailOf(again)]).toEqual([403, expect.stringContaining('invalid_grant')])
  })
  it('is refused with another state, nonce, verifier, issuer or error, and leaves a row without a person', async () => {
    idp.person = ann
    const changed = async (name: string, value: string) => {
      const { url, cookie } = await start()
      const to = new URL(url)
      to.searchParams.set(name, value)
      return finish(cookie, await idp.visit(to.href))
    }
    const bent = async (name: string, value: string | null) => {
      const { url, cookie } = await start()
      const query = new URLSearchParams(await idp.visit(url))
      if (value === null) query.delete(name)
      else query.set(name, value)
      return finish(cookie, `?${query}`)
    }
    const tries = [
      await changed('nonce', 'another'),
      await changed('code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'),
      await bent('state', 'another'),
      await bent('state', null),
      await bent('iss', other.issuer),
      await bent('iss', null),
      await bent('code', 'made-up'),
      await bent('error', 'access_denied'),
      await bent('error', '<b>call this number</b>'),
    ]
    expect(tries.map((reply) => reply.statusCode)).toEqual(tries.map(() => 403))
    expect(tries.map(detailOf).join(' ')).toContain('access_denied')
    expect(tries.map(detailOf).join(' ')).not.toContain('call this number')
    const rows = await inTenant(plane.control.forTenant(tenantId), (q) =>
      q.selectFrom('audit_rows').select(['actor_kind', 'outcome']).where('outcome', '=', 'failure').execute(),
    )
    expect(rows).toEqual(tries.map(() => ({ actor_kind: 'anonymous', outcome: 'failure' })))
    const people = await inAuth(plane.control.auth, (q) => q.selectFrom('users').select('username').execute())
    expect(people.map((row) => row.username)).toEqual(['boss'])
  })
  it("from another tenant's provider is worth nothing in this one", async () => {
    const eve = await person('eve', 'admin', { tenant: 'Elsewhere' })
    const theirs = await tokenOf('eve')
    await setUp({ issuer: other.issuer }, theirs)
    other.person = { ...ann, groups: ['chiefs'] }
    const mine = await start(tenantId)
    const foreign = await start(eve.tenant_id)
    const query = new URLSearchParams(await other.visit(foreign.url))
    query.set('state', new URL(mine.url).searchParams.get('state') ?? '')
    for (const iss of [other.issuer, idp.issuer]) {
      query.set('iss', iss)
      expect((await finish(mine.cookie, `?${query}`)).statusCode).toBe(403)
    }
    // The same subject of both providers is two people.
    const there = await start(eve.tenant_id)
    const away = await meOf(await finish(there.cookie, await other.visit(there.url)))
    const home = await meOf(await arrive(ann))
    expect([away.tenant_id, home.tenant_id, away.id === home.id]).toEqual([eve.tenant_id, tenantId, false])
  })
  it('is worth nothing once the provider of the tenant was changed or switched off', async () => {
    idp.person = ann
    const changed = await start()
    const query = await idp.visit(changed.url)
    await setUp({ issuer: other.issuer })
    expect((await finish(changed.cookie, query)).statusCode).toBe(410)
    await setUp({ is_enabled: false })
    expect((await call('POST', '/api/auth/sso/start', { body: { tenant: tenantId } })).statusCode).toBe(404)
  })
})

describe('the settings', () => {
  it('are for admins, never show the secret, and keep it for the same server alone', async () => {
    const read = await call('GET', '/api/sso', { token: admin })
    expect(read.json<SsoState>()).toMatchObject({
      settings: {
        issuer: idp.issuer,
        has_client_secret: true,
        role_map: [
          { group: 'hunters', role: 'user' },
          { group: 'chiefs', role: 'admin' },
        ],
      },
      return_address: returnAddress,
      sign_in_address: `${here}/sign-in/sso?tenant=${tenantId}`,
    })
    expect(read.body).not.toContain(idp.client_secret)
    const rows = await inAuth(plane.control.auth, (q) => q.selectFrom('sso_providers').selectAll().execute())
    expect(JSON.stringify(rows)).not.toContain(idp.client_secret)
    expect((await setUp({ client_secret: undefined })).json<SsoState>().settings?.has_client_secret).toBe(true)
    expect((await arrive(ann)).statusCode).toBe(200)
    const moved = await setUp({ client_secret: undefined, issuer: other.issuer, is_enabled: false })
    expect(moved.json<SsoState>().settings?.has_client_secret).toBe(false)
    await person('vic', 'viewer')
    expect((await call('GET', '/api/sso', { token: await tokenOf('vic') })).statusCode).toBe(403)
  })
  it('are refused with the reason while nothing answers as a provider there', async () => {
    const issuers = {
      'https://id.invalid': 'leads nowhere',
      'http://id.example': 'https',
      'https://127.0.0.1:9': 'OUTBOUND_ALLOW',
      'https://169.254.169.254': 'does not call',
      [`http://127.0.0.1:${idp.port}/other`]: 'OpenID provider',
    }
    for (const [issuer, why] of Object.entries(issuers)) {
      const reply = await setUp({ issuer })
      expect([reply.statusCode, detailOf(reply)], issuer).toEqual([422, expect.stringContaining(why)])
    }
    expect((await setUp({ issuer: 'https://id.invalid', is_enabled: false })).statusCode).toBe(200)
  })
  it('have a secret that is sealed anew with a new key, and then opens with it alone', async () => {
    const secretOf = async () =>
      (await inAuth(plane.control.auth, (q) => q.selectFrom('sso_providers').select('client_secret').executeTakeFirstOrThrow()))
        .client_secret
    const before = await secretOf()
    const vault = createVault(['a new secret key of thirty-two letters', 'a secret of the tests, thirty-two long'])
    const source = { tenant_id: null, actor: { kind: 'system', user_id: null, username: 'operator' }, client: null } as const
    const done = await resealSecrets(
      { ...app.identity.deps, vault },
      { ...source, requestId: 'rotate', now: () => app.clock.now, log: plane.log },
    )
    expect(done.find((one) => one.what.includes('single sign-on'))).toMatchObject({ total: 1, sealed_anew: 1, unreadable: 0 })
    const after = (await secretOf()) ?? ''
    expect(after).not.toBe(before)
    const opened = createVault(['a new secret key of thirty-two letters']).open(after, secretBound(tenantId))
    expect(await opened).toBe(idp.client_secret)
    await expect(vault.open(after, secretBound('0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11'))).rejects.toThrow(/another row/)
  })
  it('are removed with links and sessions, and a person without a password can be invited again', async () => {
    const reply = await arrive(ann)
    const { id } = await meOf(reply)
    expect((await call('DELETE', '/api/sso', { token: admin })).statusCode).toBe(204)
    expect((await call('GET', '/api/auth/me', { cookie: sessionOf(reply) })).statusCode).toBe(401)
    expect((await call('POST', '/api/auth/sso/start', { body: { tenant: tenantId } })).statusCode).toBe(404)
    expect((await call('POST', `/api/users/${id}/invite`, { token: admin })).statusCode).toBe(200)
  })
  it('tell a stranger nothing: a name that is not there is like a tenant without single sign-on, and guessing is slowed down', async () => {
    await person('eve', 'admin', { tenant: 'Elsewhere' })
    const find = (tenant: string) => call('POST', '/api/auth/sso/find', { body: { tenant }, ip: '192.0.2.9' })
    expect((await find('home')).json()).toEqual({ tenant_id: tenantId, label: 'the company' })
    const [without, unknown] = [await find('Elsewhere'), await find('Nobody')]
    expect([without.statusCode, detailOf(without)]).toEqual([404, detailOf(unknown)])
    const statuses: number[] = []
    for (let n = 0; n < 40; n++) statuses.push((await find(`guess ${n}`)).statusCode)
    expect(statuses).toContain(429)
  })
})
