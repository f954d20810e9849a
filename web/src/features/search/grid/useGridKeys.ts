import type { KeyboardEvent, RefObject } from 'react'
import { useHotkeys } from '../../../ui/keys/useHotkeys.ts'
import type { GridCursor, GridHandle } from './Grid.tsx'
import { steps } from './steps.ts'

export interface GridKeys {
  total: number
  columns: number
  now: RefObject<GridCursor | null>
  grid: RefObject<GridHandle | null>
  onMove: (cursor: GridCursor) => void
  onTick: (index: number, isRange: boolean) => void
  onPeek: (index: number) => void
}

/** Moves, ticks, peeks and menus by keyboard; letters work wherever the focus is on the page, arrows inside the grid. */
export const useGridKeys = ({ total, columns, now, grid, onMove, onTick, onPeek }: GridKeys) => {
  const at = () => now.current ?? { index: -1, col: 1 }
  const go = (index: number, col: number) => {
    if (total === 0) return
    const next = { index: Math.max(0, Math.min(total - 1, index)), col: Math.max(0, Math.min(columns, col)) }
    onMove(next)
    grid.current?.show(next.index)
    grid.current?.focusCell()
    return next
  }
  const step = (name: string) => {
    const [rows, cols] = steps[name] ?? [0, 0]
    return now.current === null ? go(0, 1) : go(now.current.index + rows, now.current.col + cols)
  }
  const far: Readonly<Record<string, () => number>> = {
    Home: () => 0,
    End: () => total - 1,
    PageDown: () => at().index + (grid.current?.pageRows() ?? 10),
    PageUp: () => at().index - (grid.current?.pageRows() ?? 10),
  }
  const tick = (isRange: boolean) => {
    if (now.current !== null) onTick(now.current.index, isRange)
  }
  const enter = () => (now.current?.col === 0 ? tick(false) : grid.current?.openCell())
  const peek = () => onPeek(Math.max(0, at().index))

  useHotkeys('Rows', [
    { keys: 'j', does: 'Next row', run: () => void step('j') },
    { keys: 'k', does: 'Row before', run: () => void step('k') },
    { keys: 'h', does: 'Cell before', run: () => void step('h') },
    { keys: 'l', does: 'Next cell', run: () => void step('l') },
    { keys: 'x', does: 'Tick the row', run: () => tick(false) },
    { keys: 'X', does: 'Tick from the last ticked row to here', run: () => tick(true) },
    { keys: 'Enter', does: 'Menu of the value', run: enter },
    { keys: 'Space', does: 'Open the row', run: peek },
  ])

  const press = (key: string, isShift: boolean): boolean => {
    const reach = far[key]
    if (reach !== undefined) go(reach(), at().col)
    else if (key === 'Enter') enter()
    else if (key === ' ') peek()
    else if (key.startsWith('Arrow')) {
      const next = step(key)
      const isUpOrDown = key === 'ArrowDown' || key === 'ArrowUp'
      if (isShift && isUpOrDown && next !== undefined) onTick(next.index, true)
    } else return false
    return true
  }
  return (event: KeyboardEvent) => {
    const isOurs = !event.ctrlKey && !event.metaKey && !event.altKey
    const isInHead = event.target instanceof HTMLElement && event.target.closest('[role="columnheader"]') !== null
    if (isOurs && !isInHead && press(event.key, event.shiftKey)) event.preventDefault()
  }
}
