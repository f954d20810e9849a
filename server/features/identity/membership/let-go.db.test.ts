// Who is let go, demoted or shut out leaves no way back in: not by what they made before, and not by what was under way.
import { expect, it } from 'vitest'
import { sql } from 'kysely'
import { pass, withFactorPeople } from '../../../../test/harness/people/factor-people.ts'
import { inAuth } from '../../../db/auth.ts'
import { newId } from '../../../platform/ids.ts'
import { arrive } from '../sso/store-arrivals.ts'

const { plane, app, call, login, tokenOf, plain } = withFactorPeople()
const auth = () => plane.control.auth
const resetTokenOf = async (token: string, userId: string): Promise<string> => {
  const made = await call('POST', `/api/users/${userId}/password-reset`, { token })
  expect(made.statusCode, made.body).toBe(200)
  return made.json<{ link: string }>().link.split('token=')[1] ?? ''
}
const redeem = (token: string) =>
  call('POST', '/api/auth/password-reset/confirm', { body: { token, new_password: 'another kernel muffin orbit' } })

it('nothing that an admin gives while their role is being taken comes to be', async () => {
  const eve = await plain('eve', 'admin')
  const bob = await plain('bob')
  const guest = await call('POST', '/api/users', { token: eve.token, body: { username: 'guest', role: 'viewer' } })
  const guestId = guest.json<{ id: string }>().id
  const acts: [string, unknown, 'DELETE'?][] = [
    ['/api/invitations', { role: 'admin' }],
    ['/api/users', { username: 'sleeper', role: 'admin' }],
    [`/api/users/${guestId}/invite`, undefined],
    [`/api/users/${bob.id}/password-reset`, undefined],
    [`/api/users/${bob.id}/2fa`, undefined, 'DELETE'],
  ]
  for (const [url, body, method = 'POST'] of acts) {
    // Another change of rights is under way, and holds what it changes until it is done.
    const under = await inAuth(auth(), async (q) => {
      await sql`select pg_advisory_xact_lock(hashtext('velocicompanion rights'))`.execute(q)
      const reply = call(method, url, { token: eve.token, body })
      await new Promise((done) => setTimeout(done, 250))
      await q.updateTable('memberships').set({ role: 'viewer' }).where('user_id', '=', eve.id).execute()
      return { reply }
    })
    const reply = await under.reply
    expect([url, reply.statusCode], reply.body).toEqual([url, 403])
    await inAuth(auth(), (q) => q.updateTable('memberships').set({ role: 'admin' }).where('user_id', '=', eve.id).execute())
  }
})

it.each([
  ['let go', 'DELETE', undefined],
  ['made viewer', 'PUT', { role: 'viewer' }],
] as const)('a reset link of an admin who is %s opens nothing', async (_how, method, body) => {
  const ann = await plain('ann', 'admin')
  const chief = await plain('chief', 'admin')
  const bob = await plain('bob')
  const [ofChief, ofBob] = [await resetTokenOf(ann.token, chief.id), await resetTokenOf(chief.token, bob.id)]
  const gone = await call(method, `/api/users/${ann.id}`, { token: chief.token, body })
  expect(gone.statusCode, gone.body).toBeLessThan(300)
  expect((await redeem(ofChief)).statusCode).toBe(410)
  expect((await redeem(ofBob)).statusCode).toBe(200)
})

it('who is demoted by the groups of their provider leaves no invitation and no reset link that they made as an admin', async () => {
  const [ann, bob] = [await plain('ann', 'admin'), await plain('bob')]
  await plain('boss', 'admin')
  const now = app().clock.now
  const provider = { tenant_id: ann.tenant_id, issuer: 'https://id.example', client_id: 'here' }
  await inAuth(auth(), async (q) => {
    const rest = { is_enabled: true, label: 'x', may_link_by_email: false, scopes: 'openid', groups_claim: 'groups', role_map: '[]' }
    await q
      .insertInto('sso_providers')
      .values({ ...provider, ...rest, updated_at: now })
      .execute()
    const identity = { tenant_id: ann.tenant_id, issuer: provider.issuer, subject: 'ann-1', user_id: ann.id }
    await q
      .insertInto('sso_identities')
      .values({ ...identity, created_at: now, last_login_at: now })
      .execute()
  })
  const signInWith = (role: 'admin' | 'analyst') =>
    arrive(auth(), {
      ...provider,
      person: { issuer: provider.issuer, subject: 'ann-1', email: null, full_name: null, names: [], groups: [], asked_at: null },
      role,
      usernames: ['ann'],
      session: {
        id: newId(),
        token_hash: newId(),
        kind: 'browser',
        created_at: now,
        expires_at: new Date(now.getTime() + 3_600_000),
        ip: null,
        user_agent: null,
        proved_at: null,
      },
      now,
    })
  const invited = await call('POST', '/api/invitations', { token: ann.token, body: { role: 'admin' } })
  const token = await resetTokenOf(ann.token, bob.id)
  const invitations = () => inAuth(auth(), (q) => q.selectFrom('invitations').select('id').where('created_by', '=', ann.id).execute())
  expect([invited.statusCode, (await signInWith('admin')).role_was, (await invitations()).length]).toEqual([201, null, 1])
  expect((await signInWith('analyst')).role_was).toBe('admin')
  expect(await invitations()).toEqual([])
  expect((await redeem(token)).statusCode).toBe(410)
})

it('the only admin does not make themselves less by joining again; with another one they do, and their invitations go', async () => {
  const root = await app().identity.createUserByOperator({
    username: 'root',
    password: pass,
    tenant_name: 'Home',
    role: 'admin',
    is_platform_admin: true,
  })
  const token = tokenOf(await login('root'))
  const join = (role: string) => call('POST', `/api/tenants/${root.tenant_id}/join`, { token, body: { role } })
  const refused = await join('viewer')
  expect(refused.statusCode, refused.body).toBe(409)
  await plain('boss', 'admin')
  expect((await call('POST', '/api/invitations', { token, body: { role: 'admin' } })).statusCode).toBe(201)
  expect((await join('viewer')).json()).toMatchObject({ role: 'viewer' })
  expect(await inAuth(auth(), (q) => q.selectFrom('invitations').select('id').execute())).toEqual([])
})

it('a person who was shut out of another tenant is changed by no admin of this one, for they may be let in there again', async () => {
  const ann = await plain('ann', 'admin')
  const bob = await plain('bob')
  const away = await plain('other', 'admin', 'Away')
  const seat = { tenant_id: away.tenant_id, user_id: bob.id, role: 'analyst' as const, is_active: false }
  await inAuth(auth(), (q) => q.insertInto('memberships').values(seat).execute())
  const change = (method: string, path: string, body?: object) => call(method, `/api/users/${bob.id}${path}`, { token: ann.token, body })
  expect((await change('PUT', '', { email: 'mine@halden.example' })).statusCode).toBe(403)
  expect((await change('POST', '/password-reset')).statusCode).toBe(403)
  expect((await change('DELETE', '/2fa')).statusCode).toBe(403)
  expect((await change('DELETE', '')).statusCode).toBe(204)
  const { is_active } = await inAuth(auth(), (q) =>
    q.selectFrom('users').select('is_active').where('id', '=', bob.id).executeTakeFirstOrThrow(),
  )
  expect(is_active).toBe(false)
})
