// An API key is held to its scopes on every route: without the scope it is refused, with that one alone it is enough, and
// what is for people alone it never reaches.
import { describe, expect, it } from 'vitest'
import type { AnyRoute } from '../../shared/contract/route.ts'
import { keyScopes, type Permission } from '../../shared/domain/permissions.ts'
import { examples } from './examples.ts'
import type { Answer, World } from './sides.ts'

type CallExample = (world: World, route: AnyRoute, changes: { token: string }) => Promise<Answer>
const keyOf = (route: AnyRoute): string => `${route.method} ${route.path}`

const made = new Map<string, Promise<string>>()
/** A key of the admin of Alpha with these scopes. */
const keyWith = (world: World, scopes: readonly Permission[]): Promise<string> => {
  const name = `${world.a.tenant_id} ${scopes.join(' ')}`
  const make = async (): Promise<string> => {
    const body = { name: 'of the sweep', scopes, expires_in_days: 1 }
    const reply = await world.send('POST', '/api/auth/api-keys', { token: world.a.admin, body })
    expect(reply.status, reply.text).toBe(201)
    return (reply.json() as { key: string }).key
  }
  const known = made.get(name) ?? make()
  made.set(name, known)
  return known
}
const without = (permission: string): readonly Permission[] => keyScopes.filter((scope) => scope !== permission)

export const sweepKeys = (routes: readonly AnyRoute[], given: () => World, callExample: CallExample): void => {
  const closed = routes.filter((r) => r.permission !== 'public')
  const isOpen = (r: AnyRoute): boolean => 'open_to_keys' in r && r.open_to_keys === true
  const shut = closed.filter((r) => !isOpen(r))
  const scoped = closed.filter((r) => keyScopes.includes(r.permission as Permission) && r.step_up !== true)
  const dangerous = closed.filter((r) => keyScopes.includes(r.permission as Permission) && r.step_up === true)
  describe('by an API key', () => {
    it.each(shut.map((r) => [keyOf(r), r] as const))('%s is 403 without its scope, with all the others', async (_key, route) => {
      const world = given()
      const answer = await callExample(world, route, { token: await keyWith(world, without(route.permission)) })
      expect(answer.status, answer.text).toBe(403)
      if (answer.text !== '')
        expect(answer.json()).toMatchObject({ code: 'forbidden', detail: expect.stringMatching(/^(An|This) API key/) })
    })
    it.runIf(scoped.length > 0).each(scoped.map((r) => [keyOf(r), r] as const))('%s needs its own scope alone', async (key, route) => {
      const world = given()
      const answer = await callExample(world, route, { token: await keyWith(world, [route.permission as Permission]) })
      expect([examples[key]?.status].flat(), answer.text).toContain(answer.status)
    })
    it.runIf(dangerous.length > 0).each(dangerous.map((r) => [keyOf(r), r] as const))(
      '%s is 403 with its scope too',
      async (_key, route) => {
        const world = given()
        const answer = await callExample(world, route, { token: await keyWith(world, [route.permission as Permission]) })
        expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('An API key cannot do this. Sign in as a person.')])
      },
    )
    it('no more than the own name is open without a scope', () => {
      expect(closed.filter(isOpen).map(keyOf)).toEqual(['GET /api/auth/me'])
    })
  })
}
