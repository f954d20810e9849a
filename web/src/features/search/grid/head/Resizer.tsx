import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { clampWidth, type GridColumn } from '../columns/columns.ts'

/** The edge of a column: a drag or the arrows size it. */
export const Resizer = ({ column, onWidth }: { column: GridColumn; onWidth: (widthPx: number) => void }) => {
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
