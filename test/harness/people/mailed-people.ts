// People of a tenant whose mails arrive in a sink, on a small application of their own: Ann, its admin, and Bob.
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type Sender, startMail } from '../../../server/features/mail/index.ts'
import { withControlPlane } from '../control-plane.ts'
import { type MailSink, startMailSink } from '../mail/sink.ts'
import { type SmallApp, startSmallApp } from '../small-app.ts'
import { pass } from './factor-people.ts'

export const withMailedPeople = () => {
  const plane = withControlPlane()
  let sink: MailSink
  let app: SmallApp
  let sender: Sender | null = null
  let ann = ''
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
  return { plane, sink: () => sink, app: () => app, ann: () => ann, call, tokenOf }
}
