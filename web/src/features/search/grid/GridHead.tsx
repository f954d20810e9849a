import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { zoneName } from '../../../ui/format/times.ts'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { useZone } from '../../../ui/preferences.ts'
import { clampWidth, type GridColumn, nextSort, type SortState } from './columns/columns.ts'

export interface GridHeadProps {
  columns: readonly GridColumn[]
  sort: SortState
  canSort: (field: string) => boolean
  onSort: (sort: SortState) => void
  onWidth: (id: string, widthPx: number) => void
}

const Resizer = ({ column, onWidth }: { column: GridColumn; onWidth: (widthPx: number) => void }) => {
  const start = useRef<{ x: number; widthPx: number } | null>(null)
  const widthNow = (element: HTMLElement): number => element.parentElement?.offsetWidth ?? column.widthPx
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const by = { ArrowLeft: -16, ArrowRight: 16 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onWidth(clampWidth(widthNow(event.currentTarget) + by))
  }
  const move = (event: PointerEvent) => {
    if (start.current !== null) onWidth(clampWidth(start.current.widthPx + event.clientX - start.current.x))
  }
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${column.label}`}
      aria-valuenow={column.widthPx}
      aria-valuemin={48}
      aria-valuemax={1200}
      tabIndex={0}
      className="grid-resizer"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, widthPx: widthNow(event.currentTarget) }
      }}
      onPointerMove={move}
      onPointerUp={() => {
        start.current = null
      }}
    />
  )
}

const ariaSort = (sort: SortState, column: GridColumn) =>
  column.sort !== sort.field ? undefined : sort.isDescending ? ('descending' as const) : ('ascending' as const)

/** The head: a click sorts, a drag at the edge sizes. */
export const GridHead = ({ columns, sort, canSort, onSort, onWidth }: GridHeadProps) => {
  const [zone] = useZone()
  return (
    <div role="row" className="grid-row grid-head" aria-rowindex={1}>
      <span role="columnheader">
        <span className="visually-hidden">Select</span>
      </span>
      {columns.map((column) => {
        const label = column.id === 'time' ? `Time, ${zoneName(zone)}` : column.label
        const field = column.sort
        return (
          <span key={column.id} role="columnheader" aria-sort={ariaSort(sort, column)} className="grid-column">
            {field !== null && canSort(field) ? (
              <button type="button" className="grid-sort" title={`Sort by ${label}`} onClick={() => onSort(nextSort(sort, field))}>
                <span className="cut">{label}</span>
                {sort.field === field && <Icon name={sort.isDescending ? 'down' : 'up'} size={14} />}
              </button>
            ) : (
              <span className="cut" title={label}>
                {label}
              </span>
            )}
            <Resizer column={column} onWidth={(widthPx) => onWidth(column.id, widthPx)} />
          </span>
        )
      })}
    </div>
  )
}
