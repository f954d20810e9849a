import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { IndicatorBatch } from '../../../../shared/contract/detect/indicator-shapes.ts'
import { listIndicatorBatches } from '../../../../shared/contract/detect/indicators.ts'
import { messageOf } from '../../api/problem.ts'
import { listOf } from '../../api/queries.ts'
import { Equation } from '../../ui/data/Equation.tsx'
import { Pager } from '../../ui/data/Pager.tsx'
import { Time } from '../../ui/data/Time.tsx'
import { EmptyState } from '../../ui/feedback/EmptyState.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { Skeleton } from '../../ui/feedback/Skeleton.tsx'
import { formatNumber } from '../../ui/format/numbers.ts'
import { formatWords } from './indicator-words.ts'
import { RunLine } from './RunLine.tsx'
import './indicators.css'

const limit = 20

/** What was refused and why, and what was left out. */
export const Refusals = ({ refusals, notes }: Pick<IndicatorBatch, 'refusals' | 'notes'>) =>
  refusals.length + notes.length === 0 ? null : (
    <details className="indicator-refusals">
      <summary>{refusals.length > 0 ? 'What was refused, and why' : 'What was left out'}</summary>
      <ul>
        {refusals.map((one) => (
          <li key={one.reason}>
            {`${formatNumber(one.count)} × ${one.reason}: `}
            <span className="mono">
              <bdi>{one.examples.join(' · ')}</bdi>
            </span>
          </li>
        ))}
        {notes.map((note) => (
          <li key={note} className="muted">
            {note}
          </li>
        ))}
      </ul>
    </details>
  )

export const Receipt = ({ batch }: { batch: IndicatorBatch }) => (
  <section className="indicator-receipt">
    <p>
      <strong>{batch.file_name === '' ? `From ${formatWords[batch.format]}` : batch.file_name}</strong>{' '}
      <span className="muted">
        {`${batch.file_name === '' ? '' : `${formatWords[batch.format]}, `}by ${batch.created_by}, `}
        <Time at={batch.created_at} to="minute" />
      </span>
    </p>
    <Equation
      total={{ value: batch.read, label: 'read' }}
      parts={[
        { value: batch.added, label: 'added' },
        { value: batch.known, label: 'already there' },
        { value: batch.refused, label: 'refused', bad: true },
      ]}
    />
    <Refusals refusals={batch.refusals} notes={batch.notes} />
    {batch.run !== null && <RunLine run={batch.run} />}
  </section>
)

export const Receipts = ({ listId }: { listId: string }) => {
  const [skip, setSkip] = useState(0)
  const { data, error } = useQuery({
    ...listOf(listIndicatorBatches, { params: { list_id: listId }, query: { skip, limit } }),
    refetchInterval: 5000,
  })
  if (error !== null) return <Note tone="bad">{messageOf(error)}</Note>
  if (data === undefined) return <Skeleton rows={4} label="Loading receipts" />
  if (data.total === 0)
    return (
      <EmptyState title="Nothing was put into this list yet">
        Each import leaves its receipt here: what was read, added, there already and refused.
      </EmptyState>
    )
  return (
    <>
      {data.rows.map((batch) => (
        <Receipt key={batch.id} batch={batch} />
      ))}
      <Pager skip={skip} limit={limit} total={data.total} what="receipts" onSkip={setSkip} />
    </>
  )
}
