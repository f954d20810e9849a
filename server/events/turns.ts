// A tenant that asks much at once waits behind itself and not before the others: the engine takes queries in the order
// in which they come, and a hundred of one tenant would all stand before the first of another.
import { AppError } from '../platform/errors.ts'
import { Admission } from '../platform/queues/admission.ts'
import type { Connection, Opened } from './handle.ts'

/** Fewer than the engine runs side by side, so that there is always a place for somebody else. */
const limits = { running: 4, waiting: 100, waitMs: 60_000 }

const lines = new WeakMap<Connection, Map<string, Admission>>()

const lineOf = ({ connection, database }: Pick<Opened, 'connection' | 'database'>): Admission => {
  const ofConnection = lines.get(connection) ?? new Map<string, Admission>()
  lines.set(connection, ofConnection)
  const line = ofConnection.get(database) ?? new Admission(limits)
  ofConnection.set(database, line)
  return line
}

/**
 * Runs `work` when it is its turn among the tenant's own queries.
 * @throws AppError unavailable when too many of them wait; the signal's reason when it was aborted
 */
export const inTurn = async <T>(
  who: Pick<Opened, 'connection' | 'database'>,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  const line = lineOf(who)
  const isIn = await line.enter(signal)
  if (!isIn) {
    signal?.throwIfAborted()
    throw new AppError('unavailable', 'As many queries of this tenant are running as it may have at once. Try again in a moment.', {
      details: { retry_after_s: 5 },
    })
  }
  try {
    return await work()
  } finally {
    line.leave()
  }
}
