// What PostgreSQL and its driver report, as the errors that a client may see. Anything else stays what it was.
import { AppError, invalid } from '../platform/errors.ts'

interface DriverError extends Error {
  code: string
  constraint?: string
  syscall?: string
}

const hasCode = (error: unknown): error is DriverError => error instanceof Error && typeof (error as Partial<DriverError>).code === 'string'

const lostCodes = new Set(['57P01', '57P02', '57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'])
const lostWords =
  /^Connection terminated|timeout exceeded when trying to connect|^Client has encountered a connection error|server closed the connection/

/** The server cannot be reached, is starting or stopping, or has no connection left. */
export const isLost = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  if (lostWords.test(error.message)) return true
  if (!hasCode(error)) return false
  return lostCodes.has(error.code) || error.code.startsWith('08') || (error.code === 'ENOENT' && error.syscall === 'connect')
}

/** A unique key is taken already; `constraint` names the key when only one of several is meant. */
export const isTaken = (error: unknown, constraint?: string): boolean =>
  hasCode(error) && error.code === '23505' && (constraint === undefined || error.constraint === constraint)

export const toAppError = (error: unknown): unknown => {
  if (error instanceof AppError) return error
  if (isLost(error))
    // A connection that is lost at the commit leaves open whether it was carried out.
    return new AppError(
      'unavailable',
      'The control database does not answer; try again in a moment. If something was being changed, look first whether it was kept.',
      { cause: error, details: { retry_after_s: 2 } },
    )
  if (!hasCode(error)) return error
  if (error.code === '53100' || error.code === 'ENOSPC')
    return new AppError('full', 'The disk is full. Nothing was changed; free some space and try again.', { cause: error })
  if (error.code === '57014') return new AppError('timeout', 'The control database took too long. Nothing was changed.', { cause: error })
  if (error.code === '22021' || error.code === '22P05') return invalid('text', 'A NUL character cannot be stored.')
  return error
}
