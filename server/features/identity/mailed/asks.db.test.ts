import { expect, it } from 'vitest'
import { pass } from '../../../../test/harness/people/factor-people.ts'
import { withMailedPeople } from '../../../../test/harness/people/mailed-people.ts'
import { inAuth } from '../../../db/auth.ts'
import { inTenant } from '../../../db/tenant.ts'
import { findMeant, insertMailedLink } from './store-asks.ts'

const { plane, app, sink, ann, call, tokenOf } = withMailedPeople()

const another = 'another kernel muffin orbit'
const linkOf = (text: string): string => /reset-password\?token=(\S+)/.exec(text)?.[1] ?? ''
const make = (username: string, tenant_name: string, role: 'admin' | 'analyst' = 'analyst') =>
  app().identity.createUserByOperator({ username, password: pass, tenant_name, role, is_platform_admin: false })
const idOf = async (username: string): Promise<string> =>
  (await inAuth(plane.control.auth, (q) => q.selectFrom('users').select('id').where('username', '=', username).executeTakeFirstOrThrow()))
    .id
const askFor = (name: string) => call('POST', '/api/auth/password-reset/request', { body: { email: name } })
const redeem = (token: string) => call('POST', '/api/auth/password-reset/confirm', { body: { token, new_password: another } })
const linksOf = (userId: string) =>
  inAuth(plane.control.auth, (q) => q.selectFrom('password_resets').select('token_hash').where('user_id', '=', userId).execute())
const asked = () =>
  expect
    .poll(() =>
      inAuth(plane.control.auth, (q) => q.selectFrom('mails').select('kind').where('state', 'in', ['waiting', 'sending']).execute()),
    )
    .toEqual([])

it('a dozen accounts with one address send it three invitations in an hour', async () => {
  for (let i = 0; i < 12; i++)
    await call('POST', '/api/users', { token: ann(), body: { username: `v${i}`, role: 'viewer', email: 'Victim@elsewhere.example' } })
  const mails = await inAuth(plane.control.auth, (q) => q.selectFrom('mails').select('id').where('kind', '=', 'invitation').execute())
  expect(mails).toHaveLength(3)
})

it('three accounts with the address of somebody else do not take their mail away', async () => {
  for (const name of ['x1', 'x2', 'x3']) {
    const { id } = await make(name, 'Home')
    expect((await call('PUT', `/api/users/${id}`, { token: ann(), body: { email: 'bob@halden.example' } })).statusCode).toBe(200)
    await askFor(name)
  }
  await asked()
  await askFor('bob')
  await asked()
  expect(await linksOf(await idOf('bob'))).toHaveLength(1)
})

it('a stranger who asks does not void the link that an admin has just made', async () => {
  const made = await call('POST', `/api/users/${await idOf('bob')}/password-reset`, { token: ann() })
  await askFor('bob')
  await asked()
  expect((await redeem(made.json<{ link: string }>().link.split('token=')[1] ?? '')).statusCode).toBe(200)
})

it('an address that an admin of one tenant gave opens no other: who is in several gets no link by mail', async () => {
  const carl = await make('carl', 'Home')
  await make('other', 'Away', 'admin')
  expect((await call('PUT', `/api/users/${carl.id}`, { token: ann(), body: { email: 'ann2@halden.example' } })).statusCode).toBe(200)
  await askFor('carl')
  const [before] = await sink().next()
  expect(linkOf(before?.text ?? '')).not.toBe('')
  const made = await call('POST', '/api/invitations', { token: await tokenOf('other'), body: { role: 'admin' } })
  const token = made.json<{ link: string }>().link.replace(/.*\/invite\//, '')
  expect((await call('POST', '/api/auth/invitations/accept', { token: await tokenOf('carl'), body: { token } })).statusCode).toBe(200)
  expect((await redeem(linkOf(before?.text ?? ''))).statusCode).toBe(410)
  sink().forget()
  expect((await askFor('carl')).statusCode).toBe((await askFor('nobody')).statusCode)
  await asked()
  expect(
    sink()
      .mails.map((mail) => linkOf(mail.text))
      .filter((link) => link !== ''),
  ).toEqual([])
})

it('a link that was asked for before the person joined another tenant is not made after it', async () => {
  const bob = await idOf('bob')
  const [meant] = await findMeant(plane.control.auth, 'bob')
  if (meant === undefined) throw new Error('bob is meant by his name')
  const away = await make('other', 'Away', 'admin')
  await inAuth(plane.control.auth, (q) =>
    q.insertInto('memberships').values({ tenant_id: away.tenant_id, user_id: bob, role: 'admin' }).execute(),
  )
  const now = new Date()
  const link = { token_hash: 'a'.repeat(64), created_at: now, expires_at: new Date(now.getTime() + 60_000), notSince: now }
  expect(await insertMailedLink(plane.control.auth, meant, link)).toBeNull()
  expect(await linksOf(bob)).toEqual([])
})

it('an admin of one tenant gives no address to a person who is in another one too', async () => {
  const carl = await make('carl', 'Home')
  const away = await make('other', 'Away', 'admin')
  await inAuth(plane.control.auth, (q) =>
    q.insertInto('memberships').values({ tenant_id: away.tenant_id, user_id: carl.id, role: 'analyst' }).execute(),
  )
  for (const token of [ann(), await tokenOf('other')])
    expect((await call('PUT', `/api/users/${carl.id}`, { token, body: { email: 'ann2@halden.example' } })).statusCode).toBe(403)
  const { email } = await inAuth(plane.control.auth, (q) =>
    q.selectFrom('users').select('email').where('id', '=', carl.id).executeTakeFirstOrThrow(),
  )
  expect(email).toBeNull()
})

it('who is shut out of the tenant that they joined first is sent no link that would open nothing', async () => {
  const away = await make('other', 'Away', 'admin')
  const bob = await idOf('bob')
  await inAuth(plane.control.auth, (q) =>
    q.insertInto('memberships').values({ tenant_id: away.tenant_id, user_id: bob, role: 'analyst' }).execute(),
  )
  expect((await call('PUT', `/api/users/${bob}`, { token: ann(), body: { is_active: false } })).statusCode).toBe(200)
  await askFor('bob')
  await asked()
  expect(await linksOf(bob)).toEqual([])
  expect(
    sink()
      .mails.map((mail) => linkOf(mail.text))
      .filter((link) => link !== ''),
  ).toEqual([])
})

it('the fourth link in an hour is neither made nor written down as made, for it is not mailed', async () => {
  const bob = await idOf('bob')
  for (let i = 0; i < 3; i++) {
    sink().forget()
    await askFor('bob')
    await asked()
    const link = sink()
      .mails.map((mail) => linkOf(mail.text))
      .find((found) => found !== '')
    expect((await redeem(link ?? '')).statusCode).toBe(200)
  }
  await askFor('bob')
  await asked()
  expect(await linksOf(bob)).toEqual([])
  const { tenant_id } = await inAuth(plane.control.auth, (q) =>
    q.selectFrom('memberships').select('tenant_id').where('user_id', '=', bob).executeTakeFirstOrThrow(),
  )
  const made = await inTenant(plane.control.forTenant(tenant_id), (q) =>
    q.selectFrom('audit_rows').select('details').where('action', '=', 'password.link').execute(),
  )
  expect(made).toHaveLength(3)
})
