import type { StackAnswer } from '../../../../../shared/contract/hunt/stack.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Segmented } from '../../../ui/actions/Segmented.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { formatDuration } from '../../../ui/format/times.ts'
import { useExplore } from '../explore-context.ts'
import { ExportButton } from '../export/ExportButton.tsx'
import type { Exported } from '../export/ExportForm.tsx'
import { Baselines } from './Baselines.tsx'
import { withOrder } from './stack-query.ts'
import type { Stacked } from './useStack.ts'

const orders = [
  { value: 'rare' as const, label: 'Rarest' },
  { value: 'top' as const, label: 'Most common' },
  { value: 'newest' as const, label: 'Newest' },
]

const groupWords = ({ total_groups, stops_after }: StackAnswer): string =>
  stops_after !== null && stops_after < total_groups
    ? `${formatNumber(stops_after)} of ${countOf(total_groups, 'group')}`
    : countOf(total_groups, 'group')

const exportOf = ({ answer, filter, baselineId }: Stacked, onlyNew: boolean): Exported => ({
  of: 'group',
  total: Math.min(answer.total_groups, answer.stops_after ?? answer.total_groups),
  body: { ...filter, ...(baselineId === null ? {} : { baseline_id: baselineId, only_new: onlyNew }) },
  cols: [],
})

export interface StackToolsProps {
  stacked: Stacked
  isOld: boolean
  /** Groups that were marked as known since the stack came. */
  marked: number
}

/** What the stack adds up to, its order, and what it is compared with. */
export const StackTools = ({ stacked, isOld, marked }: StackToolsProps) => {
  const { state, patch } = useExplore()
  const { answer } = stacked
  const fresh = answer.new_groups === null ? null : Math.max(0, answer.new_groups - marked)
  return (
    <div className="rows-tools stack-tools">
      <strong role="status">{groupWords(answer)}</strong>
      <span className="soft not-phone">
        {countOf(answer.rows, 'row')} · {formatNumber(answer.hosts)} of {countOf(answer.fleet, 'host')} ·{' '}
        {isOld ? 'from the last query that worked' : `exact · ${formatDuration(answer.took_ms)}`}
      </span>
      <Segmented
        label="Order"
        value={answer.order}
        options={orders}
        onChange={(order) => patch({ q: withOrder(state.q, { order }), group: null })}
      />
      <span className="grow" />
      {fresh !== null && (
        <Button
          size="sm"
          variant="ghost"
          className="stack-fresh"
          aria-pressed={state.fresh}
          title={state.fresh ? 'Show the known ones too' : 'Show these alone'}
          onClick={() => patch({ fresh: !state.fresh, group: null })}
        >
          {formatNumber(fresh)} not in baseline
        </Button>
      )}
      <Baselines stacked={stacked} />
      {!isOld && <ExportButton exported={exportOf(stacked, state.fresh)} />}
    </div>
  )
}
