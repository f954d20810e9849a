import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { SeverityMark } from '../../../ui/marks/SeverityMark.tsx'
import { severityWords } from '../../../ui/marks/severity-words.ts'
import { type Cell, type Shown, stateWords, type TacticColumn } from './matrix.ts'
import { useMatrixKeys } from './useMatrixKeys.ts'

export interface MatrixGridProps {
  columns: readonly TacticColumn[]
  shown: Shown
  openId: string | null
  onOpen: (id: string) => void
}

const cellWords = (cell: Cell, shown: Shown): string =>
  shown === 'coverage'
    ? `${stateWords[cell.state]}, ${formatNumber(cell.running)} of ${countOf(cell.rules, 'rule')} ${cell.running === 1 ? 'runs' : 'run'} with data`
    : cell.detections === 0
      ? 'no detection'
      : `${countOf(cell.detections, 'detection')}, ${formatNumber(cell.open)} open${cell.worst === null ? '' : `, the worst ${severityWords[cell.worst].toLowerCase()}`}`

const lookOf = (cell: Cell, shown: Shown): string => {
  if (shown === 'coverage') return `coverage-${cell.state}`
  return cell.detections === 0 ? 'coverage-none' : `found-${cell.worst ?? 'closed'}`
}

const CellBody = ({ cell, shown }: { cell: Cell; shown: Shown }) => (
  <>
    <span className="attack-name">{cell.technique.name}</span>
    <span className="attack-line">
      <span className="attack-id">{cell.technique.id}</span>
      <span className="grow" />
      {shown === 'coverage' && cell.rules > 0 && (
        <span aria-hidden="true">
          {formatNumber(cell.running)}/{formatNumber(cell.rules)}
        </span>
      )}
      {shown === 'detections' && cell.detections > 0 && (
        <>
          {cell.worst !== null && <SeverityMark severity={cell.worst} bare />}
          <span aria-hidden="true">{formatNumber(cell.detections)}</span>
        </>
      )}
    </span>
    <span className="visually-hidden">{cellWords(cell, shown)}</span>
  </>
)

/** All tactics side by side; it scrolls in its own frame. */
export const MatrixGrid = ({ columns, shown, openId, onOpen }: MatrixGridProps) => {
  const { at, frame, setPlace, onKeyDown } = useMatrixKeys(columns)
  return (
    <div ref={frame} className="attack-frame" role="group" aria-label="ATT&CK matrix" onKeyDown={onKeyDown}>
      <div className="attack-matrix" style={{ gridTemplateColumns: `repeat(${columns.length}, minmax(136px, 1fr))` }}>
        {columns.map((column, columnAt) => (
          <section key={column.id} aria-label={column.name} className="attack-column">
            <h2 className={`attack-tactic phase-${column.phase}`}>
              {column.name}
              <span className="muted"> {formatNumber(column.cells.length)}</span>
            </h2>
            <ul>
              {column.cells.map((cell, rowAt) => (
                <li key={cell.technique.id}>
                  <button
                    type="button"
                    data-place={`${columnAt}-${rowAt}`}
                    tabIndex={at.column === columnAt && at.row === rowAt ? 0 : -1}
                    className={`attack-cell ${lookOf(cell, shown)}`}
                    aria-pressed={openId === cell.technique.id}
                    title={`${cell.technique.id} ${cell.technique.name}\n${cellWords(cell, shown)}`}
                    onClick={() => {
                      setPlace({ column: columnAt, row: rowAt })
                      onOpen(cell.technique.id)
                    }}
                  >
                    <CellBody cell={cell} shown={shown} />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  )
}

const summary = (column: TacticColumn, shown: Shown): string =>
  shown === 'coverage'
    ? `${formatNumber(column.cells.filter((cell) => cell.state === 'covered' || cell.state === 'partly').length)} of ${formatNumber(column.cells.length)}`
    : formatNumber(column.cells.reduce((sum, cell) => sum + cell.detections, 0))

/** The same on a phone: tactics to unfold, each with its techniques. */
export const MatrixList = ({ columns, shown, onOpen }: Omit<MatrixGridProps, 'openId'>) => (
  <div className="attack-list">
    {columns
      .filter((column) => column.cells.length > 0)
      .map((column) => (
        <details key={column.id} className={`phase-${column.phase}`}>
          <summary>
            <span className="grow">{column.name}</span>
            <span className="muted">{summary(column, shown)}</span>
          </summary>
          <ul>
            {column.cells.map((cell) => (
              <li key={cell.technique.id}>
                <button type="button" className={`attack-cell ${lookOf(cell, shown)}`} onClick={() => onOpen(cell.technique.id)}>
                  <CellBody cell={cell} shown={shown} />
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
  </div>
)
