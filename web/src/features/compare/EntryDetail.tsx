import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ComparedEntry, ComparedRow } from '../../../../shared/contract/hunt/compare.ts'
import { printName, printValue } from '../../../../shared/query/print.ts'
import { buttonClass } from '../../ui/actions/Button.tsx'
import { CopyButton } from '../../ui/actions/CopyButton.tsx'
import { IconButton } from '../../ui/actions/IconButton.tsx'
import { Mono } from '../../ui/data/Mono.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { Checkbox } from '../../ui/forms/Checkbox.tsx'
import { Icon } from '../../ui/icons/Icon.tsx'
import { countOf } from '../../ui/format/numbers.ts'
import { cellsOf } from './entry-words.ts'

export interface EntryDetailProps {
  tenantId: string
  artifact: string | null
  entry: ComparedEntry
  fields: readonly string[]
  onClose: () => void
}

interface Line {
  column: string
  left: readonly string[] | null
  right: readonly string[] | null
  differs: boolean
}

/** The columns that differ, then where wanted all others of either row. */
const linesOf = ({ changes, left, right }: ComparedEntry, isAll: boolean): Line[] => {
  const differing = changes.map((one): Line => ({ ...one, differs: true }))
  const isOneSided = left === null || right === null
  if (!isAll && !isOneSided && differing.length > 0) return differing
  const known = new Set(changes.map((one) => one.column.toLowerCase()))
  const names = [...new Set([...Object.keys(left?.fields ?? {}), ...Object.keys(right?.fields ?? {})])].filter(
    (name) => !known.has(name.toLowerCase()),
  )
  const others = names.map(
    (column): Line => ({ column, left: left?.fields[column] ?? null, right: right?.fields[column] ?? null, differs: false }),
  )
  return [...differing, ...others.filter((line) => (line.left?.length ?? 0) + (line.right?.length ?? 0) > 0)]
}

const Value = ({ tenantId, column, values }: { tenantId: string; column: string; values: readonly string[] | null }) => {
  if (values === null || values.length === 0) return <span className="muted">not there</span>
  const [one = ''] = values
  const text = values.join(', ')
  return (
    <span className="compare-value">
      {text === '' ? <span className="muted">(empty)</span> : <Mono value={text} className="clamp" />}
      <span className="compare-value-acts">
        <CopyButton value={text} label={`Copy ${column}`} />
        <Link
          to="/t/$tenantId/explore"
          params={{ tenantId }}
          search={{ q: `${printName(column)}:${printValue(one)}` }}
          className="icon-btn icon-btn-sm"
          aria-label={`Search for this ${column}`}
          title="Search for this value"
        >
          <Icon name="search" size={14} />
        </Link>
      </span>
    </span>
  )
}

const RowHead = ({
  name,
  row,
  rows,
  tenantId,
  artifact,
}: {
  name: string
  row: ComparedRow | null
  rows: number
  tenantId: string
  artifact: string | null
}) => (
  <th scope="col">
    <div className="compare-row-head">
      <b>{name}</b>
      {row === null ? (
        <span className="muted">no row</span>
      ) : (
        <>
          <span className="cut">
            <Mono value={row.host_name} /> {row.timestamp !== null && <Time at={row.timestamp} />}
          </span>
          <Link
            to="/t/$tenantId/explore"
            params={{ tenantId }}
            search={{
              ...(artifact === null ? {} : { artifacts: artifact.replace(/[%,]/g, encodeURIComponent) }),
              row: row.id,
              imports: row.import_id,
            }}
            className={buttonClass({ size: 'sm', variant: 'ghost' })}
          >
            {rows > 1 ? `One of ${countOf(rows, 'row')}` : 'Open the row'}
          </Link>
        </>
      )}
    </div>
  </th>
)

/** One entry with both sides beside each other. */
export const EntryDetail = ({ tenantId, artifact, entry, fields, onClose }: EntryDetailProps) => {
  const [isAll, setAll] = useState(false)
  const lines = linesOf(entry, isAll)
  const canHide = entry.changes.length > 0
  return (
    <section className="compare-detail" aria-label="Both rows">
      <div className="compare-detail-head">
        <h2 className="mono">
          {cellsOf(entry).map((cell, at) => (
            <span key={`${at}${cell}`} title={fields[at]}>
              {cell === '' ? <span className="muted">(empty)</span> : <Mono value={cell} />}
            </span>
          ))}
        </h2>
        <IconButton icon="close" label="Close both rows" onClick={onClose} />
      </div>
      {canHide && <Checkbox label="Columns that are alike, too" checked={isAll} onChange={setAll} />}
      <div className="table-frame" role="region" aria-label="Columns of both rows" tabIndex={0}>
        <table className="table compare-table">
          <caption className="visually-hidden">Columns of both rows</caption>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <RowHead name="Left" row={entry.left} rows={entry.rows_left} tenantId={tenantId} artifact={artifact} />
              <RowHead name="Right" row={entry.right} rows={entry.rows_right} tenantId={tenantId} artifact={artifact} />
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.column} className={line.differs ? 'compare-differs' : ''}>
                <th scope="row">
                  <Mono value={line.column} />
                  {line.differs && <span className="visually-hidden"> differs</span>}
                </th>
                <td>
                  <Value tenantId={tenantId} column={line.column} values={line.left} />
                </td>
                <td>
                  <Value tenantId={tenantId} column={line.column} values={line.right} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
