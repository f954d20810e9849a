import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { useExplore } from '../explore-context.ts'
import type { GridCursor } from '../grid/Grid.tsx'
import { noTicks, tickOne, tickRange, type Ticks } from '../grid/ticks.ts'
import type { RowStore } from '../rows/row-store.ts'

export interface CursorState {
  cursor: GridCursor | null
  /** The same at this moment: keys come faster than the page is drawn. */
  now: RefObject<GridCursor | null>
  ticks: Ticks
  /** Rows of the last Shift that could not be ticked since they are not loaded. */
  missing: number
  move: (cursor: GridCursor) => void
  tick: (index: number, isRange: boolean) => void
  clearTicks: () => void
  peek: (index: number) => void
}

/** The current row and the ticked ones; an open detail follows the current row. */
export const useCursor = (store: RowStore<EventRow>): CursorState => {
  const { state, patch } = useExplore()
  const [cursor, draw] = useState<GridCursor | null>(null)
  const now = useRef<GridCursor | null>(null)
  const setCursor = useCallback((next: GridCursor | null) => {
    now.current = next
    draw(next)
  }, [])
  const [ticks, setTicks] = useState<Ticks>(noTicks)
  const [missing, setMissing] = useState(0)
  const isOpen = state.row !== null
  /** A row that detail shall show as soon as it has come. */
  const wanted = useRef<number | null>(null)

  useEffect(() => {
    setTicks(noTicks)
    setMissing(0)
    const index = state.row === null ? null : store.indexOfRow((row) => row.id === state.row)
    setCursor(index === null ? null : { index, col: 1 })
    // Only a new result forgets: the row in the URL changes with every step.
  }, [store])

  useEffect(
    () =>
      store.subscribe(() => {
        const row = wanted.current === null ? undefined : store.rowAt(wanted.current)
        if (row === undefined) return
        wanted.current = null
        patch({ row: row.id }, { replace: true })
      }),
    [store, patch],
  )

  const follow = useCallback(
    (index: number, replace: boolean) => {
      const row = store.rowAt(index)
      wanted.current = row === undefined ? index : null
      if (row !== undefined) patch({ row: row.id }, { replace })
    },
    [store, patch],
  )
  const move = useCallback(
    (next: GridCursor) => {
      setCursor(next)
      if (isOpen) follow(next.index, true)
    },
    [isOpen, follow, setCursor],
  )
  const peek = useCallback(
    (index: number) => {
      const row = store.rowAt(index)
      setCursor({ index, col: now.current?.col ?? 1 })
      if (row !== undefined && row.id === state.row) patch({ row: null }, { replace: true })
      else follow(index, isOpen)
    },
    [store, state.row, isOpen, follow, patch, setCursor],
  )
  const tick = useCallback(
    (index: number, isRange: boolean) => {
      const id = store.rowAt(index)?.id
      if (isRange) {
        const next = tickRange(ticks, index, (at) => store.rowAt(at)?.id)
        setTicks(next.ticks)
        setMissing(next.missing)
      } else if (id !== undefined) {
        setTicks(tickOne(ticks, index, id))
        setMissing(0)
      }
    },
    [store, ticks],
  )
  const clearTicks = useCallback(() => {
    setTicks(noTicks)
    setMissing(0)
  }, [])
  return { cursor, now, ticks, missing, move, tick, clearTicks, peek }
}
