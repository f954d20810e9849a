import type { HostProcess } from '../../../../../shared/contract/hunt/host-tabs.ts'
import { usePrevalence } from '../../../api/prevalence.ts'
import { Chip } from '../../../ui/data/Chip.tsx'
import { Cut } from '../../../ui/data/Cut.tsx'
import { Mono } from '../../../ui/data/Mono.tsx'
import { Prevalence, rarityOf } from '../../../ui/data/Prevalence.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { formatNumber } from '../../../ui/format/numbers.ts'
import { Icon } from '../../../ui/icons/Icon.tsx'
import { argumentsOf, type TreeRow } from './tree-rows.ts'

export const rowPx = 26
/** Deeper levels stand where this one does: a chain of hundreds would leave the screen. */
const deepest = 14
const stepPx = 18

export interface ProcessRowProps {
  id: string
  row: TreeRow
  index: number
  isTree: boolean
  isSelected: boolean
  isOneYear: boolean
  onSelect: () => void
  onToggle: () => void
  onMore: () => void
}

export const orphanWords = (process: HostProcess): string =>
  process.orphan === 'loop'
    ? 'in a circle of parents'
    : process.parent_pid === null
      ? 'parent not collected'
      : `parent ${process.parent_pid} not collected`

export const endWords = (process: HostProcess): string =>
  process.ended === 'pid_reused' ? 'Its process id was given to a later process, so it must have ended' : 'Its end was recorded'

const Twist = ({ row, onToggle }: { row: TreeRow; onToggle: () => void }) =>
  row.hasChildren ? (
    <button
      type="button"
      className="process-twist"
      tabIndex={-1}
      aria-label={row.isOpen ? 'Close' : 'Open'}
      onClick={(event) => {
        event.stopPropagation()
        onToggle()
      }}
    >
      <Icon name={row.isOpen ? 'down' : 'right'} size={14} />
    </button>
  ) : (
    <span className="process-twist" />
  )

const More = ({ more, onMore }: { more: number; onMore: () => void }) => (
  <button
    type="button"
    className="process-more"
    tabIndex={-1}
    onClick={(event) => {
      event.stopPropagation()
      onMore()
    }}
  >
    +{formatNumber(more)} more
  </button>
)

const Name = ({ row, isTree, isRare, onToggle, onMore }: Omit<ProcessRowProps, 'row'> & { row: TreeRow; isRare: boolean }) => {
  const { process, more } = row
  const level = isTree ? Math.min(row.level, deepest) : 1
  return (
    <span role="gridcell" className="process-name" style={{ paddingLeft: 8 + (level - 1) * stepPx }}>
      {Array.from({ length: level - 1 }, (_, at) => (
        <i key={at} className="process-guide" style={{ left: 15 + at * stepPx }} aria-hidden="true" />
      ))}
      {isTree && <Twist row={row} onToggle={onToggle} />}
      {isTree && row.level > deepest && <span className="muted">{row.level}</span>}
      <Mono value={process.name === '' ? '(no name)' : process.name} className={`cut ${isRare ? 'is-rare' : ''}`} />
      {more > 0 && <More more={more} onMore={onMore} />}
      {process.ended !== null && (
        <span title={endWords(process)}>
          <Chip>ended</Chip>
        </span>
      )}
      {process.orphan !== null && <Chip tone="warn">{orphanWords(process)}</Chip>}
    </span>
  )
}

export const ProcessRow = (props: ProcessRowProps) => {
  const { id, row, index, isTree, isSelected, isOneYear, onSelect } = props
  const { process } = row
  const found = usePrevalence('process_name', process.name)
  const isRare = found !== undefined && ['few', 'rare'].includes(rarityOf(found.hosts, found.fleet))
  return (
    // The grid has the focus and the keys; a click is the same with a pointer.
    <div
      id={id}
      role="row"
      className={`process-row ${row.isWanted ? '' : 'is-way'}`}
      style={{ top: index * rowPx }}
      aria-level={isTree ? row.level : undefined}
      aria-expanded={isTree && row.hasChildren ? row.isOpen : undefined}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      onClick={onSelect}
    >
      <Name {...props} isRare={isRare} />
      <span role="gridcell" className="mono num muted">
        {process.pid}
      </span>
      <span role="gridcell" className="soft">
        <Time at={process.started_at} to="second" isOneYear={isOneYear} />
      </span>
      <span role="gridcell">
        <Cut text={process.user} className="mono soft" />
      </span>
      <span role="gridcell">
        <Cut text={argumentsOf(process.command_line)} className="mono soft" />
      </span>
      <span role="gridcell" className="num">
        {found !== undefined && <Prevalence {...found} />}
      </span>
    </div>
  )
}
