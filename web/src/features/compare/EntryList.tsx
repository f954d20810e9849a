import type { ComparedEntry } from '../../../../shared/contract/hunt/compare.ts'
import { Button } from '../../ui/actions/Button.tsx'
import { WindowedList } from '../../ui/data/WindowedList.tsx'
import { evidenceText } from '../../ui/format/evidence.ts'
import { formatNumber } from '../../ui/format/numbers.ts'
import { cellsOf, idOfEntry, noteOf } from './entry-words.ts'

export interface EntryListProps {
  label: string
  columns: readonly string[]
  entries: readonly ComparedEntry[]
  total: number
  open: string | null
  onOpen: (id: string) => void
  onMore: () => void
  hasMore: boolean
  isLoading: boolean
  problem: string | null
}

const rowHeightPx = 28

const Line = ({ entry }: { entry: ComparedEntry }) => (
  <div className="compare-entry">
    <span className="compare-entry-key mono cut">
      {cellsOf(entry).map((cell, n) => (
        <bdi key={`${n}${cell}`}>{cell === '' ? '(empty)' : evidenceText(cell)}</bdi>
      ))}
    </span>
    <span className="compare-entry-note cut">{noteOf(entry)}</span>
  </div>
)

export const EntryList = ({ label, columns, entries, total, open, onOpen, onMore, hasMore, isLoading, problem }: EntryListProps) => {
  const openAt = (at: number) => {
    const entry = entries[at]
    if (entry !== undefined) onOpen(idOfEntry(entry))
  }
  const isMore = hasMore && !isLoading && problem === null
  return (
    <div className="compare-list">
      <div className="compare-list-head" aria-hidden="true">
        <span className="grow cut mono">{columns.length === 0 ? 'Whole row' : columns.join(' · ')}</span>
        <span>Differs</span>
      </div>
      <WindowedList
        className="compare-list-frame"
        label={label}
        count={entries.length}
        total={total}
        rowHeightPx={rowHeightPx}
        at={entries.findIndex((entry) => idOfEntry(entry) === open)}
        onMove={openAt}
        onOpen={openAt}
        onMore={isMore ? onMore : undefined}
        keyOf={(at) => (entries[at] === undefined ? '' : idOfEntry(entries[at]))}
      >
        {(at) => entries[at] !== undefined && <Line entry={entries[at]} />}
      </WindowedList>
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
