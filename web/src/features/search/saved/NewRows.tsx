import { useQuery } from '@tanstack/react-query'
import { search } from '../../../../../shared/contract/search.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { Time } from '../../../ui/data/Time.tsx'
import { Note } from '../../../ui/feedback/Note.tsx'
import { countOf } from '../../../ui/format/numbers.ts'
import { useExplore } from '../explore-context.ts'
import { filterOf } from '../result/question.ts'
import { compileQuery } from '../state/compile-query.ts'
import { withPill } from '../state/pills.ts'
import { isSameQuestion, type Ran, setRan, useRan } from './ran.ts'
import { storedSince, toSaved } from './saved-state.ts'

const News = ({ name, previous }: { name: string; previous: NonNullable<Ran['previous']> }) => {
  const { state, patch, question } = useExplore()
  const pills = withPill(state.pills, { text: storedSince(previous.seen_until), is_off: false })
  const { query } = compileQuery(state.q, pills)
  const { data } = useQuery({
    ...queryOf(search, { body: { ...filterOf(state, query, question?.asked_ms ?? 0), limit: 1 } }),
    enabled: question !== null,
  })
  const fresh = data?.total
  return (
    <Note
      action={
        <>
          {fresh !== undefined && fresh > 0 && (
            <Button size="sm" onClick={() => patch({ pills })}>
              Show {countOf(fresh, 'new row')}
            </Button>
          )}
          <Button size="sm" variant="ghost" onClick={() => setRan(null)}>
            Close
          </Button>
        </>
      }
      live
    >
      {fresh === undefined ? 'Counting new rows' : fresh === 0 ? 'No new rows' : countOf(fresh, 'new row')} since you ran “{name}” last,{' '}
      <Time at={previous.run_at} named to="second" />.
    </Note>
  )
}

/** What has come since a saved search was run before, as long as that is what is asked. */
export const NewRows = () => {
  const { state } = useExplore()
  const ran = useRan()
  if (ran === null || !isSameQuestion(ran.state, toSaved(state))) return null
  return (
    <div className="query-fault">
      {ran.previous === null ? (
        <Note
          live
          action={
            <Button size="sm" variant="ghost" onClick={() => setRan(null)}>
              Close
            </Button>
          }
        >
          “{ran.name}” runs for the first time here: from now on it says what is new since you ran it last.
        </Note>
      ) : (
        <News name={ran.name} previous={ran.previous} />
      )}
    </div>
  )
}
