// How often a row was seen before in a member, in bounded memory: open addressing over 56 bits of the row's digest and
// an 8-bit count, 8 bytes a slot. At most 2^24 slots, 13.4 million different rows and 128 MB; a caller then gives up on
// counting. Two rows that share 56 bits still get different ids, for the whole digest goes into them.

const smallestBits = 10
const largestBits = 24
const fullCount = 255

export class Occurrences {
  private bits = smallestBits
  private slots = new Uint32Array(2 << smallestBits)
  private used = 0
  private readonly limit: number
  /** Rows that came more than 255 times, by slot content. */
  private readonly many = new Map<string, number>()

  constructor(limit = Math.floor(0.8 * 2 ** largestBits)) {
    this.limit = limit
  }

  reset(): void {
    this.many.clear()
    if (this.used === 0) return
    this.used = 0
    // a large table would cost more to clear for every small member than to make anew
    if (this.bits > 14) {
      this.bits = smallestBits
      this.slots = new Uint32Array(2 << smallestBits)
    } else this.slots.fill(0)
  }

  /** How many times this digest (bytes as characters) was given before; -1 when there is no room to know. */
  next(digest: string): number {
    const low = word(digest, 16)
    const high = (word(digest, 20) & 0xffff_ff00) >>> 0
    const at = this.find(low, high)
    const found = this.slots[at + 1] as number
    const count = found & 255
    if (count === 0) return this.insert(low, high, at)
    if (count < fullCount) {
      this.slots[at + 1] = found + 1
      return count
    }
    const key = `${low}/${high}`
    const seen = this.many.get(key) ?? fullCount
    this.many.set(key, seen + 1)
    return seen
  }

  private insert(low: number, high: number, at: number): number {
    if (this.used >= this.limit) return -1
    this.slots[at] = low
    this.slots[at + 1] = high | 1
    this.used++
    if (this.used > 0.8 * 2 ** this.bits && this.bits < largestBits) this.grow()
    return 0
  }

  private find(low: number, high: number): number {
    const mask = 2 ** this.bits - 1
    let slot = low & mask
    for (;;) {
      const found = this.slots[2 * slot + 1] as number
      if (found === 0 || (this.slots[2 * slot] === low && (found & 0xffff_ff00) >>> 0 === high)) return 2 * slot
      slot = (slot + 1) & mask
    }
  }

  private grow(): void {
    const old = this.slots
    this.bits++
    this.slots = new Uint32Array(2 << this.bits)
    for (let i = 0; i < old.length; i += 2) {
      const second = old[i + 1] as number
      if (second === 0) continue
      const at = this.find(old[i] as number, (second & 0xffff_ff00) >>> 0)
      this.slots[at] = old[i] as number
      this.slots[at + 1] = second
    }
  }
}

const word = (bytes: string, at: number): number =>
  (bytes.charCodeAt(at) | (bytes.charCodeAt(at + 1) << 8) | (bytes.charCodeAt(at + 2) << 16) | (bytes.charCodeAt(at + 3) << 24)) >>> 0
