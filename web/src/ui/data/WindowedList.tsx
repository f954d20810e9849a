import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useEffect, useId, useRef, useState } from 'react'
import './windowed-list.css'

export interface WindowedListProps {
  label: string
  /** Rows that are loaded. */
  count: number
  /** Rows that there are. */
  total: number
  rowHeightPx: number
  /** The row that the keys are on; -1 for none. */
  at: number
  onMove: (at: number) => void
  /** A click, or Enter on the row that the keys are on. */
  onOpen: (at: number) => void
  /** Asked for when the end of what is loaded comes near; absent while there is nothing to ask for. */
  onMore?: (() => void) | undefined
  keyOf: (at: number) => string
  children: (at: number) => ReactNode
  className?: string
}

const around = 8
/** So near to the end of what is loaded the next rows are asked for. */
const aheadRows = 40
const pageRows = 15

/** Which rows can be seen in their frame. */
const useSeen = (frame: RefObject<HTMLElement | null>, rowHeightPx: number) => {
  const [seen, setSeen] = useState({ first: 0, end: 40 })
  const look = useCallback(() => {
    const box = frame.current
    if (box === null) return
    const first = Math.max(0, Math.floor(box.scrollTop / rowHeightPx) - around)
    const end = Math.ceil((box.scrollTop + box.clientHeight) / rowHeightPx) + around
    setSeen((before) => (before.first === first && before.end === end ? before : { first, end }))
  }, [frame, rowHeightPx])
  useEffect(() => {
    const box = frame.current
    if (box === null) return
    const observer = new ResizeObserver(look)
    observer.observe(box)
    return () => observer.disconnect()
  }, [frame, look])
  return { ...seen, look }
}

const stepOf = (key: string, at: number, count: number): number | undefined =>
  ({
    ArrowDown: at + 1,
    j: at + 1,
    ArrowUp: at - 1,
    k: at - 1,
    PageDown: at + pageRows,
    PageUp: at - pageRows,
    Home: 0,
    End: count - 1,
  })[key]

const bringIntoView = (box: HTMLElement | null, at: number, rowHeightPx: number): void => {
  if (box === null) return
  const [top, bottom] = [at * rowHeightPx, (at + 1) * rowHeightPx]
  if (top < box.scrollTop) box.scrollTop = top
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight
}

/** A long list of rows of one height of which only those in sight are drawn; arrows, pages and ends move in it. */
export const WindowedList = (props: WindowedListProps) => {
  const { label, count, total, rowHeightPx, at, onMove, onOpen, onMore, keyOf, children, className = '' } = props
  const frame = useRef<HTMLDivElement>(null)
  const id = useId()
  const { first, end, look } = useSeen(frame, rowHeightPx)
  const isNear = end + aheadRows >= count
  useEffect(() => {
    if (isNear) onMore?.()
  }, [isNear, onMore])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = stepOf(event.key, at, count)
    if (to !== undefined && count > 0) {
      const next = Math.max(0, Math.min(count - 1, to))
      onMove(next)
      bringIntoView(frame.current, next, rowHeightPx)
    } else if (event.key === 'Enter' && at >= 0) onOpen(at)
    else return
    event.preventDefault()
  }
  const shown = Array.from({ length: Math.max(0, Math.min(end, count) - Math.min(first, count)) }, (_, i) => first + i)
  return (
    <div
      ref={frame}
      className={`windowed ${className}`}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={shown.includes(at) ? `${id}-${at}` : undefined}
      onScroll={look}
      onKeyDown={onKeyDown}
    >
      <div className="windowed-all" style={{ height: count * rowHeightPx }}>
        {shown.map((row) => (
          <div
            key={keyOf(row)}
            id={`${id}-${row}`}
            role="option"
            aria-selected={row === at}
            aria-posinset={row + 1}
            aria-setsize={total}
            className="windowed-row"
            style={{ top: row * rowHeightPx, height: rowHeightPx }}
            onClick={() => onOpen(row)}
          >
            {children(row)}
          </div>
        ))}
      </div>
    </div>
  )
}
