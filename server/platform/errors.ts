import type { ErrorCode, Problem } from '../../shared/contract/errors.ts'

export type ErrorDetails = Pick<Problem, 'errors' | 'position' | 'length' | 'expected' | 'suggestion' | 'retry_after_s'>

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

export const isAppError = (error: unknown): error is AppError => error instanceof AppError

/** One sentence for a missing object and for another tenant's: an id must not tell that something exists. */
export const notFound = (what: string): AppError => new AppError('not_found', `There is no such ${what}.`)
export const forbidden = (message = 'Your role does not allow this.'): AppError => new AppError('forbidden', message)
export const conflict = (message: string): AppError => new AppError('conflict', message)
export const invalid = (field: string, message: string): AppError =>
  new AppError('validation', `${field}: ${message}`, { details: { errors: [{ field, message }] } })
export const unavailable = (message: string, cause?: unknown): AppError => new AppError('unavailable', message, { cause })
