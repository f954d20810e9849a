// The question that is asked now and the last result that came: one of each, outside of React, since answers come in any
// order and only the newest question's may be shown.
import type { RowStore } from '../rows/row-store.ts'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import type { Question } from './question.ts'

export interface Result {
  question: Question
  store: RowStore<EventRow>
  total: number
  /** Rows that the query leaves out because one like them stands before. */
  deduplicated: number
  /** The columns that the query asks for. */
  columns: readonly string[] | null
  without_time: number
  took_ms: number
}

export interface Searching {
  /** The last one that came; it stays while the next is on its way or has failed. */
  result: Result | null
  /** Of the question that was asked last. */
  state: 'asking' | 'here' | 'failed' | 'cancelled'
  problem: Error | null
  startedMs: number
}

export type Ask = (question: Question, signal: AbortSignal) => Promise<Result>

export class SearchRun {
  private searching: Searching
  private control = new AbortController()
  private readonly ask: Ask
  private readonly listeners = new Set<() => void>()
  private readonly now: () => number

  constructor(ask: Ask, now: () => number = Date.now) {
    this.ask = ask
    this.now = now
    this.searching = { result: null, state: 'asking', problem: null, startedMs: now() }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }
  readonly snapshot = (): Searching => this.searching

  /** Asks, and gives up the question before. */
  async start(question: Question): Promise<void> {
    this.control.abort()
    const control = new AbortController()
    this.control = control
    this.change({ state: 'asking', problem: null, startedMs: this.now() })
    try {
      const result = await this.ask(question, control.signal)
      if (control.signal.aborted) return result.store.close()
      this.searching.result?.store.close()
      this.change({ state: 'here', result })
    } catch (error) {
      if (!control.signal.aborted) this.change({ state: 'failed', problem: error instanceof Error ? error : new Error(String(error)) })
    }
  }

  readonly cancel = (): void => {
    this.control.abort()
    this.change({ state: 'cancelled' })
  }

  /** The page is left: nothing goes on. */
  stop(): void {
    this.control.abort()
  }

  private change(change: Partial<Searching>): void {
    this.searching = { ...this.searching, ...change }
    for (const listener of this.listeners) listener()
  }
}
