// Whoever is signed in could fill the disk with what they are denied. Each person leaves so many rows of it in a minute;
// what is more goes to the log, and the next row says how many that were.
const mostInWindow = 300
const windowMs = 60_000
const mostPeople = 10_000

interface Denied {
  since: number
  rows: number
  left_out: number
}

export interface Denials {
  /** How many denials were left out before this one; null when this one is left out too. */
  take: (who: string) => number | null
}

export const createDenials = (now: () => Date): Denials => {
  const people = new Map<string, Denied>()
  const fresh = (who: string, at: number): Denied => {
    if (people.size >= mostPeople) people.clear()
    const made = { since: at, rows: 0, left_out: people.get(who)?.left_out ?? 0 }
    people.set(who, made)
    return made
  }
  return {
    take: (who) => {
      const at = now().getTime()
      const known = people.get(who)
      const denied = known === undefined || at - known.since >= windowMs ? fresh(who, at) : known
      if (denied.rows >= mostInWindow) {
        denied.left_out++
        return null
      }
      denied.rows++
      const before = denied.left_out
      denied.left_out = 0
      return before
    },
  }
}
