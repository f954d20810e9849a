import { z } from 'zod'

/** The closed list of error codes. `server/http/problem.ts` maps each to one HTTP status. */
export const errorCodes = [
  'malformed', // 400: not JSON, not the encoding, not the protocol
  'syntax', // 400: a query that does not parse; `position` and `expected` say where
  'unauthenticated', // 401
  'second_factor', // 401: the password is right and a code is to come; `challenge` is what it comes with
  'forbidden', // 403
  'step_up', // 403: dangerous; prove at POST /api/auth/step-up that it is you, then send the same again
  'factor_setup', // 403: the tenant requires a second factor, or the installation a passkey, and it is yet to be set up or used
  'not_found', // 404: also every object of another tenant
  'method_not_allowed', // 405
  'conflict', // 409
  'gone', // 410
  'other_tenant', // 412: the session has gone on to another tenant than the one that the window shows (`X-Shown-Tenant`)
  'too_large', // 413: a body or upload over its limit
  'unsupported', // 415: a media type that is not taken here
  'validation', // 422: every field that is wrong stands in `errors`
  'limit', // 429: too many tries or requests; `retry_after_s` says when
  'internal', // 500: the cause is in the log under the request id
  'unavailable', // 503: a store or a feature is not there now
  'timeout', // 504: a query went over its time
  'full', // 507: the disk or the tenant's quota
] as const
export type ErrorCode = (typeof errorCodes)[number]

export const fieldError = z.object({ field: z.string(), message: z.string() })

/** RFC 9457. Older clients read only `detail`. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(errorCodes),
    request_id: z.string(),
    errors: z.array(fieldError).optional(),
    position: z.number().int().optional().describe('Where a query went wrong: the 0-based character'),
    length: z.number().int().optional().describe('How many characters the mistake spans'),
    expected: z.array(z.string()).optional(),
    suggestion: z.string().optional().describe('The text that would mend it'),
    retry_after_s: z.number().optional(),
    challenge: z
      .object({
        token: z.string(),
        expires_at: z.iso.datetime({ offset: true }),
        has_app: z.boolean().describe('A code of an authenticator app is taken; else a recovery code'),
        passkey: z.record(z.string(), z.unknown()).optional().describe('What the browser asks a passkey for, where there is one'),
      })
      .optional()
      .describe('Of a sign-in whose second step is to come'),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>
