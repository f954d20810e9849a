// What the engine and its client report, as the errors that a client may see. The engine's own words (they hold SQL,
// names of tables and values) go to the log as the cause and never further.
import { AppError, isAppError } from '../platform/errors.ts'

const codeOf = (error: unknown): string => {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : ''
}

const lostCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'])
const lostWords = /socket hang up|^Timeout error|Connection closed|client has been closed|premature close|stream has been aborted/i
const fullWords = /No space left on device|ENOSPC|not enough space/i
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The store is not there, or went while it worked: whether the statement took effect is unknown. */
export const isLost = (error: unknown): boolean => lostCodes.has(codeOf(error)) || lostWords.test(messageOf(error))

const lost = (cause: unknown): AppError =>
  new AppError('unavailable', 'The event store does not answer. Try again in a moment.', { cause, details: { retry_after_s: 2 } })

const byEngineCode: Readonly<Record<string, (cause: unknown) => AppError>> = {
  '159': (cause) => new AppError('timeout', 'The query went over its time. Narrow the time range or the query.', { cause }),
  '160': (cause) => new AppError('timeout', 'The query went over its time. Narrow the time range or the query.', { cause }),
  '202': (cause) =>
    new AppError('unavailable', 'The event store has as many queries as it can take. Try again in a moment.', {
      cause,
      details: { retry_after_s: 5 },
    }),
  '241': (cause) =>
    new AppError('unavailable', 'The query needs more memory than the event store may use. Narrow the time range or the query.', { cause }),
  '243': (cause) => new AppError('full', 'The disk is full. Nothing was stored; free some space and try again.', { cause }),
  '394': (cause) => new AppError('unavailable', 'The query was stopped by the event store.', { cause }),
  '396': (cause) =>
    new AppError('too_large', 'The rows asked for are too large to be handed over at once. Ask for fewer at a time, or narrow the query.', {
      cause,
    }),
}

/**
 * @returns the reason of the signal when the caller has gone (no fault: nobody reads the answer); an AppError where the
 *   product has words for it; else the error itself, which becomes `internal`.
 */
export const toAppError = (error: unknown, signal?: AbortSignal): unknown => {
  if (signal?.aborted === true) return signal.reason
  if (isAppError(error)) return error
  if (fullWords.test(messageOf(error))) return byEngineCode['243']?.(error)
  const known = byEngineCode[codeOf(error)]
  if (known !== undefined) return known(error)
  return isLost(error) ? lost(error) : error
}
