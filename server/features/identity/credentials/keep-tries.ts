// A restart is no way to begin to guess anew: what was counted is put down every few seconds, and read again at the start. Only
// who runs the server restarts it, so that the seconds that a kill takes are no hole for a stranger.
import { createHmac } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { readTries, writeTries } from './store-tries.ts'
import { longestWindowMs } from './throttle.ts'

const everyMs = 5_000

/** The same after a restart, and tells nobody who reads the table what was typed. */
export const triesKey = (secret: string): ((key: string) => string) => {
  const key = createHmac('sha256', secret).update('velocicompanion counted tries').digest()
  return (text) => createHmac('sha256', key).update(text).digest('base64url')
}

type Keeping = Pick<Deps, 'auth' | 'throttle' | 'log' | 'now'>

const since = ({ now }: Keeping): Date => new Date(now().getTime() - longestWindowMs)

/** What is not put down now (a full disk) is put down with the next that changes it. */
export const putDownTries = async (deps: Keeping): Promise<void> => {
  const changes = deps.throttle.takeChanges()
  if (changes.length > 0) await writeTries(deps.auth, changes, since(deps))
}

/** Reads what was kept, and keeps until it is stopped, which puts down the last. */
export const keepTries = async (deps: Keeping): Promise<() => Promise<void>> => {
  deps.throttle.recall(await readTries(deps.auth, since(deps)))
  const put = (): Promise<void> =>
    putDownTries(deps).catch((err: unknown) => deps.log.warn({ err }, 'the counts of wrong tries could not be kept'))
  let last = Promise.resolve()
  const timer = setInterval(() => {
    last = last.then(put)
  }, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await last
    await put()
  }
}
