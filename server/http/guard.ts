// What may be believed of a request before anyone is known: where it came from, and whether a browser was led here
// by another site.
import type { FastifyRequest } from 'fastify'
import { AppError } from '../platform/errors.ts'
import type { Client } from './http-app.ts'

const loopbackAddress = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/
const loopbackName = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i

export const clientOf = (request: FastifyRequest): Client => ({
  ip: request.ip,
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 400),
})

const isLoopbackHost = (request: FastifyRequest): boolean => loopbackName.test(request.host)

const forwarding = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'x-forwarded-host', 'via'] as const

/**
 * Whether the caller sits at the server itself. The address alone does not tell: a proxy on this machine that is not
 * listed in TRUST_PROXY, and a site whose name was bound to 127.0.0.1, both come from there too.
 */
export const isLocal = (request: FastifyRequest): boolean => {
  const peer = request.raw.socket.remoteAddress ?? ''
  const isForwarded = forwarding.some((name) => request.headers[name] !== undefined)
  return loopbackAddress.test(peer) && loopbackAddress.test(request.ip) && !isForwarded && isLoopbackHost(request)
}

/** Whether a browser keeps `Secure` cookies from this origin: TLS, or a loopback name. */
export const isTrustworthy = (request: FastifyRequest): boolean => request.protocol === 'https' || isLoopbackHost(request)

export const bearerOf = (request: FastifyRequest): string | null => {
  const [, token] = /^Bearer +([^\s]{1,8192}) *$/i.exec(request.headers.authorization ?? '') ?? []
  return token ?? null
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

const isSameOrigin = (request: FastifyRequest): boolean => {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  return request.headers.origin === `${request.protocol}://${request.host}`
}

/**
 * Refuses a write that another site made a browser send. Where a cookie speaks for the caller, the browser has to say
 * that the page is ours; without a cookie a missing word is enough, since a bearer token is never sent by itself.
 * @throws AppError `forbidden`
 */
export const refuseForgery = (request: FastifyRequest, isCookie: boolean): void => {
  if (safeMethods.has(request.method)) return
  const saysSomething = request.headers['sec-fetch-site'] !== undefined || request.headers.origin !== undefined
  if (!isCookie && !saysSomething) return
  if (!isSameOrigin(request))
    throw new AppError('forbidden', 'This request did not come from a page of this server (its Origin header is missing or another one).')
}
