// Whether there is room, asked before the first byte and while bytes arrive: the reserve keeps sign-in, reading and
// deleting possible when the disk is otherwise full.
import { AppError } from '../platform/errors.ts'
import type { Inside } from './handle.ts'

const words = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = Math.max(0, bytes)
  let unit = 0
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000
  return `${value.toFixed(value < 10 && unit > 0 ? 1 : 0)} ${units[unit] ?? ''}`
}

export interface Wanted {
  maxBytes: number
  /** What the tenant may still add by its quota; null is no limit, or bytes that were set aside before. */
  quotaLeftBytes: number | null
  expectedBytes?: number
  /** The bytes lie on this disk already and only change their name. */
  isOnDisk?: boolean
}

const tooLarge = (o: Wanted): AppError =>
  new AppError('too_large', `The file is larger than ${words(o.maxBytes)}, the most that one upload may have. Nothing of it was stored.`)

const overQuota = (o: Wanted): AppError =>
  new AppError(
    'full',
    `The tenant's quota has ${words(o.quotaLeftBytes ?? 0)} left, which this file would pass. Nothing of it was stored; delete imports or ask for a larger quota.`,
  )

export const diskFull = (free: number | null, reserve: number, cause?: unknown): AppError =>
  new AppError(
    'full',
    `The disk is full: ${free === null ? 'no room' : words(free)} is left, and ${words(reserve)} is kept for sign-in, reading and deleting. ` +
      'Nothing of this file was stored; free some space and send it again.',
    { cause },
  )

export const isNoSpace = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | null)?.code ?? '')

const checkDisk = async ({ store }: Inside, moreBytes: number): Promise<void> => {
  const { free } = await store.calls.freeBytes(store.root)
  if (free - moreBytes < store.reserveBytes) throw diskFull(free, store.reserveBytes)
}

const bytesBetweenLooks = 16 * 1024 * 1024

/** Counts one upload. `end` must be called, with true when its bytes stay. */
export class Meter {
  sizeBytes = 0
  #lookAt = bytesBetweenLooks
  readonly #addedBefore: number
  readonly #inside: Inside
  readonly #o: Wanted

  constructor(inside: Inside, o: Wanted) {
    this.#inside = inside
    this.#o = o
    this.#addedBefore = inside.tally.added
  }

  /** Uploads that arrive together must not pass the quota together: what others write now, or finished since, counts too. */
  #checkQuota(moreBytes: number): void {
    const { tally } = this.#inside
    const { quotaLeftBytes } = this.#o
    if (quotaLeftBytes !== null && tally.writing + (tally.added - this.#addedBefore) + moreBytes > quotaLeftBytes) throw overQuota(this.#o)
  }

  /** @throws AppError too_large or full before anything is written. */
  async admit(): Promise<void> {
    const expected = this.#o.expectedBytes ?? 0
    if (expected > this.#o.maxBytes) throw tooLarge(this.#o)
    this.#checkQuota(expected)
    await checkDisk(this.#inside, expected)
  }

  /** @throws AppError too_large or full. */
  async add(bytes: number): Promise<void> {
    this.sizeBytes += bytes
    if (this.#o.quotaLeftBytes !== null) this.#inside.tally.writing += bytes
    if (this.sizeBytes > this.#o.maxBytes) throw tooLarge(this.#o)
    this.#checkQuota(0)
    if (this.#o.isOnDisk === true || this.sizeBytes < this.#lookAt) return
    this.#lookAt = this.sizeBytes + bytesBetweenLooks
    await checkDisk(this.#inside, bytes)
  }

  end(isKept: boolean): void {
    if (this.#o.quotaLeftBytes === null) return
    this.#inside.tally.writing -= this.sizeBytes
    if (isKept) this.#inside.tally.added += this.sizeBytes
  }
}
