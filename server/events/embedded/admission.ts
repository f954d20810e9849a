/** So many at once, so many in the queue for so long; beyond that the answer is "not now" and not a pile of memory. */
export class Admission {
  readonly #limits: { running: number; waiting: number; waitMs: number }
  #running = 0
  readonly #queue: (() => void)[] = []

  constructor(limits: { running: number; waiting: number; waitMs: number }) {
    this.#limits = limits
  }

  /** False when there is no room. Call leave() after true. */
  async enter(signal: AbortSignal): Promise<boolean> {
    if (this.#running < this.#limits.running) {
      this.#running++
      return true
    }
    if (this.#queue.length >= this.#limits.waiting || signal.aborted) return false
    return await new Promise((resolve) => {
      const give = (isIn: boolean): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', gone)
        const place = this.#queue.indexOf(admit)
        if (place >= 0) this.#queue.splice(place, 1)
        resolve(isIn)
      }
      const admit = (): void => give(true)
      const gone = (): void => give(false)
      const timer = setTimeout(gone, this.#limits.waitMs)
      signal.addEventListener('abort', gone)
      this.#queue.push(admit)
    })
  }

  leave(): void {
    const next = this.#queue.shift()
    if (next === undefined) this.#running--
    else next()
  }
}
