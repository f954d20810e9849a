import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { withControlPlane } from '../../../../test/harness/control-plane.ts'
import { type MailSink, startMailSink } from '../../../../test/harness/mail/sink.ts'
import { type SmallApp, startSmallApp } from '../../../../test/harness/small-app.ts'
import { inAuth } from '../../../db/auth.ts'
import { type Sender, startMail } from '../../mail/index.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
let sink: MailSink
let app: SmallApp
let sender: Sender | null = null
let ann: string

const call = (method: 'GET' | 'POST' | 'PUT', url: string, o: { token?: string; body?: unknown } = {}) =>
  app.http.inject({
    method,
    url,
    headers: {
      host: 'localhost:8000',
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
      ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
  })
const tokenOf = async (username: string): Promise<string> =>
  (await call('POST', '/api/auth/login', { body: { username, password: pass } })).json<{ access_token: string }>().access_token
beforeAll(async () => {
  sink = await startMailSink()
})
afterAll(() => sink.close())
beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  sink.forget()
  app = await startSmallApp(plane, sink.env)
  sender = startMail({ mail: app.mail, answerAsk: app.identity.answerAsk, control: plane.control, log: plane.log })
  for (const [username, role] of [
    ['ann', 'admin'],
    ['bob', 'analyst'],
  ] as const)
    await app.identity.createUserByOperator({
      username,
      password: pass,
      tenant_name: 'Home',
      role,
      is_platform_admin: false,
      email: `${username}@halden.example`,
    })
  ann = await tokenOf('ann')
})
afterEach(async () => {
  await sender?.stop(5000)
  await app.http.close()
})

const another = 'another kernel muffin orbit'
const linkOf = (text: string): string => /reset-password\?token=(\S+)/.exec(text)?.[1] ?? ''
const make = (username: string, tenant_name: string, role: 'admin' | 'analyst' = 'analyst') =>
  app.identity.createUserByOperator({ username, password: pass, tenant_name, role, is_platform_admin: false })
const idOf = async (username: string): Promise<string> =>
  (await inAuth(plane.control.auth, (q) => q.selectFrom('users').select('id').where('username', '=', username).executeTakeFirstOrThrow()))
    .id
const askFor = (name: string) => call('POST', '/api/auth/password-reset/request', { body: { email: name } })
const redeem = (token: string) => call('POST', '/api/auth/password-reset/confirm', { body: { token, new_password: another } })
const asked = () =>
  expect
    .poll(() => inAuth(plane.control.auth, (q) => q.selectFrom('mails').select('kind').where('state', '=', 'waiting').execute()))
    .toEqual([])

it('a dozen accounts with one address send it three invitations in an hour', async () => {
  for (let i = 0; i < 12; i++)
    await call('POST', '/api/users', { token: ann, body: { username: `v${i}`, role: 'viewer', email: 'Victim@elsewhere.example' } })
  const mails = await inAuth(plane.control.auth, (q) => q.selectFrom('mails').select('id').where('kind', '=', 'invitation').execute())
  expect(mails).toHaveLength(3)
})

it('a stranger who asks does not void the link that an admin has just made', async () => {
  const made = await call('POST', `/api/users/${await idOf('bob')}/password-reset`, { token: ann })
  await askFor('bob')
  await asked()
  expect((await redeem(made.json<{ link: string }>().link.split('token=')[1] ?? '')).statusCode).toBe(200)
})

it('an address that an admin of one tenant gave opens no other: who is in several gets no link by mail', async () => {
  const carl = await make('carl', 'Home')
  await make('other', 'Away', 'admin')
  expect((await call('PUT', `/api/users/${carl.id}`, { token: ann, body: { email: 'ann2@halden.example' } })).statusCode).toBe(200)
  await askFor('carl')
  const [before] = await sink.next()
  expect(linkOf(before?.text ?? '')).not.toBe('')
  const made = await call('POST', '/api/invitations', { token: await tokenOf('other'), body: { role: 'admin' } })
  const token = made.json<{ link: string }>().link.replace(/.*\/invite\//, '')
  expect((await call('POST', '/api/auth/invitations/accept', { token: await tokenOf('carl'), body: { token } })).statusCode).toBe(200)
  expect((await redeem(linkOf(before?.text ?? ''))).statusCode).toBe(410)
  sink.forget()
  expect((await askFor('carl')).statusCode).toBe((await askFor('nobody')).statusCode)
  await asked()
  expect(sink.mails.map((mail) => linkOf(mail.text)).filter((link) => link !== '')).toEqual([])
})
