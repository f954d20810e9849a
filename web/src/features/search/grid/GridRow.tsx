import { memo } from 'react'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { GridNotes } from '../notes/GridNotes.tsx'
import { Cell, type CellView } from './Cell.tsx'
import type { GridColumn } from './columns/columns.ts'

export interface GridRowProps {
  row: EventRow | undefined
  index: number
  y: number
  columns: readonly GridColumn[]
  view: CellView
  isCurrent: boolean
  isTicked: boolean
  /** The cell that Tab reaches; null in every row but the current one. */
  stop: number | null
}

/** Stands where a value will stand. */
const Wait = ({ at }: { at: number }) => <span className="skeleton" style={{ width: `${45 + ((at * 31) % 45)}%` }} />

/** One row; clicks and keys are the grid's. Its cells stay the same elements when the row comes or goes, so that the focus stays. */
export const GridRow = memo(({ row, index, y, columns, view, isCurrent, isTicked, stop }: GridRowProps) => (
  <div
    role="row"
    className={`grid-row ${isCurrent ? 'grid-current' : ''}`}
    aria-rowindex={index + 2}
    aria-selected={isTicked}
    data-index={index}
    data-ticked={isTicked || undefined}
    style={{ transform: `translateY(${y}px)` }}
  >
    <span role="gridcell" className="cell-tick" data-col={0} tabIndex={stop === 0 ? 0 : -1}>
      <input
        type="checkbox"
        className="tick"
        tabIndex={-1}
        checked={isTicked}
        disabled={row === undefined}
        readOnly
        aria-label={`Select row ${formatNumber(index + 1)}`}
      />
    </span>
    {columns.map((column, at) => (
      <span
        key={column.id}
        role="gridcell"
        data-col={at + 1}
        tabIndex={stop === at + 1 ? 0 : -1}
        className={`grid-cell cell-${column.isField ? 'field' : column.id}-box ${column.id === 'artifact' ? '' : 'mono'}`}
      >
        {row === undefined ? <Wait at={index + at * 3} /> : <Cell row={row} id={column.id} view={view} />}
        {row !== undefined && at === columns.length - 1 && <GridNotes id={row.id} />}
      </span>
    ))}
  </div>
))
