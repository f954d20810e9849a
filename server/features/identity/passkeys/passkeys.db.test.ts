import { describe, expect, it } from 'vitest'
import { pass, type Person, withFactorPeople } from '../../../../test/harness/people/factor-people.ts'
import { createSoftPasskey, type Lies } from '../../../../test/harness/people/soft-passkey.ts'
import { type Options, passkeyOrigin as origin, withPasskeysOf } from '../../../../test/harness/people/passkey-people.ts'
import type { Passkey } from '../../../../shared/contract/access/passkeys.ts'
import type { FactorState } from '../../../../shared/contract/access/second-factors.ts'
import { inAuth } from '../../../db/auth.ts'
import { passSecondStep } from '../factors/second-step.ts'
import { openApiSession } from '../sessions.ts'
import { signIn } from '../sign-in.ts'

const minute = 60_000
const { plane, app, call, wait, login, tokenOf, problemOf, plain, setUp, rowsOf, complete, code } = withFactorPeople()

const { optionsFor, add, keyed, begin, end } = withPasskeysOf({ call, login })
const failuresOf = async (person: Person) =>
  (await rowsOf(person.tenant_id)).filter((row) => row.outcome === 'failure').map((row) => row.details)

describe('a passkey', () => {
  it('is registered with ten recovery codes, ends other sessions, and is listed with its last use', async () => {
    const ann = await keyed(await plain('ann'))
    expect(ann.recovery).toHaveLength(10)
    const listed = async () => (await call('GET', '/api/auth/passkeys', { token: ann.token })).json<Passkey[]>()
    expect(await listed()).toMatchObject([{ name: 'Laptop', last_used_at: null }])
    const { token, passkey } = await begin('ann')
    const done = await end(token, ann.key.answer(passkey))
    expect(done.statusCode, done.body).toBe(200)
    expect((await listed())[0]?.last_used_at).not.toBeNull()
    expect((await rowsOf(ann.tenant_id)).map((row) => row.action)).toContain('passkey.add')
    const again = await keyed({ ...ann, token: tokenOf(done) })
    expect(again.recovery).toEqual(ann.recovery)
  })
  it('signs in once for each challenge, within five minutes, and a recovery code stands in', async () => {
    const ann = await keyed(await plain('ann'))
    const first = await begin('ann')
    const answer = ann.key.answer(first.passkey)
    const replies = await Promise.all(Array.from({ length: 10 }, () => end(first.token, answer)))
    expect(replies.filter((reply) => reply.statusCode === 200)).toHaveLength(1)
    const late = await begin('ann')
    wait(5 * minute)
    expect(problemOf(await end(late.token, ann.key.answer(late.passkey)))).toEqual([410, 'gone'])
    expect((await complete((await begin('ann')).token, ann.recovery[0] ?? '')).statusCode).toBe(200)
    expect((await complete((await begin('ann')).token, ann.recovery[0] ?? '')).statusCode).toBe(422)
  })
  it.each<[string, Lies]>([
    ['another type', { type: 'webauthn.create' }],
    ['another challenge', { challenge: 'x'.repeat(43) }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://localhost:8001' }],
    ['another host of the key', { rpId: 'evil.example' }],
    ['a page within another page', { crossOrigin: true }],
    ['nobody there', { flags: 0 }],
    ['nobody verified', { flags: 1 }],
    ['verified, yet not there', { flags: 4 }],
    ['the handle of somebody else', { userHandle: Buffer.from('somebody').toString('base64url') }],
    ['a signature of something else', { signature: 'MEUCIQ' }],
    ['a credential that nobody has', { id: 'x'.repeat(22) }],
  ])('does not sign in with %s, and the sign-in is over', async (_what, lies) => {
    const ann = await keyed(await plain('ann'))
    const { token, passkey } = await begin('ann')
    expect(problemOf(await end(token, ann.key.answer(passkey, lies)))).toEqual([410, 'gone'])
    expect(await failuresOf(ann)).toHaveLength(1)
    expect(problemOf(await end(token, ann.key.answer(passkey)))).toEqual([410, 'gone'])
  })
  it.each<[string, Lies]>([
    ['another type', { type: 'webauthn.get' }],
    ['another challenge', { challenge: 'x'.repeat(43) }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another host', { rpId: 'evil.example' }],
    ['a page within another page', { crossOrigin: true }],
    ['nobody verified', { flags: 1 }],
  ])('is not registered with %s', async (_what, lies) => {
    const ann = await plain('ann')
    const options = await optionsFor(ann)
    const key = createSoftPasskey(origin)
    expect((await add(ann, key.make(options, lies))).statusCode).toBe(422)
    expect(problemOf(await add(ann, key.make(options)))).toEqual([410, 'gone'])
  })
  it('whose counter goes back is refused, and the audit log says so', async () => {
    const ann = await keyed(await plain('ann'))
    const first = await begin('ann')
    expect((await end(first.token, ann.key.answer(first.passkey, { counter: 7 }))).statusCode).toBe(200)
    for (const counter of [7, 3, 0]) {
      const { token, passkey } = await begin('ann')
      expect(problemOf(await end(token, ann.key.answer(passkey, { counter })))).toEqual([410, 'gone'])
    }
    const failures = await failuresOf(ann)
    expect(failures).toHaveLength(3)
    expect(JSON.stringify(failures)).toContain('The counter of the passkey went back')
  })
  it('of somebody else, or of another person who is signed in, opens nothing', async () => {
    const ann = await keyed(await plain('ann'))
    const bob = await keyed(await plain('bob'))
    const { token, passkey } = await begin('ann')
    expect(problemOf(await end(token, bob.key.answer(passkey)))).toEqual([410, 'gone'])
    const url = `/api/auth/passkeys/${ann.passkey.id}`
    expect((await call('DELETE', url, { token: bob.token })).statusCode).toBe(404)
    const options = await optionsFor(bob)
    expect(problemOf(await add(bob, ann.key.make(options)))).toEqual([409, 'conflict'])
  })
  it('is a fresh proof, once for each question', async () => {
    const ann = await keyed(await plain('ann'))
    const { token } = ann
    await inAuth(plane.control.auth, (q) =>
      q
        .updateTable('sessions')
        .set({ proved_at: new Date(0) })
        .execute(),
    )
    wait(10_000)
    const fresh = (body: unknown) => call('POST', '/api/auth/step-up', { token, body })
    const ask = async () => (await call('POST', '/api/auth/step-up/passkey', { token })).json<{ options: Options }>().options
    expect((await call('POST', '/api/auth/passkey-setup', { token })).statusCode).toBe(403)
    expect((await fresh({ password: pass })).statusCode).toBe(422)
    const passkey = ann.key.answer(await ask())
    expect((await fresh({ passkey })).statusCode).toBe(200)
    expect(problemOf(await fresh({ passkey }))).toEqual([410, 'gone'])
    expect((await call('POST', '/api/auth/passkey-setup', { token })).statusCode).toBe(200)
    expect(problemOf(await fresh({ passkey: ann.key.answer(await ask(), { flags: 1 }) }))).toEqual([410, 'gone'])
    const late = await ask()
    wait(5 * minute)
    expect(problemOf(await fresh({ passkey: ann.key.answer(late) }))).toEqual([410, 'gone'])
  })
  it('counts where a tenant requires a second factor, and the last one then stays', async () => {
    const ann = await plain('ann')
    const require = () => inAuth(plane.control.auth, (q) => q.updateTable('tenants').set({ requires_second_factor: true }).execute())
    await require()
    wait(10_000)
    expect((await call('GET', '/api/auth/sessions', { token: ann.token })).statusCode).toBe(403)
    const { passkey } = await keyed(ann)
    expect((await call('GET', '/api/auth/sessions', { token: ann.token })).statusCode).toBe(200)
    const url = `/api/auth/passkeys/${passkey.id}`
    expect(problemOf(await call('DELETE', url, { token: ann.token }))).toEqual([409, 'conflict'])
    const both = await setUp(ann)
    expect((await call('DELETE', url, { token: both.token })).statusCode).toBe(204)
    const state = (await call('GET', '/api/auth/2fa', { token: both.token })).json<FactorState>()
    expect(state).toMatchObject({ is_active: true, passkeys: 0, recovery_codes_left: 10 })
  })
  it('stays with its recovery codes when the app is turned off, and they go with the last factor', async () => {
    const ann = await keyed(await setUp(await plain('ann')))
    const off = await call('POST', '/api/auth/2fa/disable', { token: ann.token, body: { password: pass, code: code(ann.seed) } })
    expect(off.statusCode, off.body).toBe(204)
    const state = async () => (await call('GET', '/api/auth/2fa', { token: ann.token })).json<FactorState>()
    expect(await state()).toMatchObject({ is_active: false, passkeys: 1, recovery_codes_left: 10 })
    expect((await call('DELETE', `/api/auth/passkeys/${ann.passkey.id}`, { token: ann.token })).statusCode).toBe(204)
    expect(await state()).toMatchObject({ passkeys: 0, recovery_codes_left: 0 })
    expect((await login('ann')).statusCode).toBe(200)
  })
  it('that came between the password and the session keeps a sign-in without it out', async () => {
    const ann = await plain('ann')
    const { deps } = app().identity
    const client = { ip: '192.0.2.7', userAgent: 'slow' }
    const nobody = { kind: 'anonymous', user_id: null, username: '' } as const
    const source = { tenant_id: null, actor: nobody, client, requestId: 'slow', now: deps.now, log: plane.log }
    const attempt = { username: 'ann', password: pass, origin: { ...client, source }, credentials: { bearer: null, cookie: null } }
    const who = await passSecondStep(deps, await signIn(deps, attempt), { kind: 'api', code: null, site: origin })
    await keyed(ann)
    await expect(openApiSession(deps, who)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
  it('cannot be had where the server is called by its address', async () => {
    const ann = await plain('ann')
    const reply = await call('POST', '/api/auth/passkey-setup', { token: ann.token, headers: { host: '127.0.0.1:8000' } })
    expect(problemOf(reply)).toEqual([409, 'conflict'])
  })
})
