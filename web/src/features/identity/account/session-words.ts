import type { OwnSession } from '../../../../../shared/contract/account.ts'

/** What ending sessions did, by their number. */
export const endedWords = (ended: number): string => {
  if (ended === 0) return 'There was no other session.'
  return ended === 1 ? '1 other session has ended.' : `${ended} other sessions have ended.`
}

/** When sessions end for want of use, said once for all of them; empty where none does. */
export const idleWords = (sessions: readonly Pick<OwnSession, 'last_used_at' | 'idle_expires_at'>[]): string => {
  const minutes = sessions.flatMap(({ last_used_at, idle_expires_at }) =>
    idle_expires_at === null ? [] : [Math.round((Date.parse(idle_expires_at) - Date.parse(last_used_at)) / 60_000)],
  )
  const [most = 0] = minutes.sort((a, b) => b - a)
  if (most === 0) return ''
  return `Without use, a session in a browser ends after ${most % 60 === 0 ? `${most / 60} h` : `${most} min`}.`
}
