import { describe, expect, it } from 'vitest'
import { pass, withFactorPeople } from '../../../../test/harness/people/factor-people.ts'
import { smallRoutes } from '../../../../test/harness/small-app.ts'
import type { FactorState } from '../../../../shared/contract/access/second-factors.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import { inAuth } from '../../../db/auth.ts'

const minute = 60_000
const { plane, app, call, wait, code, login, tokenOf, problemOf, plain, setUp, guarded, rowsOf } = withFactorPeople()

describe('setting up', () => {
  it('asks for nothing until a code of the app was given; then ten recovery codes come, and the other sessions are over', async () => {
    const ann = await plain('ann')
    const other = tokenOf(await login('ann'))
    const begun = (await call('POST', '/api/auth/2fa/setup', { token: ann.token })).json<{ secret: string; qr_svg: string }>()
    expect(begun.qr_svg).toContain('<svg')
    expect((await login('ann')).statusCode).toBe(200)
    const wrong = await call('POST', '/api/auth/2fa/verify', { token: ann.token, body: { code: '000000' } })
    expect(problemOf(wrong)).toEqual([422, 'validation'])
    const done = await call('POST', '/api/auth/2fa/verify', { token: ann.token, body: { code: code(begun.secret) } })
    expect(done.json<{ recovery_codes: string[]; ended_sessions: number }>()).toMatchObject({ ended_sessions: 2 })
    expect(new Set(done.json<{ recovery_codes: string[] }>().recovery_codes).size).toBe(10)
    expect((await call('GET', '/api/auth/me', { token: other })).statusCode).toBe(401)
    expect((await call('GET', '/api/auth/2fa', { token: ann.token })).json<FactorState>()).toMatchObject({
      is_active: true,
      recovery_codes_left: 10,
      is_required: false,
    })
    expect((await call('GET', '/api/auth/me', { token: ann.token })).json<User>().has_second_factor).toBe(true)
  })
  it('begun anew, only the newest key counts; over after an hour; and not while there is one', async () => {
    const ann = await plain('ann')
    const begin = async () => (await call('POST', '/api/auth/2fa/setup', { token: ann.token })).json<{ secret: string }>().secret
    const [first, second] = [await begin(), await begin()]
    const verify = async (given: string, token = ann.token) =>
      (await call('POST', '/api/auth/2fa/verify', { token, body: { code: given } })).statusCode
    expect(await verify(code(first))).toBe(422)
    wait(61 * minute)
    const later = tokenOf(await login('ann'))
    expect(await verify(code(second), later)).toBe(422)
    const third = (await call('POST', '/api/auth/2fa/setup', { token: later })).json<{ secret: string }>().secret
    expect(await verify(code(third), later)).toBe(200)
    expect(problemOf(await call('POST', '/api/auth/2fa/setup', { token: later }))).toEqual([409, 'conflict'])
    expect(await verify(code(third), later)).toBe(422)
  })
  it('needs a fresh proof, so that a page that was left open is not enough', async () => {
    const ann = await plain('ann')
    wait(11 * minute)
    const { token } = { token: ann.token }
    // The access token is over by then; its session goes on with the next one.
    const fresh = tokenOf(await login('ann'))
    await inAuth(plane.control.auth, (q) => q.updateTable('sessions').set({ proved_at: null }).execute())
    expect(token).not.toBe(fresh)
    expect(problemOf(await call('POST', '/api/auth/2fa/setup', { token: fresh }))).toEqual([403, 'step_up'])
    const proved = await call('POST', '/api/auth/step-up', { token: fresh, body: { password: pass } })
    expect(proved.statusCode, proved.body).toBe(200)
    expect((await call('POST', '/api/auth/2fa/setup', { token: fresh })).statusCode).toBe(200)
  })
})

describe('removing it', () => {
  it('needs the password and a code; a wrong password spends no code', async () => {
    const ann = await guarded('ann')
    const disable = (password: string, given: string) =>
      call('POST', '/api/auth/2fa/disable', { token: ann.token, body: { password, code: given } })
    const [spare = ''] = ann.recovery
    expect((await disable('wrong', spare)).statusCode).toBe(422)
    expect((await disable(pass, '000000')).statusCode).toBe(422)
    expect((await disable(pass, spare)).statusCode).toBe(204)
    expect((await login('ann')).statusCode).toBe(200)
    const left = await inAuth(plane.control.auth, (q) => q.selectFrom('recovery_codes').select('code_hash').execute())
    expect(left).toEqual([])
  })
  it('of somebody else is for admins of the tenant after a fresh proof; it ends the sessions of the person', async () => {
    const boss = await plain('boss', 'admin')
    const ann = await guarded('ann')
    const eve = await plain('eve', 'admin', 'Elsewhere')
    const reset = (token: string, id = ann.id) => call('DELETE', `/api/users/${id}/2fa`, { token })
    expect((await reset(eve.token)).statusCode).toBe(404)
    expect((await reset(ann.token)).statusCode).toBe(403)
    expect((await reset(boss.token, boss.id)).statusCode).toBe(409)
    await inAuth(plane.control.auth, (q) => q.updateTable('sessions').set({ proved_at: null }).execute())
    app().identity.deps.cache.clear()
    expect(problemOf(await reset(boss.token))).toEqual([403, 'step_up'])
    await call('POST', '/api/auth/step-up', { token: boss.token, body: { password: pass } })
    expect((await reset(boss.token)).json()).toEqual({ ended_sessions: 1 })
    expect((await call('GET', '/api/auth/me', { token: ann.token })).statusCode).toBe(401)
    expect((await login('ann')).statusCode).toBe(200)
    expect((await rowsOf(ann.tenant_id)).find((row) => row.action === 'factor.reset' && row.outcome === 'success')).toMatchObject({
      actor_name: 'boss',
      object_id: ann.id,
    })
    expect((await reset(boss.token)).statusCode).toBe(409)
  })
  it('is not done by a reset of the password', async () => {
    const boss = await plain('boss', 'admin')
    const ann = await guarded('ann')
    const { link } = (await call('POST', `/api/users/${ann.id}/password-reset`, { token: boss.token })).json<{ link: string }>()
    const token = new URL(link, 'http://localhost').searchParams.get('token')
    await call('POST', '/api/auth/password-reset/confirm', { body: { token, new_password: 'another fine long phrase' } })
    const reply = await call('POST', '/api/auth/login', { body: { username: 'ann', password: 'another fine long phrase' } })
    expect(problemOf(reply)).toEqual([401, 'second_factor'])
  })
})

describe('a fresh proof', () => {
  it('lasts five minutes, is of one session, and is a code where there is a second factor', async () => {
    const ann = await guarded('ann')
    const second = tokenOf(await login('ann', { scope: code(ann.seed) }))
    await inAuth(plane.control.auth, (q) => q.updateTable('sessions').set({ proved_at: null }).execute())
    app().identity.deps.cache.clear()
    const renew = async (token: string) => (await call('POST', '/api/auth/2fa/recovery-codes', { token })).statusCode
    const isProven = async (token: string) => (await call('GET', '/api/auth/2fa', { token })).json<FactorState>().is_proven
    expect(await isProven(ann.token)).toBe(false)
    expect(await renew(ann.token)).toBe(403)
    expect((await call('POST', '/api/auth/step-up', { token: ann.token, body: { password: pass } })).statusCode).toBe(422)
    expect(await renew(ann.token)).toBe(403)
    expect((await call('POST', '/api/auth/step-up', { token: ann.token, body: { code: code(ann.seed) } })).statusCode).toBe(200)
    expect([await isProven(ann.token), await isProven(second)]).toEqual([true, false])
    expect(await renew(ann.token)).toBe(200)
    expect(await renew(second)).toBe(403)
    await inAuth(plane.control.auth, (q) =>
      q
        .updateTable('sessions')
        .set({ proved_at: new Date(app().clock.now.getTime() - 5 * minute) })
        .execute(),
    )
    app().identity.deps.cache.clear()
    expect(await isProven(ann.token)).toBe(true)
    await inAuth(plane.control.auth, (q) =>
      q
        .updateTable('sessions')
        .set({ proved_at: new Date(app().clock.now.getTime() - 5 * minute - 1) })
        .execute(),
    )
    app().identity.deps.cache.clear()
    expect(await isProven(ann.token)).toBe(false)
    expect(await renew(ann.token)).toBe(403)
  })
  it('is asked for by every route that is declared dangerous, once the one of the sign-in is too old', async () => {
    const root = await app().identity.createUserByOperator({
      username: 'root',
      password: pass,
      tenant_name: 'Home',
      role: 'admin',
      is_platform_admin: true,
    })
    const token = tokenOf(await login(root.username))
    await inAuth(plane.control.auth, (q) => q.updateTable('sessions').set({ proved_at: null }).execute())
    const dangerous = smallRoutes.filter((route) => 'step_up' in route && route.step_up === true)
    expect(dangerous.length).toBeGreaterThan(5)
    for (const { method, path } of dangerous) {
      const url = path.replace(':tenant_id', root.tenant_id).replaceAll(/:\w+/g, '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11')
      expect(problemOf(await call(method, url, { token, body: {} })), `${method} ${path}`).toEqual([403, 'step_up'])
    }
  })
  it('is slowed down like the sign-in', async () => {
    const ann = await plain('ann')
    const seen: number[] = []
    for (let n = 0; n < 12; n++)
      seen.push((await call('POST', '/api/auth/step-up', { token: ann.token, body: { password: `no ${n}` } })).statusCode)
    expect([seen[0], seen.at(-1)]).toEqual([422, 429])
  })
})

describe('a tenant that requires it', () => {
  const policy = (token: string, id: string, is_required: boolean) =>
    call('PUT', `/api/tenants/${id}/2fa`, { token, body: { is_required } })
  it('lets those without one set it up, and nothing else; API keys of theirs rest meanwhile', async () => {
    const boss = await guarded('boss', 'admin')
    const ann = await plain('ann')
    const made = await call('POST', '/api/auth/api-keys', { token: ann.token, body: { name: 'k', scopes: ['search'], expires_in_days: 1 } })
    const { key } = made.json<{ key: string }>()
    expect((await policy(boss.token, boss.tenant_id, true)).json()).toEqual({ is_required: true, people: 2, people_without: 1 })
    const open: string[] = []
    for (const route of smallRoutes.filter((r) => r.permission !== 'public')) {
      const reply = await call(route.method, route.path.replaceAll(/:\w+/g, '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11'), { token: ann.token })
      if (reply.statusCode !== 403 || reply.json<{ code: string }>().code !== 'factor_setup') open.push(`${route.method} ${route.path}`)
      if (route.method === 'DELETE' && route.path === '/api/auth/session') ann.token = tokenOf(await login('ann'))
    }
    const flagged = smallRoutes.filter((route) => 'open_without_factor' in route).map((route) => `${route.method} ${route.path}`)
    expect(open.sort()).toEqual(flagged.sort())
    expect(flagged.filter((key) => !key.includes(' /api/auth/'))).toEqual([])
    expect((await call('GET', '/api/auth/me', { token: ann.token })).json<User>().must_set_up_factor).toBe(true)
    expect(problemOf(await call('GET', '/api/users', { token: key }))).toEqual([403, 'factor_setup'])
    const done = await setUp(ann)
    expect((await call('PUT', '/api/auth/me', { token: done.token, body: { full_name: 'Ann' } })).statusCode).toBe(200)
    expect(problemOf(await call('GET', '/api/users', { token: key }))).toEqual([403, 'forbidden'])
  })
  it('is made so by an admin who has one, and only of the own tenant; nobody there disables it then', async () => {
    const boss = await plain('boss', 'admin')
    const eve = await guarded('eve', 'admin', 'Elsewhere')
    expect((await policy(boss.token, boss.tenant_id, true)).statusCode).toBe(409)
    expect((await policy(eve.token, boss.tenant_id, true)).statusCode).toBe(404)
    const safe = await setUp(boss)
    expect((await policy(safe.token, boss.tenant_id, true)).statusCode).toBe(200)
    const body = { password: pass, code: safe.recovery[0] ?? '' }
    expect((await call('POST', '/api/auth/2fa/disable', { token: safe.token, body })).statusCode).toBe(409)
    expect((await policy(safe.token, boss.tenant_id, false)).statusCode).toBe(200)
    expect((await call('POST', '/api/auth/2fa/disable', { token: safe.token, body: { ...body, code: safe.recovery[1] } })).statusCode).toBe(
      204,
    )
  })
})
