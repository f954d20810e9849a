// What was under way, or was tried by strangers, when a second factor came to be or codes were blocked.
import { expect, it } from 'vitest'
import { pass, withFactorPeople } from '../../../../test/harness/people/factor-people.ts'
import { inAuth } from '../../../db/auth.ts'
import { newId } from '../../../platform/ids.ts'
import { openApiSession, openBrowserSession, type SignedIn } from '../sessions.ts'
import { signIn } from '../sign-in.ts'
import { addSession } from '../store-sessions.ts'
import { passSecondStep } from './second-step.ts'

const { plane, app, call, code, login, tokenOf, problemOf, plain, setUp, guarded } = withFactorPeople()
const other = 'another kernel muffin orbit'

const halfSignedIn = async (username: string): Promise<SignedIn> => {
  const { deps } = app().identity
  const client = { ip: '192.0.2.7', userAgent: 'slow' }
  const nobody = { kind: 'anonymous', user_id: null, username: '' } as const
  const source = { tenant_id: null, actor: nobody, client, requestId: 'slow', now: deps.now, log: plane.log }
  const attempt = { username, password: pass, origin: { ...client, source }, credentials: { bearer: null, cookie: null } }
  return passSecondStep(deps, await signIn(deps, attempt), { kind: 'api', code: null, site: 'http://localhost:8000' })
}

it('a sign-in that passed before the factor was activated opens no session after it', async () => {
  const ann = await plain('ann')
  const who = await halfSignedIn('ann')
  const guardedAnn = await setUp(ann)
  await expect(openApiSession(app().identity.deps, who)).rejects.toMatchObject({ code: 'unauthenticated' })
  await expect(openBrowserSession(app().identity.deps, who)).rejects.toMatchObject({ code: 'unauthenticated' })
  expect((await login('ann', { scope: code(guardedAnn.seed) })).statusCode).toBe(200)
})

it('a session that is being opened while the factor is activated is ended by it', async () => {
  const ann = await plain('ann')
  const { deps, now } = { deps: app().identity.deps, now: app().clock.now }
  const { secret } = (await call('POST', '/api/auth/2fa/setup', { token: ann.token })).json<{ secret: string }>()
  const given = code(secret)
  const { activation } = await inAuth(deps.auth, async (q) => {
    await q.selectFrom('users').select('id').where('id', '=', ann.id).forShare().execute()
    const activation = call('POST', '/api/auth/2fa/verify', { token: ann.token, body: { code: given } })
    await new Promise((go) => setTimeout(go, 250))
    await addSession(q, {
      id: newId(),
      token_hash: 'late',
      kind: 'api',
      user_id: ann.id,
      tenant_id: ann.tenant_id,
      created_at: now,
      expires_at: new Date(now.getTime() + 3_600_000),
      ip: null,
      user_agent: null,
      proved_at: now,
    })
    return { activation }
  })
  expect((await activation).statusCode).toBe(200)
  const alive = await inAuth(deps.auth, (q) =>
    q.selectFrom('sessions').select('token_hash').where('user_id', '=', ann.id).where('revoked_at', 'is', null).execute(),
  )
  expect(alive.map((row) => row.token_hash)).not.toContain('late')
  expect(alive).toHaveLength(1)
})

it('strangers who type names shut neither the second factor of a person nor their fresh proof', async () => {
  const ann = await guarded('ann')
  const tries = async (name: string): Promise<void> => {
    for (let net = 1; net <= 10; net++)
      for (let n = 0; n < 10; n++)
        await call('POST', '/api/auth/login', { ip: `203.0.113.${net}`, body: { username: `${name} ${ann.id}`, password: 'x' } })
  }
  await tries('second factor of')
  expect((await login('ann', { scope: code(ann.seed) })).statusCode).toBe(200)
  await tries('current password of')
  const body = { current_password: pass, new_password: other }
  expect((await call('POST', '/api/auth/password', { token: ann.token, body })).statusCode).toBe(200)
}, 120_000)

const blockCodes = async (username: string): Promise<void> => {
  for (let n = 0; n < 5; n++) await login(username, { scope: '000000', ip: '203.0.113.9' })
}

it('a reset of the password lifts the block of codes: who guessed them knew the old password', async () => {
  const boss = await plain('boss', 'admin')
  const ann = await guarded('ann')
  await blockCodes('ann')
  expect(problemOf(await login('ann', { scope: ann.recovery[0] }))).toEqual([429, 'limit'])
  const { link } = (await call('POST', `/api/users/${ann.id}/password-reset`, { token: boss.token })).json<{ link: string }>()
  const token = link.split('token=')[1]
  expect((await call('POST', '/api/auth/password-reset/confirm', { body: { token, new_password: other } })).statusCode).toBe(200)
  const body = { username: 'ann', password: other, scope: ann.recovery[0] }
  expect((await call('POST', '/api/auth/login', { body })).statusCode).toBe(200)
})

it.each([
  ['POST', '/api/auth/password', { new_password: other }],
  ['PUT', '/api/auth/me', { password: other }],
] as const)('a password that its owner changes by %s %s lifts it too', async (method, url, change) => {
  const ann = await guarded('ann')
  const token = tokenOf(await login('ann', { scope: code(ann.seed) }))
  await blockCodes('ann')
  const changed = await call(method, url, { token, body: { current_password: pass, ...change } })
  expect(changed.statusCode, changed.body).toBe(200)
  const body = { username: 'ann', password: other, scope: ann.recovery[0] }
  expect((await call('POST', '/api/auth/login', { body })).statusCode).toBe(200)
})
