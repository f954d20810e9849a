import { Button } from '../../../ui/actions/Button.tsx'
import { Select } from '../../../ui/forms/Select.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import type { QueueState } from '../state/queue-state.ts'
import { FilterBar } from './FilterBar.tsx'
import { newestLooked } from './useQueue.ts'
import type { QueuePage, QueueProps } from './useQueuePage.ts'
import { ViewSelect } from './ViewList.tsx'

const sorts = [
  { value: 'severity desc', label: 'Most severe first' },
  { value: 'last_at desc', label: 'Last row, newest first' },
  { value: 'first_at asc', label: 'First row, oldest first' },
  { value: 'created_at desc', label: 'Newest detection first' },
  { value: 'rows desc', label: 'Most rows first' },
  { value: 'rows asc', label: 'Fewest rows first' },
  { value: 'title asc', label: 'By title' },
] as const satisfies readonly { value: `${QueueState['sort']} ${QueueState['order']}`; label: string }[]
type SortChoice = (typeof sorts)[number]['value']

/** Filters, order, and what came meanwhile. */
export const QueueTools = ({ page, state, onState }: { page: QueuePage } & Pick<QueueProps, 'state' | 'onState'>) => {
  const { queue, counts } = page
  const sort = sorts.find((one) => one.value === `${state.sort} ${state.order}`)?.value ?? 'severity desc'
  const isMost = queue.newest >= newestLooked
  return (
    <div className="queue-tools">
      <ViewSelect filter={state.filter} onOpen={(filter) => onState({ ...state, filter })} />
      <FilterBar filter={state.filter} counts={counts} onChange={(filter) => onState({ ...state, filter })} />
      <span className="grow" />
      {queue.newest > 0 && (
        <Button size="sm" variant="primary" icon="up" onClick={queue.reload}>
          {formatNumber(queue.newest)}
          {isMost ? ' or more' : ''} new
        </Button>
      )}
      <Select<SortChoice>
        label="Order"
        hideLabel
        size="sm"
        value={sort}
        options={sorts}
        onChange={(value) => {
          const [by, order] = value.split(' ')
          const next = sorts.find((one) => one.value === value)
          if (next !== undefined) onState({ ...state, sort: by as QueueState['sort'], order: order === 'asc' ? 'asc' : 'desc' })
        }}
      />
    </div>
  )
}

const caps = [
  ['a', 'take it'],
  ['1', 'true'],
  ['2', 'false'],
  ['3', 'benign'],
  ['c', 'comment'],
  ['u', 'suppress'],
] as const

/** Where one is, what the keys do, and the way back. */
export const QueueFoot = ({ page }: { page: QueuePage }) => {
  const { order, queue, currentId, triage } = page
  const at = currentId === null ? -1 : order.indexOf(currentId)
  return (
    <div className="queue-foot">
      <span>
        {at === -1 ? countOf(queue.total, 'detection') : `${formatNumber(at + 1)} of ${formatNumber(queue.total)}`}
        {order.length < queue.total && `, ${formatNumber(order.length)} loaded`}
      </span>
      <span className="grow" />
      {triage.last !== null && (
        <Button size="sm" variant="ghost" icon="retry" title={triage.last} busy={triage.isBusy} onClick={() => void page.undo()}>
          <span className="cut queue-undo">Undo {triage.last}</span> <kbd aria-hidden="true">z</kbd>
        </Button>
      )}
      <span className="queue-keys not-phone">
        {caps.map(([cap, does]) => (
          <span key={cap}>
            <kbd>{cap}</kbd> {does}{' '}
          </span>
        ))}
      </span>
    </div>
  )
}
