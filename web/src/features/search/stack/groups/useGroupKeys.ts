import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef } from 'react'
import { useHotkeys } from '../../../../ui/keys/useHotkeys.ts'
import type { Scrolling } from '../../grid/useScroll.ts'
import { steps } from '../../grid/steps.ts'

/** The group and the cell that keys act on. */
export interface GroupCursor {
  index: number
  col: number
}

export interface GroupKeys {
  total: number
  columns: number
  cursor: GroupCursor | null
  scroller: RefObject<HTMLDivElement | null>
  scroll: Scrolling
  onMove: (cursor: GroupCursor) => void
  onOpen: (index: number) => void
  onPeek: (index: number) => void
  onMark: (index: number) => void
  onMenu: (cursor: GroupCursor) => void
}

/** The focus goes to a cell once it is drawn. */
const useCellFocus = (scroller: RefObject<HTMLDivElement | null>, cursor: GroupCursor | null) => {
  const wanted = useRef(false)
  useLayoutEffect(() => {
    if (!wanted.current || cursor === null) return
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-index="${cursor.index}"] [data-col="${cursor.col}"]`)
    if (cell === null || cell === undefined) return
    wanted.current = false
    cell.focus({ preventScroll: true })
  })
  return () => {
    wanted.current = true
  }
}

/** Moves and acts by keyboard; letters work wherever the focus is on the page, arrows inside the grid. */
export const useGroupKeys = (keys: GroupKeys) => {
  const { total, columns, cursor, scroller, scroll, onMove, onOpen, onPeek, onMark, onMenu } = keys
  const focusCell = useCellFocus(scroller, cursor)
  const now = useRef<GroupCursor | null>(cursor)
  useLayoutEffect(() => {
    now.current = cursor
  }, [cursor])
  const go = (index: number, col: number) => {
    if (total === 0) return
    const next = { index: Math.max(0, Math.min(total - 1, index)), col: Math.max(0, Math.min(columns - 1, col)) }
    now.current = next
    onMove(next)
    scroll.show(next.index)
    focusCell()
  }
  const step = (name: string) => {
    const [rows, cols] = steps[name] ?? [0, 0]
    if (now.current === null) go(0, 0)
    else go(now.current.index + rows, now.current.col + cols)
  }
  const pageRows = Math.max(1, Math.floor(scroll.frame.viewPx / scroll.frame.rowPx) - 1)
  const at = () => now.current ?? { index: -1, col: 0 }
  const far: Readonly<Record<string, () => number>> = {
    Home: () => 0,
    End: () => total - 1,
    PageDown: () => at().index + pageRows,
    PageUp: () => at().index - pageRows,
  }
  const on = (act: (index: number) => void) => () => {
    if (total > 0) act(Math.max(0, at().index))
  }
  useHotkeys('Stack', [
    { keys: 'j', does: 'Next group', run: () => step('j') },
    { keys: 'k', does: 'Group before', run: () => step('k') },
    { keys: 'h', does: 'Cell before', run: () => step('h') },
    { keys: 'l', does: 'Next cell', run: () => step('l') },
    { keys: 'Enter', does: 'Rows of the group', run: on(onOpen) },
    { keys: 'Space', does: 'Look into the group', run: on(onPeek) },
    { keys: 'b', does: 'Mark as known', run: on(onMark) },
    { keys: 'm', does: 'Menu of the value', run: () => onMenu(now.current ?? { index: 0, col: 0 }) },
  ])
  const press = (key: string): boolean => {
    const reach = far[key]
    if (reach !== undefined) go(reach(), at().col)
    else if (key === 'Enter') on(onOpen)()
    else if (key === ' ') on(onPeek)()
    else if (key.startsWith('Arrow')) step(key)
    else return false
    return true
  }
  return (event: KeyboardEvent) => {
    const isOurs = !event.ctrlKey && !event.metaKey && !event.altKey
    const isInHead = event.target instanceof HTMLElement && event.target.closest('[role="columnheader"]') !== null
    if (isOurs && !isInHead && press(event.key)) event.preventDefault()
  }
}
