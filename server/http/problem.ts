// The one place where an error becomes a reply. Only an AppError's words leave the house.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ErrorCode, Problem } from '../../shared/contract/errors.ts'
import { AppError, isAppError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'

const statusOf: Readonly<Record<ErrorCode, number>> = {
  malformed: 400,
  syntax: 400,
  unauthenticated: 401,
  second_factor: 401,
  forbidden: 403,
  step_up: 403,
  factor_setup: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  other_tenant: 412,
  too_large: 413,
  unsupported: 415,
  validation: 422,
  limit: 429,
  internal: 500,
  unavailable: 503,
  timeout: 504,
  full: 507,
}

const titleOf: Readonly<Record<ErrorCode, string>> = {
  malformed: 'Malformed request',
  syntax: 'The query does not parse',
  unauthenticated: 'Not signed in',
  second_factor: 'A code is needed',
  forbidden: 'Not allowed',
  step_up: 'Confirm that it is you',
  factor_setup: 'Set up a second factor first',
  not_found: 'Not found',
  method_not_allowed: 'Method not allowed',
  conflict: 'Conflict',
  gone: 'Gone',
  other_tenant: 'The session is in another tenant',
  too_large: 'Too large',
  unsupported: 'Unsupported media type',
  validation: 'Some fields are not right',
  limit: 'Too many tries',
  internal: 'Something failed here',
  unavailable: 'Not available now',
  timeout: 'Took too long',
  full: 'No room',
}

export const toProblem = (error: AppError, requestId: string): Problem => ({
  type: `urn:velocicompanion:${error.code}`,
  title: titleOf[error.code],
  status: statusOf[error.code],
  detail: error.message,
  code: error.code,
  request_id: requestId,
  ...error.details,
})

// Fastify's own errors carry a status; their words may quote the request, so they get ours.
const fromTransport: Readonly<Record<number, [ErrorCode, string]>> = {
  400: ['malformed', 'The request could not be read.'],
  404: ['not_found', 'There is nothing at this address.'],
  405: ['method_not_allowed', 'This method is not used here.'],
  413: ['too_large', 'The body is larger than this address takes.'],
  415: ['unsupported', 'This address does not take that kind of body.'],
}

const transportStatus = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null || !('statusCode' in error) || !('code' in error)) return undefined
  const { statusCode, code } = error
  return typeof statusCode === 'number' && typeof code === 'string' && code.startsWith('FST_') ? statusCode : undefined
}

/** An AppError as it is; Fastify's own faults in our words; anything else `internal`, its cause in the log only. */
const toAppError = (error: unknown): AppError => {
  if (isAppError(error)) return error
  const known = fromTransport[transportStatus(error) ?? 0]
  if (known !== undefined) return new AppError(known[0], known[1], { cause: error })
  return new AppError('internal', 'Something failed on the server. The request id stands for the details in its log.', { cause: error })
}

const causeOf = (error: AppError): unknown => error.cause ?? error

const record = (error: AppError, log: Log): void => {
  const status = statusOf[error.code]
  if (error.code === 'internal') log.error({ err: causeOf(error) }, 'request failed')
  else if (status >= 500) log.warn({ err: error.cause, problem: error.code, detail: error.message }, 'request refused by a dependency')
}

/** A tab that was closed, a network that is gone: no fault of ours, and nobody reads the answer. A fault of ours beside it stays one. */
const isBrokenOff = ({ raw }: FastifyRequest, error: AppError): boolean => {
  const isOurs = error.code === 'internal' && (causeOf(error) as { code?: unknown } | null)?.code !== 'ECONNRESET'
  return raw.destroyed && !raw.complete && raw.errored !== null && !isOurs
}

export const sendProblem = (request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply => {
  const known = toAppError(error)
  if (isBrokenOff(request, known)) request.ours.log.info({ problem: known.code }, 'a request was broken off by its sender')
  else record(known, request.ours.log)
  if (statusOf[known.code] === 401) reply.header('www-authenticate', 'Bearer')
  const retryAfterS = known.details.retry_after_s ?? (known.code === 'unavailable' ? 5 : undefined)
  if (retryAfterS !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterS)))
  // A body that was not read to its end would be taken for the next request.
  if (!request.raw.complete && request.raw.method !== 'GET' && request.raw.method !== 'HEAD') reply.header('connection', 'close')
  return reply
    .code(statusOf[known.code])
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(toProblem(known, request.id)))
}
