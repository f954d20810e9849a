// Arrows move from technique to technique: up and down in a tactic, left and right to the next one at the same height.
import { type KeyboardEvent, useRef, useState } from 'react'
import type { TacticColumn } from './matrix.ts'

export interface Place {
  column: number
  row: number
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value))

/** The nearest column with anything in it, in that direction. */
const columnFrom = (columns: readonly TacticColumn[], from: number, by: -1 | 1): number => {
  for (let at = from + by; at >= 0 && at < columns.length; at += by) if ((columns[at]?.cells.length ?? 0) > 0) return at
  return from
}

const moved = (columns: readonly TacticColumn[], { column, row }: Place, key: string): Place | null => {
  const last = (at: number) => Math.max(0, (columns[at]?.cells.length ?? 1) - 1)
  const side = (by: -1 | 1): Place => {
    const at = columnFrom(columns, column, by)
    return { column: at, row: clamp(row, last(at)) }
  }
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return { column, row: clamp(row + 1, last(column)) }
    case 'ArrowUp':
    case 'k':
      return { column, row: clamp(row - 1, last(column)) }
    case 'ArrowRight':
    case 'l':
      return side(1)
    case 'ArrowLeft':
    case 'h':
      return side(-1)
    case 'Home':
      return { column, row: 0 }
    case 'End':
      return { column, row: last(column) }
    default:
      return null
  }
}

export const useMatrixKeys = (columns: readonly TacticColumn[]) => {
  const [place, setPlace] = useState<Place>({ column: 0, row: 0 })
  const frame = useRef<HTMLDivElement>(null)
  const first = Math.max(
    0,
    columns.findIndex((column) => column.cells.length > 0),
  )
  const isThere = columns[place.column]?.cells[place.row] !== undefined
  const at = isThere ? place : { column: first, row: 0 }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const next = moved(columns, at, event.key)
    if (next === null) return
    event.preventDefault()
    event.stopPropagation()
    setPlace(next)
    frame.current?.querySelector<HTMLElement>(`[data-place="${next.column}-${next.row}"]`)?.focus()
  }
  return { at, frame, setPlace, onKeyDown }
}
