// What holds for every answer, whatever was asked and however it went: each that any sweep receives is looked at.
import { describe, expect, it } from 'vitest'
import { type AnyRoute, isRaw } from '../../shared/contract/route.ts'
import type { Answer, Send, World } from './sides.ts'

type Given = () => World

interface Book {
  answers: number
  /** By method and pattern, as the table of routes has them or as they were asked. */
  asked: Set<string>
  statuses: Map<number, number>
  faults: Set<string>
}

const wanted: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'x-frame-options': /^DENY$/,
  'x-request-id': /^[\w-]{8,64}$/,
}
/** Insides: a stack, a path of ours, a store's own words. */
const insides = /\n\s+at |node_modules|\/tmp\/vc-|\.[jt]s:\d|DB::|ECONN|ENOENT|SQLSTATE|syntax error at|pg_|audit_rows|password_hash":/

const faultsOf = (method: string, url: string, answer: Answer): string[] => {
  const missing = Object.entries(wanted).filter(([name, value]) => !value.test(String(answer.headers[name] ?? '')))
  const isApi = url.startsWith('/api')
  return [
    ...missing.map(([name]) => `${name} is missing`),
    ...(isApi && !/no-store/.test(String(answer.headers['cache-control'] ?? '')) ? ['it may be stored'] : []),
    ...(answer.headers['x-powered-by'] !== undefined || answer.headers.server !== undefined ? ['it names its server'] : []),
    ...(answer.headers['access-control-allow-origin'] !== undefined ? ['other origins may read it'] : []),
    ...(answer.status >= 400 && insides.test(answer.text) ? [`it shows insides: ${answer.text.slice(0, 200)}`] : []),
    ...(answer.status === 500 ? ['it is 500'] : []),
  ].map((fault) => `${method} ${url.split('?')[0] ?? ''} (${answer.status}): ${fault}`)
}

export const newBook = (): Book => ({ answers: 0, asked: new Set(), statuses: new Map(), faults: new Set() })

/** The same, each answer noted in the book. */
export const watched =
  (send: Send, book: Book): Send =>
  async (method, url, call) => {
    const answer = await send(method, url, call)
    book.answers++
    book.asked.add(`${method} ${(url.split('?')[0] ?? '').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27,}|[0-9a-f]{32,}/g, ':id')}`)
    book.statuses.set(answer.status, (book.statuses.get(answer.status) ?? 0) + 1)
    for (const fault of faultsOf(method, url, answer)) book.faults.add(fault)
    return answer
  }

const pollutions = [
  '{"__proto__":{"polluted":1}}',
  '{"\\u005f_proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"prototype":{"polluted":1}}',
  '{"a":{"__proto__":{"polluted":1}}}',
  '[{"__proto__":{"polluted":1}}]',
]
const pollutedQueries = ['__proto__[polluted]=1', '__proto__.polluted=1', 'constructor[prototype][polluted]=1', 'a[__proto__][polluted]=1']

const tokenFor = (world: World, route: AnyRoute): string | undefined => {
  if (route.permission === 'public') return undefined
  return route.permission === 'platform.manage' ? world.platform : world.a.admin
}
const urlOf = (world: World, path: string): string => path.replaceAll(/:(\w+)/g, (_all, name: string) => world.a.ids[name] ?? 'none')

const sweepPrototypes = (routes: readonly AnyRoute[], given: Given): void => {
  const plain = routes.filter((r) => !isRaw(r) && ['POST', 'PUT', 'PATCH', 'DELETE'].includes(r.method))
  describe('keys that reach for prototypes', () => {
    it.each(plain.map((r) => [`${r.method} ${r.path}`, r] as const))('%s refuses them in a body', async (_key, route) => {
      const world = given()
      for (const body of pollutions) {
        const sent = { token: tokenFor(world, route), body, headers: { 'content-type': 'application/json' } }
        const answer = await world.send(route.method, urlOf(world, route.path), sent)
        expect([answer.status, answer.text], body).toEqual([400, expect.stringContaining('is not taken')])
      }
    })
    const queried = routes.filter((r) => r.path.startsWith('/api'))
    it.each(queried.map((r) => [`${r.method} ${r.path}`, r] as const))('%s refuses them in a query', async (_key, route) => {
      const world = given()
      for (const query of pollutedQueries) {
        const sent = { token: tokenFor(world, route) }
        expect((await world.send(route.method, `${urlOf(world, route.path)}?${query}`, sent)).status, query).toBe(422)
      }
    })
    it('have reached none', () => {
      expect('polluted' in {}).toBe(false)
      expect('polluted' in (() => undefined)).toBe(false)
    })
  })
}

const sweepMethods = (routes: readonly AnyRoute[], given: Given): void => {
  const paths = [...new Set(routes.map((r) => r.path))]
  it.each(paths)('%s says which methods it takes to one that it does not', async (path) => {
    const world = given()
    const taken = new Set<string>(routes.filter((r) => r.path === path).map((r) => r.method))
    for (const method of ['PUT', 'PATCH', 'POST', 'DELETE', 'OPTIONS'].filter((m) => !taken.has(m))) {
      const answer = await world.send(method, urlOf(world, path), { token: world.a.admin, headers: { 'x-http-method-override': 'GET' } })
      expect(answer.status, `${method} ${answer.text}`).toBe(405)
      expect(String(answer.headers.allow).split(', ')).toEqual(expect.arrayContaining([...taken]))
    }
  })
}

/** To be called last: it judges what all the sweeps before it have received. */
export const sweepAnswers = (routes: readonly AnyRoute[], given: Given, book: Book): void => {
  sweepPrototypes(routes, given)
  sweepMethods(routes, given)
  it('every answer carries the security headers and no insides, of whatever status, also where there is nothing', async () => {
    const world = given()
    for (const url of [
      '/',
      '/docs',
      '/redoc',
      '/openapi.json',
      '/docs/start.js',
      '/redoc/redoc.js',
      '/nowhere',
      '/assets/none.js',
      '/api/none',
      '/%zz',
      '/api/%zz',
      '/..%2f..%2fetc/passwd',
    ])
      for (const accept of ['text/html', 'application/json']) await world.send('GET', url, { headers: { accept } })
    for (const body of ['{', '\u0000', '[]', 'null', '1e999'])
      await world.send('POST', '/api/auth/login', { body, headers: { 'content-type': 'application/json' } })
    const statuses = [...book.statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} of ${status}`)
    console.log(`${book.answers} answers of ${book.asked.size} methods and paths were looked at: ${statuses.join(', ')}`)
    expect([...book.faults]).toEqual([])
    expect(book.answers).toBeGreaterThan(routes.length * 10)
  })
}
