interface Limits {
  running: number
  /** In the queue; no limit when it is left out. */
  waiting?: number
  /** In the queue; for ever when it is left out. */
  waitMs?: number
}

/** So many at once, so many in the queue for so long; beyond that the answer is "not now" and not a pile of memory. */
export class Admission {
  readonly #limits: Limits
  #running = 0
  readonly #queue: (() => void)[] = []

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** False when there is no room, or the signal came first. Call leave() after true. */
  async enter(signal?: AbortSignal): Promise<boolean> {
    if (this.#running < this.#limits.running) {
      this.#running++
      return true
    }
    const { waiting = Number.POSITIVE_INFINITY, waitMs } = this.#limits
    if (this.#queue.length >= waiting || signal?.aborted === true) return false
    return await new Promise((resolve) => {
      const give = (isIn: boolean): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', gone)
        const place = this.#queue.indexOf(admit)
        if (place >= 0) this.#queue.splice(place, 1)
        resolve(isIn)
      }
      const admit = (): void => give(true)
      const gone = (): void => give(false)
      const timer = waitMs === undefined ? undefined : setTimeout(gone, waitMs)
      signal?.addEventListener('abort', gone)
      this.#queue.push(admit)
    })
  }

  leave(): void {
    const next = this.#queue.shift()
    if (next === undefined) this.#running--
    else next()
  }
}
