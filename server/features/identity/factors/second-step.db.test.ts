import { describe, expect, it } from 'vitest'
import { pass, withFactorPeople } from '../../../../test/harness/people/factor-people.ts'
import { smallRoutes } from '../../../../test/harness/small-app.ts'
import type { FactorState } from '../../../../shared/contract/access/second-factors.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import { inAuth } from '../../../db/auth.ts'

const minute = 60_000
const { plane, app, call, wait, code, login, tokenOf, challengeOf, problemOf, guarded, complete, rowsOf } = withFactorPeople()

describe('signing in with a second factor', () => {
  it('is two steps for an API client, or one with the code in the form field scope', async () => {
    const ann = await guarded('ann')
    const first = await login('ann')
    expect(problemOf(first)).toEqual([401, 'second_factor'])
    expect(first.body).not.toMatch(/access_token|refresh_token/)
    const done = await complete(challengeOf(first), code(ann.seed))
    expect(done.statusCode, done.body).toBe(200)
    expect((await call('GET', '/api/auth/me', { token: tokenOf(done) })).json<User>().username).toBe('ann')
    const form = (scope: string) =>
      app().http.inject({
        method: 'POST',
        url: '/api/auth/login',
        headers: { host: 'localhost:8000', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ username: 'ann', password: pass, scope }).toString(),
      })
    expect((await form(code(ann.seed))).statusCode).toBe(200)
    expect(problemOf(await form('openid profile'))).toEqual([401, 'second_factor'])
    expect(problemOf(await form('000000'))).toEqual([401, 'unauthenticated'])
  })
  it('is two steps for a browser; the cookie comes with the second, and no token in either', async () => {
    const ann = await guarded('ann')
    const first = await call('POST', '/api/auth/session', { body: { username: 'ann', password: pass } })
    expect(problemOf(first)).toEqual([401, 'second_factor'])
    expect(first.headers['set-cookie']).toBeUndefined()
    const body = { challenge: challengeOf(first), code: code(ann.seed) }
    expect(problemOf(await call('POST', '/api/auth/2fa/login', { body }))).toEqual([410, 'gone'])
    const second = await call('POST', '/api/auth/2fa/session', { body })
    expect([second.statusCode, second.body]).toEqual([204, ''])
    const cookie = String(second.headers['set-cookie']).split(';')[0] ?? ''
    expect((await call('GET', '/api/auth/me', { headers: { cookie } })).statusCode).toBe(200)
  })
  it('takes no code twice, also of fifty that come at once', async () => {
    const ann = await guarded('ann')
    const challenges = []
    for (let n = 0; n < 50; n++) challenges.push(challengeOf(await login('ann')))
    const given = code(ann.seed)
    const replies = await Promise.all(challenges.map((challenge, n) => complete(challenge, given, { ip: `192.0.2.${n}` })))
    expect(replies.filter((reply) => reply.statusCode === 200)).toHaveLength(1)
    const sessions = await inAuth(plane.control.auth, (q) =>
      q.selectFrom('sessions').select('id').where('created_at', '=', app().clock.now).execute(),
    )
    expect(sessions).toHaveLength(1)
  })
  it('takes a challenge once, for five minutes, and only as what it was begun', async () => {
    const ann = await guarded('ann')
    const challenge = challengeOf(await login('ann'))
    expect((await complete(challenge, code(ann.seed))).statusCode).toBe(200)
    expect(problemOf(await complete(challenge, code(ann.seed)))).toEqual([410, 'gone'])
    const late = challengeOf(await login('ann'))
    wait(5 * minute)
    expect(problemOf(await complete(late, code(ann.seed)))).toEqual([410, 'gone'])
    expect(problemOf(await complete('x'.repeat(43), '123456'))).toEqual([410, 'gone'])
  })
  it('opens no session with a password that was changed between the steps', async () => {
    const ann = await guarded('ann')
    const challenge = challengeOf(await login('ann'))
    const body = { current_password: pass, new_password: 'another fine long phrase' }
    expect((await call('POST', '/api/auth/password', { token: ann.token, body })).statusCode).toBe(200)
    expect((await complete(challenge, code(ann.seed))).statusCode).toBe(401)
  })
  it('says the same for a wrong code as for a wrong password that came with one', async () => {
    await guarded('ann')
    const wrongCode = await login('ann', { scope: '000000' })
    const wrongPassword = await call('POST', '/api/auth/login', { body: { username: 'ann', password: 'no', scope: '000000' } })
    const unknown = await call('POST', '/api/auth/login', { body: { username: 'nobody', password: 'no', scope: '000000' } })
    const words = [wrongCode, wrongPassword, unknown].map((reply) => ({
      ...reply.json<object>(),
      request_id: '',
      status: reply.statusCode,
    }))
    expect(words[1]).toEqual(words[0])
    expect(words[2]).toEqual(words[0])
  })
  it('leaves its rows: the challenge, each wrong code, and the session with what it was opened by', async () => {
    const ann = await guarded('ann')
    const challenge = challengeOf(await login('ann'))
    await complete(challenge, '000000')
    await complete(challenge, ann.recovery[0] ?? '')
    const rows = (await rowsOf(ann.tenant_id))
      .slice(-3)
      .map(({ action, outcome, details }) => ({ action, outcome, details: JSON.parse(details) }))
    expect(rows).toMatchObject([
      { action: 'session.challenge', outcome: 'success' },
      { action: 'session.open', outcome: 'failure', details: { account: 'ann', reason: 'The code was wrong' } },
      { action: 'session.open', outcome: 'success', details: { second_factor: 'recovery' } },
    ])
  })
})

describe('guessing codes', () => {
  it('ends after five in a row, whatever the challenge; each five more for twice as long; a right one is refused meanwhile', async () => {
    const ann = await guarded('ann')
    const guess = async (ip: string) => complete(challengeOf(await login('ann', { ip })), '000000', { ip })
    const round = async (net: number): Promise<number[]> => {
      const seen: number[] = []
      for (let n = 0; n < 5; n++) seen.push((await guess(`192.0.${net}.${n}`)).statusCode)
      return seen
    }
    expect(await round(1)).toEqual([422, 422, 422, 422, 429])
    const refused = await complete(challengeOf(await login('ann', { ip: '192.0.2.77' })), code(ann.seed), { ip: '192.0.2.77' })
    expect(problemOf(refused)).toEqual([429, 'limit'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(13 * 60)
    wait(15 * minute)
    expect(await round(3)).toEqual([422, 422, 422, 422, 429])
    wait(16 * minute)
    expect((await complete(challengeOf(await login('ann', { ip: '192.0.2.78' })), code(ann.seed), { ip: '192.0.2.78' })).statusCode).toBe(
      429,
    )
    wait(15 * minute)
    expect((await complete(challengeOf(await login('ann', { ip: '192.0.2.79' })), code(ann.seed), { ip: '192.0.2.79' })).statusCode).toBe(
      200,
    )
    expect((await guess('192.0.2.80')).statusCode).toBe(422)
  })
  it('voids the challenges that were open', async () => {
    const ann = await guarded('ann')
    const open = challengeOf(await login('ann'))
    for (let n = 0; n < 5; n++) await complete(open, '000000')
    wait(16 * minute)
    expect(problemOf(await complete(open, code(ann.seed)))).toEqual([410, 'gone'])
  })
  it('counts every one of many that come at once', async () => {
    await guarded('ann')
    const challenge = challengeOf(await login('ann'))
    const replies = await Promise.all(Array.from({ length: 12 }, (_, n) => complete(challenge, '000000', { ip: `192.0.2.${n}` })))
    expect(replies.filter((reply) => reply.statusCode === 422)).toHaveLength(4)
  })
  it('does not shut out who does not know the password, nor the owner by those who do not', async () => {
    const ann = await guarded('ann')
    for (let n = 0; n < 30; n++)
      await call('POST', '/api/auth/login', { ip: `198.51.100.${n}`, body: { username: 'ann', password: 'wrong', scope: '000000' } })
    expect((await login('ann', { scope: code(ann.seed) })).statusCode).toBe(200)
  })
})

describe('a challenge', () => {
  it('is no session: it opens no route but the step that asks for the code', async () => {
    await guarded('ann')
    const challenge = challengeOf(await login('ann'))
    const closed = smallRoutes.filter((route) => route.permission !== 'public')
    expect(closed.length).toBeGreaterThan(20)
    for (const route of closed) {
      const url = route.path.replaceAll(/:\w+/g, '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11')
      const tries = [{ token: challenge }, { headers: { cookie: `__Host-vc_session=${challenge}`, 'sec-fetch-site': 'same-origin' } }]
      for (const o of tries) expect((await call(route.method, url, o)).statusCode, `${route.method} ${route.path}`).toBe(401)
    }
  })
})

describe('recovery codes', () => {
  it('sign in once each, and new ones void the old', async () => {
    const ann = await guarded('ann')
    const [one = '', two = '', three = ''] = ann.recovery
    const by = async (given: string) => (await complete(challengeOf(await login('ann')), given)).statusCode
    expect(await by(one.toLowerCase().replaceAll('-', ''))).toBe(200)
    expect(await by(one)).toBe(422)
    expect(await by(two)).toBe(200)
    expect((await call('GET', '/api/auth/2fa', { token: ann.token })).json<FactorState>().recovery_codes_left).toBe(8)
    const renewed = await call('POST', '/api/auth/2fa/recovery-codes', { token: ann.token })
    expect(renewed.statusCode, renewed.body).toBe(200)
    expect(await by(three)).toBe(422)
    expect(await by(renewed.json<{ recovery_codes: string[] }>().recovery_codes[0] ?? '')).toBe(200)
  })
  it('of somebody else are worth nothing', async () => {
    const [ann, bob] = [await guarded('ann'), await guarded('bob')]
    expect((await complete(challengeOf(await login('ann')), bob.recovery[0] ?? '')).statusCode).toBe(422)
    expect((await complete(challengeOf(await login('ann')), code(bob.seed))).statusCode).toBe(422)
    expect((await complete(challengeOf(await login('ann')), ann.recovery[0] ?? '')).statusCode).toBe(200)
  })
})
