// Two tenants with everything in them that a route can name, made through the API alone, so that the sweeps run
// against any composition of the product.
import type { User } from '../../shared/contract/identity.ts'
import type { AnyRoute } from '../../shared/contract/route.ts'
import type { OperatorUser } from '../../server/features/identity/index.ts'
import type { HttpApp } from '../../server/http/mount.ts'
import { makers } from './makers.ts'
import type { Send, Side, World } from './sides.ts'

export interface Target {
  inject: HttpApp['inject']
  createUser: (user: OperatorUser) => Promise<User>
  /** The routes that this composition holds. */
  routes: readonly AnyRoute[]
}

export const password = 'seven quiet lanterns drift'

const sender =
  (target: Target): Send =>
  async (method, url, call = {}) => {
    const isText = typeof call.body === 'string' || call.body instanceof Buffer
    const reply = await target.inject({
      method: method as 'GET',
      url,
      headers: {
        host: 'localhost:8000',
        ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
        ...(call.body === undefined || isText ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: isText ? (call.body as string) : JSON.stringify(call.body) }),
    })
    return { status: reply.statusCode, headers: reply.headers, text: reply.body, json: () => reply.json<unknown>() }
  }

export const tokenOf = async (send: Send, username: string): Promise<string> => {
  const reply = await send('POST', '/api/auth/login', { body: { username, password } })
  return (reply.json() as { access_token: string }).access_token
}

const side = async (target: Target, send: Send, name: string): Promise<Side> => {
  const make = (role: 'admin' | 'lead' | 'user' | 'viewer'): Promise<User> =>
    target.createUser({ username: `${role}-of-${name}`, password, tenant_name: name, role, is_platform_admin: false })
  const admin = await make('admin')
  await make('lead')
  await make('user')
  const viewer = await make('viewer')
  const tokens = {
    admin: await tokenOf(send, `admin-of-${name}`),
    lead: await tokenOf(send, `lead-of-${name}`),
    user: await tokenOf(send, `user-of-${name}`),
    viewer: await tokenOf(send, `viewer-of-${name}`),
  }
  return { tenant_id: admin.tenant_id, ...tokens, ids: { tenant_id: admin.tenant_id, user_id: viewer.id } }
}

/** The names of a route's path parameters. */
export const paramsOf = (route: AnyRoute): string[] => [...route.path.matchAll(/:(\w+)/g)].map((found) => found[1] ?? '')

const fill = async (world: World, which: 'a' | 'b'): Promise<void> => {
  const needed = new Set(world.routes.flatMap(paramsOf))
  // Named in bodies alone.
  if (needed.has('event_id')) for (const name of ['row_id', 'parent_id']) needed.add(name)
  // Somebody who may triage there.
  if (needed.has('detection_id')) world[which].ids.assignee_id = world[which].ids.user_id ?? ''
  if (needed.has('exception_id')) needed.add('subject_id')
  for (const name of needed) {
    const maker = makers[name]
    if (world[which].ids[name] === undefined && maker !== undefined) world[which].ids[name] = await maker(world, world[which])
  }
}

export const createWorld = async (target: Target): Promise<World> => {
  const send = sender(target)
  await target.createUser({ username: 'platform-admin', password, tenant_name: 'Platform', role: 'admin', is_platform_admin: true })
  const platform = await tokenOf(send, 'platform-admin')
  const world: World = { send, routes: target.routes, a: await side(target, send, 'Alpha'), b: await side(target, send, 'Beta'), platform }
  await fill(world, 'a')
  await fill(world, 'b')
  return world
}
