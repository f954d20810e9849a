import type { ReactNode } from 'react'
import { Icon } from '../icons/Icon.tsx'
import './table.css'

export interface Column<Row> {
  key: string
  head: ReactNode
  cell: (row: Row) => ReactNode
  /** Right-aligned figures. */
  number?: boolean
  /** The header sorts by this key. */
  sortable?: boolean
  className?: string
}

export interface Sort {
  key: string
  order: 'asc' | 'desc'
}

export interface TableProps<Row> {
  /** What the table holds, for screen readers. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  sort?: Sort
  onSort?: (sort: Sort) => void
  isSelected?: (row: Row) => boolean
  onRowClick?: (row: Row) => void
  foot?: ReactNode
}

const SortHead = <Row,>({ column, sort, onSort }: { column: Column<Row>; sort: Sort | undefined; onSort: (sort: Sort) => void }) => {
  const isCurrent = sort?.key === column.key
  const next = isCurrent ? (sort.order === 'asc' ? 'desc' : 'asc') : column.number === true ? 'desc' : 'asc'
  return (
    <button type="button" className="table-sort" onClick={() => onSort({ key: column.key, order: next })}>
      {column.head}
      {isCurrent && <Icon name={sort.order === 'asc' ? 'up' : 'down'} size={14} />}
    </button>
  )
}

const ariaSort = (sort: Sort | undefined, key: string) =>
  sort?.key !== key ? undefined : sort.order === 'asc' ? ('ascending' as const) : ('descending' as const)

const cellClass = <Row,>(column: Column<Row>) => `${column.number === true ? 'num' : ''} ${column.className ?? ''}`

/** A plain table in its own frame: it scrolls sideways there, the page never does. */
export const Table = <Row,>({ caption, columns, rows, rowKey, sort, onSort, isSelected, onRowClick, foot }: TableProps<Row>) => (
  <div className="table-frame" role="region" aria-label={caption} tabIndex={0}>
    <table className={`table ${onRowClick === undefined ? '' : 'table-clickable'}`}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" className={cellClass(column)} aria-sort={ariaSort(sort, column.key)}>
              {column.sortable === true && onSort !== undefined ? <SortHead column={column} sort={sort} onSort={onSort} /> : column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={rowKey(row)}
            data-selected={isSelected?.(row) === true || undefined}
            onClick={onRowClick === undefined ? undefined : () => onRowClick(row)}
          >
            {columns.map((column) => (
              <td key={column.key} className={cellClass(column)}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {foot !== undefined && <tfoot>{foot}</tfoot>}
    </table>
  </div>
)
