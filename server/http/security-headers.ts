import type { FastifyReply, FastifyRequest } from 'fastify'

const shared = [
  "default-src 'none'",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
  'report-uri /api/csp-reports',
]
const appPolicy = [
  ...shared,
  "script-src 'self'",
  // Whatever is laid out by numbers is set on elements by script, which a policy allows; nothing writes styles as text.
  "style-src 'self'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')
/** The two pages of the documentation: their bundles set innerHTML and write style elements; ReDoc searches in a worker made from a blob. */
export const docsPolicy = [
  ...shared,
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "worker-src 'self' blob:",
].join('; ')

/** On the raw reply, so that a hijacked one (uploads) and Node's own writeHead carry them too. */
export const setSecurityHeaders = (request: FastifyRequest, reply: FastifyReply): void => {
  const out = reply.raw
  out.setHeader('content-security-policy', appPolicy)
  out.setHeader('x-content-type-options', 'nosniff')
  out.setHeader('referrer-policy', 'no-referrer')
  out.setHeader('cross-origin-opener-policy', 'same-origin')
  out.setHeader('cross-origin-resource-policy', 'same-origin')
  out.setHeader('x-frame-options', 'DENY')
  out.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
  out.setHeader('x-request-id', request.id)
  if (request.protocol === 'https') out.setHeader('strict-transport-security', 'max-age=31536000')
  if (request.url.startsWith('/api')) out.setHeader('cache-control', 'no-store')
}
