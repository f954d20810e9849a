// Every route by everybody: each role of the tenant, admins of elsewhere, who runs the installation, and those whose way in is
// gone. A field that no route knows lets a call that may pass fail at its form (422), so that nothing happens whoever calls.
import { beforeAll, describe, expect, it } from 'vitest'
import type { AnyRoute } from '../../shared/contract/route.ts'
import { may, type Permission, roles } from '../../shared/domain/permissions.ts'
import type { Side, World } from './sides.ts'
import { password, tokenOf } from './world.ts'

interface Caller {
  name: string
  token?: string
  /** Null: nobody, or somebody who is out. */
  grants: Parameters<typeof may>[0] | null
}

const keyOf = (route: AnyRoute): string => `${route.method} ${route.path}`
const expected = (route: AnyRoute, { grants }: Caller): number => {
  if (grants === null) return 401
  return route.permission === 'session' || may(grants, route.permission as Permission) ? 422 : 403
}

/** People of the matrix alone: what they are denied is not counted against those of other sweeps. */
const person = async (world: World, side: Side, role: string): Promise<{ id: string; token: string }> => {
  const username = `matrix-${role}-${side.tenant_id.slice(0, 8)}`
  const reply = await world.send('POST', '/api/users', { token: side.admin, body: { username, role: role.split('-')[0], password } })
  expect(reply.status, reply.text).toBe(201)
  return { id: (reply.json() as { id: string }).id, token: await tokenOf(world.send, username) }
}

const deactivated = async (world: World): Promise<string> => {
  const { id, token } = await person(world, world.a, 'admin-gone')
  await world.send('DELETE', `/api/users/${id}`, { token: world.a.admin })
  return token
}

/** Of somebody who has gone on to another tenant. */
const left = async (world: World): Promise<string> => {
  const { token } = await person(world, world.a, 'admin-left')
  const made = await world.send('POST', '/api/invitations', { token: world.b.admin, body: { role: 'admin' } })
  const invite = (made.json() as { link: string }).link.split('/').at(-1)
  await world.send('POST', '/api/auth/invitations/accept', { token, body: { token: invite } })
  const moved = await world.send('POST', '/api/auth/switch', { token, body: { tenant_id: world.b.tenant_id } })
  expect(moved.status, moved.text).toBe(200)
  return token
}

const suspended = async (world: World): Promise<string> => {
  const made = await world.send('POST', '/api/tenants', { token: world.platform, body: { name: `matrix ${world.a.tenant_id}` } })
  const { id } = made.json() as { id: string }
  const invited = await world.send('POST', `/api/tenants/${id}/invitations`, { token: world.platform, body: { role: 'admin' } })
  const invite = (invited.json() as { link: string }).link.split('/').at(-1)
  const username = `matrix-frozen-${id.slice(0, 8)}`
  await world.send('POST', '/api/auth/register', { body: { username, password, invite } })
  const token = await tokenOf(world.send, username)
  const shut = await world.send('POST', `/api/tenants/${id}/suspend`, { token: world.platform })
  expect(shut.status, shut.text).toBe(200)
  return token
}

const everybody = async (world: World): Promise<Caller[]> => {
  const members: Caller[] = []
  for (const role of roles)
    members.push({ name: role, token: (await person(world, world.a, role)).token, grants: { role, is_platform_admin: false } })
  return [
    ...members,
    {
      name: 'admin of another tenant',
      token: (await person(world, world.b, 'admin')).token,
      grants: { role: 'admin', is_platform_admin: false },
    },
    { name: 'platform admin', token: world.platform, grants: { role: 'admin', is_platform_admin: true } },
    { name: 'nobody', grants: null },
    { name: 'a made-up token', token: 'no.such.token', grants: null },
    { name: 'a deactivated admin', token: await deactivated(world), grants: null },
    { name: 'an admin who went to another tenant', token: await left(world), grants: null },
    { name: 'an admin of a suspended tenant', token: await suspended(world), grants: null },
  ]
}

/** Where an id may come from: of one tenant, of the other, or of nothing. */
const positions = (world: World): Readonly<Record<string, (name: string) => string>> => ({
  'ids of the tenant': (name) => world.a.ids[name] ?? '',
  "another tenant's ids": (name) => world.b.ids[name] ?? '',
  'ids of nothing': (name) =>
    name === 'sha256' ? 'ab'.repeat(32) : name === 'event_id' ? 'cd'.repeat(16) : '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11',
})

export const sweepMatrix = (routes: readonly AnyRoute[], given: () => World): void => {
  const closed = routes.filter((r) => r.permission !== 'public' && r.path.startsWith('/api'))
  describe('the matrix of routes and callers', () => {
    let callers: Caller[] = []
    let tried = 0
    beforeAll(async () => {
      callers = await everybody(given())
    })
    it.each(closed.map((r) => [keyOf(r), r] as const))('%s lets in whom the table of permissions lets in', async (_key, route) => {
      const world = given()
      const seen: Record<string, number> = {}
      const wanted: Record<string, number> = {}
      for (const [place, idOf] of Object.entries(positions(world)))
        for (const caller of callers) {
          const path = route.path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(idOf(name)))
          const answer = await world.send(route.method, `${path}?not_a_field=1`, { token: caller.token })
          seen[`${caller.name}, ${place}`] = answer.status
          wanted[`${caller.name}, ${place}`] = expected(route, caller)
          tried++
        }
      expect(seen).toEqual(wanted)
    })
    it('tried every combination, and says how many', () => {
      const places = Object.keys(positions(given())).length
      expect(tried).toBe(closed.length * callers.length * places)
      console.log(`matrix: ${closed.length} routes x ${callers.length} callers x ${places} positions of ids = ${tried} combinations`)
    })
  })
}
