import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { useExplore } from '../explore-context.ts'
import type { GridCursor } from '../grid/Grid.tsx'
import { type TickState, useTicks } from '../result/useTicks.ts'
import { momentOf, type MomentsResult } from './moment-rows.ts'

export interface MomentCursor extends TickState {
  cursor: GridCursor | null
  /** The same at this moment: keys come faster than the page is drawn. */
  now: RefObject<GridCursor | null>
  move: (cursor: GridCursor) => void
  peek: (index: number) => void
}

const placeOf = ({ begin }: MomentsResult): GridCursor | null => (begin === null ? null : { index: begin, col: 1 })

/** Puts the moment of an index into the URL: at once, or as soon as it has come. */
const useFollow = ({ store }: MomentsResult) => {
  const { patch } = useExplore()
  const wanted = useRef<number | null>(null)
  const tell = useCallback((row: EventRow, replace: boolean) => patch({ row: row.id, at: momentOf(row)?.at ?? null }, { replace }), [patch])
  useEffect(
    () =>
      store.subscribe(() => {
        const row = wanted.current === null ? undefined : store.rowAt(wanted.current)
        if (row === undefined) return
        wanted.current = null
        tell(row, true)
      }),
    [store, tell],
  )
  return useCallback(
    (index: number, replace: boolean) => {
      const row = store.rowAt(index)
      wanted.current = row === undefined ? index : null
      if (row !== undefined) tell(row, replace)
    },
    [store, tell],
  )
}

/** The current moment; an open row follows it. A new result begins at the moment of the link. */
export const useMomentCursor = (result: MomentsResult): MomentCursor => {
  const { store } = result
  const { state, patch } = useExplore()
  const ticks = useTicks(store)
  const follow = useFollow(result)
  const [cursor, draw] = useState<GridCursor | null>(() => placeOf(result))
  const [of, setOf] = useState(store)
  if (of !== store) {
    setOf(store)
    draw(placeOf(result))
  }
  const now = useRef<GridCursor | null>(null)
  useEffect(() => {
    now.current = cursor
  }, [cursor])
  const isOpen = state.row !== null
  const set = (next: GridCursor) => {
    now.current = next
    draw(next)
  }
  const move = (next: GridCursor) => {
    set(next)
    if (isOpen) follow(next.index, true)
  }
  const peek = (index: number) => {
    set({ index, col: now.current?.col ?? 1 })
    const row = store.rowAt(index)
    if (row !== undefined && row.id === state.row && momentOf(row)?.at === state.at) patch({ row: null, at: null }, { replace: true })
    else follow(index, isOpen)
  }
  return { cursor, now, move, peek, ...ticks }
}
