import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { login } from '../../shared/contract/identity.ts'
import { health, root } from '../../shared/contract/operations.ts'
import type { Ctx } from '../platform/ctx.ts'
import { loadConfig } from '../platform/config.ts'
import { createLog } from '../platform/log.ts'
import { createHttp } from './app.ts'
import { serveMetrics } from './metrics.ts'
import { type HttpApp, mountPublic } from './mount.ts'

let app: HttpApp
let port = 0
beforeAll(async () => {
  app = await createHttp(
    {
      config: loadConfig({ PORT: '0' }),
      log: createLog('silent'),
      version: '0',
      webDir: null,
      authenticate: async () => null,
      isStillIn: async () => true,
      bindCtx: (caller) => caller as unknown as Ctx,
      recordAct: async () => undefined,
      health: async () => ({ control: true, events: false }),
    },
    [login, health, root],
  )
  mountPublic(app, login, () => ({ access_token: 'a', token_type: 'bearer' as const, refresh_token: 'r', expires_in: 1 }))
  await app.listen()
  port = (app.fastify.server.address() as AddressInfo).port
})
afterAll(() => app.close())

const talk = (bytes: string): Promise<string> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    let heard = ''
    socket.on('data', (data) => (heard += data.toString()))
    socket.on('close', () => done(heard))
    socket.on('error', () => done(heard))
  })

describe('bytes that are no request', () => {
  it.each([
    ['CL and TE', 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two lengths', 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc'],
    ['an unknown encoding', 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\nabc'],
    ['a folded header', 'GET /health HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n'],
    ['a bare line feed', 'GET /health HTTP/1.1\nHost: x\n\n'],
    ['two hosts', 'GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['two hosts, one far behind', `GET /health HTTP/1.1\r\nHost: a\r\n${'a:\r\n'.repeat(2500)}Host: b\r\n\r\n`],
    ['101 headers', `GET /health HTTP/1.1\r\nHost: a\r\n${'a:\r\n'.repeat(100)}\r\n`],
    ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
    ['noise', '\x16\x03\x01\x02\x00\r\n\r\n'],
  ])('are refused, and the connection ends: %s', async (_name, bytes) => {
    const heard = await talk(bytes)
    expect(heard).toMatch(/^HTTP\/1.1 400 /)
    expect(heard.match(/HTTP\/1.1/g)).toHaveLength(1)
    // a request without a host is answered by Node itself, without a body
    if (!heard.includes('problem+json')) return
    for (const header of ["content-security-policy: default-src 'none'", 'x-content-type-options: nosniff', 'cache-control: no-store'])
      expect(heard.toLowerCase()).toContain(header)
  })
  it('get 405 for TRACE and 431 for huge headers', async () => {
    expect(await talk('TRACE /api/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 405 /)
    expect(await talk(`GET /health HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /)
  })
})

describe('a body that is too large', () => {
  it('is answered before it is read, and the connection ends', async () => {
    const heard = await talk(
      'POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{',
    )
    expect(heard).toMatch(/^HTTP\/1.1 413 /)
    expect(heard.toLowerCase()).toContain('connection: close')
  })
})

describe('slow callers', () => {
  it.concurrent('lose the connection when the headers take longer than 15 s, or never come', { timeout: 40_000 }, async () => {
    const begun = Date.now()
    const [half, nothing] = await Promise.all([talk('GET /health HTTP/1.1\r\nHost: x\r\n'), talk('')])
    expect(half).toMatch(/^HTTP\/1.1 408 /)
    expect(nothing === '' || nothing.startsWith('HTTP/1.1 408')).toBe(true)
    expect(Date.now() - begun).toBeLessThan(25_000)
  })
  it.concurrent.each([
    ['application/json', '{"username"'],
    ['application/x-www-form-urlencoded', 'username='],
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="username"\r\n\r\na'],
  ])('lose it too when the body takes longer than 30 s: %s', { timeout: 60_000 }, async (type, begun) => {
    const startedAt = Date.now()
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 1000\r\n\r\n${begun}`),
    )
    socket.on('error', () => undefined)
    socket.resume()
    const drip = setInterval(() => socket.write('a'), 1000)
    await new Promise((done) => socket.once('close', done))
    clearInterval(drip)
    expect(Date.now() - startedAt).toBeLessThan(40_000)
  })
})

describe('metrics', () => {
  it('are kept by the pattern of a route, never by its address', async () => {
    await app.inject({ url: '/health?secret=1' })
    await app.inject({ url: '/nowhere/secret' })
    const server = await serveMetrics(app.metrics.registry, 0)
    const { port: at } = server.address() as AddressInfo
    const text = await (await fetch(`http://127.0.0.1:${at}/metrics`)).text()
    server.close()
    expect(text).toContain('velocicompanion_http_request_duration_seconds_count{method="GET",route="/health",status="503"}')
    expect(text).not.toContain('secret')
  })
})

describe('health', () => {
  it('is 503 while a dependency does not answer', async () => {
    const reply = await app.inject({ url: '/health' })
    expect([reply.statusCode, reply.json()]).toEqual([503, { status: 'unhealthy', dependencies: { control: true, events: false } }])
  })
})
