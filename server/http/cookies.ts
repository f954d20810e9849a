// `__Host-` binds the cookie to this very host and to Secure. Browsers keep Secure cookies from loopback names too,
// so the plain name is only for an installation where plain HTTP was allowed on purpose.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../platform/errors.ts'
import { isTrustworthy } from './guard.ts'

interface Cookie {
  secure: string
  plain: string
  shape: RegExp
  sameSite: 'Lax' | 'Strict'
}
const session: Cookie = { secure: '__Host-vc_session', plain: 'vc_session', shape: /^[A-Za-z0-9_-]{20,200}$/, sameSite: 'Lax' }
/** Of a sign-in by a provider that has begun: it is read by our own page only, when that has come back. */
const attempt: Cookie = { secure: '__Host-vc_sso', plain: 'vc_sso', shape: /^[A-Za-z0-9_.-]{20,3500}$/, sameSite: 'Strict' }

export interface SecretCookie {
  secret: string
  expires_at: Date
}

const read = (header: string | undefined, name: string, shape: RegExp): string | null => {
  const found = (header ?? '').split(';').flatMap((pair) => {
    const at = pair.indexOf('=')
    return at > 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : []
  })
  // Two of one name mean that somebody planted one: neither is believed.
  return found.length === 1 && shape.test(found[0] ?? '') ? (found[0] ?? null) : null
}

const cookieOf = (cookie: Cookie, request: FastifyRequest, isPlainAllowed: boolean): string | null => {
  if (isTrustworthy(request)) return read(request.headers.cookie, cookie.secure, cookie.shape)
  return isPlainAllowed ? read(request.headers.cookie, cookie.plain, cookie.shape) : null
}
export const sessionCookieOf = (request: FastifyRequest, isPlainAllowed: boolean): string | null =>
  cookieOf(session, request, isPlainAllowed)
export const attemptCookieOf = (request: FastifyRequest, isPlainAllowed: boolean): string | null =>
  cookieOf(attempt, request, isPlainAllowed)

interface WriteOptions {
  isPlainAllowed: boolean
  now: () => Date
}
type Write = (value: SecretCookie | null) => void

const writer =
  (cookie: Cookie, request: FastifyRequest, reply: FastifyReply, options: WriteOptions): Write =>
  (value) => {
    const isSecure = isTrustworthy(request)
    if (!isSecure && !options.isPlainAllowed)
      throw new AppError('forbidden', 'Sign in over HTTPS: over plain HTTP the session could be read on the way.')
    const maxAgeS = value === null ? 0 : Math.max(0, Math.floor((value.expires_at.getTime() - options.now().getTime()) / 1000))
    const name = isSecure ? cookie.secure : cookie.plain
    const secure = isSecure ? '; Secure' : ''
    // Fastify keeps several of them apart.
    reply.header('set-cookie', `${name}=${value?.secret ?? ''}; Path=/; HttpOnly; SameSite=${cookie.sameSite}; Max-Age=${maxAgeS}${secure}`)
  }

/** Set the cookie, or clear it with null. */
export const cookieWriters = (
  request: FastifyRequest,
  reply: FastifyReply,
  options: WriteOptions,
): { setSession: Write; setAttempt: Write } => ({
  setSession: writer(session, request, reply, options),
  setAttempt: writer(attempt, request, reply, options),
})
