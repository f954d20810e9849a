// Which saved search was run last in this window, and what its reader had seen before: it comes from the box, from a link or from a notice.
import { useSyncExternalStore } from 'react'
import type { SavedState } from '../../../../../shared/domain/hunt.ts'

export interface Ran {
  name: string
  state: SavedState
  previous: { run_at: string; seen_until: string } | null
}

let ran: Ran | null = null
const listeners = new Set<() => void>()

export const setRan = (next: Ran | null): void => {
  ran = next
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export const useRan = (): Ran | null => useSyncExternalStore(subscribe, () => ran)

const asked = ({ q, pills, from, to, imports, artifacts, hosts }: SavedState): string =>
  JSON.stringify([q, pills, from, to, imports, artifacts, hosts])

/** Whether two states ask the same; how it is shown does not matter. */
export const isSameQuestion = (a: SavedState, b: SavedState): boolean => asked(a) === asked(b)
