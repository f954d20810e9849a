// While rows arrive, merges wait: on a few cores they would take half of what an import needs, and merge its parts several times over.

/** Merges go on so long after the last insert. */
const quietMs = 3000
/** So many parts may lie unmerged: more of them make every search slower, and merges then run until they have nothing to do. */
const mostInserts = 150
/** The engine refuses so often before the rest of its work goes on. */
const mostTries = 20
/** A merge that has run for longer is not thrown away. */
const tooGoodToStopS = 10

export interface MergeOrders {
  run: (text: string) => Promise<void>
  /** Seconds that the oldest merge has been running; 0 when none is. */
  oldestMergeS: () => Promise<number>
}

/** What a statement means for merges. A `change` of rows where they lie is carried out by the threads of the merges. */
export type Effect = 'none' | 'insert' | 'change'

export const effectOf = (text: string): Effect => {
  const word = /^\s*([a-z]+)/i.exec(text)?.[1]?.toUpperCase()
  if (word === 'INSERT') return 'insert'
  return word === 'DELETE' || word === 'ALTER' || word === 'OPTIMIZE' ? 'change' : 'none'
}

export class Merging {
  readonly #orders: MergeOrders
  #state: 'running' | 'paused' | 'enough' = 'running'
  /** Since merges last had nothing to do. */
  #inserts = 0
  #changes = 0
  #turn: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | null = null

  constructor(orders: MergeOrders) {
    this.#orders = orders
  }

  /** Each call is followed by one of `after`. */
  async before(effect: Effect): Promise<void> {
    if (effect === 'insert') {
      this.#inserts++
      if (this.#state === 'running') await this.#inTurn(() => this.#stop())
      else if (this.#inserts > mostInserts) await this.#inTurn(() => this.#start('enough'))
    } else if (effect === 'change') {
      this.#changes++
      await this.#inTurn(() => this.#start('running'))
    }
  }

  after(effect: Effect): void {
    if (effect === 'change') this.#changes--
    if (effect !== 'insert') return
    this.#startLater()
  }

  #startLater(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#inTurn(() => this.#start('running')), quietMs)
  }

  async #stop(): Promise<void> {
    if (this.#state !== 'running' || this.#changes > 0) return
    try {
      const oldestS = await this.#orders.oldestMergeS()
      if (oldestS === 0) this.#inserts = 1
      if (oldestS > tooGoodToStopS || this.#inserts > mostInserts) return
      await this.#orders.run('SYSTEM STOP MERGES')
      this.#state = 'paused'
    } catch {
      // The insert goes on beside the merges.
    }
  }

  async #start(next: 'running' | 'enough'): Promise<void> {
    for (let tries = 1; this.#state === 'paused'; tries++) {
      try {
        await this.#orders.run('SYSTEM START MERGES')
        break
      } catch {
        // Merges that never came back would end in a store that takes no more rows: this is not given up.
        if (tries === mostTries) return this.#startLater()
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
    this.#state = next
  }

  /** One change of the state after the other. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(step)
    return this.#turn
  }
}
