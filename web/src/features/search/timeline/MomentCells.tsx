import type { ReactNode } from 'react'
import type { Moment } from '../../../../../shared/contract/hunt/timeline.ts'
import type { EventRow } from '../../../../../shared/contract/search.ts'
import { timeParts } from '../../../ui/format/times.ts'
import type { CellView } from '../grid/Cell.tsx'
import { timeLabels } from './macb.ts'
import { momentOf } from './moment-rows.ts'

/** The field that finds the time again: the main time by its own name, another by the column that holds it. */
const fieldOf = (moment: Moment): string => (moment.is_main ? 'timestamp' : (moment.fields[0] ?? 'timestamp'))

const TimeCell = ({ moment, view }: { moment: Moment; view: CellView }) => {
  const parts = timeParts(moment.at, view.zone)
  return (
    <span className="handle cell-time" data-field={fieldOf(moment)} data-nth={0} title={moment.fields.join(', ')}>
      {parts === null ? (
        moment.at
      ) : (
        <>
          <i>{view.isOneYear ? parts.date.slice(5) : parts.date}</i> {parts.clock}
          <i>{parts.fraction}</i>
        </>
      )}
      <span className="moment-phone"> {timeLabels(moment.fields).join(', ')}</span>
    </span>
  )
}

const WhichCell = ({ moment }: { moment: Moment }) => {
  const labels = timeLabels(moment.fields)
  return (
    <span className={`moment-which ${moment.is_main ? '' : 'moment-further'}`} title={moment.fields.join(', ')}>
      {labels.length === 0 ? 'main time' : labels.join(', ')}
    </span>
  )
}

/** What a moment shows in the columns that are its own. */
export const momentCell = (row: EventRow, id: string, view: CellView): ReactNode => {
  const moment = momentOf(row)
  if (moment === null) return null
  if (id === 'time') return <TimeCell moment={moment} view={view} />
  return id === 'which' ? <WhichCell moment={moment} /> : null
}
