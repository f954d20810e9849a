import { type ChildProcess, fork } from 'node:child_process'
import { entryOf } from '../../../platform/entry.ts'
import { AppError } from '../../../platform/errors.ts'

export interface Question {
  password: string
  words: string[]
  cores: string[]
}
interface Measured {
  score: number
  isCommon: boolean
}
export interface Strength {
  /** @throws AppError unavailable when too many wait, or the child does not answer. */
  measure: (question: Question) => Promise<Measured>
}

const idleMs = 60_000
const answerMs = 10_000
const mostWaiting = 100

interface Waiting {
  done: (measured: Measured) => void
  fail: (error: Error) => void
}

/** A child process that starts with the first question and ends a minute after the last. */
export const createStrength = (): Strength => {
  let child: ChildProcess | null = null
  let idle: NodeJS.Timeout | null = null
  let next = 0
  let late: NodeJS.Timeout | undefined
  const waiting = new Map<number, Waiting>()

  /** The child answers one after the other: what is timed is the answer to the first in line, not the length of the line. */
  const watch = (): void => {
    clearTimeout(late)
    if (waiting.size > 0) late = setTimeout(() => end(new Error('the process that judges passwords did not answer')), answerMs)
  }
  const end = (error: Error | null): void => {
    child?.kill('SIGKILL')
    child = null
    for (const { fail } of waiting.values())
      fail(new AppError('unavailable', 'Passwords cannot be judged now. Try again.', { cause: error }))
    waiting.clear()
    watch()
  }
  const start = (): ChildProcess => {
    const { file, execArgv } = entryOf('features/identity/password/judge')
    const started = fork(file, [], { execArgv, env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const endIfCurrent = (error: Error): void => {
      if (started === child) end(error)
    }
    started.on('message', (message) => {
      const { id, ...measured } = message as Measured & { id: number }
      waiting.get(id)?.done(measured)
      waiting.delete(id)
      watch()
    })
    started.on('error', endIfCurrent)
    started.on('exit', (code, signal) => endIfCurrent(new Error(`the process that judges passwords ended (${signal ?? code})`)))
    // It must not keep a process alive that has nothing else to do.
    started.unref()
    started.channel?.unref()
    return started
  }
  return {
    measure: (question) => {
      if (waiting.size >= mostWaiting)
        throw new AppError('unavailable', 'Too many passwords are being judged. Try again in a few seconds.', {
          details: { retry_after_s: 5 },
        })
      child ??= start()
      if (idle !== null) clearTimeout(idle)
      idle = setTimeout(() => waiting.size === 0 && end(null), idleMs).unref()
      const id = next++
      return new Promise<Measured>((done, fail) => {
        waiting.set(id, { done, fail })
        if (waiting.size === 1) watch()
        child?.send({ id, ...question })
      })
    },
  }
}
