import { type CSSProperties, type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useSyncExternalStore } from 'react'
import type { StackAnswer, StackGroup } from '../../../../../../shared/contract/hunt/stack.ts'
import { zoneName } from '../../../../ui/format/times.ts'
import { Icon } from '../../../../ui/icons/Icon.tsx'
import { useExplore } from '../../explore-context.ts'
import { heightPx, rowY } from '../../grid/scroll.ts'
import type { Scrolling } from '../../grid/useScroll.ts'
import type { RowStore } from '../../rows/row-store.ts'
import type { FieldValue } from '../../values/row-values.ts'
import { withOrder } from '../stack-query.ts'
import { factColumns, type GroupView, StackRow } from './StackRow.tsx'
import type { GroupCursor } from './useGroupKeys.ts'

export interface StackGridProps {
  answer: StackAnswer
  store: RowStore<StackGroup>
  view: GroupView
  scroll: Scrolling
  scroller: RefObject<HTMLDivElement | null>
  cursor: GroupCursor | null
  isPeeked: (group: StackGroup) => boolean
  isNew: (group: StackGroup) => boolean
  sparkHead: string
  onMove: (cursor: GroupCursor) => void
  onOpen: (index: number) => void
  onPeek: (index: number) => void
  onMenu: (anchor: Element, value: FieldValue) => void
  onKey: (event: KeyboardEvent) => void
}

const factWidths: Readonly<Record<(typeof factColumns)[number], string>> = {
  hosts: '64px',
  share: 'minmax(112px, 140px)',
  rows: '84px',
  first: '132px',
  last: '132px',
  spark: '104px',
}
const columnsOf = (fields: number): string =>
  [
    ...Array.from({ length: fields }, (_, at) => (at === 0 ? 'minmax(150px, 1.3fr)' : 'minmax(120px, 1fr)')),
    ...factColumns.map((id) => factWidths[id]),
  ].join(' ')
const leastPx = (fields: number): number => 150 + (fields - 1) * 120 + 64 + 112 + 84 + 132 + 132 + 104

/** The head: a click on hosts or rows says what rarity is counted by. */
const Head = ({ answer, sparkHead, zone }: { answer: StackAnswer; sparkHead: string; zone: string }) => {
  const { state, patch } = useExplore()
  const labels: Readonly<Record<(typeof factColumns)[number], string>> = {
    hosts: 'Hosts',
    share: 'Share of fleet',
    rows: 'Rows',
    first: `First seen, ${zone}`,
    last: `Last seen, ${zone}`,
    spark: sparkHead,
  }
  const sortedBy = answer.order === 'newest' ? 'first' : answer.by_host ? 'hosts' : 'rows'
  const isUp = answer.order === 'rare'
  const sortOf = (id: 'hosts' | 'rows') => withOrder(state.q, { by_host: id === 'hosts', order: sortedBy === id && isUp ? 'top' : 'rare' })
  return (
    <div role="row" className="grid-row grid-head stack-row" aria-rowindex={1}>
      {answer.fields.map((field) => (
        <span key={field} role="columnheader" className="cut" title={field}>
          {field}
        </span>
      ))}
      {factColumns.map((id) => (
        <span
          key={id}
          role="columnheader"
          className={`stack-${id}`}
          aria-sort={sortedBy === id ? (isUp ? 'ascending' : 'descending') : undefined}
        >
          {id === 'hosts' || id === 'rows' ? (
            <button type="button" className="grid-sort" title={`Count by ${id}`} onClick={() => patch({ q: sortOf(id), group: null })}>
              {labels[id]}
              {sortedBy === id && <Icon name={isUp ? 'up' : 'down'} size={14} />}
            </button>
          ) : (
            labels[id]
          )}
        </span>
      ))}
    </div>
  )
}

const indexOf = (element: Element): number | null => {
  const text = element.closest<HTMLElement>('[data-index]')?.dataset.index
  return text === undefined ? null : Number(text)
}

/** A click on a value opens its menu; text that was just marked with the mouse is for copying. */
const openAt = (target: Element, group: StackGroup | undefined, { view, onMenu }: StackGridProps, col: number) => {
  const handle = target.closest<HTMLElement>('[data-field]')
  if (handle === null || group === undefined || getSelection()?.isCollapsed === false) return
  onMenu(handle, { field: view.fields[col] ?? '', value: group.values[col] ?? null })
}

const onClick = (event: MouseEvent, props: StackGridProps) => {
  const { target } = event
  const index = target instanceof Element ? indexOf(target) : null
  if (!(target instanceof Element) || index === null) return
  const col = Number(target.closest<HTMLElement>('[data-col]')?.dataset.col ?? 0)
  props.onMove({ index, col })
  // Which hosts they are stands beside the stack.
  if (props.view.isPhone || target.closest('.stack-hosts') !== null) props.onPeek(index)
  else openAt(target, props.store.rowAt(index), props, col)
}

const indexesOf = (first: number, last: number, also: number | null): number[] => {
  const list = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  // The current group stays in the page wherever one scrolls, so that the focus is never lost.
  if (also === null || (also >= first && also <= last)) return list
  return also < first ? [also, ...list] : [...list, also]
}

/** All groups of a stack, whatever their number, with only those in sight in the page. */
export const StackGrid = (props: StackGridProps) => {
  const { answer, store, view, scroll, scroller, cursor, isPeeked, isNew, onOpen, onKey } = props
  useSyncExternalStore(store.subscribe, store.snapshot)
  const { frame, place, inSight } = scroll
  const { first, last } = inSight
  useEffect(() => store.need(first, last + 20), [store, first, last])
  const current = cursor?.index ?? null
  const stopRow = current ?? first
  const style = {
    '--columns': columnsOf(view.fields.length),
    minWidth: view.isPhone ? undefined : leastPx(view.fields.length),
  } as CSSProperties
  return (
    <div
      ref={scroller}
      className="grid stack-grid"
      role="grid"
      aria-label={`Groups, times in ${zoneName(view.zone)}`}
      aria-rowcount={store.total + 1}
      aria-colcount={view.fields.length + factColumns.length}
      onScroll={scroll.onScroll}
      onKeyDown={onKey}
      onClick={(event) => onClick(event, props)}
      onDoubleClick={(event) => {
        const index = event.target instanceof Element ? indexOf(event.target) : null
        if (index !== null && !view.isPhone) onOpen(index)
      }}
    >
      <div className="grid-sheet" style={style}>
        <Head answer={answer} sparkHead={props.sparkHead} zone={zoneName(view.zone)} />
        <div role="rowgroup" className="grid-body" style={{ height: heightPx(frame) }}>
          {indexesOf(first, last, current).map((index) => {
            const group = store.rowAt(index)
            return (
              <StackRow
                key={index}
                group={group}
                index={index}
                y={rowY(frame, place, index)}
                view={view}
                isCurrent={current === index}
                isPeeked={group !== undefined && isPeeked(group)}
                isNew={group !== undefined && isNew(group)}
                stop={index === stopRow ? (cursor?.col ?? 0) : null}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}
