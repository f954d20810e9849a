import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { withControlPlane } from '../../../test/harness/control-plane.ts'
import { type MailSink, startMailSink, tokenIn } from '../../../test/harness/mail/sink.ts'
import { type SmallApp, startSmallApp } from '../../../test/harness/small-app.ts'
import type { User } from '../../../shared/contract/identity.ts'
import { inAuth } from '../../db/auth.ts'
import { type Sender, startMail } from './index.ts'
import { countMails } from './store-status.ts'

const plane = withControlPlane()
const pass = 'kernel flag muffin orbit'
const other = 'seven quiet lanterns drift'
let sink: MailSink
let app: SmallApp
let sender: Sender | null = null
let bob: User

const start = (): void => {
  sender = startMail({ mail: app.mail, answerAsk: app.identity.answerAsk, control: plane.control, log: plane.log })
}
const stop = async (): Promise<void> => {
  await sender?.stop(5000)
  sender = null
}
interface From {
  ip?: string
  agent?: string
}
const post = (url: string, body: unknown, o: From & { token?: string } = {}) =>
  app.http.inject({
    method: 'POST',
    url,
    remoteAddress: o.ip ?? '127.0.0.1',
    headers: {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'content-type': 'application/json',
      'user-agent': o.agent ?? 'curl/8',
      ...(o.token === undefined ? {} : { authorization: `Bearer ${o.token}` }),
    },
    body: JSON.stringify(body),
  })
const ask = (email: string, ip?: string) => post('/api/auth/password-reset/request', { email }, ip === undefined ? {} : { ip })
const confirm = async (token: string, new_password: string): Promise<number> =>
  (await post('/api/auth/password-reset/confirm', { token, new_password })).statusCode
const login = (password: string, from: From = {}) => post('/api/auth/login', { username: 'bob', password }, from)
const make = (username: string, email: string | undefined): Promise<User> =>
  app.identity.createUserByOperator({
    username,
    password: pass,
    tenant_name: 'Home',
    role: 'user',
    is_platform_admin: false,
    ...(email === undefined ? {} : { email }),
  })
const rows = () => inAuth(plane.control.auth, (q) => q.selectFrom('mails').selectAll().orderBy('created_at').orderBy('id').execute())
const later = (ms: number): void => {
  app.clock.now = new Date(app.clock.now.getTime() + ms)
}
const minutes = 60_000
const until = async (what: string, isTrue: () => Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + 20_000; !(await isTrue()); await new Promise((again) => setTimeout(again, 30)))
    if (Date.now() > end) throw new Error(`waited 20 s for ${what}`)
}
const nothingWaits = () =>
  until('the outbox to be worked off', async () => (await rows()).every((row) => row.state === 'sent' || row.state === 'failed'))

beforeAll(async () => {
  sink = await startMailSink()
})
afterAll(() => sink.close())
beforeEach(async () => {
  await plane.control.migrateDown(100)
  await plane.control.migrateUp()
  sink.forget()
  sink.manners.refuse = () => null
  sink.manners.beforeAnswer = async () => undefined
  app = await startSmallApp(plane, sink.env)
  bob = await make('bob', 'Bob@halden.example')
  start()
})
afterEach(async () => {
  await stop()
  await app.http.close()
})

describe('a lost password', () => {
  it('comes back by a link that works once, ends all sessions and is from the address of the settings', async () => {
    const session = (await login(pass)).json<{ access_token: string }>().access_token
    const reply = await ask('bob@halden.EXAMPLE ')
    expect([reply.statusCode, reply.json()]).toEqual([200, { is_sent: true, message: expect.stringContaining('If there is an account') }])
    const [mail] = await sink.next()
    expect(mail).toMatchObject({ from: 'hunt@velocicompanion.example', to: ['Bob@halden.example'] })
    expect(mail?.headers).toMatchObject({
      subject: 'VelociCompanion: Set a new password',
      'auto-submitted': 'auto-generated',
      to: 'Bob@halden.example',
    })
    expect(mail?.headers['content-type']).toMatch(/^text\/plain/)
    expect(mail?.text).toContain('Hello bob,')
    expect(mail?.text).not.toContain('evil.example')
    const token = tokenIn(mail)
    expect(mail?.text.split('\n')).toContain(`http://localhost:8000/reset-password?token=${token}`)
    expect([await confirm(token, other), await confirm(token, pass)]).toEqual([200, 410])
    expect([(await login(pass)).statusCode, (await login(other)).statusCode]).toEqual([401, 200])
    expect(
      (await app.http.inject({ url: '/api/auth/me', headers: { host: 'localhost', authorization: `Bearer ${session}` } })).statusCode,
    ).toBe(401)
    const [told] = await sink.next()
    expect(told?.headers.subject).toBe('VelociCompanion: Your password was reset')
  })
  it('has a link that is over after half an hour', async () => {
    await ask('bob')
    const [mail] = await sink.next()
    later(30 * minutes + 1000)
    expect(await confirm(tokenIn(mail), other)).toBe(410)
  })
  it('leaves no secret in the database or in the log of acts', async () => {
    await ask('bob')
    const token = tokenIn((await sink.next())[0])
    await nothingWaits()
    const all = await inAuth(plane.control.auth, (q) => q.selectFrom('password_resets').selectAll().execute())
    expect(all).toHaveLength(1)
    expect(JSON.stringify([all, await rows()])).not.toContain(token)
  })
  it('is one mail in 20 minutes whoever asks, so that a stranger can neither fill a mailbox nor void a link', async () => {
    await ask('bob')
    const [first] = await sink.next()
    for (let i = 0; i < 8; i++) await ask('bob@halden.example', `198.51.100.${i}`)
    await until('the asks to be answered', async () => (await rows()).every((row) => row.kind !== 'password.ask'))
    expect((await rows()).map((row) => row.kind)).toEqual(['password.mailed'])
    expect(await confirm(tokenIn(first), other)).toBe(200)
    await sink.next()
    later(1000)
    await ask('bob')
    const [second] = await sink.next()
    later(21 * minutes)
    await ask('bob')
    const [third] = await sink.next()
    expect([await confirm(tokenIn(second), pass), await confirm(tokenIn(third), pass)]).toEqual([410, 200])
  })
  it('is mailed to nobody who has no address, no password, no seat, or is not active', async () => {
    await make('nomail', undefined)
    const gone = await make('gone', 'gone@halden.example')
    await inAuth(plane.control.auth, (q) => q.updateTable('users').set({ is_active: false }).where('id', '=', gone.id).execute())
    for (const name of [
      'nomail',
      'gone',
      'gone@halden.example',
      'nobody',
      'nobody@halden.example',
      "' or 1=1 --",
      'x\r\nBcc: eve@evil.example',
    ])
      expect((await ask(name)).json()).toMatchObject({ is_sent: true })
    await until('the asks to be answered', async () => (await rows()).length === 0)
    expect(await inAuth(plane.control.auth, (q) => q.selectFrom('password_resets').selectAll().execute())).toEqual([])
  })
  it('is asked for at a pace, by the network that asks', async () => {
    const statuses = []
    for (let i = 0; i < 12; i++) statuses.push((await ask(`nobody-${i}`, '198.51.100.7')).statusCode)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429])
    expect((await ask('bob', '203.0.113.5')).statusCode).toBe(200)
    expect(await sink.next()).toHaveLength(1)
  })
})

describe('asking for a link', () => {
  it('answers the same in the same time for an address that is known and one that is not', { timeout: 60_000 }, async () => {
    await stop()
    const times: Record<'bob' | 'eve', number[]> = { bob: [], eve: [] }
    const bodies = new Set<string>()
    for (let i = 0; i < 240; i++)
      for (const who of i % 2 === 0 ? (['bob', 'eve'] as const) : (['eve', 'bob'] as const)) {
        const began = performance.now()
        const reply = await ask(`${who}@halden.example`, `10.${i % 200}.0.${who === 'bob' ? 1 : 2}`)
        if (i >= 40) times[who].push(performance.now() - began)
        bodies.add(`${reply.statusCode} ${reply.body}`)
      }
    expect(bodies.size).toBe(1)
    const median = (all: number[]): number => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
    expect(Math.abs(median(times.bob) - median(times.eve))).toBeLessThan(5)
    // Mann-Whitney: z below 2.58 is p > 0.01.
    const ranked = [...times.bob.map((t) => [t, 1] as const), ...times.eve.map((t) => [t, 0] as const)].sort((a, b) => a[0] - b[0])
    const n = times.bob.length
    const sum = ranked.reduce((all, [, isBob], at) => all + isBob * (at + 1), 0)
    const u = sum - (n * (n + 1)) / 2
    expect(Math.abs(u - (n * n) / 2) / Math.sqrt((n * n * (2 * n + 1)) / 12)).toBeLessThan(2.58)
  })
})

describe('a notice', () => {
  it('tells of a sign-in from a new device or network, not of the first one and not of a known one', async () => {
    const firefox = 'Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0'
    await login(pass, { ip: '198.51.100.1', agent: firefox })
    await login(pass, { ip: '198.51.7.9', agent: firefox })
    expect(await rows()).toEqual([])
    await login(pass, { ip: '198.51.100.1', agent: 'curl/8' })
    await login(pass, { ip: '203.0.113.9', agent: firefox })
    await login('wrong', { ip: '192.0.2.1', agent: 'other' })
    const [device, network] = await sink.next(2)
    expect(device?.headers.subject).toBe('VelociCompanion: Sign-in from a new device')
    expect(device?.text).toMatch(/Device +curl\n {2}Address +198\.51\.100\.1\n/)
    expect(network?.text).toMatch(/Device +Firefox on Windows\n {2}Address +203\.0\.113\.9\n/)
    expect(device?.to).toEqual(['Bob@halden.example'])
  })
  it('is sent at most three times an hour to a person', async () => {
    await login(pass)
    for (let i = 0; i < 6; i++) await login(pass, { agent: `program${i}/1` })
    await sink.next(3)
    await nothingWaits()
    expect(await rows()).toHaveLength(3)
    later(61 * minutes)
    await login(pass, { agent: 'another/1' })
    await sink.next()
  })
  it('tells of a token that was used again, which stands in the audit log too', async () => {
    const first = (await login(pass)).json<{ refresh_token: string }>().refresh_token
    await post('/api/auth/refresh', { refresh_token: first })
    later(minutes)
    expect((await post('/api/auth/refresh', { refresh_token: first }, { ip: '192.0.2.66', agent: 'thief/1' })).statusCode).toBe(401)
    const [mail] = await sink.next()
    expect(mail?.headers.subject).toBe('VelociCompanion: A session was ended for safety')
    expect(mail?.text).toContain('192.0.2.66')
  })
  it('tells of a password that was changed and of a link that an admin made', async () => {
    const token = (await login(pass)).json<{ access_token: string }>().access_token
    await post('/api/auth/password', { current_password: pass, new_password: other }, { token })
    expect((await sink.next())[0]?.headers.subject).toBe('VelociCompanion: Your password was changed')
    await app.identity.createUserByOperator({
      username: 'ann',
      password: pass,
      tenant_name: 'Home',
      role: 'admin',
      is_platform_admin: false,
    })
    const anns = (await post('/api/auth/login', { username: 'ann', password: pass })).json<{ access_token: string }>().access_token
    expect((await post(`/api/users/${bob.id}/password-reset`, {}, { token: anns })).statusCode).toBe(200)
    expect((await sink.next())[0]?.headers.subject).toBe('VelociCompanion: A link to reset your password was made')
  })
})

describe('the outbox', () => {
  it('keeps nothing of an act that did not happen', async () => {
    const { auth } = plane.control
    const put = app.mail.mailed(auth, () => [{ kind: 'test', user_id: bob.id, tenant_id: bob.tenant_id }])
    await expect(
      inAuth(put, async () => {
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await rows()).toEqual([])
  })
  it('lets an act succeed while the mail server is away, and sends the mail when it is back', async () => {
    const { port } = sink
    await sink.close()
    expect((await ask('bob')).statusCode).toBe(200)
    await until('a try', async () => (await rows()).some((row) => row.error !== null))
    expect(await rows()).toMatchObject([
      { kind: 'password.mailed', state: 'waiting', is_unsure: false, error: expect.stringContaining('ECONNREFUSED') },
    ])
    sink = await startMailSink(port)
    later(10_000)
    const [mail] = await sink.next()
    expect(await confirm(tokenIn(mail), other)).toBe(200)
    expect((await rows())[0]).toMatchObject({ attempts: 2, state: 'sent', is_maybe_twice: false, error: null })
  })
  it('gives up a link that is over, with the reason of the last try', async () => {
    sink.manners.refuse = () => ({ code: 451, message: 'greylisted <bob@halden.example>' })
    await ask('bob')
    await until('a try', async () => (await rows()).some((row) => row.error !== null))
    later(31 * minutes)
    await nothingWaits()
    expect(await rows()).toMatchObject([
      { state: 'failed', error: expect.stringMatching(/^It could not be sent in time\. .*greylisted <b…@halden/) },
    ])
  })
  it('gives up an ask that waited for more than ten minutes, counts it and keeps nothing of what was typed', async () => {
    await stop()
    await ask('bob')
    later(11 * minutes)
    start()
    await nothingWaits()
    const given = await rows()
    expect(given).toMatchObject([{ kind: 'password.ask', state: 'failed', error: 'It could not be answered in time.' }])
    expect(given[0]?.facts).toEqual({})
    expect(sink.mails).toEqual([])
    expect(await inAuth(plane.control.auth, (q) => q.selectFrom('password_resets').selectAll().execute())).toEqual([])
    const counts = await countMails(plane.control.auth, app.clock.now)
    expect(counts).toMatchObject({ waiting: 0, failed_last_week: 1 })
  })
  it('gives up at once what the server refuses for good', async () => {
    sink.manners.refuse = (address) => ({ code: 550, message: `no such user ${address}` })
    await ask('bob')
    await nothingWaits()
    expect(await rows()).toMatchObject([
      { state: 'failed', attempts: 1, error: expect.stringContaining('550 no such user B…@halden.example') },
    ])
    expect(sink.mails).toEqual([])
  })
  it('sends again what a process was lost with, under the same Message-ID, and says that it may be there twice', async () => {
    let isLost = false
    sink.manners.beforeAnswer = async () => {
      if (!isLost) await new Promise(() => undefined)
    }
    await ask('bob')
    await until('the mail to be on its way', async () => (await rows()).some((row) => row.is_unsure))
    // What a process that is killed leaves behind: a mark and a lease.
    await sender?.stop(0)
    isLost = true
    start()
    const [mail] = await sink.next()
    await nothingWaits()
    const [row] = await rows()
    expect(row).toMatchObject({ state: 'sent', is_maybe_twice: true, attempts: 2 })
    expect(mail?.headers['message-id']).toBe(`<${row?.id}@velocicompanion.example>`)
  })
  it('sends each mail once where two processes send', async () => {
    const second = startMail({
      mail: app.mail,
      answerAsk: app.identity.answerAsk,
      control: { kind: 'external', listen: plane.control.listen },
      log: plane.log,
    })
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const someone = await make(`person${i}`, `person${i}@halden.example`)
        await inAuth(
          app.mail.mailed(plane.control.auth, () => [{ kind: 'test', user_id: someone.id, tenant_id: someone.tenant_id }]),
          async () => undefined,
        )
      }),
    )
    await sink.next(20)
    await nothingWaits()
    await second?.stop(5000)
    expect(new Set(sink.mails.map((mail) => mail.to[0])).size).toBe(20)
    expect(sink.mails).toHaveLength(20)
  })
  it('puts nothing in where no mail is set up', async () => {
    await stop()
    await app.http.close()
    app = await startSmallApp(plane, {})
    expect((await ask('bob')).json()).toMatchObject({ is_sent: false })
    await login(pass)
    await login(pass, { agent: 'another/1' })
    expect(await rows()).toEqual([])
  })
})
