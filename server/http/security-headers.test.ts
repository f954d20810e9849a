import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { setSecurityHeaders } from './security-headers.ts'

test('promises TLS for a year over TLS alone, as a listed proxy says and nobody else', async () => {
  const app = fastify({ trustProxy: ['10.0.0.1'] })
  app.addHook('onRequest', (request, reply, done) => {
    setSecurityHeaders(request, reply)
    done()
  })
  app.get('/', () => 'x')
  const over = async (proto: string, remoteAddress: string): Promise<unknown> =>
    (await app.inject({ url: '/', headers: { 'x-forwarded-proto': proto }, remoteAddress })).headers['strict-transport-security']
  expect([await over('https', '10.0.0.1'), await over('http', '10.0.0.1'), await over('https', '10.0.0.2')]).toEqual([
    'max-age=31536000',
    undefined,
    undefined,
  ])
  await app.close()
})
