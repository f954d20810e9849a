import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import type { Invitation, Membership } from '../../../../shared/contract/access/memberships.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import { type GivenRole, roles, shownRole } from '../../../../shared/domain/permissions.ts'
import { inAuth } from '../../../db/auth.ts'
import { platformChain } from '../../../db/audit/chain.ts'
import { inTenant } from '../../../db/tenant.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
let app: SmallApp

interface Call {
  token?: string
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
      ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...o.headers,
    },
    ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
  })
const signIn = async (username: string): Promise<string> =>
  (await call('POST', '/api/auth/login', { body: { username, password: pass } })).json<{ access_token: string }>().access_token
const person = async (username: string, tenant_name: string, role: GivenRole, is_platform_admin = false) => {
  const made = await app.identity.createUserByOperator({ username, password: pass, tenant_name, role, is_platform_admin })
  return { id: made.id, tenant_id: made.tenant_id, token: await signIn(username) }
}
const inviteLink = async (token: string, body: object): Promise<string> => {
  const reply = await call('POST', '/api/invitations', { token, body })
  expect(reply.statusCode, reply.body).toBe(201)
  return reply.json<{ link: string }>().link.split('/').at(-1) ?? ''
}
const accept = (token: string, link: string) => call('POST', '/api/auth/invitations/accept', { token, body: { token: link } })
const switchTo = (token: string, tenant_id: string) => call('POST', '/api/auth/switch', { token, body: { tenant_id } })
const whoAmI = (token: string) => call('GET', '/api/auth/me', { token })
const chainOf = async (tenantId: string): Promise<{ action: string; actor_name: string; outcome: string }[]> =>
  inTenant(tenantId === platformChain ? plane.control.platform : plane.control.forTenant(tenantId), (q) =>
    q.selectFrom('audit_rows').select(['action', 'actor_name', 'outcome']).where('tenant_id', '=', tenantId).orderBy('seq').execute(),
  )
type Person = Awaited<ReturnType<typeof person>>
let ann: Person
let bob: Person
/** In Acme as an analyst and in Beta as a viewer; the session is in Acme. */
let mara: Person

beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  app = await startSmallApp(plane, {})
  ann = await person('ann', 'Acme', 'admin')
  bob = await person('bob', 'Beta', 'admin')
  mara = await person('mara', 'Acme', 'analyst')
  expect((await accept(mara.token, await inviteLink(bob.token, { role: 'viewer' }))).statusCode).toBe(200)
})
afterEach(() => app.http.close())

describe('a person in two tenants', () => {
  it('sees both, and goes from one to the other with the role that they have there', async () => {
    const mine = (await call('GET', '/api/auth/memberships', { token: mara.token })).json<Membership[]>()
    expect(mine.map(({ tenant_name, role, is_current }) => [tenant_name, role, is_current])).toEqual([
      ['Acme', 'user', true],
      ['Beta', 'viewer', false],
    ])
    const moved = (await switchTo(mara.token, bob.tenant_id)).json<{ access_token: string; role: string; expires_in: number }>()
    expect(moved).toMatchObject({ tenant_name: 'Beta', role: 'viewer', token_type: 'bearer' })
    expect((await whoAmI(moved.access_token)).json<User>()).toMatchObject({ id: mara.id, tenant_name: 'Beta', role: 'viewer' })
    expect((await chainOf(bob.tenant_id)).filter((row) => row.action === 'session.switch')).toEqual([
      { action: 'session.switch', actor_name: 'mara', outcome: 'success' },
    ])
    expect((await chainOf(ann.tenant_id)).map((row) => row.action)).not.toContain('session.switch')
  })
  it('has no access to the tenant that was left: the old token is dead, and a refresh gives one for the new', async () => {
    const tokens = (await call('POST', '/api/auth/login', { body: { username: 'mara', password: pass } })).json<{
      access_token: string
      refresh_token: string
    }>()
    expect((await whoAmI(tokens.access_token)).statusCode).toBe(200)
    expect((await switchTo(tokens.access_token, bob.tenant_id)).statusCode).toBe(200)
    expect((await whoAmI(tokens.access_token)).statusCode).toBe(401)
    const next = (await call('POST', '/api/auth/refresh', { body: { refresh_token: tokens.refresh_token } })).json<{
      access_token: string
    }>()
    expect((await whoAmI(next.access_token)).json<User>().tenant_name).toBe('Beta')
  })
  it('of a browser gets a new cookie, and the old one opens nothing', async () => {
    const opened = await call('POST', '/api/auth/session', { body: { username: 'mara', password: pass } })
    const cookieOf = (reply: typeof opened): string => String(reply.headers['set-cookie']).split(';')[0] ?? ''
    const headers = { cookie: cookieOf(opened), origin: 'http://localhost:8000' }
    const moved = await call('POST', '/api/auth/switch', { headers, body: { tenant_id: bob.tenant_id } })
    expect(moved.json()).toMatchObject({ access_token: null, tenant_name: 'Beta' })
    expect((await call('GET', '/api/auth/me', { headers })).statusCode).toBe(401)
    const fresh = await call('GET', '/api/auth/me', { headers: { cookie: cookieOf(moved) } })
    expect(fresh.json<User>()).toMatchObject({ username: 'mara', tenant_name: 'Beta' })
  })
  it('is shut out of one and stays in the other', async () => {
    const elsewhere = (await switchTo(await signIn('mara'), bob.tenant_id)).json<{ access_token: string }>().access_token
    expect((await call('DELETE', `/api/users/${mara.id}`, { token: bob.token })).statusCode).toBe(204)
    expect((await whoAmI(elsewhere)).statusCode).toBe(401)
    expect((await whoAmI(mara.token)).statusCode).toBe(200)
    expect((await switchTo(mara.token, bob.tenant_id)).statusCode).toBe(404)
    const seen = (await call('GET', `/api/users/${mara.id}`, { token: bob.token })).json<User>()
    expect(seen.is_active).toBe(false)
    expect((await call('GET', `/api/users/${mara.id}`, { token: ann.token })).json<User>().is_active).toBe(true)
    await call('PUT', `/api/users/${mara.id}`, { token: bob.token, body: { is_active: true } })
    expect((await switchTo(mara.token, bob.tenant_id)).statusCode).toBe(200)
  })
  it('is gone from the session within 5 s when another process closed the membership', async () => {
    expect((await whoAmI(mara.token)).statusCode).toBe(200)
    await inAuth(plane.control.auth, (q) =>
      q
        .updateTable('memberships')
        .set({ is_active: false })
        .where('user_id', '=', mara.id)
        .where('tenant_id', '=', mara.tenant_id)
        .execute(),
    )
    app.clock.now = new Date(app.clock.now.getTime() + 4_900)
    expect((await whoAmI(mara.token)).statusCode).toBe(401)
  })
  it('cannot be taken over by an admin of one of them: their name, address and password are their own', async () => {
    for (const body of [{ email: 'mine@example.org' }, { username: 'other' }])
      expect((await call('PUT', `/api/users/${mara.id}`, { token: bob.token, body })).statusCode).toBe(403)
    expect((await call('POST', `/api/users/${mara.id}/password-reset`, { token: bob.token })).statusCode).toBe(403)
    expect((await call('PUT', `/api/users/${mara.id}`, { token: bob.token, body: { role: 'lead' } })).json<User>().role).toBe('lead')
    expect((await whoAmI(mara.token)).json<User>().role).toBe('user')
  })
  it('takes no link along that the admin of the first tenant made before they joined the second', async () => {
    const eve = await person('eve', 'Acme', 'viewer')
    const { link } = (await call('POST', `/api/users/${eve.id}/password-reset`, { token: ann.token })).json<{ link: string }>()
    await accept(eve.token, await inviteLink(bob.token, { role: 'admin' }))
    const body = { token: link.split('=').at(-1), new_password: 'another fine long one' }
    expect((await call('POST', '/api/auth/password-reset/confirm', { body })).statusCode).toBe(410)
  })
  it('finds a tenant that they are not in as absent as one that there is not, and a suspended one too', async () => {
    const eve = await person('eve', 'Gamma', 'admin')
    await inAuth(plane.control.auth, (q) => q.updateTable('tenants').set({ state: 'frozen' }).where('id', '=', bob.tenant_id).execute())
    const replies = [eve.tenant_id, '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11', bob.tenant_id].map((id) => switchTo(mara.token, id))
    for (const reply of await Promise.all(replies))
      expect([reply.statusCode, reply.json<{ detail: string }>().detail]).toEqual([404, 'There is no such tenant.'])
    const mine = (await call('GET', '/api/auth/memberships', { token: mara.token })).json<Membership[]>()
    expect(mine.map((m) => m.tenant_name)).toEqual(['Acme'])
  })
  it('whose session a tenant’s provider opened reaches no other', async () => {
    await inAuth(plane.control.auth, (q) =>
      q.updateTable('sessions').set({ sso_tenant_id: mara.tenant_id }).where('user_id', '=', mara.id).execute(),
    )
    expect((await switchTo(mara.token, bob.tenant_id)).statusCode).toBe(403)
    expect((await call('GET', '/api/auth/memberships', { token: mara.token })).json()).toHaveLength(1)
  })
})

describe('an invitation', () => {
  it('is answered alike whether or not the address has an account, and nobody is looked up', async () => {
    await call('PUT', '/api/auth/me', { token: mara.token, body: { email: 'mara@example.org' } })
    const replies = await Promise.all(
      ['mara@example.org', 'nobody@example.org'].map((email) =>
        call('POST', '/api/invitations', { token: bob.token, body: { email, role: 'viewer' } }),
      ),
    )
    const plain = replies.map((reply) => {
      const { id: _id, link: _link, email: _email, ...rest } = reply.json<Invitation & { link: string }>()
      return [reply.statusCode, { ...rest, created_at: '', expires_at: '' }]
    })
    expect(plain[0]).toEqual(plain[1])
    expect((await call('GET', '/api/users', { token: bob.token })).json<User[]>().map((u) => u.username)).toEqual(['bob', 'mara'])
    expect(
      (await call('GET', '/api/invitations', { token: bob.token }))
        .json<Invitation[]>()
        .map((i) => i.email)
        .sort(),
    ).toEqual(['mara@example.org', 'nobody@example.org'])
  })
  it('makes a new account in the tenant and with the role and address that it names, once', async () => {
    const link = await inviteLink(bob.token, { role: 'lead', email: 'new@example.org' })
    const register = (username: string) =>
      call('POST', '/api/auth/register', {
        body: { username, password: pass, invite: link, role: 'admin', tenant_name: 'Acme', email: 'else@example.org' },
      })
    const both = await Promise.all([register('nina'), register('nino')])
    expect(both.map((r) => r.statusCode).sort((a, b) => a - b)).toEqual([201, 410])
    const made = both.find((r) => r.statusCode === 201)?.json<User>()
    expect(made).toMatchObject({ tenant_id: bob.tenant_id, role: 'lead', email: 'new@example.org', is_platform_admin: false })
    expect((await accept(ann.token, link)).statusCode).toBe(410)
  })
  it('is spent once by accounts that come at the same time', async () => {
    const people = await Promise.all(['p1', 'p2', 'p3', 'p4'].map((name) => person(name, 'Acme', 'viewer')))
    const link = await inviteLink(bob.token, { role: 'analyst' })
    const replies = await Promise.all(people.map((one) => accept(one.token, link)))
    expect(replies.map((r) => r.statusCode).sort((a, b) => a - b)).toEqual([200, 410, 410, 410])
  })
  it('for an address is for no account of another, and gives it to one that has none', async () => {
    const link = await inviteLink(bob.token, { role: 'viewer', email: 'cleo@example.org' })
    await call('PUT', '/api/auth/me', { token: ann.token, body: { email: 'ann@example.org' } })
    expect((await accept(ann.token, link)).statusCode).toBe(403)
    const cleo = await person('cleo', 'Acme', 'viewer')
    expect((await accept(cleo.token, link)).statusCode).toBe(200)
    expect((await whoAmI(cleo.token)).json<User>().email).toBe('cleo@example.org')
  })
  it('says what it is for without being spent, and nothing once it is over', async () => {
    const link = await inviteLink(bob.token, { role: 'analyst' })
    const read = () => call('POST', '/api/auth/invitations/read', { body: { token: link } })
    for (let n = 0; n < 2; n++)
      expect((await read()).json()).toMatchObject({ tenant_name: 'Beta', role: 'user', email: null, is_for_new_account: false })
    app.clock.now = new Date(app.clock.now.getTime() + 8 * 86_400_000)
    expect((await read()).statusCode).toBe(410)
  })
  it('gives somebody who is in already nothing, and is not spent by it', async () => {
    const link = await inviteLink(bob.token, { role: 'admin' })
    expect((await accept(mara.token, link)).statusCode).toBe(409)
    expect((await accept(ann.token, link)).statusCode).toBe(200)
  })
  it('is withdrawn by an admin of its tenant and by nobody else', async () => {
    const link = await inviteLink(bob.token, { role: 'viewer' })
    const [listed] = (await call('GET', '/api/invitations', { token: bob.token })).json<Invitation[]>()
    const url = `/api/invitations/${listed?.id}`
    expect((await call('DELETE', url, { token: ann.token })).statusCode).toBe(404)
    expect((await call('DELETE', url, { token: bob.token })).statusCode).toBe(204)
    expect((await accept(ann.token, link)).statusCode).toBe(410)
  })
})

describe('nobody rises by themselves', () => {
  it('only an admin gives roles, whatever the role that is given', async () => {
    for (const own of ['viewer', 'analyst', 'lead'] as const) {
      const one = await person(`one-${own}`, 'Acme', own)
      for (const role of roles) {
        expect((await call('POST', '/api/users', { token: one.token, body: { username: 'x', role } })).statusCode).toBe(403)
        expect((await call('POST', '/api/invitations', { token: one.token, body: { role } })).statusCode).toBe(403)
        expect((await call('PUT', `/api/users/${one.id}`, { token: one.token, body: { role } })).statusCode).toBe(403)
      }
    }
  })
  it('of three admins two who demote each other at once: one of them wins, with an admin to spare', async () => {
    const [eve, fay] = [await person('eve', 'Acme', 'admin'), await person('fay', 'Acme', 'admin')]
    const [byEve, byFay] = [await signIn('eve'), await signIn('fay')]
    const replies = await Promise.all([
      call('PUT', `/api/users/${fay.id}`, { token: byEve, body: { role: 'viewer' } }),
      call('PUT', `/api/users/${eve.id}`, { token: byFay, body: { role: 'viewer' } }),
    ])
    expect(replies.map((r) => r.statusCode).sort((a, b) => a - b)).toEqual([200, 403])
  })
  it('an admin who is demoted while they make an admin has made none', async () => {
    const eve = await person('eve', 'Acme', 'admin')
    expect((await whoAmI(eve.token)).statusCode).toBe(200)
    const change = { role: 'viewer' as const }
    await inAuth(plane.control.auth, (q) => q.updateTable('memberships').set(change).where('user_id', '=', eve.id).execute())
    // The session still says admin, for it was read a moment ago.
    for (const [url, body] of [
      ['/api/invitations', { role: 'admin' }],
      ['/api/users', { username: 'made', role: 'admin', password: pass }],
    ] as const)
      expect((await call('POST', url, { token: eve.token, body })).statusCode).toBe(403)
    expect((await call('PUT', `/api/users/${mara.id}`, { token: eve.token, body: { role: 'admin' } })).statusCode).toBe(403)
  })
  it('an admin who is let go leaves no invitation behind', async () => {
    const eve = await person('eve', 'Acme', 'admin')
    const [back, other] = [await inviteLink(eve.token, { role: 'admin' }), await inviteLink(ann.token, { role: 'viewer' })]
    await call('DELETE', `/api/users/${eve.id}`, { token: ann.token })
    expect((await accept(bob.token, back)).statusCode).toBe(410)
    expect((await accept(bob.token, other)).statusCode).toBe(200)
  })
  it('the last admin stays also when the other one is shut out or only invited', async () => {
    const eve = await person('eve', 'Acme', 'admin')
    await call('DELETE', `/api/users/${eve.id}`, { token: ann.token })
    const root = await person('root', 'Acme', 'viewer', true)
    await call('POST', `/api/tenants/${ann.tenant_id}/join`, { token: root.token, body: { role: 'admin' } })
    const asRoot = await signIn('root')
    expect((await call('DELETE', `/api/users/${ann.id}`, { token: asRoot })).statusCode).toBe(204)
    expect((await call('PUT', `/api/users/${root.id}`, { token: asRoot, body: { role: 'viewer' } })).statusCode).toBe(409)
  })
})

describe('who runs the installation', () => {
  it('reads nothing of a tenant before they are a member of it, and becoming one is told in both chains', async () => {
    const root = await person('root', 'Home', 'admin', true)
    expect((await switchTo(root.token, ann.tenant_id)).statusCode).toBe(404)
    expect((await call('GET', `/api/users/${mara.id}`, { token: root.token })).statusCode).toBe(404)
    const joined = await call('POST', `/api/tenants/${ann.tenant_id}/join`, { token: root.token, body: { role: 'viewer' } })
    expect(joined.json()).toEqual({ tenant_id: ann.tenant_id, tenant_name: 'Acme', role: 'viewer' })
    const token = (await switchTo(root.token, ann.tenant_id)).json<{ access_token: string }>().access_token
    expect((await whoAmI(token)).json<User>()).toMatchObject({ tenant_name: 'Acme', role: 'viewer' })
    expect((await call('GET', '/api/users', { token })).statusCode).toBe(403)
    const told = { action: 'tenant.join', actor_name: 'root', outcome: 'success' }
    expect((await chainOf(ann.tenant_id)).filter((row) => row.action === 'tenant.join')).toEqual([told])
    expect((await chainOf(platformChain)).filter((row) => row.action === 'tenant.join')).toEqual([told])
  })
  it('invites the first admin of a new tenant, told in both chains; an admin of a tenant cannot', async () => {
    const root = await person('root', 'Home', 'admin', true)
    const { id } = (await call('POST', '/api/tenants', { token: root.token, body: { name: 'New' } })).json<{ id: string }>()
    const url = `/api/tenants/${id}/invitations`
    expect((await call('POST', url, { token: ann.token, body: { role: 'admin' } })).statusCode).toBe(403)
    const made = (await call('POST', url, { token: root.token, body: { role: 'admin' } })).json<{ link: string }>()
    expect((await accept(mara.token, made.link.split('/').at(-1) ?? '')).json()).toMatchObject({ tenant_name: 'New', role: 'admin' })
    expect((await chainOf(id)).map((row) => row.action)).toEqual(['invitation.create', 'user.join'])
    expect((await chainOf(platformChain)).map((row) => row.action)).toContain('invitation.create')
  })
})

it('every role has its word in the API, and one word each', () => {
  expect(new Set(roles.map(shownRole)).size).toBe(roles.length)
})
