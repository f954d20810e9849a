import { Worker } from 'node:worker_threads'
import { entryOf } from '../../../platform/entry.ts'
import { AppError } from '../../../platform/errors.ts'

export interface Question {
  password: string
  words: string[]
  cores: string[]
}
export interface Measured {
  score: number
  isCommon: boolean
}
export interface Strength {
  /** @throws AppError unavailable when too many wait, or the thread does not answer. */
  measure: (question: Question) => Promise<Measured>
}

const idleMs = 60_000
const answerMs = 10_000
const mostWaiting = 100

interface Waiting {
  done: (measured: Measured) => void
  fail: (error: Error) => void
}

/** A thread that starts with the first question and ends a minute after the last. */
export const createStrength = (): Strength => {
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | null = null
  let next = 0
  const waiting = new Map<number, Waiting>()

  const end = (error: Error | null): void => {
    void worker?.terminate()
    worker = null
    for (const { fail } of waiting.values())
      fail(new AppError('unavailable', 'Passwords cannot be judged now. Try again.', { cause: error }))
    waiting.clear()
  }
  const start = (): Worker => {
    const { file, execArgv } = entryOf('features/identity/password/judge')
    const started = new Worker(file, { execArgv })
    started.on('message', ({ id, ...measured }: Measured & { id: number }) => {
      waiting.get(id)?.done(measured)
      waiting.delete(id)
    })
    started.on('error', (error) => started === worker && end(error))
    // It must not keep a process alive that has nothing else to do.
    started.unref()
    return started
  }
  return {
    measure: (question) => {
      if (waiting.size >= mostWaiting)
        throw new AppError('unavailable', 'Too many passwords are being judged. Try again in a few seconds.', {
          details: { retry_after_s: 5 },
        })
      worker ??= start()
      if (idle !== null) clearTimeout(idle)
      idle = setTimeout(() => waiting.size === 0 && end(null), idleMs).unref()
      const id = next++
      return new Promise<Measured>((done, fail) => {
        const late = setTimeout(() => end(new Error('the thread that judges passwords did not answer')), answerMs)
        const settle =
          <T>(how: (value: T) => void) =>
          (value: T): void => {
            clearTimeout(late)
            how(value)
          }
        waiting.set(id, { done: settle(done), fail: settle(fail) })
        worker?.postMessage({ id, ...question })
      })
    },
  }
}
