// Hashing costs 19 MiB and one thread each: three at a time, so that a storm of sign-ins takes neither the memory nor
// every thread of the pool that files need too.
import { hash, verify } from '@node-rs/argon2'
import { AppError } from '../../../platform/errors.ts'
import { Admission } from '../../../platform/queues/admission.ts'

const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const atOnce = 3
const mostWaiting = 400

export interface Hasher {
  hash: (password: string) => Promise<string>
  /** With null the same work is done against a hash that nothing matches. */
  verify: (stored: string | null, password: string) => Promise<boolean>
  /** The stored hash was made with weaker parameters than today's. */
  isWeak: (stored: string) => boolean
}

const createQueue = () => {
  const room = new Admission({ running: atOnce, waiting: mostWaiting })
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (!(await room.enter()))
      throw new AppError('unavailable', 'Too many people sign in at this moment. Try again in a few seconds.', {
        details: { retry_after_s: 5 },
      })
    try {
      return await work()
    } finally {
      room.leave()
    }
  }
}

const isWeak = (stored: string): boolean => {
  const [, m = '0', t = '0', p = '0'] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(stored) ?? []
  return Number(m) < parameters.memoryCost || Number(t) < parameters.timeCost || Number(p) < parameters.parallelism
}

export const createHasher = (): Hasher => {
  const queued = createQueue()
  const make = (password: string): Promise<string> => queued(() => hash(password, parameters))
  let dummy: Promise<string> | null = null
  return {
    hash: make,
    verify: async (stored, password) => {
      dummy ??= make('a password that nobody has')
      const against = stored ?? (await dummy)
      const isRight = await queued(() => verify(against, password))
      return isRight && stored !== null
    },
    isWeak,
  }
}
