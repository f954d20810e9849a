import { useCallback, useState } from 'react'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { noTicks, tickOne, tickRange, type Ticks } from '../grid/ticks.ts'
import type { RowStore } from '../rows/row-store.ts'

export interface TickState {
  ticks: Ticks
  /** Rows of the last Shift that could not be ticked since they are not loaded. */
  missing: number
  tick: (index: number, isRange: boolean) => void
  clearTicks: () => void
}

const nothing = { ticks: noTicks, missing: 0 }

/** The ticked rows of a result; a new result has none. */
export const useTicks = (store: RowStore<EventRow>): TickState => {
  const [ticked, setTicked] = useState(nothing)
  const [of, setOf] = useState(store)
  if (of !== store) {
    setOf(store)
    setTicked(nothing)
  }
  const tick = useCallback(
    (index: number, isRange: boolean) =>
      setTicked((before) => {
        if (isRange) return tickRange(before.ticks, index, (at) => store.rowAt(at)?.id)
        const id = store.rowAt(index)?.id
        return id === undefined ? before : { ticks: tickOne(before.ticks, index, id), missing: 0 }
      }),
    [store],
  )
  const clearTicks = useCallback(() => setTicked(nothing), [])
  return { ...ticked, tick, clearTicks }
}
