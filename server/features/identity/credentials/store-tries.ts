import { type AuthDb, inAuth } from '../../../db/auth.ts'
import type { CountedTries } from './throttle.ts'

const mostRead = 100_000
const atOnce = 1_000

/** Those whose last try is younger than `since`. */
export const readTries = (auth: AuthDb, since: Date): Promise<CountedTries[]> =>
  inAuth(auth, async (q) => {
    const rows = await q
      .selectFrom('counted_tries')
      .select(['key_hash', 'tried_at'])
      .where('last_at', '>', since)
      .orderBy('last_at', 'desc')
      .limit(mostRead)
      .execute()
    return rows.map(({ key_hash, tried_at }) => ({ key: key_hash, times: tried_at.map((at) => at.getTime()) }))
  })

/** Puts down what changed, and lets go of what no longer counts. */
export const writeTries = (auth: AuthDb, changes: readonly CountedTries[], since: Date): Promise<void> =>
  inAuth(auth, async (q) => {
    await q.deleteFrom('counted_tries').where('last_at', '<=', since).execute()
    for (let from = 0; from < changes.length; from += atOnce) {
      const part = changes.slice(from, from + atOnce)
      const keys = part.map(({ key }) => key)
      await q.deleteFrom('counted_tries').where('key_hash', 'in', keys).execute()
      const rows = part.flatMap(({ key, times }) => {
        const last = times.at(-1)
        return last === undefined ? [] : [{ key_hash: key, tried_at: times.map((at) => new Date(at)), last_at: new Date(last) }]
      })
      if (rows.length > 0)
        await q
          .insertInto('counted_tries')
          .values(rows)
          .onConflict((on) => on.doNothing())
          .execute()
    }
  })
