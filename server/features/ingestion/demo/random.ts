// Chance with a seed: the same seed gives the same world, on every machine and version of Node.

export interface Chance {
  /** From 0 to below 1. */
  next: () => number
  int: (least: number, most: number) => number
  pick: <T>(from: readonly T[]) => T
  happens: (probability: number) => boolean
  hex: (digits: number) => string
  /** A stream of its own: what is drawn from it does not move the draws of this one. */
  fork: (name: string) => Chance
}

const seedOf = (text: string): number => {
  let h = 2_166_136_261
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16_777_619)
  return h >>> 0
}

export const createChance = (seed: string): Chance => {
  let state = seedOf(seed)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const int = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    int,
    pick: (from) => {
      const picked = from[int(0, from.length - 1)]
      if (picked === undefined) throw new Error('nothing to pick from')
      return picked
    },
    happens: (probability) => next() < probability,
    hex: (digits) => Array.from({ length: digits }, () => '0123456789abcdef'[int(0, 15)]).join(''),
    fork: (name) => createChance(`${seed}/${name}`),
  }
}
