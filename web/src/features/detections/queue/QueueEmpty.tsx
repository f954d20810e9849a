import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { countRules } from '../../../../../shared/contract/detect/rules.ts'
import type { DetectionFilter } from '../../../../../shared/domain/detections.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button, buttonClass } from '../../../ui/actions/Button.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { isSameFilter, openStatuses } from '../state/queue-state.ts'
import type { Counts } from '../state/filter-parts.ts'

export interface QueueEmptyProps {
  tenantId: string
  filter: DetectionFilter
  counts: Counts | undefined
  onFilter: (filter: DetectionFilter) => void
}

const plain: DetectionFilter = { status: [...openStatuses] }

const NoRules = ({ tenantId, rules }: { tenantId: string; rules: number }) => (
  <EmptyState
    title="No rule runs here yet"
    actions={
      <>
        <Link to="/t/$tenantId/rules" params={{ tenantId }} className={buttonClass({ variant: 'primary' })}>
          {rules === 0 ? 'Get rules' : 'Choose rules'}
        </Link>
        <Link to="/t/$tenantId/detections/attack" params={{ tenantId }} className={buttonClass({})}>
          What would be covered
        </Link>
      </>
    }
  >
    <p>
      Detections are what rules and indicators find in the rows of this tenant, in all that is stored and in each import that comes.{' '}
      {rules === 0
        ? 'There is no rule yet: enable the starter pack, or import a pack of Sigma rules.'
        : `There are ${countOf(rules, 'rule')}, and none of them is enabled.`}
    </p>
  </EmptyState>
)

const Nothing = ({ tenantId, running }: { tenantId: string; running: number | undefined }) => (
  <EmptyState
    title="Nothing was detected"
    actions={
      <>
        <Link to="/t/$tenantId/detections/attack" params={{ tenantId }} className={buttonClass({ variant: 'primary' })}>
          What is covered
        </Link>
        <Link to="/t/$tenantId/rules/sources" params={{ tenantId }} className={buttonClass({})}>
          Rows of each log source
        </Link>
        <Link to="/t/$tenantId/imports" params={{ tenantId }} search={{}} className={buttonClass({})}>
          Imports
        </Link>
      </>
    }
  >
    <p>
      {running === undefined ? 'No rule' : `None of ${countOf(running, 'rule')} that run`} found a row. That says nothing about what no rule
      looks for, and nothing about log sources that were never collected.
    </p>
  </EmptyState>
)

const Elsewhere = ({ filter, counts, onFilter }: QueueEmptyProps & { counts: Counts }) => {
  const { open, closed, news } = counts.views
  const isPlain = isSameFilter(filter, plain)
  return (
    <EmptyState
      title={isPlain ? 'Nothing is open' : 'No detection passes these filters'}
      actions={
        <>
          {!isPlain && (
            <Button variant="primary" onClick={() => onFilter(plain)}>
              {formatNumber(open)} open
            </Button>
          )}
          {closed > 0 && <Button onClick={() => onFilter({})}>All {formatNumber(open + closed)}</Button>}
          {news > 0 && <Button onClick={() => onFilter({ news: true })}>{formatNumber(news)} closed with new rows</Button>}
        </>
      }
    >
      <p>{isPlain ? `All ${countOf(closed, 'detection')} are closed.` : 'Take a pill away, or go to what is open.'}</p>
    </EmptyState>
  )
}

/** Why the list is empty, and the ways on: no rules, nothing found, or filters that let nothing pass. */
export const QueueEmpty = (props: QueueEmptyProps) => {
  const { tenantId, counts } = props
  const all = counts === undefined ? 0 : counts.views.open + counts.views.closed + counts.silenced
  const { data } = useQuery({ ...queryOf(countRules, { body: {} }), enabled: counts !== undefined && all === 0 })
  if (counts === undefined) return null
  if (all > 0) return <Elsewhere {...props} counts={counts} />
  if (data !== undefined && data.enabled === 0) return <NoRules tenantId={tenantId} rules={data.total} />
  return <Nothing tenantId={tenantId} running={data?.enabled} />
}
