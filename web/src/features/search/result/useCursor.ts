import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { useExplore } from '../explore-context.ts'
import type { GridCursor } from '../grid/Grid.tsx'
import type { RowStore } from '../rows/row-store.ts'
import { useTicks, type TickState } from './useTicks.ts'

export interface CursorState extends TickState {
  cursor: GridCursor | null
  /** The same at this moment: keys come faster than the page is drawn. */
  now: RefObject<GridCursor | null>
  move: (cursor: GridCursor) => void
  peek: (index: number) => void
}

/** Shows a row of the grid in the detail: at once, or as soon as it has come. */
const useFollow = (store: RowStore<EventRow>) => {
  const { patch } = useExplore()
  const wanted = useRef<number | null>(null)
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
  return useCallback(
    (index: number, replace: boolean) => {
      const row = store.rowAt(index)
      wanted.current = row === undefined ? index : null
      if (row !== undefined) patch({ row: row.id }, { replace })
    },
    [store, patch],
  )
}

/** Where the row of the URL stands in the rows that are loaded. */
const placeOf = (store: RowStore<EventRow>, id: string | null): GridCursor | null => {
  const index = id === null ? null : store.indexOfRow((row) => row.id === id)
  return index === null ? null : { index, col: 1 }
}

/** The current row and the ticked ones; an open detail follows the current row. A new result forgets both. */
export const useCursor = (store: RowStore<EventRow>): CursorState => {
  const { state, patch } = useExplore()
  const ticks = useTicks(store)
  const follow = useFollow(store)
  const [cursor, draw] = useState<GridCursor | null>(() => placeOf(store, state.row))
  const [of, setOf] = useState(store)
  if (of !== store) {
    setOf(store)
    draw(placeOf(store, state.row))
  }
  const now = useRef<GridCursor | null>(null)
  useLayoutEffect(() => {
    now.current = cursor
  }, [cursor])

  const setCursor = useCallback((next: GridCursor) => {
    now.current = next
    draw(next)
  }, [])
  const isOpen = state.row !== null
  const move = useCallback(
    (next: GridCursor) => {
      setCursor(next)
      if (isOpen) follow(next.index, true)
    },
    [isOpen, follow, setCursor],
  )
  const peek = useCallback(
    (index: number) => {
      setCursor({ index, col: now.current?.col ?? 1 })
      const row = store.rowAt(index)
      if (row !== undefined && row.id === state.row) patch({ row: null }, { replace: true })
      else follow(index, isOpen)
    },
    [store, state.row, isOpen, follow, patch, setCursor],
  )
  return { cursor, now, move, peek, ...ticks }
}
