// `__Host-` binds the cookie to this very host and to Secure. Browsers keep Secure cookies from loopback names too,
// so the plain name is only for an installation where plain HTTP was allowed on purpose.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../platform/errors.ts'
import { isTrustworthy } from './guard.ts'

const secureName = '__Host-vc_session'
const plainName = 'vc_session'

export interface SessionCookie {
  secret: string
  expires_at: Date
}

const read = (header: string | undefined, name: string): string | null => {
  const found = (header ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at > 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : []
  })
  // Two of one name mean that somebody planted one: neither is believed.
  return found.length === 1 && /^[A-Za-z0-9_-]{20,200}$/.test(found[0] ?? '') ? (found[0] ?? null) : null
}

export const sessionCookieOf = (request: FastifyRequest, isPlainAllowed: boolean): string | null => {
  if (isTrustworthy(request)) return read(request.headers.cookie, secureName)
  return isPlainAllowed ? read(request.headers.cookie, plainName) : null
}

const write = (request: FastifyRequest, reply: FastifyReply, isPlainAllowed: boolean, pair: { value: string; maxAgeS: number }): void => {
  const isSecure = isTrustworthy(request)
  if (!isSecure && !isPlainAllowed)
    throw new AppError('forbidden', 'Sign in over HTTPS: over plain HTTP the session could be read on the way.')
  const name = isSecure ? secureName : plainName
  const secure = isSecure ? '; Secure' : ''
  reply.header('set-cookie', `${name}=${pair.value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${pair.maxAgeS}${secure}`)
}

/** Sets the session's cookie, or clears it with null. */
export const cookieWriter =
  (request: FastifyRequest, reply: FastifyReply, options: { isPlainAllowed: boolean; now: () => Date }) =>
  (session: SessionCookie | null): void => {
    const maxAgeS = session === null ? 0 : Math.max(0, Math.floor((session.expires_at.getTime() - options.now().getTime()) / 1000))
    write(request, reply, options.isPlainAllowed, { value: session?.secret ?? '', maxAgeS })
  }
