// What holds for every route, generated from the table: a new route is swept the moment it is declared.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { problem } from '../../shared/contract/errors.ts'
import { type AnyRoute, isRaw, shownTenantHeader } from '../../shared/contract/route.ts'
import { may, type Permission } from '../../shared/domain/permissions.ts'
import { openApiPath } from '../../server/http/docs/openapi.ts'
import { examples } from './examples.ts'
import type { Answer, Example, Side, World } from './sides.ts'
import { newBook, sweepAnswers, watched } from './sweep-answers.ts'
import { sweepAudit } from './sweep-audit.ts'
import { sweepKeys } from './sweep-keys.ts'
import { sweepMatrix } from './sweep-matrix.ts'
import { createWorld, paramsOf, password, type Target } from './world.ts'

const keyOf = (route: AnyRoute): string => `${route.method} ${route.path}`
const hasBody = (route: AnyRoute): boolean => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(route.method)
const isUnsafe = (route: AnyRoute): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(route.method)

const randomId: Readonly<Record<string, string>> = {
  sha256: 'ab'.repeat(32),
  event_id: 'cd'.repeat(16),
  row_id: 'cd'.repeat(16),
  technique_id: 'T9998',
  source_id: 'nothing',
  upload_id: '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11',
}
const strange = (name: string): string => randomId[name] ?? '0f3e6f0a-3a4b-4c8e-9a49-2f6d5f0f7a11'

const urlOf = (route: AnyRoute, ids: Record<string, string>, query = ''): string =>
  route.path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(ids[name] ?? strange(name))) +
  (query === '' ? '' : `?${query}`)

/** Headers that other products have believed. */
const spoofs = (side: Side): Record<string, string> => ({
  'x-tenant-id': side.tenant_id,
  'x-user': 'platform-admin',
  'x-user-id': side.ids.user_id ?? '',
  'x-role': 'admin',
  'x-forwarded-user': 'platform-admin',
  'x-remote-user': 'platform-admin',
  'grpc-metadata-user': 'platform-admin',
  'grpc-metadata-orgid': side.tenant_id,
  'synchronized-upsert': 'true',
  'x-http-method-override': 'DELETE',
  'x-forwarded-for': '127.0.0.1',
  'x-original-url': '/api/users',
})

/** A reply without what differs from call to call; the upload protocol answers in plain text. */
const bodyless = (text: string): unknown => {
  if (!text.startsWith('{')) return text
  const { request_id: _id, took_ms: _took, ...rest } = JSON.parse(text) as Record<string, unknown>
  return rest
}

const shapeOf = (schema: z.ZodType | undefined): string[] => {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  return schema instanceof z.ZodArray && schema.element instanceof z.ZodObject ? Object.keys(schema.element.shape) : []
}

const exampleOf = (route: AnyRoute): Example => {
  const example = examples[keyOf(route)]
  if (example === undefined) throw new Error(`${keyOf(route)} has no example in test/contract/examples.ts`)
  return example
}

const callExample = async (
  world: World,
  route: AnyRoute,
  changes: { ids?: Record<string, string>; body?: unknown; query?: string; headers?: Record<string, string>; token?: string } = {},
) => {
  const example = exampleOf(route)
  const ids = changes.ids ?? (await example.params?.(world)) ?? {}
  const [token, body] = [changes.token ?? (await example.as(world)), changes.body ?? (await example.body?.(world))]
  return await world.send(route.method, urlOf(route, ids, changes.query ?? example.query), {
    token,
    body,
    headers: { ...example.headers, ...changes.headers },
  })
}

/** Everything that names an object of a side, and its people; when a session was used last is no change. */
const snapshotOf = async (world: World, side: Side): Promise<string[]> => {
  const read = world.routes.filter((r) => r.method === 'GET' && !isRaw(r) && (paramsOf(r).length > 0 || r.tag === 'users'))
  const answers = await Promise.all(read.map((route) => world.send('GET', urlOf(route, side.ids), { token: side.admin })))
  return answers.map(({ text }) => text.replaceAll(/"(last_used_at|took_ms|request_id)":("[^"]*"|[\d.]+)/g, ''))
}

const expectProblem = (answer: Answer, status: number): void => {
  expect(answer.status, answer.text).toBe(status)
  expect(answer.headers['content-type']).toContain('application/problem+json')
  if (answer.text !== '') expect(problem.safeParse(answer.json()).error).toBeUndefined()
}

type Given = () => World

/** Reading everything takes most of a second: that nothing has changed is looked at after so many calls, and after the last. */
const callsAtOnce = 8

/** For a describe of refused calls: each is told to `after`, which fails with their names when one of them changed a thing. */
const watchSide = (given: Given, side: 'a' | 'b') => {
  let before: string[] | null = null
  let calls: string[] = []
  const compare = async (): Promise<void> => {
    const world = given()
    const after = await snapshotOf(world, world[side])
    expect(after, `after one of ${calls.join(', ')}`).toEqual(before)
    calls = []
  }
  beforeAll(async () => {
    const world = given()
    before = await snapshotOf(world, world[side])
  })
  afterAll(compare)
  return {
    after: async (call: string): Promise<void> => {
      calls.push(call)
      if (calls.length === callsAtOnce) await compare()
    },
  }
}

const sweepCallers = (routes: readonly AnyRoute[], given: Given): void => {
  const closed = routes.filter((r) => r.permission !== 'public')
  describe('without a session', () => {
    it.each(closed.map((r) => [keyOf(r), r] as const))('%s is 401 with a challenge', async (_key, route) => {
      const world = given()
      for (const call of [
        {},
        { token: 'no.such.token' },
        { headers: { cookie: `__Host-vc_session=${'x'.repeat(43)}` } },
        { headers: spoofs(world.b) },
      ]) {
        const answer = await world.send(route.method, urlOf(route, world.a.ids), call)
        expectProblem(answer, 401)
        expect(answer.headers['www-authenticate']).toBe('Bearer')
      }
    })
  })
  describe('with a role that may not', () => {
    const guarded = closed.filter((r) => r.permission !== 'session')
    it.each(guarded.map((r) => [keyOf(r), r] as const))('%s is 403', async (_key, route) => {
      const world = given()
      const weak = (['viewer', 'user', 'lead', 'admin'] as const).filter(
        (role) => !may({ role, is_platform_admin: false }, route.permission as Permission),
      )
      for (const role of weak) {
        const token = world.a[role]
        expectProblem(await world.send(route.method, urlOf(route, world.a.ids), { token }), 403)
        expectProblem(await world.send(route.method, urlOf(route, world.a.ids), { token, headers: spoofs(world.b) }), 403)
      }
      expect(route.permission).toBeDefined()
    })
  })
  describe('led here by another site', () => {
    it.each(closed.filter(isUnsafe).map((r) => [keyOf(r), r] as const))('%s is 403 by cookie', async (_key, route) => {
      const world = given()
      const signed = await world.send('POST', '/api/auth/session', {
        body: { username: 'user-of-Alpha', password },
      })
      const cookie = String(signed.headers['set-cookie']).split(';')[0] ?? ''
      for (const origin of ['https://evil.example', 'null', 'http://localhost:8001'])
        expectProblem(await world.send(route.method, urlOf(route, world.a.ids), { headers: { cookie, origin } }), 403)
      expectProblem(await world.send(route.method, urlOf(route, world.a.ids), { headers: { cookie } }), 403)
    })
  })
}

const sweepWindows = (routes: readonly AnyRoute[], given: Given): void => {
  const ofTenants = routes.filter((r) => (r.permission === 'session' ? 'of_tenant' in r : r.permission !== 'public'))
  describe('for a window that shows another tenant than the session is in', () => {
    const watch = watchSide(given, 'a')
    it.each(ofTenants.map((r) => [keyOf(r), r] as const))('%s is 412, and nothing changes', async (key, route) => {
      const world = given()
      expectProblem(await callExample(world, route, { ids: world.a.ids, headers: { [shownTenantHeader]: world.b.tenant_id } }), 412)
      await watch.after(key)
    })
  })
}

const sweepTenants = (routes: readonly AnyRoute[], given: Given): void => {
  describe("another tenant's id", () => {
    const positions = routes
      .filter((r) => r.permission !== 'platform.manage' && r.permission !== 'public')
      .flatMap((r) => paramsOf(r).map((name) => [`${name} of ${keyOf(r)}`, r, name] as const))
    const watch = watchSide(given, 'b')
    it.each(positions)('%s is 404 like a random one, and nothing changes', async (position, route, name) => {
      const world = given()
      const foreign = world.b.ids[name]
      expect(foreign, `no maker made a ${name}`).toBeTruthy()
      const answers = [foreign ?? '', strange(name)].map((id) => callExample(world, route, { ids: { ...world.a.ids, [name]: id } }))
      const [theirs, random] = await Promise.all(answers)
      expect(theirs?.status, theirs?.text).toBe(404)
      expect(random?.status).toBe(404)
      expect(bodyless(theirs?.text ?? '')).toEqual(bodyless(random?.text ?? ''))
      await watch.after(position)
    })
    const inBodies = routes
      .filter((r) => r.permission !== 'public')
      .flatMap((r) =>
        (isRaw(r) ? [] : shapeOf(r.body))
          .filter((field) => /_ids?$/.test(field))
          .map((field) => [`${field} of ${keyOf(r)}`, r, field] as const),
      )
    it.runIf(inBodies.length > 0).each(inBodies)('%s in a body tells nothing', async (_position, route, field) => {
      const world = given()
      const name = field.replace(/s$/, '')
      const wrap = (id: string): unknown => (field.endsWith('s') ? [id] : id)
      const ids = [world.b.ids[name] ?? '', strange(name)]
      const [theirs, random] = await Promise.all(
        ids.map(async (id) => {
          const example = (await exampleOf(route).body?.(world)) as Record<string, unknown>
          const { status, text } = await callExample(world, route, { body: { ...example, [field]: wrap(id) } })
          // what the caller sent may come back, and what was made is new each time
          return { status, body: status === 201 ? null : bodyless(text.replaceAll(id, 'the id')) }
        }),
      )
      expect(theirs).toEqual(random)
    })
  })
  describe('headers that name a tenant or a person', () => {
    const read = routes.filter((r) => r.method === 'GET' && !isRaw(r) && r.permission !== 'public' && r.path !== '/api/ingestion/storage')
    it.each(read.map((r) => [keyOf(r), r] as const))('%s answers the same with them', async (_key, route) => {
      const world = given()
      const token = route.permission === 'platform.manage' ? world.platform : world.a.admin
      const plain = await world.send('GET', urlOf(route, world.a.ids), { token })
      const spoofed = await world.send('GET', urlOf(route, world.a.ids), { token, headers: spoofs(world.b) })
      expect(spoofed.status).toBe(200)
      const whole = (text: string): unknown => (text.startsWith('{') ? bodyless(text) : JSON.parse(text))
      expect(whole(spoofed.text)).toEqual(whole(plain.text))
    })
  })
}

const sweepRequests = (routes: readonly AnyRoute[], given: Given): void => {
  const plain = routes.filter((r) => !isRaw(r))
  describe('what is not declared', () => {
    it.each(plain.filter(hasBody).map((r) => [keyOf(r), r] as const))(
      '%s refuses unknown and read-only body fields by name',
      async (_key, route) => {
        const world = given()
        const declared = new Set(isRaw(route) ? [] : shapeOf(route.body))
        const alien = ['not_a_field', 'id', 'tenant_id', 'state', 'path', 'password_hash', 'is_platform_admin', ...shapeOf(route.response)]
        const fields = [...new Set(alien)].filter((field) => !declared.has(field))
        const body = {
          ...((await exampleOf(route).body?.(world)) as object | undefined),
          ...Object.fromEntries(fields.map((f) => [f, 'x'])),
        }
        const answer = await callExample(world, route, { ids: world.a.ids, body })
        expectProblem(answer, 422)
        const { errors } = answer.json() as { errors: { field: string }[] }
        expect(errors.map((e) => e.field)).toEqual(expect.arrayContaining(fields))
      },
    )
    const queried = routes.filter((r) => r.path.startsWith('/api'))
    it.each(queried.map((r) => [keyOf(r), r] as const))('%s refuses an unknown query field', async (_key, route) => {
      const answer = await callExample(given(), route, { ids: given().a.ids, query: 'not_a_field=1' })
      expectProblem(answer, 422)
    })
    it.each(plain.filter(hasBody).map((r) => [keyOf(r), r] as const))('%s refuses text/plain', async (_key, route) => {
      const world = given()
      const token = await exampleOf(route).as(world)
      const call = { token, body: '{}', headers: { 'content-type': 'text/plain' } }
      expectProblem(await world.send(route.method, urlOf(route, world.a.ids), call), 415)
    })
  })
}

const sweepReplies = (routes: readonly AnyRoute[], given: Given): void => {
  it.each(routes.map((r) => [keyOf(r), r] as const))('%s stands in /openapi.json', async (_key, route) => {
    const spec = (await given().send('GET', '/openapi.json')).json() as { paths: Record<string, Record<string, { responses: object }>> }
    const operation = spec.paths[openApiPath(route)]?.[route.method.toLowerCase()]
    expect(Object.keys(operation?.responses ?? {})).toContain(String(route.status ?? 200))
  })
  it.each(routes.map((r) => [keyOf(r), r] as const))('%s answers its example as it declares', async (_key, route) => {
    const answer = await callExample(given(), route)
    expect([exampleOf(route).status].flat(), answer.text).toContain(answer.status)
    if (route.path.startsWith('/api')) expect(answer.headers['cache-control']).toContain('no-store')
    if (answer.status >= 400) return expectProblem(answer, answer.status)
    if (answer.status === 204) return expect(answer.text).toBe('')
    if (isRaw(route)) return
    expect(route.response.safeParse(answer.json()).error).toBeUndefined()
    if (route.total === true) expect(Number(answer.headers['x-total-count'])).toBeGreaterThanOrEqual((answer.json() as unknown[]).length)
  })
}

/** Registers the sweeps over `routes`; `start` makes the application that they run against. */
export const sweep = (routes: readonly AnyRoute[], start: () => Promise<Omit<Target, 'routes'> & { close: () => Promise<void> }>): void => {
  let world: World | null = null
  const book = newBook()
  let close = (): Promise<void> => Promise.resolve()
  const given: Given = () => {
    if (world === null) throw new Error('the world is made in beforeAll')
    return world
  }
  beforeAll(async () => {
    const target = await start()
    close = target.close
    world = await createWorld({ inject: target.inject, createUser: target.createUser, routes })
    world.send = watched(world.send, book)
  })
  afterAll(() => close())
  it('every route declares who may call it and has an example', () => {
    expect(routes.filter((r) => r.permission === undefined || examples[keyOf(r)] === undefined).map(keyOf)).toEqual([])
    expect(new Set(routes.map(keyOf)).size).toBe(routes.length)
  })
  sweepCallers(routes, given)
  sweepWindows(routes, given)
  sweepTenants(routes, given)
  sweepRequests(routes, given)
  sweepReplies(routes, given)
  sweepMatrix(routes, given)
  sweepKeys(routes, given, callExample)
  sweepAudit(routes, given, callExample)
  sweepAnswers(routes, given, book)
}
