import { describe, expect, it } from 'vitest'
import { pass, type Person, withFactorPeople } from '../../../../test/harness/people/factor-people.ts'
import { withPasskeysOf } from '../../../../test/harness/people/passkey-people.ts'
import { createSoftPasskey } from '../../../../test/harness/people/soft-passkey.ts'
import { smallRoutes } from '../../../../test/harness/small-app.ts'
import type { FactorState } from '../../../../shared/contract/access/second-factors.ts'
import type { User } from '../../../../shared/contract/identity.ts'
import { inAuth } from '../../../db/auth.ts'
import { inTenant } from '../../../db/tenant.ts'

const people = withFactorPeople()
const { plane, app, call, login, tokenOf, problemOf, plain, setUp, complete, challengeOf } = people
const { keyed, prove, begin, end, add, optionsFor } = withPasskeysOf(people)

const url = '/api/installation/policy'
const set = (token: string, requires_passkey: boolean) => call('PUT', url, { token, body: { requires_passkey } })
const runner = async (username = 'root'): Promise<Person> => {
  const made = { username, password: pass, tenant_name: 'Operations', role: 'admin' as const, is_platform_admin: true }
  const user = await app().identity.createUserByOperator(made)
  return { id: user.id, tenant_id: user.tenant_id, username, token: tokenOf(await login(username)), seed: '', recovery: [] }
}
/** In a second tenant too. */
const join = async (person: Person, tenant_id: string): Promise<void> => {
  await inAuth(plane.control.auth, (q) => q.insertInto('memberships').values({ tenant_id, user_id: person.id, role: 'analyst' }).execute())
  app().identity.deps.cache.clear()
}
const hosts = (token: string) => call('GET', '/api/users', { token })
const codeOf = (reply: Awaited<ReturnType<typeof hosts>>) => (reply.statusCode < 300 ? null : reply.json<{ code: string }>().code)
const stateOf = async (token: string) => (await call('GET', '/api/auth/2fa', { token })).json<FactorState>()

describe('a passkey that the installation requires of whoever reaches beyond one tenant', () => {
  it('is off at first, is set by who runs it and has used one, and is audited', async () => {
    const root = await runner()
    const boss = await plain('boss', 'admin')
    expect((await call('GET', url, { token: root.token })).json()).toEqual({ requires_passkey: false, people: 1, people_without: 1 })
    expect((await set(boss.token, true)).statusCode).toBe(403)
    expect(problemOf(await set(root.token, true))).toEqual([409, 'conflict'])
    const safe = await keyed(root)
    expect((await set(safe.token, true)).json()).toEqual({ requires_passkey: true, people: 1, people_without: 0 })
    expect((await call('GET', '/api/tenants', { token: safe.token })).statusCode).toBe(200)
    expect((await set(safe.token, false)).json()).toMatchObject({ requires_passkey: false })
    const rows = await inTenant(plane.control.platform, (q) =>
      q.selectFrom('audit_rows').selectAll().where('action', '=', 'platform.policy').orderBy('seq').execute(),
    )
    expect(rows.map((row) => row.outcome)).toEqual(['success', 'success'])
  })
  it('is not set in a session that no passkey has answered in, also by who has one', async () => {
    const root = await keyed(await runner())
    const other = tokenOf(await complete(challengeOf(await login('root')), root.recovery[0] ?? ''))
    expect(problemOf(await set(other, true))).toEqual([409, 'conflict'])
    expect((await prove({ ...root, token: other })).statusCode).toBe(200)
    expect((await set(other, true)).statusCode).toBe(200)
  })
  it('shuts running sessions and new ones until it answers: by a code, by a password, for an API key without one', async () => {
    const root = await keyed(await runner())
    const boss = await plain('boss', 'admin', 'Elsewhere')
    const ann = await keyed(await setUp(await plain('ann')))
    const bob = await plain('bob')
    const cai = await plain('cai')
    const made = await call('POST', '/api/auth/api-keys', {
      token: bob.token,
      body: { name: 'k', scopes: ['search'], expires_in_days: 1 },
    })
    const { key } = made.json<{ key: string }>()
    await join(ann, boss.tenant_id)
    await join(bob, boss.tenant_id)
    const byCode = tokenOf(await complete(challengeOf(await login('ann')), ann.recovery[0] ?? ''))
    expect((await set(root.token, true)).statusCode).toBe(200)
    for (const token of [byCode, bob.token, key]) expect(problemOf(await hosts(token)), token).toEqual([403, 'factor_setup'])
    const { token, passkey, has_app } = await begin('ann')
    expect(has_app).toBe(true)
    const byPasskey = tokenOf(await end(token, ann.key.answer(passkey)))
    for (const open of [ann.token, byPasskey, cai.token, boss.token]) expect(codeOf(await hosts(open))).not.toBe('factor_setup')
    expect(await stateOf(byCode)).toMatchObject({ needs_passkey: true, passkeys: 1 })
    expect((await prove({ ...ann, token: byCode })).statusCode).toBe(200)
    expect(await stateOf(byCode)).toMatchObject({ needs_passkey: false })
    expect(codeOf(await hosts(byCode))).not.toBe('factor_setup')
    const me = async () => (await call('GET', '/api/auth/me', { token: bob.token })).json<User>().must_set_up_factor
    expect(await me()).toBe(true)
    await keyed(bob)
    expect(await me()).toBe(false)
    expect(codeOf(await hosts(key))).not.toBe('factor_setup')
  })
  it('leaves open what sets one up, and nothing else', async () => {
    const root = await keyed(await runner())
    const boss = await plain('boss', 'admin', 'Elsewhere')
    const bob = await plain('bob')
    expect((await set(root.token, true)).statusCode).toBe(200)
    await join(bob, boss.tenant_id)
    const open: string[] = []
    let tried = 0
    for (const route of smallRoutes.filter((r) => r.permission !== 'public')) {
      tried++
      const reply = await call(route.method, route.path.replaceAll(/:\w+/g, '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11'), { token: bob.token })
      if (reply.statusCode !== 403 || reply.json<{ code: string }>().code !== 'factor_setup') open.push(`${route.method} ${route.path}`)
      if (route.method === 'DELETE' && route.path === '/api/auth/session') bob.token = tokenOf(await login('bob'))
    }
    expect(tried).toBeGreaterThan(40)
    const flagged = smallRoutes.filter((route) => 'open_without_factor' in route).map((route) => `${route.method} ${route.path}`)
    expect(open.sort()).toEqual(flagged.sort())
  })
  it('is not got round: no other passkey is added by a code, and the last one is not removed', async () => {
    const root = await keyed(await runner())
    const elsewhere = (await plain('boss', 'admin', 'Elsewhere')).tenant_id
    const ann = await keyed(await plain('ann'))
    await join(ann, elsewhere)
    expect((await set(root.token, true)).statusCode).toBe(200)
    const byCode = { token: tokenOf(await complete(challengeOf(await login('ann')), ann.recovery[0] ?? '')) }
    const stranger = createSoftPasskey('http://localhost:8000')
    expect(problemOf(await add(byCode, stranger.make(await optionsFor(byCode)), 'Not hers'))).toEqual([403, 'forbidden'])
    expect(problemOf(await hosts(byCode.token))).toEqual([403, 'factor_setup'])
    const gone = (token: string) => call('DELETE', `/api/auth/passkeys/${ann.passkey.id}`, { token })
    expect(problemOf(await gone(byCode.token))).toEqual([403, 'factor_setup'])
    expect(problemOf(await gone(ann.token))).toEqual([409, 'conflict'])
    expect((await add(ann, stranger.make(await optionsFor(ann)), 'Second')).statusCode).toBe(201)
    expect((await gone(ann.token)).statusCode).toBe(204)
  })
  it('that was lost is removed by who runs the installation, and another one is set up then', async () => {
    const root = await keyed(await runner())
    const ann = await keyed(await plain('ann'))
    await join(ann, root.tenant_id)
    expect((await set(root.token, true)).statusCode).toBe(200)
    expect((await call('DELETE', `/api/users/${ann.id}/2fa`, { token: root.token })).statusCode).toBe(200)
    const token = tokenOf(await login('ann'))
    expect(problemOf(await hosts(token))).toEqual([403, 'factor_setup'])
    await keyed({ ...ann, token })
    expect(codeOf(await hosts(token))).not.toBe('factor_setup')
  })
})
