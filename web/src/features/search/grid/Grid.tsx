import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import type { RowStore } from '../rows/row-store.ts'
import { Settle, SettleContext } from '../prevalence/settle.ts'
import type { FieldValue } from '../values/row-values.ts'
import type { CellView } from './Cell.tsx'
import { type GridColumn, leastWidthPx, templateOf } from './columns/columns.ts'
import { GridHead, type GridHeadProps } from './head/GridHead.tsx'
import { GridRow } from './GridRow.tsx'
import { handleValue } from './handle-value.ts'
import { heightPx, rowY } from './scroll.ts'
import type { Ticks } from './ticks.ts'
import { type Scrolling, useScroll } from './useScroll.ts'
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
  onMenu: (anchor: Element, value: FieldValue, row?: EventRow) => void
  ref?: Ref<GridHandle>
}

const indexOf = (element: Element): number | null => {
  const text = element.closest<HTMLElement>('[data-index]')?.dataset.index
  return text === undefined ? null : Number(text)
}

/** A click on a value opens its menu; text that was just marked with the mouse is for copying. */
const openAt = (target: Element, row: EventRow | undefined, onMenu: GridProps['onMenu']) => {
  const handle = target.closest<HTMLElement>('[data-field]')
  const value = handle === null || row === undefined ? null : handleValue(row, handle)
  if (handle !== null && value !== null && (getSelection()?.isCollapsed ?? true)) onMenu(handle, value, row)
}

/** A click: on the box it ticks, on a value it opens the menu, elsewhere it makes the row the current one. On a phone it opens the row. */
const onClick = (event: MouseEvent, { store, isPhone, onMove, onTick, onPeek, onMenu }: GridProps) => {
  const { target } = event
  const index = target instanceof Element ? indexOf(target) : null
  if (!(target instanceof Element) || index === null) return
  if (isPhone) return onPeek(index)
  const col = Number(target.closest<HTMLElement>('[data-col]')?.dataset.col ?? 1)
  onMove({ index, col })
  if (col === 0) onTick(index, event.shiftKey)
  else openAt(target, store.rowAt(index), onMenu)
}

const indexesOf = (first: number, last: number, also: number | null): number[] => {
  const list = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  // The current row stays in the page wherever one scrolls, and in its order (React would move it), so that the focus is never lost.
  if (also === null || (also >= first && also <= last)) return list
  return also < first ? [also, ...list] : [...list, also]
}

/** The rows in sight, each at its own place. */
const Body = ({ props, scroll }: { props: GridProps; scroll: Scrolling }) => {
  const { store, columns, view, cursor, ticks } = props
  const { frame, place, inSight } = scroll
  const current = cursor?.index ?? null
  const stopRow = current ?? inSight.first
  return (
    <div role="rowgroup" className="grid-body" style={{ height: heightPx(frame) }}>
      {indexesOf(inSight.first, inSight.last, current).map((index) => {
        const row = store.rowAt(index)
        return (
          <GridRow
            key={index}
            row={row}
            index={index}
            y={rowY(frame, place, index)}
            columns={columns}
            view={view}
            isCurrent={current === index}
            isTicked={row !== undefined && ticks.ids.has(row.id)}
            stop={index === stopRow ? (cursor?.col ?? 1) : null}
          />
        )
      })}
    </div>
  )
}

const cellAt = (grid: HTMLElement | null, at: GridCursor): HTMLElement | null =>
  grid?.querySelector<HTMLElement>(`[data-index="${at.index}"] [data-col="${at.col}"]`) ?? null

/** Opens the menu of a cell's first value; a cell without one opens the row. */
const openCell = (grid: HTMLElement | null, { cursor, store, onMenu, onPeek }: GridProps) => {
  if (cursor === null) return
  const row = store.rowAt(cursor.index)
  const handle = cellAt(grid, cursor)?.querySelector<HTMLElement>('[data-field]') ?? null
  const value = handle === null || row === undefined ? null : handleValue(row, handle)
  if (handle !== null && value !== null) onMenu(handle, value, row)
  else onPeek(cursor.index)
}

/** The ways in for keys: the focus goes to a cell once it is drawn. */
const useHandle = (props: GridProps, scroller: RefObject<HTMLDivElement | null>, scroll: Scrolling) => {
  const { cursor, ref } = props
  const { frame, show, reset } = scroll
  const wantsFocus = useRef(false)
  useLayoutEffect(() => {
    const cell = wantsFocus.current && cursor !== null ? cellAt(scroller.current, cursor) : null
    if (cell === null) return
    wantsFocus.current = false
    cell.focus({ preventScroll: true })
  })
  useImperativeHandle(ref, () => ({
    show,
    reset,
    focusCell: () => {
      wantsFocus.current = true
    },
    openCell: () => openCell(scroller.current, props),
    pageRows: () => Math.max(1, Math.floor(frame.viewPx / frame.rowPx) - 1),
  }))
}

/** All rows of a result, whatever their number, with only those in sight in the page. */
export const Grid = (props: GridProps) => {
  const { store, columns, isSized, isPhone, onKey, onPeek } = props
  const scroller = useRef<HTMLDivElement>(null)
  useSyncExternalStore(store.subscribe, store.snapshot)
  const scroll = useScroll(scroller, { count: store.total, rowPx: isPhone ? 60 : 24, headPx: isPhone ? 0 : 26 })
  const [settle] = useState(() => new Settle())
  const { first, last } = scroll.inSight
  useEffect(() => store.need(first, last + 20), [store, first, last])
  useHandle(props, scroller, scroll)
  const columnStyle = {
    '--columns': templateOf(columns, isSized),
    minWidth: isPhone ? undefined : leastWidthPx(columns, isSized),
  } as CSSProperties
  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      aria-label="Rows"
      aria-rowcount={store.total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      onScroll={() => {
        settle.moved()
        scroll.onScroll()
      }}
      onKeyDown={onKey}
      onClick={(event) => onClick(event, props)}
      onDoubleClick={(event) => {
        const index = event.target instanceof Element ? indexOf(event.target) : null
        if (index !== null && !isPhone) onPeek(index)
      }}
    >
      <div className="grid-sheet" style={columnStyle}>
        <GridHead {...props} />
        <SettleContext value={settle}>
          <Body props={props} scroll={scroll} />
        </SettleContext>
      </div>
    </div>
  )
}
