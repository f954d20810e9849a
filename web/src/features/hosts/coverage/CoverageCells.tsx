import { Link } from '@tanstack/react-router'
import type { CoverageRow } from '../../../../../shared/contract/hunt/host-tabs.ts'
import { Mono } from '../../../ui/data/Mono.tsx'
import { evidenceText } from '../../../ui/format/evidence.ts'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { formatTime } from '../../../ui/format/times.ts'
import { artifactQuery } from '../host-words.ts'
import { ageStep, shortAge } from './age-step.ts'

export const coverageRowPx = 28
export const columnPx = 34

export interface CoverageColumn {
  artifact: string
  hosts: number
  rows: number
}

type Cell = CoverageRow['cells'][number]

const words = (host: string, column: CoverageColumn, cell: Cell | undefined): string =>
  `${evidenceText(host)}, ${evidenceText(column.artifact)}: ${
    cell === undefined
      ? 'never collected'
      : `${countOf(cell.rows, 'row')}, ${cell.is_dated ? 'newest' : 'without times, imported'} ${formatTime(cell.newest_at, { named: true, to: 'minute' })}`
  }`

interface CellProps {
  id: string
  tenantId: string
  host: CoverageRow
  column: CoverageColumn
  cell: Cell | undefined
  at: number
  now: number
  isCurrent: boolean
}

const OneCell = ({ id, tenantId, host, column, cell, at, now, isCurrent }: CellProps) => {
  const label = words(host.hostname, column, cell)
  const style = { left: at * columnPx }
  if (cell === undefined)
    return (
      <span
        id={id}
        role="gridcell"
        className={`coverage-cell is-hole ${isCurrent ? 'is-current' : ''}`}
        style={style}
        title={label}
        aria-label={label}
        aria-colindex={at + 3}
      />
    )
  return (
    <span id={id} role="gridcell" className={`coverage-cell ${isCurrent ? 'is-current' : ''}`} style={style} aria-colindex={at + 3}>
      <Link
        to="/t/$tenantId/explore"
        params={{ tenantId }}
        search={{ q: artifactQuery(column.artifact), hosts: host.id }}
        className={`coverage-age age-${ageStep(cell.newest_at, now)}`}
        tabIndex={-1}
        title={label}
        aria-label={label}
      >
        {cell.is_dated ? '' : 'i'}
        {shortAge(cell.newest_at, now)}
      </Link>
    </span>
  )
}

export interface CoverageLineProps {
  id: string
  tenantId: string
  index: number
  host: CoverageRow | undefined
  columns: readonly CoverageColumn[]
  firstColumn: number
  endColumn: number
  /** Of the keys: -1 is the host's name. */
  current: number | null
  now: number
}

/** One host: its name, how many of the artifacts it has, and a cell for each. */
export const CoverageLine = ({ id, tenantId, index, host, columns, firstColumn, endColumn, current, now }: CoverageLineProps) => {
  const style = { top: index * coverageRowPx }
  if (host === undefined)
    return (
      <div role="row" className="coverage-row" style={style} aria-rowindex={index + 2} aria-busy="true">
        <span role="gridcell" className="coverage-host muted">
          loading
        </span>
      </div>
    )
  const cells = new Map(host.cells.map((cell) => [cell.at, cell]))
  return (
    <div role="row" className="coverage-row" style={style} aria-rowindex={index + 2}>
      <span role="rowheader" id={`${id}-name`} className={`coverage-host ${current === -1 ? 'is-current' : ''}`} aria-colindex={1}>
        <Link
          to="/t/$tenantId/hosts/$hostId"
          params={{ tenantId, hostId: host.id }}
          className="cut"
          tabIndex={-1}
          title={evidenceText(host.hostname)}
        >
          <Mono value={host.hostname} />
        </Link>
      </span>
      <span role="gridcell" className="coverage-have num muted" aria-colindex={2}>
        {formatNumber(host.cells.length)}/{formatNumber(columns.length)}
      </span>
      <span className="coverage-cells" role="presentation" style={{ width: columns.length * columnPx }}>
        {columns.slice(firstColumn, endColumn).map((column, n) => (
          <OneCell
            key={column.artifact}
            id={`${id}-${firstColumn + n}`}
            tenantId={tenantId}
            host={host}
            column={column}
            cell={cells.get(firstColumn + n)}
            at={firstColumn + n}
            now={now}
            isCurrent={current === firstColumn + n}
          />
        ))}
      </span>
    </div>
  )
}
