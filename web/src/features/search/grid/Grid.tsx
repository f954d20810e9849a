import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from 'react'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import type { RowStore } from '../rows/row-store.ts'
import type { FieldValue } from '../values/row-values.ts'
import type { CellView } from './Cell.tsx'
import { type GridColumn, leastWidthPx, templateOf } from './columns.ts'
import { GridHead, type GridHeadProps } from './GridHead.tsx'
import { GridRow } from './GridRow.tsx'
import { handleValue } from './handle-value.ts'
import { heightPx, rowY } from './scroll.ts'
import type { Ticks } from './ticks.ts'
import { useScroll } from './useScroll.ts'
import './grid.css'

/** Row and column (0 is the tick box) that keys act on. */
export interface GridCursor {
  index: number
  col: number
}

export interface GridHandle {
  show: (index: number) => void
  /** Back to the top, or as far down as shows the row. */
  reset: (index: number) => void
  focusCell: () => void
  /** Opens the menu of the current cell. */
  openCell: () => void
  pageRows: () => number
}

export interface GridProps extends Omit<GridHeadProps, 'columns'> {
  store: RowStore<EventRow>
  columns: readonly GridColumn[]
  isSized: (id: string) => boolean
  view: CellView
  cursor: GridCursor | null
  ticks: Ticks
  isPhone: boolean
  onMove: (cursor: GridCursor) => void
  onKey: (event: KeyboardEvent) => void
  onTick: (index: number, isRange: boolean) => void
  onPeek: (index: number) => void
  onMenu: (anchor: Element, value: FieldValue) => void
  ref?: Ref<GridHandle>
}

const indexOf = (element: Element): number | null => {
  const text = element.closest<HTMLElement>('[data-index]')?.dataset.index
  return text === undefined ? null : Number(text)
}

/** A click: on the box it ticks, on a value it opens the menu, elsewhere it makes the row the current one. On a phone it opens the row. */
const onClick = (event: MouseEvent, { store, isPhone, onMove, onTick, onPeek, onMenu }: GridProps) => {
  if (!(event.target instanceof Element)) return
  const index = indexOf(event.target)
  if (index === null) return
  if (isPhone) return onPeek(index)
  const col = Number(event.target.closest<HTMLElement>('[data-col]')?.dataset.col ?? 1)
  onMove({ index, col })
  if (col === 0) return onTick(index, event.shiftKey)
  const handle = event.target.closest<HTMLElement>('[data-field]')
  const row = store.rowAt(index)
  const value = handle === null || row === undefined ? null : handleValue(row, handle)
  // Text that was just marked with the mouse is for copying.
  if (handle !== null && value !== null && (getSelection()?.isCollapsed ?? true)) onMenu(handle, value)
}

const indexesOf = (first: number, last: number, also: number | null): number[] => {
  const list = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  // The current row stays in the page wherever one scrolls, and in its order (React would move it), so that the focus is never lost.
  if (also === null || (also >= first && also <= last)) return list
  return also < first ? [also, ...list] : [...list, also]
}

export const Grid = (props: GridProps) => {
  const { store, columns, isSized, view, cursor, ticks, isPhone, onKey, onPeek, onMenu, ref } = props
  const scroller = useRef<HTMLDivElement>(null)
  const wantsFocus = useRef(false)
  useSyncExternalStore(store.subscribe, store.snapshot)
  const { frame, place, inSight, onScroll, show, reset } = useScroll(scroller, store.total, isPhone ? 60 : 24, isPhone ? 0 : 26)

  useEffect(() => store.need(inSight.first, inSight.last + 20), [store, inSight.first, inSight.last])
  const cellAt = (at: GridCursor) => scroller.current?.querySelector<HTMLElement>(`[data-index="${at.index}"] [data-col="${at.col}"]`)
  useLayoutEffect(() => {
    if (!wantsFocus.current || cursor === null) return
    const cell = cellAt(cursor)
    if (cell === null || cell === undefined) return
    wantsFocus.current = false
    cell.focus({ preventScroll: true })
  })
  useImperativeHandle(ref, () => ({
    show,
    reset,
    focusCell: () => {
      wantsFocus.current = true
    },
    openCell: () => {
      const cell = cursor === null ? null : cellAt(cursor)
      const row = cursor === null ? undefined : store.rowAt(cursor.index)
      const handle = cell?.querySelector<HTMLElement>('[data-field]')
      const value = handle && row ? handleValue(row, handle) : null
      if (handle && value !== null) onMenu(handle, value)
      else if (cursor !== null) onPeek(cursor.index)
    },
    pageRows: () => Math.max(1, Math.floor(frame.viewPx / frame.rowPx) - 1),
  }))

  const columnStyle = {
    '--columns': templateOf(columns, isSized),
    minWidth: isPhone ? undefined : leastWidthPx(columns, isSized),
  } as React.CSSProperties
  const stopRow = cursor?.index ?? inSight.first
  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      aria-label="Rows"
      aria-rowcount={store.total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      onScroll={onScroll}
      onKeyDown={onKey}
      onClick={(event) => onClick(event, props)}
      onDoubleClick={(event) => {
        const index = event.target instanceof Element ? indexOf(event.target) : null
        if (index !== null && !isPhone) onPeek(index)
      }}
    >
      <div className="grid-sheet" style={columnStyle}>
        <GridHead {...props} />
        <div role="rowgroup" className="grid-body" style={{ height: heightPx(frame) }}>
          {indexesOf(inSight.first, inSight.last, cursor?.index ?? null).map((index) => {
            const row = store.rowAt(index)
            return (
              <GridRow
                key={index}
                row={row}
                index={index}
                y={rowY(frame, place, index)}
                columns={columns}
                view={view}
                isCurrent={cursor?.index === index}
                isTicked={row !== undefined && ticks.ids.has(row.id)}
                stop={index === stopRow ? (cursor?.col ?? 1) : null}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}
