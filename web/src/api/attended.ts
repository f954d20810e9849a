// Whether somebody is there. A page that asks again by itself must not keep a session alive that nobody uses: the server ends
// it after a time without use, and what the page asks by itself says that it is none.
import { unattendedHeader } from '../../../shared/contract/route.ts'

const quietMs = 60_000
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const
let lastSeenAt = Date.now()

/** Called once, when the app starts. */
export const watchForPeople = (target: Pick<Window, 'addEventListener'>): void => {
  const see = () => {
    lastSeenAt = Date.now()
  }
  for (const sign of signs) target.addEventListener(sign, see, { passive: true, capture: true })
}

/** For the headers of a call; empty while somebody is there. */
export const unattended = (now: number = Date.now()): Record<string, string> =>
  now - lastSeenAt < quietMs ? {} : { [unattendedHeader]: '1' }
