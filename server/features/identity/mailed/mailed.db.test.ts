import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { pass } from '../../../../test/harness/people/factor-people.ts'
import { withMailedPeople } from '../../../../test/harness/people/mailed-people.ts'
import { inAuth } from '../../../db/auth.ts'
import { widerNetworkOf } from './store-devices.ts'

const { plane, app, sink, ann, call, tokenOf } = withMailedPeople()
const subjects = (mails: readonly { headers: Record<string, string> }[]): string[] =>
  mails.map((mail) => (mail.headers.subject ?? '').replace('VelociCompanion: ', ''))

describe('an invitation by mail', () => {
  it('reaches a person who was added without a password, and its link lets them in once', async () => {
    const body = { username: 'eve', role: 'viewer', email: 'eve@halden.example' }
    const { invite } = (await call('POST', '/api/users', { token: ann(), body })).json<{ invite: string }>()
    const [mail] = await sink().next()
    expect(mail?.to).toEqual(['eve@halden.example'])
    expect(mail?.text).toContain(`http://localhost:8000/invite/${invite}?as=eve\n`)
    expect(mail?.text).toMatch(/Tenant +Home\n {2}By +ann\n {2}User name +eve\n {2}Good until +\d{4}-/)
    const register = () => call('POST', '/api/auth/register', { body: { username: 'eve', password: pass, invite } })
    expect([(await register()).statusCode, (await register()).statusCode]).toEqual([201, 410])
    const rows = await inAuth(plane.control.auth, (q) => q.selectFrom('mails').selectAll().execute())
    expect(JSON.stringify(rows)).not.toContain(invite)
  })
  it('reaches an address that nobody looks up, with the link that the admin is shown', async () => {
    const reply = await call('POST', '/api/invitations', { token: ann(), body: { role: 'viewer', email: 'new@elsewhere.example' } })
    const { link } = reply.json<{ link: string }>()
    const [mail] = await sink().next()
    expect(mail?.to).toEqual(['new@elsewhere.example'])
    expect(mail?.text.split('\n')).toContain(`http://localhost:8000${link}`)
    const read = await call('POST', '/api/auth/invitations/read', { body: { token: link.replace('/invite/', '') } })
    expect([read.statusCode, read.json()]).toEqual([200, expect.objectContaining({ tenant_name: 'Home', email: 'new@elsewhere.example' })])
  })
  it('is mailed to one address at most three times an hour, and not at all without an address', async () => {
    for (let i = 0; i < 6; i++)
      await call('POST', '/api/invitations', { token: ann(), body: { role: 'viewer', email: 'Victim@elsewhere.example' } })
    expect((await call('POST', '/api/invitations', { token: ann(), body: { role: 'viewer' } })).statusCode).toBe(201)
    await sink().next(3)
    expect(await inAuth(plane.control.auth, (q) => q.selectFrom('mails').select('id').execute())).toHaveLength(3)
    expect(app().mail.heldBack()).toBe(3)
  })
})

describe('an address that changes', () => {
  it('needs the current password and is told to the address before', async () => {
    const token = await tokenOf('bob')
    const change = (current_password?: string) =>
      call('PUT', '/api/auth/me', { token, body: { email: 'thief@evil.example', current_password } })
    expect((await change()).json()).toMatchObject({ status: 422, errors: [{ field: 'current_password' }] })
    expect((await change('wrong')).statusCode).toBe(422)
    expect((await change(pass)).statusCode).toBe(200)
    const [mail] = await sink().next()
    expect([mail?.to, subjects(mail === undefined ? [] : [mail])]).toEqual([['bob@halden.example'], ['Your mail address was changed']])
    expect((await call('PUT', '/api/auth/me', { token, body: { full_name: 'Bob', email: 'Thief@evil.example' } })).statusCode).toBe(200)
  })
  it('is told to the address before when an admin changes it', async () => {
    const people = (await call('GET', '/api/users', { token: ann() })).json<{ id: string; username: string }[]>()
    const bob = people.find((user) => user.username === 'bob')
    expect((await call('PUT', `/api/users/${bob?.id}`, { token: ann(), body: { email: 'other@halden.example' } })).statusCode).toBe(200)
    const [mail] = await sink().next()
    expect([mail?.to, subjects(mail === undefined ? [] : [mail])]).toEqual([['bob@halden.example'], ['Your mail address was changed']])
  })
})

describe('an API key', () => {
  it('is told of when it is made', async () => {
    const body = { name: 'nightly export', scopes: ['search'], expires_in_days: 30 }
    expect((await call('POST', '/api/auth/api-keys', { token: await tokenOf('bob'), body })).statusCode).toBe(201)
    const [mail] = await sink().next()
    expect([mail?.to, subjects(mail === undefined ? [] : [mail])]).toEqual([['bob@halden.example'], ['A new API key was made']])
    expect(mail?.text.replaceAll('\n', ' ')).toContain('a new password does not end it')
  })
})

describe('a second factor', () => {
  it('is told of when it is added, when its code was wrong after the right password, and when it is removed', async () => {
    const token = await tokenOf('bob')
    const { secret } = (await call('POST', '/api/auth/2fa/setup', { token })).json<{ secret: string }>()
    const totp = new TOTP({ secret: Secret.fromBase32(secret) })
    const code = (): string => totp.generate({ timestamp: app().clock.now.getTime() })
    expect((await call('POST', '/api/auth/2fa/verify', { token, body: { code: code() } })).statusCode).toBe(200)
    app().clock.now = new Date(app().clock.now.getTime() + 31_000)
    const wrong = (Number(code()) + 1).toString().padStart(6, '0').slice(-6)
    const body = { username: 'bob', password: pass, scope: wrong }
    expect((await call('POST', '/api/auth/login', { body })).statusCode).toBe(401)
    expect((await call('POST', '/api/auth/2fa/disable', { token, body: { password: pass, code: code() } })).statusCode).toBe(204)
    expect(subjects(await sink().next(3)).sort()).toEqual([
      'A second factor was added',
      'A second factor was removed',
      'Your password was right, the second factor was not',
    ])
  })
})

it('a network is known again by its wider part', () => {
  expect([widerNetworkOf('198.51.100.7'), widerNetworkOf('::ffff:198.51.3.4')]).toEqual(['198.51', '198.51'])
  expect([widerNetworkOf('2001:db8:1:2::5'), widerNetworkOf('2001:0db8:0001:ffff::1')]).toEqual(['2001:db8:1', '2001:db8:1'])
})
