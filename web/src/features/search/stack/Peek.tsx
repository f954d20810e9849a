import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { stackGroupDetail } from '../../../../../shared/contract/hunt/stack.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { useMay, useSession } from '../../../api/session.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { IconButton } from '../../../ui/actions/IconButton.tsx'
import { Prevalence } from '../../../ui/data/Prevalence.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Slow } from '../../../ui/feedback/Slow.tsx'
import { countOf, formatNumber } from '../../../ui/format/numbers.ts'
import { formatTime, zoneName } from '../../../ui/format/times.ts'
import { useZone } from '../../../ui/preferences.ts'
import { useExplore } from '../explore-context.ts'
import { useGivingUp } from '../../../api/giving-up.ts'
import { Marked } from '../values/Marked.tsx'
import { GroupValue } from './groups/StackRow.tsx'
import { withoutStages } from './stack-query.ts'
import type { Stacked } from './useStack.ts'

type Detail = Reply<typeof stackGroupDetail>

const Hosts = ({ detail, fleet }: { detail: Detail; fleet: number }) => {
  const tenantId = useSession().tenant_id
  const [zone] = useZone()
  const { openMenu } = useExplore()
  return (
    <section aria-label="Hosts">
      <h3>
        Hosts <span className="muted">{`${formatNumber(detail.total_hosts)} of ${formatNumber(fleet)}`}</span>
      </h3>
      <ul>
        {detail.hosts.map((host) => (
          <li key={`${host.host_id}${host.host_name}`} className="stack-peek-row">
            {host.host_id === null ? (
              <button
                type="button"
                className="mono cut"
                onClick={(event) => openMenu(event.currentTarget, { field: 'host_name', value: host.host_name })}
              >
                {host.host_name}
              </button>
            ) : (
              <Link className="mono cut" to="/t/$tenantId/hosts/$hostId" params={{ tenantId, hostId: host.host_id }}>
                {host.host_name}
              </Link>
            )}
            <span className="mono muted" title={host.first_seen === null ? undefined : `First seen, ${zoneName(zone)}`}>
              {host.first_seen === null ? 'no time' : formatTime(host.first_seen, { zone, to: 'minute' })}
            </span>
            <span className="stack-peek-count">{countOf(host.rows, 'row')}</span>
          </li>
        ))}
      </ul>
      {detail.total_hosts > detail.hosts.length && (
        <p className="muted">{countOf(detail.total_hosts - detail.hosts.length, 'more host')} with fewer rows.</p>
      )}
      {detail.total_hosts === 0 && <p className="muted">Its rows name no host.</p>}
    </section>
  )
}

const Others = ({ detail }: { detail: Detail }) => {
  const { openMenu } = useExplore()
  if (detail.others.length === 0) return null
  return (
    <section aria-label="Other values in this group">
      <h3>Other values in this group</h3>
      <dl className="stack-others">
        {detail.others.map(({ field, distinct, values }) => (
          <div key={field} className="stack-other">
            <dt className="cut" title={field}>
              {field}
            </dt>
            <dd>
              {values.map(({ value, rows }) => (
                <button
                  key={value}
                  type="button"
                  className="handle mono cut"
                  title={`${value.slice(0, 500)}\n${countOf(rows, 'row')}`}
                  onClick={(event) => openMenu(event.currentTarget, { field, value })}
                >
                  <Marked value={value} field="" matchers={[]} most={200} />
                </button>
              ))}
            </dd>
            <dd className="muted stack-peek-count">{countOf(distinct, 'value')}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const Nearest = ({ detail, field, fleet }: { detail: Detail; field: string; fleet: number }) => {
  const { openMenu } = useExplore()
  if (detail.nearest.length === 0) return null
  return (
    <section aria-label="Nearest by name">
      <h3>Nearest by name</h3>
      <ul>
        {detail.nearest.map(({ value, hosts, rows }) => (
          <li key={value} className="stack-peek-row">
            <button type="button" className="handle mono cut" onClick={(event) => openMenu(event.currentTarget, { field, value })}>
              <Marked value={value} field="" matchers={[]} most={200} />
            </button>
            <Prevalence hosts={hosts} fleet={fleet} rows={rows} />
          </li>
        ))}
      </ul>
    </section>
  )
}

export interface PeekProps {
  stacked: Stacked
  values: readonly (string | null)[]
  rows: number | null
  /** Null where nothing is compared. */
  isNew: boolean | null
  onRows: () => void
  onMark: () => void
  onClose: () => void
}

const mayNot = 'Your role may not change baselines.'

const Head = ({ stacked, values, rows, isNew, onRows, onMark, onClose }: PeekProps) => {
  const mayWrite = useMay('hunt.write')
  const { fields } = stacked.answer
  return (
    <>
      <div className="stack-peek-head">
        <h2 className="mono">
          <GroupValue value={values[0] ?? null} />
        </h2>
        <IconButton icon="close" label="Close the group" onClick={onClose} />
      </div>
      {values.slice(1).map((value, at) => (
        <div key={fields[at + 1]} className="stack-peek-value">
          <span className="muted">{fields[at + 1]}</span>
          <span className="mono">
            {value === null ? <span className="absent">(empty)</span> : <Marked value={value} field="" matchers={[]} most={600} />}
          </span>
        </div>
      ))}
      <div className="stack-peek-acts">
        <Button size="sm" iconAfter="forward" onClick={onRows}>
          {rows === null ? 'Its rows' : countOf(rows, 'row')}
        </Button>
        {isNew === true && (
          <Button size="sm" icon="check" disabledReason={mayWrite ? undefined : mayNot} onClick={onMark}>
            Mark as known
          </Button>
        )}
      </div>
    </>
  )
}

interface WaitProps {
  problem: Error | null
  isAsking: boolean
  isGivenUp: boolean
  cancel: () => void
  again: () => void
}

/** Until it is known: why it is not. */
const Wait = ({ problem, isAsking, isGivenUp, cancel, again }: WaitProps) => {
  if (isAsking)
    return (
      <div className="stack-peek-wait" role="status" aria-label="Looking into the group">
        <Slow words="Looking into the group" onCancel={cancel} />
        {[70, 50, 60, 40].map((width) => (
          <span key={width} className="skeleton" style={{ width: `${width}%` }} />
        ))}
      </div>
    )
  if (problem !== null)
    return (
      <Note
        tone="bad"
        action={
          <Button size="sm" onClick={again}>
            Try again
          </Button>
        }
      >
        {messageOf(problem)}
      </Note>
    )
  if (!isGivenUp) return null
  return (
    <p className="muted stack-peek-wait">
      Not looked into: it was cancelled.{' '}
      <button type="button" className="field-link" onClick={again}>
        Look
      </button>
    </p>
  )
}

/** What is known of one group, beside the stack. */
export const Peek = (props: PeekProps) => {
  const { answer, filter } = props.stacked
  const asked = queryOf(stackGroupDetail, {
    body: { ...filter, query: withoutStages(filter.query), fields: [...answer.fields], values: [...props.values] },
  })
  const found = useQuery({ ...asked, staleTime: 60_000 })
  const givingUp = useGivingUp(asked.queryKey, found)
  const detail = found.data
  return (
    <aside className="stack-peek" aria-label="Group">
      <Head {...props} />
      {detail === undefined ? (
        <Wait problem={found.error} isAsking={found.isFetching} again={() => void found.refetch()} {...givingUp} />
      ) : (
        <>
          <Hosts detail={detail} fleet={answer.fleet} />
          <Others detail={detail} />
          <Nearest detail={detail} field={answer.fields[0] ?? ''} fleet={answer.fleet} />
        </>
      )}
    </aside>
  )
}
