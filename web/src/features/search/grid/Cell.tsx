import { memo, type ReactNode } from 'react'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { timeParts } from '../../../ui/format/times.ts'
import type { Zone } from '../../../ui/preferences.ts'
import { CellPrevalence } from '../prevalence/CellPrevalence.tsx'
import { isPrevalent, subjectOf } from '../prevalence/prevalent.ts'
import { Marked, ValueText } from '../values/Marked.tsx'
import type { Matcher } from '../values/matchers.ts'
import { summaryOf } from '../values/row-summary.ts'
import { artifactLabel, valuesOf } from '../values/row-values.ts'

export interface CellView {
  zone: Zone
  /** All rows of the result are of one year: it is not written. */
  isOneYear: boolean
  matchers: readonly Matcher[]
  hueOf: (artifact: string) => number
  /** What a view shows in columns of its own; null leaves a column to the grid. */
  own?: (row: EventRow, id: string, view: CellView) => ReactNode
}

const most = 400

/** A value that can be acted on: a click on it, or Enter on its cell, opens the menu. */
const Handle = ({
  field,
  nth = 0,
  className = '',
  children,
}: {
  field: string
  nth?: number
  className?: string
  children: React.ReactNode
}) => (
  <span className={`handle ${className}`} data-field={field} data-nth={nth}>
    {children}
  </span>
)

const TimeCell = ({ row, view }: { row: EventRow; view: CellView }) => {
  if (row.timestamp === null) return <span className="absent">no time</span>
  const parts = timeParts(row.timestamp, view.zone)
  if (parts === null) return <Handle field="timestamp">{row.timestamp}</Handle>
  return (
    <Handle field="timestamp" className="cell-time">
      <i>{view.isOneYear ? parts.date.slice(5) : parts.date}</i> {parts.clock}
      <i>{parts.fraction}</i>
    </Handle>
  )
}

const SummaryCell = ({ row, view }: { row: EventRow; view: CellView }) => {
  const { name, args, path, folder } = summaryOf(row)
  return (
    <span className="cell-summary">
      {name !== null && (
        <Handle field={name.field} className="cell-name">
          <ValueText value={name.value} field={name.field} matchers={view.matchers} most={most} />
        </Handle>
      )}
      {args !== null && (
        <Handle field={args.field} className="cell-args">
          <ValueText value={args.value} field={args.field} matchers={view.matchers} most={most} />
        </Handle>
      )}
      {path !== null && (
        <Handle field={path.field} className="cell-path">
          <Marked value={folder} field={path.field} matchers={view.matchers} most={most} />
        </Handle>
      )}
    </span>
  )
}

const FieldCell = ({ row, id, view }: { row: EventRow; id: string; view: CellView }) => {
  const values = valuesOf(row, id)
  const [only] = values
  if (isPrevalent(id) && only !== undefined)
    return (
      <span className="cell-counted">
        <Handle field={id} className="cell-value">
          <ValueText value={only} field={id} matchers={view.matchers} most={most} />
        </Handle>
        <CellPrevalence field={id} value={only} />
      </span>
    )
  return (
    <>
      {values.slice(0, 20).map((value, nth) => (
        <Handle key={`${nth}`} field={id} nth={nth} className="cell-value">
          <ValueText value={value} field={id} matchers={view.matchers} most={most} />
        </Handle>
      ))}
    </>
  )
}

/** On how many hosts the thing is that the row is about. */
const SeenOnCell = ({ row }: { row: EventRow }) => {
  const subject = subjectOf(row)
  if (subject === null) return null
  return (
    <span className="cell-seen-on">
      <CellPrevalence field={subject.field} value={subject.value} />
    </span>
  )
}

/** What a row shows in a column. */
export const Cell = memo(({ row, id, view }: { row: EventRow; id: string; view: CellView }) => {
  const own = view.own?.(row, id, view) ?? null
  if (own !== null) return own
  switch (id) {
    case 'time':
      return <TimeCell row={row} view={view} />
    case 'host':
      return (
        <Handle field="host_name">
          <Marked value={row.host_name} field="host_name" matchers={view.matchers} most={most} />
        </Handle>
      )
    case 'artifact': {
      const key = row.artifact_source === null ? row.artifact : `${row.artifact}/${row.artifact_source}`
      return (
        <span className="cell-artifact" title={key}>
          <i className={`square hue-${view.hueOf(key)}`} />
          {row.artifact === '' ? (
            <span className="absent">none</span>
          ) : (
            <Handle field="artifact">{artifactLabel(row.artifact, row.artifact_source)}</Handle>
          )}
        </span>
      )
    }
    case 'summary':
      return <SummaryCell row={row} view={view} />
    case 'seen_on':
      return <SeenOnCell row={row} />
    default:
      return <FieldCell row={row} id={id} view={view} />
  }
})
