// How often a row was seen before in a member, in bounded memory: open addressing over 56 bits of the row's digest and
// an 8-bit count, 8 bytes a slot. At most 13.4 million different rows in about 134 MB; a caller then gives up on counting.
// Sixteen tables that grow apart and by a quarter: one that doubled would hold half its size twice while it is moved.
// Two rows that share 56 bits still get different ids, for the whole digest goes into them.

const shardCount = 16
const firstSlots = 64
const largestLoad = 0.8
const fullCount = 255
const hashBits = 0xffff_ff00

/** Pairs of words: 32 bits of digest; 24 more and the count, 0 where the slot is free. */
class Shard {
  size = firstSlots
  used = 0
  slots = new Uint32Array(2 * firstSlots)

  /** Index of the first word of the row's slot, or of the free one where it belongs. */
  find(low: number, high: number): number {
    let slot = Math.floor((low * this.size) / 4_294_967_296)
    for (;;) {
      const found = this.slots[2 * slot + 1] as number
      if (found === 0 || (this.slots[2 * slot] === low && (found & hashBits) >>> 0 === high)) return 2 * slot
      slot = slot + 1 === this.size ? 0 : slot + 1
    }
  }

  insert(low: number, high: number, at: number): void {
    this.slots[at] = low
    this.slots[at + 1] = high | 1
    this.used++
    if (this.used > largestLoad * this.size) this.grow()
  }

  private grow(): void {
    const old = this.slots
    this.size = Math.ceil(this.size * (this.size < 8_192 ? 2 : 1.25))
    this.slots = new Uint32Array(2 * this.size)
    for (let i = 0; i < old.length; i += 2) {
      const second = old[i + 1] as number
      if (second === 0) continue
      const at = this.find(old[i] as number, (second & hashBits) >>> 0)
      this.slots[at] = old[i] as number
      this.slots[at + 1] = second
    }
  }
}

export class Occurrences {
  private shards = newShards()
  private used = 0
  private readonly limit: number
  /** Rows that came more than 255 times, by slot content. */
  private readonly many = new Map<string, number>()

  constructor(limit = 13_400_000) {
    this.limit = limit
  }

  reset(): void {
    this.many.clear()
    if (this.used > 0) this.shards = newShards()
    this.used = 0
  }

  /** How many times this digest (bytes as characters) was given before; -1 when there is no room to know. */
  next(digest: string): number {
    const low = word(digest, 16)
    const high = (word(digest, 20) & hashBits) >>> 0
    const shard = this.shards[digest.charCodeAt(24) % shardCount] as Shard
    const at = shard.find(low, high)
    const found = shard.slots[at + 1] as number
    const count = found & 255
    if (count === 0) {
      if (this.used >= this.limit) return -1
      this.used++
      shard.insert(low, high, at)
      return 0
    }
    if (count < fullCount) {
      shard.slots[at + 1] = found + 1
      return count
    }
    return this.nextOfMany(`${low}/${high}`)
  }

  private nextOfMany(key: string): number {
    const seen = this.many.get(key) ?? fullCount
    this.many.set(key, seen + 1)
    return seen
  }
}

const newShards = (): Shard[] => Array.from({ length: shardCount }, () => new Shard())

const word = (bytes: string, at: number): number =>
  (bytes.charCodeAt(at) | (bytes.charCodeAt(at + 1) << 8) | (bytes.charCodeAt(at + 2) << 16) | (bytes.charCodeAt(at + 3) << 24)) >>> 0
