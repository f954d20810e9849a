import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { cspReports } from '../../shared/contract/operations.ts'
import { pagingQuery, uuid } from '../../shared/contract/paging.ts'
import { type AnyRoute, rawRoute, route } from '../../shared/contract/route.ts'
import type { Caller, Ctx } from '../platform/ctx.ts'
import { AppError } from '../platform/errors.ts'
import { createLog } from '../platform/log.ts'
import { createHttp } from './app.ts'
import type { HttpApp, HttpConfig } from './http-app.ts'
import { assertAllMounted, mount, mountList, mountPublic, mountRaw } from './mount.ts'

const tag = 'test'
const summary = 'test'
const echo = route({
  method: 'POST',
  path: '/api/echo/:id',
  tag,
  summary,
  permission: 'hosts.write',
  params: z.strictObject({ id: uuid }),
  query: z.strictObject({ loud: z.enum(['yes', 'no']).optional() }),
  body: z.strictObject({ word: z.string().max(5), times: z.number().optional() }),
  response: z.object({ word: z.string() }),
})
const list = route({
  method: 'GET',
  path: '/api/things',
  tag,
  summary,
  permission: 'session',
  query: pagingQuery,
  response: z.array(z.object({ id: z.string() })),
  total: true,
})
const bare = route({ method: 'POST', path: '/api/bare', tag, summary, permission: 'session', status: 204, response: z.null() })
const broken = route({ method: 'GET', path: '/api/broken', tag, summary, permission: 'session', response: z.object({ n: z.number() }) })
const login = route({
  method: 'POST',
  path: '/api/auth/login',
  tag,
  summary,
  permission: 'public',
  form: true,
  body: z.strictObject({ username: z.string(), password: z.string() }),
  response: z.object({ username: z.string(), password: z.string() }),
})
const where = route({
  method: 'GET',
  path: '/api/where',
  tag,
  summary,
  permission: 'public',
  response: z.object({ is_local: z.boolean(), ip: z.string() }),
})
const upload = rawRoute({
  method: 'POST',
  path: '/api/raw/:id',
  tag,
  summary,
  permission: 'imports.write',
  params: z.strictObject({ id: uuid }),
})
const slow = route({ method: 'GET', path: '/api/limited', tag, summary, permission: 'session', response: z.null() })
const health = rawRoute({ method: 'GET', path: '/health', tag, summary, permission: 'public' })
const root = rawRoute({ method: 'GET', path: '/', tag, summary, permission: 'public' })
const routes: AnyRoute[] = [echo, list, bare, broken, login, where, upload, slow, health, root, cspReports]

const config: HttpConfig = {
  HOST: '127.0.0.1',
  PORT: 0,
  TRUST_PROXY: [],
  TLS_CERT: undefined,
  TLS_KEY: undefined,
  ALLOW_INSECURE_HTTP: false,
  DOCS: true,
  METRICS_PORT: undefined,
}
const people: Record<string, Caller['actor']> = {
  writer: { kind: 'user', user_id: 'u1', username: 'w', role: 'analyst', is_platform_admin: false, session_id: 's' },
  reader: { kind: 'user', user_id: 'u2', username: 'r', role: 'viewer', is_platform_admin: false, session_id: 's' },
  'cookie-of-the-writer-01': { kind: 'user', user_id: 'u1', username: 'w', role: 'analyst', is_platform_admin: false, session_id: 's' },
}

const webDir = mkdtempSync(join(tmpdir(), 'vc-http-'))
mkdirSync(join(webDir, 'assets'))
writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>app</title>')
writeFileSync(join(webDir, 'assets', 'app-abc.js'), `/* ${'x'.repeat(2000)} */`)

const make = async (overrides: Partial<HttpConfig> = {}): Promise<HttpApp> => {
  const app = await createHttp(
    {
      config: { ...config, ...overrides },
      log: createLog('silent'),
      version: '0',
      webDir,
      authenticate: async ({ bearer, cookie }) => {
        const actor = people[bearer ?? cookie ?? '']
        return actor === undefined ? null : { tenant: { id: 't', name: 'T' }, actor }
      },
      isStillIn: async () => true,
      bindCtx: (caller) => caller as unknown as Ctx,
      recordAct: async () => undefined,
      health: async () => ({ control: true }),
    },
    routes,
  )
  mount(app, echo, ({ body }) => ({ word: body.word, secret: 'never' }))
  mountList(app, list, ({ query }) => ({ items: [{ id: String(query.skip) }], total: 7 }))
  mount(app, bare, (_parsed, _ctx, answer) => {
    answer.setSession({ secret: 'a-new-secret-of-the-session', expires_at: new Date(Date.now() + 60_000) })
    return null
  })
  mount(app, broken, () => ({ n: 'no number' }) as unknown as { n: number })
  mountPublic(app, login, ({ body }) => body)
  mountPublic(app, where, (_parsed, ctx) => ({ is_local: ctx.isLocal, ip: ctx.client.ip }))
  mountRaw(app, upload, async (request) => {
    let bytes = 0
    for await (const chunk of request.raw as AsyncIterable<Buffer>) bytes += chunk.length
    return { bytes }
  })
  mount(app, slow, () => {
    throw new AppError('limit', 'Too many.', { details: { retry_after_s: 12.2 } })
  })
  assertAllMounted(app, routes)
  await app.fastify.ready()
  return app
}

let app: HttpApp
beforeAll(async () => {
  app = await make()
})
afterAll(() => app.close())

const id = '7b0f3a52-4ad3-4d6c-9a0e-0d8a6a7f3c11'
const as = (who: string) => ({ authorization: `Bearer ${who}`, host: 'localhost:8000' })
const post = (url: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, headers: { ...as('writer'), 'content-type': 'application/json', ...headers }, body })

describe('who may call', () => {
  it('answers 401 with a challenge when there is no session, whatever the body', async () => {
    const reply = await app.inject({ method: 'POST', url: `/api/echo/${id}`, headers: { 'content-type': 'application/json' }, body: '{' })
    expect(reply.statusCode).toBe(401)
    expect(reply.headers['www-authenticate']).toBe('Bearer')
    expect(reply.headers['content-type']).toContain('application/problem+json')
    expect(reply.json()).toMatchObject({ code: 'unauthenticated', status: 401, request_id: reply.headers['x-request-id'] })
  })
  it('answers 403 for a missing permission before the body is read', async () => {
    const reply = await app.inject({ method: 'POST', url: `/api/raw/${id}`, headers: as('reader'), body: 'x'.repeat(100) })
    expect(reply.statusCode).toBe(403)
  })
  it('takes a bearer token before a cookie, and a wrong bearer is not mended by a cookie', async () => {
    const cookie = '__Host-vc_session=cookie-of-the-writer-01'
    expect((await app.inject({ url: '/api/things', headers: { host: 'localhost', cookie } })).statusCode).toBe(200)
    expect((await app.inject({ url: '/api/things', headers: { ...as('nobody'), cookie } })).statusCode).toBe(401)
    expect((await app.inject({ url: '/api/things', headers: { host: 'localhost', cookie, authorization: 'Basic eDp5' } })).statusCode).toBe(
      401,
    )
  })
  it('refuses a write by cookie unless the browser says that the page is ours', async () => {
    const cookie = '__Host-vc_session=cookie-of-the-writer-01'
    const send = (headers: Record<string, string>) =>
      app.inject({ method: 'POST', url: '/api/bare', headers: { host: 'localhost:8000', cookie, ...headers } })
    expect((await send({})).statusCode).toBe(403)
    expect((await send({ origin: 'https://evil.example' })).statusCode).toBe(403)
    expect((await send({ origin: 'null' })).statusCode).toBe(403)
    expect((await send({ origin: 'http://localhost:8000', 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
    expect((await send({ origin: 'http://localhost:8000' })).statusCode).toBe(204)
    expect((await send({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(204)
  })
  it('refuses a sign-in that another site made the browser send', async () => {
    const reply = await app.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { host: 'localhost', origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'username=a&password=b',
    })
    expect(reply.statusCode).toBe(403)
  })
  it('takes what a browser reports of the content security policy from its own pages, under its own media types', async () => {
    const ask = async (site: string, type: string): Promise<number> =>
      (await app.inject({ method: 'POST', url: '/api/csp-reports', headers: { 'sec-fetch-site': site, 'content-type': type }, body: '{}' }))
        .statusCode
    expect(await ask('same-origin', 'application/csp-report')).toBe(204)
    expect([await ask('cross-site', 'application/csp-report'), await ask('same-origin', 'text/plain')]).toEqual([403, 415])
  })
  it('believes a cookie of the plain name only where plain HTTP was allowed', async () => {
    const headers = { host: '192.0.2.7:8000', cookie: 'vc_session=cookie-of-the-writer-01' }
    expect((await app.inject({ url: '/api/things', headers })).statusCode).toBe(401)
    const open = await make({ ALLOW_INSECURE_HTTP: true })
    expect((await open.inject({ url: '/api/things', headers })).statusCode).toBe(200)
    await open.close()
  })
  it('knows from a listed proxy, and from no other, that a browser came over TLS', async () => {
    const behind = await make({ TRUST_PROXY: ['10.0.0.1'] })
    const send = (remoteAddress: string) =>
      behind.inject({
        method: 'POST',
        url: '/api/bare',
        remoteAddress,
        headers: {
          host: 'hunt.example',
          'x-forwarded-proto': 'https',
          origin: 'https://hunt.example',
          cookie: '__Host-vc_session=cookie-of-the-writer-01',
        },
      })
    const trusted = await send('10.0.0.1')
    expect(trusted.headers['set-cookie']).toContain('; Secure')
    expect(trusted.headers['strict-transport-security']).toBe('max-age=31536000')
    expect((await send('10.0.0.2')).statusCode).toBe(401)
    await behind.close()
  })
  it('sets a __Host- cookie on localhost', async () => {
    const reply = await post('/api/bare', '')
    expect(reply.headers['set-cookie']).toMatch(
      /^__Host-vc_session=a-new-secret-of-the-session; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/,
    )
  })
})

describe('where a caller is', () => {
  const at = async (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
    (await app.inject({ url: '/api/where', headers, remoteAddress })).json<{ is_local: boolean; ip: string }>()
  it('is the server itself only by loopback address, loopback name and no sign of a proxy', async () => {
    expect((await at({ host: 'localhost:8000' })).is_local).toBe(true)
    expect((await at({ host: '[::1]:8000' }, '::1')).is_local).toBe(true)
    expect((await at({ host: 'localhost:8000' }, '192.0.2.1')).is_local).toBe(false)
    expect((await at({ host: 'evil.example:8000' })).is_local).toBe(false)
    expect((await at({ host: 'localhost', 'x-forwarded-for': '192.0.2.1' })).is_local).toBe(false)
  })
  it('follows X-Forwarded-For only from listed proxies', async () => {
    expect((await at({ host: 'x', 'x-forwarded-for': '203.0.113.9' }, '10.0.0.1')).ip).toBe('10.0.0.1')
    const behind = await make({ TRUST_PROXY: ['10.0.0.1'] })
    const reply = await behind.inject({
      url: '/api/where',
      headers: { host: 'x', 'x-forwarded-for': '203.0.113.9' },
      remoteAddress: '10.0.0.1',
    })
    expect(reply.json()).toMatchObject({ ip: '203.0.113.9' })
    const other = await behind.inject({
      url: '/api/where',
      headers: { host: 'x', 'x-forwarded-for': '203.0.113.9' },
      remoteAddress: '10.0.0.2',
    })
    expect(other.json()).toMatchObject({ ip: '10.0.0.2' })
    await behind.close()
  })
})

describe('what a request may hold', () => {
  it('names every wrong and every unknown field', async () => {
    const reply = await post(`/api/echo/no-id?loud=maybe&more=1`, '{"word":"too long","other":1,"another":2}')
    expect(reply.statusCode).toBe(422)
    const fields = reply.json<{ errors: { field: string }[] }>().errors.map((e) => e.field)
    expect(fields.sort()).toEqual(['another', 'id', 'loud', 'more', 'other', 'word'])
  })
  it('strips what the response schema does not declare', async () => {
    expect((await post(`/api/echo/${id}`, '{"word":"hi"}')).json()).toEqual({ word: 'hi' })
  })
  it.each([
    ['duplicate keys', '{"word":"a","word":"b"}'],
    ['duplicate keys, one escaped', '{"word":"a","w\\u006frd":"b"}'],
    ['a byte order mark', '\uFEFF{"word":"a"}'],
    ['a NUL', '{"word":"a\\u0000"}'],
    ['half a surrogate pair', '{"word":"\\ud800"}'],
    ['a prototype key', '{"word":"a","__proto__":{"x":1}}'],
    ['an escaped prototype key', '{"word":"a","\\u005f_proto__":{"x":1}}'],
    ['constructor', '{"word":"a","times":{"constructor":1}}'],
    ['depth 65', `{"word":${'['.repeat(65)}${']'.repeat(65)}}`],
    ['10,001 keys', `{${Array.from({ length: 10_001 }, (_, i) => `"k${i}":1`).join()}}`],
    ['no JSON', '{word:1}'],
    ['an open string', '{"word":"'],
    ['two values', '{} {}'],
  ])('answers 400 to %s', async (_name, body) => {
    const reply = await post(`/api/echo/${id}`, body)
    expect(reply.statusCode).toBe(400)
    expect(reply.json()).toMatchObject({ code: 'malformed' })
  })
  it('answers 400 to invalid UTF-8', async () => {
    expect((await post(`/api/echo/${id}`, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).statusCode).toBe(400)
  })
  it('reads a deep body of a mebibyte without holding the event loop', async () => {
    const body = '['.repeat(1_000_000)
    const begun = performance.now()
    expect((await post(`/api/echo/${id}`, body)).statusCode).toBe(400)
    expect(performance.now() - begun).toBeLessThan(250)
  })
  it('answers 413 above a mebibyte', async () => {
    expect((await post(`/api/echo/${id}`, `{"word":"${'x'.repeat(1_100_000)}"}`)).statusCode).toBe(413)
  })
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16'])(
    'answers 415 to a body of %s',
    async (type) => {
      expect((await post(`/api/echo/${id}`, '{"word":"a"}', { 'content-type': type })).statusCode).toBe(415)
    },
  )
  it('answers 422 to a body where none is declared', async () => {
    expect((await post('/api/bare', '{"x":1}')).statusCode).toBe(422)
    expect((await post('/api/bare', '{}')).statusCode).toBe(204)
  })
  it('takes a sign-in as either form and as JSON', async () => {
    const multipart =
      '--b\r\ncontent-disposition: form-data; name="username"\r\n\r\na\r\n--b\r\ncontent-disposition: form-data; name="password"\r\n\r\np&q\r\n--b--\r\n'
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', 'username=a&password=p%26q'],
      ['multipart/form-data; boundary=b', multipart],
      ['application/json', '{"username":"a","password":"p&q"}'],
    ] as const) {
      const reply = await app.inject({ method: 'POST', url: '/api/auth/login', headers: { 'content-type': type }, body })
      expect(reply.json()).toEqual({ username: 'a', password: 'p&q' })
      expect(reply.body).not.toContain(' "')
    }
  })
  it('answers 400 to a form field that stands twice', async () => {
    const reply = await app.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'username=a&username=b&password=c',
    })
    expect(reply.statusCode).toBe(400)
  })
  it.each(['__proto__=1', 'constructor=1', 'skip[a]=1', 'skip=1&skip=2', 'skip=1e309', 'skip=-1', 'skip=NaN', 'limit=100000'])(
    'answers 422 to the query ?%s',
    async (query) => {
      expect((await app.inject({ url: `/api/things?${query}`, headers: as('reader') })).statusCode).toBe(422)
    },
  )
})

describe('replies', () => {
  it('answers a list as a bare array with its total, with and without a slash at the end', async () => {
    for (const url of ['/api/things?skip=3', '/api/things/?skip=3']) {
      const reply = await app.inject({ url, headers: as('reader') })
      expect([reply.statusCode, reply.headers['x-total-count'], reply.body]).toEqual([200, '7', '[{"id":"3"}]'])
    }
  })
  it('answers 500 with the request id only when the handler breaks its contract', async () => {
    const reply = await app.inject({ url: '/api/broken', headers: { ...as('reader'), 'x-request-id': 'my-own-request' } })
    expect(reply.statusCode).toBe(500)
    expect(reply.body).not.toContain('schema')
    expect(reply.json()).toMatchObject({ code: 'internal', request_id: 'my-own-request' })
  })
  it('does not take a request id that is no plain token', async () => {
    const reply = await app.inject({ url: '/api/things', headers: { ...as('reader'), 'x-request-id': 'a b"c<script>' } })
    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
  it('says when to come back', async () => {
    expect((await app.inject({ url: '/api/limited', headers: as('reader') })).headers['retry-after']).toBe('13')
  })
  it('answers 405 with Allow to a known path, and 404 to an unknown one', async () => {
    const reply = await app.inject({ method: 'DELETE', url: '/api/things/' })
    expect([reply.statusCode, reply.headers.allow]).toEqual([405, 'GET, HEAD'])
    expect((await app.inject({ url: '/api/nothing', headers: { accept: 'text/html' } })).statusCode).toBe(404)
    expect((await app.inject({ method: 'POST', url: '/nothing' })).statusCode).toBe(404)
  })
  it('carries the security headers on every answer', async () => {
    for (const url of ['/', '/health', '/api/things', '/nowhere', '/%zz', '/docs', '/openapi.json']) {
      const { headers } = await app.inject({ url })
      expect(headers['content-security-policy'], url).toContain("default-src 'none'")
      expect(headers['x-content-type-options'], url).toBe('nosniff')
      expect(headers['referrer-policy'], url).toBe('no-referrer')
    }
    expect((await app.inject({ url: '/api/things' })).headers['cache-control']).toBe('no-store')
  })
})

describe('pages', () => {
  const html = { accept: 'text/html,application/xhtml+xml' }
  it('answers / to a browser with the app and to a script with words', async () => {
    expect((await app.inject({ url: '/', headers: html })).body).toContain('<title>app</title>')
    expect((await app.inject({ url: '/', headers: { accept: 'application/json' } })).json()).toEqual({
      message: 'VelociCompanion API',
      version: '0',
      docs: '/docs',
    })
  })
  it('answers pages of the app with its index, and its files with a cache for ever', async () => {
    expect((await app.inject({ url: '/explore?query=x', headers: html })).body).toContain('<title>app</title>')
    const asset = await app.inject({ url: '/assets/app-abc.js', headers: { 'accept-encoding': 'gzip, br' } })
    expect(asset.headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable', 'content-encoding': 'br' })
  })
  it('serves nothing outside the built app', async () => {
    for (const url of ['/../package.json', '/..%2fpackage.json', '/assets/../../package.json', '/assets/none.js', '/%2e%2e/package.json'])
      expect((await app.inject({ url })).statusCode, url).toBeGreaterThanOrEqual(400)
  })
  it('serves the documentation from our own origin, and hides it when told to', async () => {
    for (const url of ['/docs', '/docs/', '/redoc', '/redoc/', '/openapi.json', '/redoc/redoc.js', '/docs/swagger-ui-bundle.js'])
      expect((await app.inject({ url })).statusCode, url).toBe(200)
    const spec = (await app.inject({ url: '/openapi.json' })).json<{ openapi: string; paths: Record<string, object> }>()
    expect(spec.openapi).toBe('3.1.0')
    expect(Object.keys(spec.paths).sort()).toEqual(routes.map((r) => r.path.replace(/:(\w+)/g, '{$1}')).sort())
    const hidden = await make({ DOCS: false })
    for (const url of ['/docs', '/redoc', '/openapi.json']) expect((await hidden.inject({ url })).statusCode, url).toBe(404)
    await hidden.close()
  })
})

describe('the table of routes', () => {
  it('is complete, or the server does not start', () => {
    expect(() => assertAllMounted(app, [...routes, { ...slow, path: '/api/forgotten' }])).toThrow(
      'GET /api/forgotten is declared and has no handler',
    )
    expect(() => assertAllMounted(app, routes.slice(1))).toThrow('POST /api/echo/:id is mounted and not in the table')
  })
})
