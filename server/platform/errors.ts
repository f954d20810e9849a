import type { ErrorCode, Problem } from '../../shared/contract/errors.ts'

export type ErrorDetails = Pick<Problem, 'errors' | 'position' | 'length' | 'expected' | 'suggestion' | 'retry_after_s' | 'challenge'>

/** The only error whose words reach a client. Anything else becomes `internal` with a request id, and its cause goes to the log. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details ?? {}
  }
}

/** What whoever starts the program can mend; its message is all that they need to see. */
export class CannotStart extends Error {}

export const isAppError = (error: unknown): error is AppError => error instanceof AppError

/** What the person at the terminal sees: a sentence where the error is one of ours, else where it came from. */
export const sentenceOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return isAppError(error) || error instanceof CannotStart ? error.message : (error.stack ?? error.message)
}

/** One sentence for a missing object and for another tenant's: an id must not tell that something exists. */
export const notFound = (what: string): AppError => new AppError('not_found', `There is no such ${what}.`)
export const forbidden = (message = 'Your role does not allow this.'): AppError => new AppError('forbidden', message)
export const conflict = (message: string): AppError => new AppError('conflict', message)
export const invalid = (field: string, message: string): AppError =>
  new AppError('validation', `${field}: ${message}`, { details: { errors: [{ field, message }] } })
export const unavailable = (message: string, cause?: unknown): AppError => new AppError('unavailable', message, { cause })
