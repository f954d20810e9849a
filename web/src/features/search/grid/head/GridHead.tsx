import { zoneName } from '../../../../ui/format/times.ts'
import { useZone } from '../../../../ui/preferences.ts'
import { type GridColumn, nextSort, type SortState } from '../columns/columns.ts'
import { HeadCell } from './HeadCell.tsx'

export interface GridHeadProps {
  columns: readonly GridColumn[]
  sort: SortState
  canSort: (field: string) => boolean
  onSort: (sort: SortState) => void
  onWidth: (id: string, widthPx: number) => void
  /** Puts the first column in the place of the second; without it columns stay where they are. */
  onPlace?: (id: string, target: string) => void
}

/** The heads of the columns. */
export const GridHead = ({ columns, sort, canSort, onSort, onWidth, onPlace }: GridHeadProps) => {
  const [zone] = useZone()
  return (
    <div role="row" className="grid-row grid-head" aria-rowindex={1}>
      <span role="columnheader">
        <span className="visually-hidden">Select</span>
      </span>
      {columns.map((column, at) => {
        const field = column.sort
        return (
          <HeadCell
            key={column.id}
            column={column}
            at={at}
            label={column.id === 'time' ? `Time, ${zoneName(zone)}` : column.label}
            sort={sort}
            onSort={field !== null && canSort(field) ? () => onSort(nextSort(sort, field)) : null}
            onWidth={(widthPx) => onWidth(column.id, widthPx)}
            moves={
              onPlace === undefined
                ? null
                : {
                    onDropped: (id) => onPlace(id, column.id),
                    onShift: (by) => {
                      const target = columns[at + by]
                      if (target !== undefined) onPlace(column.id, target.id)
                    },
                  }
            }
          />
        )
      })}
    </div>
  )
}
