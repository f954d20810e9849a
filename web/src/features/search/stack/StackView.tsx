import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { listFields } from '../../../../../shared/contract/search.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { Slow } from '../../../ui/feedback/Slow.tsx'
import { useExplore } from '../explore-context.ts'
import { GridWait } from '../grid/GridWait.tsx'
import { useReport } from '../views/useReport.ts'
import { StackBar } from './StackBar.tsx'
import { StackTeach } from './StackEmpty.tsx'
import { StackResult } from './StackResult.tsx'
import { withoutStages } from './stack-query.ts'
import { type StackState, useStack } from './useStack.ts'
import './stack.css'

/** The fields that the rows have, to stack by: asked for once the stack is there, for it reads much of them. */
const useFieldNames = (isWanted: boolean): readonly string[] | null => {
  const { question } = useExplore()
  const filter = question?.filter ?? { query: '' }
  const found = useQuery({
    ...queryOf(listFields, { body: { ...filter, query: withoutStages(filter.query) } }),
    enabled: isWanted && question !== null,
  })
  const fields = found.data?.fields
  return useMemo(() => fields?.filter((one) => one.rows > 0).map((one) => one.name) ?? null, [fields])
}

const noNames: readonly string[] = []

const Problem = ({ found }: { found: StackState }) => {
  const { state, patch } = useExplore()
  const kept = found.stacked === null ? '' : ' The groups below are from the query before.'
  const words = found.isGivenUp ? 'The stack was cancelled.' : messageOf(found.problem)
  const isBaseline = !found.isGivenUp && state.baseline !== null
  return (
    <Note
      tone={found.isGivenUp ? 'info' : 'bad'}
      live
      action={
        <>
          {isBaseline && (
            <Button size="sm" onClick={() => patch({ baseline: null, fresh: false })}>
              Without the baseline
            </Button>
          )}
          <Button size="sm" onClick={found.again}>
            {found.isGivenUp ? 'Stack again' : 'Try again'}
          </Button>
        </>
      }
    >
      {words}
      {kept}
    </Note>
  )
}

/** The groups, or what stands in their place until they are there. */
const Found = ({ found }: { found: StackState }) => {
  const { stacked, isAsking } = found
  if (stacked !== null) return <StackResult stacked={stacked} isOld={found.isOld} />
  return isAsking ? <GridWait /> : null
}

const Waiting = ({ found }: { found: StackState }) =>
  found.isAsking ? (
    <div className="stack-slow">
      <Slow words="Stacking" onCancel={found.cancel} />
    </div>
  ) : null

/** A mistake of the query is shown at the box; whatever else failed, and what was given up, here. */
const isStopped = ({ problem, isAsking, isGivenUp }: StackState, hasFault: boolean): boolean =>
  isGivenUp || (problem !== null && !hasFault && !isAsking)

/** The rows of the query counted by what they share. */
export const StackView = () => {
  const { question } = useExplore()
  const found = useStack()
  const { isStack, stacked, problem, isAsking } = found
  const hasFault = useReport(problem, stacked !== null)
  const names = useFieldNames(!isStack || (stacked !== null && !isAsking))
  const known = useMemo(() => (names === null ? null : new Set(names)), [names])
  return (
    <div className="explore-body stack-body">
      <section className="explore-rows" aria-label="Stack">
        <StackBar fields={names ?? noNames} bars={stacked?.answer.by_hosts ?? null} />
        {isStack && isStopped(found, hasFault) && <Problem found={found} />}
        {!isStack && question !== null && <StackTeach fields={known} />}
        {isStack && <Found found={found} />}
        <Waiting found={found} />
      </section>
    </div>
  )
}
