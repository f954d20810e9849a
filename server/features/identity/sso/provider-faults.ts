// What goes wrong with a provider, in sentences that say what to do. Nothing that it wrote is shown, but for the words that
// the standard knows: the rest of an answer may come from anybody.
import { AuthorizationResponseError, ResponseBodyError } from 'openid-client'
import { AppError } from '../../../platform/errors.ts'

const known: ReadonlySet<string> = new Set([
  'access_denied',
  'login_required',
  'consent_required',
  'interaction_required',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_response_type',
  'server_error',
  'temporarily_unavailable',
  'invalid_client',
  'invalid_grant',
])

function* causes(error: unknown): Generator<unknown> {
  for (let at = error, n = 0; at !== undefined && at !== null && n < 5; n++) {
    yield at
    at = at instanceof Error ? at.cause : undefined
  }
}

/** What our own way out said, however deep the library has wrapped it. */
const ourOwn = (error: unknown): AppError | null => [...causes(error)].find((cause) => cause instanceof AppError) ?? null

const saidBy = (error: unknown): string | null => {
  for (const cause of causes(error)) {
    const isAnswer = cause instanceof AuthorizationResponseError || cause instanceof ResponseBodyError
    if (isAnswer && known.has(cause.error)) return cause.error
  }
  return null
}

/** Of a sign-in: forbidden, or unavailable where the provider could not be reached. */
export const notBelieved = (error: unknown): AppError => {
  const own = ourOwn(error)
  if (own !== null) return new AppError('unavailable', `Your provider cannot be reached. ${own.message}`, { cause: error })
  const said = saidBy(error)
  const message =
    said === null
      ? 'What your provider sent is not what was asked for, so it is not believed. Begin again; if that does not help, tell an admin.'
      : `Your provider did not sign you in and says: ${said}. Begin again, or ask those who run it.`
  return new AppError('forbidden', message, { cause: error })
}

export const wrongIssuer = (message: string, cause?: unknown): AppError =>
  new AppError('validation', `issuer: ${message}`, { cause, details: { errors: [{ field: 'issuer', message }] } })

/** Of the settings: validation, with the reason at the issuer. */
export const noProvider = (error: unknown): AppError =>
  wrongIssuer(ourOwn(error)?.message ?? 'What is there is not the description of an OpenID provider with this very issuer.', error)
