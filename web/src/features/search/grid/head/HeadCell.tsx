import { type DragEvent, type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { Icon } from '../../../../ui/icons/Icon.tsx'
import type { GridColumn, SortState } from '../columns/columns.ts'
import { Resizer } from './Resizer.tsx'

export interface HeadCellProps {
  column: GridColumn
  /** Its place among the columns. */
  at: number
  label: string
  sort: SortState
  /** Null where the column cannot be sorted by. */
  onSort: (() => void) | null
  onWidth: (widthPx: number) => void
  moves: Moves | null
}

interface Moves {
  /** Puts a column in the place of this one. */
  onDropped: (id: string) => void
  /** Moves this column by so many places. */
  onShift: (by: number) => void
}

const dragType = 'application/x-velocicompanion-column'

const ariaSort = (sort: SortState, column: GridColumn) =>
  column.sort !== sort.field ? undefined : sort.isDescending ? ('descending' as const) : ('ascending' as const)

/** Where a column that is dragged over this one would go. */
const useDrop = (moves: Moves | null) => {
  const [isOver, setOver] = useState(false)
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (moves === null || !event.dataTransfer.types.includes(dragType)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'move'
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      const id = event.dataTransfer.getData(dragType)
      setOver(false)
      if (id === '' || moves === null) return
      event.preventDefault()
      moves.onDropped(id)
    },
  }
  return [isOver, handlers] as const
}

/** One head: a click sorts, a drag of its name or Shift and the arrows move it, a drag of its edge sizes it. */
export const HeadCell = ({ column, at, label, sort, onSort, onWidth, moves }: HeadCellProps) => {
  const [isOver, drop] = useDrop(moves)
  const button = useRef<HTMLButtonElement>(null)
  const isMoving = useRef(false)
  // An element that is moved in the page loses the focus.
  const place = useRef(at)
  useLayoutEffect(() => {
    if (isMoving.current && place.current !== at) button.current?.focus()
    if (place.current !== at) isMoving.current = false
    place.current = at
  })
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.setData(dragType, column.id)
    event.dataTransfer.effectAllowed = 'move'
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined || !event.shiftKey || moves === null) return
    event.preventDefault()
    event.stopPropagation()
    isMoving.current = true
    moves.onShift(by)
  }
  return (
    <span
      role="columnheader"
      aria-sort={ariaSort(sort, column)}
      className={`grid-column grid-column-${column.id === 'seen_on' ? 'end' : 'start'} ${isOver ? 'grid-column-over' : ''}`}
      {...drop}
    >
      {onSort === null ? (
        <span className="cut grid-name" title={label} draggable={moves !== null} onDragStart={onDragStart}>
          {label}
        </span>
      ) : (
        <button
          ref={button}
          type="button"
          className="grid-sort"
          title={`Sort by ${label}; drag it, or Shift and the arrows, to move the column`}
          aria-keyshortcuts="Shift+ArrowLeft Shift+ArrowRight"
          draggable={moves !== null}
          onDragStart={onDragStart}
          onKeyDown={onKeyDown}
          onClick={onSort}
        >
          <span className="cut">{label}</span>
          {sort.field === column.sort && <Icon name={sort.isDescending ? 'down' : 'up'} size={14} />}
        </button>
      )}
      <Resizer column={column} onWidth={onWidth} />
    </span>
  )
}
