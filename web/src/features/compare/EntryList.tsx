import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { ComparedEntry } from '../../../../shared/contract/hunt/compare.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { evidenceText } from '../../ui/format/evidence.ts'
import { formatNumber } from '../../ui/format/numbers.ts'
import { cellsOf, idOfEntry, noteOf } from './entry-words.ts'
import { useWindow } from '../../ui/data/useWindow.ts'

export interface EntryListProps {
  label: string
  columns: readonly string[]
  entries: readonly ComparedEntry[]
  total: number
  open: string | null
  onOpen: (id: string) => void
  onMore: () => void
  isLoading: boolean
  problem: string | null
}

const rowHeightPx = 28
/** So near to the end of what is loaded the next page is asked for. */
const aheadRows = 30

const stepOf = (key: string, at: number, count: number): number | undefined =>
  ({ ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, PageDown: at + 15, PageUp: at - 15, Home: 0, End: count - 1 })[key]

export const EntryList = ({ label, columns, entries, total, open, onOpen, onMore, isLoading, problem }: EntryListProps) => {
  const frame = useRef<HTMLDivElement>(null)
  const { first, end, onScroll } = useWindow(frame, entries.length, rowHeightPx)
  const needsMore = entries.length < total && end + aheadRows >= entries.length && !isLoading && problem === null
  useEffect(() => {
    if (needsMore) onMore()
  }, [needsMore, onMore])
  const at = entries.findIndex((entry) => idOfEntry(entry) === open)
  const onKeyDown = (event: KeyboardEvent) => {
    const to = stepOf(event.key, at, entries.length)
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const next = Math.max(0, Math.min(entries.length - 1, to))
    const entry = entries[next]
    if (entry === undefined) return
    onOpen(idOfEntry(entry))
    const box = frame.current
    if (box === null) return
    const top = next * rowHeightPx
    if (top < box.scrollTop) box.scrollTop = top
    else if (top + rowHeightPx > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeightPx - box.clientHeight
  }
  return (
    <div className="compare-list">
      <div className="compare-list-head" aria-hidden="true">
        <span className="grow cut mono">{columns.length === 0 ? 'Whole row' : columns.join(' · ')}</span>
        <span>Differs</span>
      </div>
      <div
        ref={frame}
        className="compare-list-frame"
        role="listbox"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={at >= first && at < end ? `compare-${at}` : undefined}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: entries.length * rowHeightPx }} className="compare-list-all">
          {entries.slice(first, end).map((entry, i) => {
            const id = idOfEntry(entry)
            return (
              <div
                key={id}
                id={`compare-${first + i}`}
                role="option"
                aria-selected={id === open}
                aria-setsize={total}
                aria-posinset={first + i + 1}
                className="compare-entry"
                style={{ top: (first + i) * rowHeightPx }}
                onClick={() => onOpen(id)}
              >
                <span className="compare-entry-key mono cut">
                  {cellsOf(entry).map((cell, n) => (
                    <bdi key={`${n}${cell}`}>{cell === '' ? '(empty)' : evidenceText(cell)}</bdi>
                  ))}
                </span>
                <span className="compare-entry-note cut">{noteOf(entry)}</span>
              </div>
            )
          })}
        </div>
      </div>
      <div className="compare-list-foot">
        {problem !== null ? (
          <span role="alert">
            {problem}{' '}
            <Button size="sm" onClick={onMore}>
              Try again
            </Button>
          </span>
        ) : (
          <span>
            {formatNumber(entries.length)} of {formatNumber(total)} loaded{isLoading ? ', loading more' : ''}
          </span>
        )}
      </div>
    </div>
  )
}
