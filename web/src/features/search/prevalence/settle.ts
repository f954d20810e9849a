// Whether the grid stands still: what costs a question is asked for what stays in sight only.
import { createContext } from 'react'

const stillMs = 200

export class Settle {
  private timer: ReturnType<typeof setTimeout> | null = null
  private isStill = true
  private readonly listeners = new Set<() => void>()

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }
  readonly isSettled = (): boolean => this.isStill

  /** Called with every step of a scroll. */
  moved(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => this.change(true), stillMs)
    if (this.isStill) this.change(false)
  }

  private change(isStill: boolean): void {
    this.isStill = isStill
    for (const listener of this.listeners) listener()
  }
}

export const SettleContext = createContext(new Settle())
