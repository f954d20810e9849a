// Slows the guessing of secrets. Tries are counted for an account from one network, for a network, and for an account
// from everywhere, so that a stranger who fails on purpose locks out their own network and not the owner; only a
// spread attack reaches the last count. Nothing is kept for longer than its window.
import { isIPv6 } from 'node:net'
import { AppError } from '../../../platform/errors.ts'

interface Rule {
  most: number
  windowMs: number
}
const rules = {
  accountFromNetwork: { most: 10, windowMs: 5 * 60_000 },
  network: { most: 100, windowMs: 5 * 60_000 },
  account: { most: 100, windowMs: 60 * 60_000 },
} satisfies Record<string, Rule>
type RuleName = keyof typeof rules

const mostKeys = 100_000

/** The /64 of an IPv6 address, for one person holds all of it; an IPv4 address whole. */
export const networkOf = (ip: string): string => {
  const plain = ip.replace(/^::ffff:/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail = ''] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const all = plain.includes('::') ? [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right] : left
  return `${all
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(':')}::/64`
}

interface Attempt {
  /** The secret was right: the try does not count, and the account's count from this network begins anew. */
  succeed: () => void
}
export interface Throttle {
  /**
   * Counts a try before it is made, so that parallel ones cannot slip through. `isShared`: the account is nobody's (an
   * invitation, the set-up code), so tries from elsewhere must not shut it for all.
   * @throws AppError limit
   */
  attempt: (what: { account: string; ip: string; isShared?: boolean }) => Attempt
  /** What was counted otherwise since the last time it was asked: the times of each key, none for one that began anew. */
  takeChanges: () => CountedTries[]
  /** Counts on from what was kept. */
  recall: (kept: readonly CountedTries[]) => void
}

export interface CountedTries {
  key: string
  /** In milliseconds, the oldest first. */
  times: readonly number[]
}

/** Nothing counts for longer. */
export const longestWindowMs = 60 * 60_000

/** `hashOf`: what a key is kept as, for a name that was typed may have been a password. */
export const createThrottle = (now: () => Date, hashOf: (key: string) => string = (key) => key): Throttle => {
  const tries = new Map<string, number[]>()
  const changed = new Set<string>()
  const put = (key: string, times: number[]): void => {
    changed.add(key)
    if (times.length === 0) tries.delete(key)
    else tries.set(key, times)
  }
  const recent = (key: string, rule: Rule): number[] => (tries.get(key) ?? []).filter((at) => at > now().getTime() - rule.windowMs)
  const forget = (): void => {
    if (tries.size < mostKeys) return
    for (const [key, times] of tries) if ((times.at(-1) ?? 0) < now().getTime() - longestWindowMs) tries.delete(key)
    for (const key of tries.keys()) {
      if (tries.size < mostKeys) break
      tries.delete(key)
    }
  }
  const keysOf = (account: string, ip: string, isShared: boolean): [RuleName, string][] => {
    const network = networkOf(ip)
    const who = account.toLowerCase().slice(0, 254)
    return [
      ['accountFromNetwork', hashOf(`b ${network} ${who}`)],
      ['network', hashOf(`n ${network}`)],
      ...(isShared ? [] : [['account', hashOf(`a ${who}`)] satisfies [RuleName, string]]),
    ]
  }
  return {
    attempt: ({ account, ip, isShared = false }) => {
      forget()
      const at = now().getTime()
      const keys = keysOf(account, ip, isShared)
      for (const [name, key] of keys) {
        const rule = rules[name]
        const times = recent(key, rule)
        if (times.length < rule.most) continue
        const waitS = Math.max(1, Math.ceil(((times[0] ?? at) + rule.windowMs - at) / 1000))
        throw new AppError('limit', 'Too many wrong tries. Wait a little, then try again.', { details: { retry_after_s: waitS } })
      }
      for (const [name, key] of keys) put(key, [...recent(key, rules[name]), at])
      return {
        succeed: () => {
          for (const [name, key] of keys) {
            const times = tries.get(key) ?? []
            const found = times.lastIndexOf(at)
            if (name === 'accountFromNetwork') put(key, [])
            else if (found >= 0) put(key, times.toSpliced(found, 1))
          }
        },
      }
    },
    takeChanges: () => {
      const taken = [...changed].map((key) => ({ key, times: tries.get(key) ?? [] }))
      changed.clear()
      return taken
    },
    recall: (kept) => {
      for (const { key, times } of kept) tries.set(key, [...times, ...(tries.get(key) ?? [])])
    },
  }
}
