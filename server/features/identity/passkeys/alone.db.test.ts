import { describe, expect, it } from 'vitest'
import { pass, type Person, withFactorPeople } from '../../../../test/harness/people/factor-people.ts'
import { type Keyed, type Options, withPasskeysOf } from '../../../../test/harness/people/passkey-people.ts'
import type { Lies } from '../../../../test/harness/people/soft-passkey.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import { inAuth } from '../../../db/auth.ts'

const minute = 60_000
const { plane, call, wait, login, plain, setUp, rowsOf, problemOf } = withFactorPeople()
const { keyed } = withPasskeysOf({ call, login })

interface Asked {
  challenge: string
  options: Options
}
const ask = async (): Promise<Asked> => (await call('POST', '/api/auth/passkey/ask')).json<Asked>()
const handleOf = ({ id }: Person): string => Buffer.from(id).toString('base64url')
const come = (person: Keyed, { challenge, options }: Asked, lies: Lies = {}) =>
  call('POST', '/api/auth/passkey/session', {
    body: { challenge, passkey: person.key.answer(options, { userHandle: handleOf(person), ...lies }) },
  })
const cookieOf = (reply: Awaited<ReturnType<typeof call>>): string => String(reply.headers['set-cookie']).split(';')[0] ?? ''
const meBy = (cookie: string) => call('GET', '/api/auth/me', { headers: { cookie } })
const refusal = 'This passkey was not taken. Try again, or sign in with your password.'

describe('a passkey alone', () => {
  it('signs its owner in, also one with an app, names nobody before, and the audit log says how', async () => {
    const ann = await keyed(await setUp(await plain('ann')))
    const asked = await ask()
    expect(asked.options).toMatchObject({ rpId: 'localhost', userVerification: 'required' })
    expect(asked.options.allowCredentials ?? []).toEqual([])
    const reply = await come(ann, asked)
    expect(reply.statusCode, reply.body).toBe(204)
    expect(reply.body).toBe('')
    expect((await meBy(cookieOf(reply))).json<User>()).toMatchObject({ id: ann.id, must_set_up_factor: false })
    const rows = (await rowsOf(ann.tenant_id)).filter((row) => row.action === 'session.open')
    expect(rows.at(-1)).toMatchObject({ outcome: 'success', actor_id: ann.id })
    expect(JSON.stringify(rows.at(-1)?.details)).toContain('is_without_password')
    const listed = await call('GET', '/api/auth/passkeys', { token: ann.token })
    expect(listed.json<{ last_used_at: string | null }[]>()[0]?.last_used_at).not.toBeNull()
  })
  it('is what a tenant requires, and a fresh proof at once', async () => {
    const boss = await keyed(await plain('boss', 'admin'))
    const policy = `/api/tenants/${boss.tenant_id}/2fa`
    expect((await call('PUT', policy, { token: boss.token, body: { is_required: true } })).statusCode).toBe(200)
    const cookie = cookieOf(await come(boss, await ask()))
    const headers = { cookie, origin: 'http://localhost:8000', 'sec-fetch-site': 'same-origin' }
    expect((await call('PUT', policy, { headers, body: { is_required: false } })).statusCode).toBe(200)
  })
  it('answers each question once, also of fifty at once, and within five minutes', async () => {
    const ann = await keyed(await plain('ann'))
    const first = await ask()
    const body = { challenge: first.challenge, passkey: ann.key.answer(first.options, { userHandle: handleOf(ann) }) }
    const replies = await Promise.all(Array.from({ length: 8 }, () => call('POST', '/api/auth/passkey/session', { body })))
    expect(replies.filter(({ statusCode }) => statusCode === 204)).toHaveLength(1)
    const late = await ask()
    wait(5 * minute)
    expect(problemOf(await come(ann, late))).toEqual([401, 'unauthenticated'])
    const left = await inAuth(plane.control.auth, (q) => q.selectFrom('passkey_sign_ins').selectAll().execute())
    expect(left).toEqual([])
  })
  it.each<[string, Lies]>([
    ['another type', { type: 'webauthn.create' }],
    ['another challenge', { challenge: 'x'.repeat(43) }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another host of the key', { rpId: 'evil.example' }],
    ['a page within another page', { crossOrigin: true }],
    ['nobody there', { flags: 0 }],
    ['nobody verified', { flags: 1 }],
    ['the handle of somebody else', { userHandle: Buffer.from('somebody').toString('base64url') }],
    ['no handle', { userHandle: undefined }],
    ['a signature of something else', { signature: 'MEUCIQ' }],
    ['a credential that nobody has', { id: 'x'.repeat(22) }],
  ])('is refused with %s, in the same words, and the question is spent', async (_what, lies) => {
    const ann = await keyed(await plain('ann'))
    const asked = await ask()
    const reply = await come(ann, asked, lies)
    expect(problemOf(reply)).toEqual([401, 'unauthenticated'])
    expect(reply.json<{ detail: string }>().detail).toBe(refusal)
    expect(reply.headers['set-cookie']).toBeUndefined()
    expect(problemOf(await come(ann, asked))).toEqual([401, 'unauthenticated'])
  })
  it('of who is deactivated, or has no password here any more, is refused in the same words, with a row that says why', async () => {
    const boss = await plain('boss', 'admin')
    const ann = await keyed(await plain('ann'))
    const bob = await keyed(await plain('bob'))
    expect((await call('DELETE', `/api/users/${ann.id}`, { token: boss.token })).statusCode).toBe(204)
    await inAuth(plane.control.auth, (q) => q.updateTable('users').set({ password_hash: null }).where('id', '=', bob.id).execute())
    for (const person of [ann, bob]) {
      const reply = await come(person, await ask())
      expect([reply.statusCode, reply.json<{ detail: string }>().detail]).toEqual([401, refusal])
    }
    const rows = await inAuth(plane.control.auth, (q) => q.selectFrom('sessions').select('id').where('kind', '=', 'browser').execute())
    expect(rows).toEqual([])
    const failures = (await rowsOf(bob.tenant_id)).filter((row) => row.outcome === 'failure')
    expect(failures.map((row) => JSON.stringify(row.details)).join(' ')).toContain('signs in by the provider')
  })
  it('is slowed down like a sign-in, and its owner from elsewhere is not', async () => {
    const ann = await keyed(await plain('ann'))
    const codes: number[] = []
    for (let i = 0; i < 11; i++) codes.push((await come(ann, await ask(), { signature: 'MEUCIQ' })).statusCode)
    expect(codes).toEqual([...Array.from({ length: 10 }, () => 401), 429])
    const asked = await ask()
    const body = { challenge: asked.challenge, passkey: ann.key.answer(asked.options, { userHandle: handleOf(ann) }) }
    expect((await call('POST', '/api/auth/passkey/session', { ip: '203.0.113.9', body })).statusCode).toBe(204)
  })
  it('stays with its account when the password is reset, and goes with an admin who removes it', async () => {
    const boss = await plain('boss', 'admin')
    const ann = await keyed(await plain('ann'))
    const link = await call('POST', `/api/users/${ann.id}/password-reset`, { token: boss.token })
    const token = new URL(link.json<{ link: string }>().link, 'http://localhost').searchParams.get('token')
    const reset = await call('POST', '/api/auth/password-reset/confirm', { body: { token, new_password: `${pass} anew` } })
    expect(reset.statusCode, reset.body).toBeLessThan(300)
    expect((await come(ann, await ask())).statusCode).toBe(204)
    expect((await call('DELETE', `/api/users/${ann.id}/2fa`, { token: boss.token })).statusCode).toBe(200)
    expect((await come(ann, await ask())).statusCode).toBe(401)
  })
})
