import { useQuery } from '@tanstack/react-query'
import { type ErasureStep, erasureSteps, listErasures, type TenantErasure } from '../../../../shared/contract/access/tenant-life.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf } from '../../api/queries.ts'
import { CopyButton } from '../../ui/actions/CopyButton.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Progress } from '../../ui/feedback/Progress.tsx'
import { countOf, formatBytes, formatNumber } from '../../ui/format/numbers.ts'
import { Panel } from '../../ui/layout/Panel.tsx'
import './tenants.css'

const words: Readonly<Record<ErasureStep, string>> = {
  jobs: 'waiting for its jobs to end',
  count: 'counting what there is',
  events: 'removing rows',
  evidence: 'removing files',
  people: 'removing accounts',
  rows: 'removing receipts, hosts and the rest',
  audit: 'removing its audit log',
  done: 'done',
}

/** Tables that have words of their own above the list. */
const named: ReadonlySet<string> = new Set(['event_rows', 'evidence_files', 'evidence_bytes', 'people'])

const Receipt = ({ erasure }: { erasure: TenantErasure }) => {
  const { counts } = erasure
  const of = (name: string) => counts[name] ?? 0
  const rest = Object.entries(counts).filter(([name, n]) => !named.has(name) && n > 0)
  return (
    <>
      <p>
        {countOf(of('event_rows'), 'row')}, {countOf(of('evidence_files'), 'file')} ({formatBytes(of('evidence_bytes'))}) and{' '}
        {countOf(of('people'), 'account')} are gone. Asked for by {erasure.requested_by},{' '}
        <Time at={erasure.requested_at} to="minute" named />; done <Time at={erasure.finished_at} to="minute" named />.
      </p>
      <details>
        <summary>Receipt</summary>
        <dl className="erasure-counts">
          {rest.map(([name, n]) => (
            <div key={name}>
              <dt className="mono">{name}</dt>
              <dd>{formatNumber(n)}</dd>
            </div>
          ))}
        </dl>
        <CopyButton value={JSON.stringify(erasure, null, 2)} label={`Copy the receipt of ${erasure.name}`} />
      </details>
    </>
  )
}

const Under = ({ erasure }: { erasure: TenantErasure }) => {
  const at = erasureSteps.indexOf(erasure.step)
  return (
    <>
      <p>
        Step {at + 1} of {erasureSteps.length - 1}: {words[erasure.step]}. It goes on by itself, also after a restart.
      </p>
      <Progress value={at} max={erasureSteps.length - 1} label={`Erasing ${erasure.name}`} />
      {erasure.fault !== null && <Note tone="warn">It waits and tries again: {erasure.fault}</Note>}
    </>
  )
}

/** Erasures under way, and the receipts of those that are done. */
export const Erasures = () => {
  const { data, error } = useQuery({
    ...listOf(listErasures, { query: { limit: 50 } }),
    refetchInterval: (query) => (query.state.data?.rows.some((one) => one.finished_at === null) === true ? 1000 : false),
  })
  if (error !== null)
    return (
      <Note tone="bad" live>
        {messageOf(error)}
      </Note>
    )
  if (data === undefined || data.total === 0) return null
  return (
    <Panel title="Erased tenants">
      <ul className="erasures">
        {data.rows.map((erasure) => (
          <li key={erasure.tenant_id}>
            <h3>{erasure.name}</h3>
            {erasure.finished_at === null ? <Under erasure={erasure} /> : <Receipt erasure={erasure} />}
          </li>
        ))}
      </ul>
      {data.total > data.rows.length && <p className="muted">And {formatNumber(data.total - data.rows.length)} older.</p>}
    </Panel>
  )
}
