import { memo } from 'react'
import type { StackGroup } from '../../../../../../shared/contract/hunt/stack.ts'
import { Prevalence } from '../../../../ui/data/Prevalence.tsx'
import { MiddleEllipsis } from '../../../../ui/data/MiddleEllipsis.tsx'
import { formatNumber, formatPercent } from '../../../../ui/format/numbers.ts'
import { formatTime } from '../../../../ui/format/times.ts'
import type { Zone } from '../../../../ui/preferences.ts'
import { rarityOf } from '../../../../ui/data/Prevalence.tsx'
import { Marked } from '../../values/Marked.tsx'
import { Spark } from './Spark.tsx'

export interface GroupView {
  fields: readonly string[]
  fleet: number
  zone: Zone
  isOneYear: boolean
  isPhone: boolean
  /** What the small pictures cover, in words. */
  sparkWords: string
}

export interface StackRowProps {
  group: StackGroup | undefined
  index: number
  y: number
  view: GroupView
  isCurrent: boolean
  isPeeked: boolean
  isNew: boolean
  /** The cell that Tab reaches; null in every row but the current one. */
  stop: number | null
}

const Wait = ({ at }: { at: number }) => <span className="skeleton" style={{ width: `${35 + ((at * 31) % 50)}%` }} />

const isPath = (value: string): boolean => /[\\/].*[\\/]/.test(value)

export const GroupValue = ({ value }: { value: string | null }) => {
  if (value === null) return <span className="absent">(empty)</span>
  if (value === '') return <span className="absent">""</span>
  return isPath(value) && value.length < 400 ? <MiddleEllipsis value={value} /> : <Marked value={value} field="" matchers={[]} most={300} />
}

const cells = (group: StackGroup, view: GroupView): React.ReactNode[] => {
  const { fleet, zone, isOneYear } = view
  const rarity = rarityOf(group.hosts, fleet)
  const time = (at: string | null) =>
    at === null ? <span className="absent">no time</span> : formatTime(at, { zone, isOneYear, to: 'minute' })
  return [
    <Prevalence key="hosts" hosts={group.hosts} fleet={fleet} first_seen={group.first_seen} rows={group.rows} />,
    <span key="share" className="stack-share">
      <span className={`stack-share-bar ${rarity === 'few' || rarity === 'rare' ? 'stack-share-rare' : ''}`} aria-hidden="true">
        <i style={{ width: `${group.share * 100}%` }} />
      </span>
      <span className="muted">{formatPercent(group.hosts, fleet)}</span>
    </span>,
    <span key="rows">
      {formatNumber(group.rows)}
      <span className="stack-unit muted">{group.rows === 1 ? ' row' : ' rows'}</span>
    </span>,
    <span key="first" className="mono muted">
      {time(group.first_seen)}
    </span>,
    <span key="last" className="mono muted">
      {time(group.last_seen)}
    </span>,
    <Spark key="spark" counts={group.spark} words={view.sparkWords} />,
  ]
}

export const factColumns = ['hosts', 'share', 'rows', 'first', 'last', 'spark'] as const

/** One group; clicks and keys are the grid's. */
export const StackRow = memo(({ group, index, y, view, isCurrent, isPeeked, isNew, stop }: StackRowProps) => {
  const facts = group === undefined ? [] : cells(group, view)
  return (
    <div
      role="row"
      className={`grid-row stack-row ${isCurrent ? 'grid-current' : ''} ${isPeeked ? 'stack-peeked' : ''}`}
      aria-rowindex={index + 2}
      data-index={index}
      style={{ transform: `translateY(${y}px)` }}
    >
      {view.fields.map((field, at) => (
        <span
          key={field}
          role="gridcell"
          data-col={at}
          tabIndex={stop === at ? 0 : -1}
          className={`mono stack-value ${at === 0 ? 'stack-lead' : ''}`}
        >
          {group === undefined ? (
            <Wait at={index + at * 3} />
          ) : (
            <>
              <span className="handle stack-handle" data-field={field}>
                <GroupValue value={group.values[at] ?? null} />
              </span>
              {at === 0 && isNew && <span className="stack-new">new</span>}
            </>
          )}
        </span>
      ))}
      {factColumns.map((id, at) => (
        <span
          key={id}
          role="gridcell"
          data-col={view.fields.length + at}
          tabIndex={stop === view.fields.length + at ? 0 : -1}
          className={`stack-${id}`}
        >
          {group === undefined ? <Wait at={index + at * 7} /> : facts[at]}
        </span>
      ))}
    </div>
  )
})
