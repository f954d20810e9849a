import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { getSaved, type SavedSearch } from '../../../../../shared/contract/notes/saved.ts'
import { listSchedules } from '../../../../../shared/contract/notes/schedules.ts'
import type { SavedState } from '../../../../../shared/domain/hunt.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { Button } from '../../../ui/actions/Button.tsx'
import { EmptyState } from '../../../ui/feedback/EmptyState.tsx'
import { Skeleton } from '../../../ui/feedback/Skeleton.tsx'
import type { ExploreState } from '../state/explore-state.ts'
import { withPill } from '../state/pills.ts'
import { RunDialog } from './RunDialog.tsx'
import { runSavedSearch } from './run-saved.ts'
import { fromSaved, storedSince } from './saved-state.ts'

export interface OpenSavedProps {
  id: string
  /** Only the rows that were stored at or after one moment and before another: what a notice tells of. */
  between: { since: string; until: string } | null
  /** The schedule of the notice: its values stand for the parameters. */
  scheduleId: string | undefined
  onOpen: (state: ExploreState) => void
  onLeave: () => void
}

const stateOf = (state: SavedState, between: OpenSavedProps['between']): ExploreState => {
  const open = { ...fromSaved(state), row: null }
  if (between === null) return open
  const texts = [storedSince(between.since), `ingested_at:<${between.until}`]
  return { ...open, pills: texts.reduce((pills, text) => withPill(pills, { text, is_off: false }), [...open.pills]) }
}

/** The values to run with; null while they are not known or must be asked for. */
const useValues = (search: SavedSearch | undefined, scheduleId: string | undefined): Record<string, string> | null => {
  const schedules = useQuery({
    ...queryOf(listSchedules, {}),
    enabled: scheduleId !== undefined && search !== undefined && search.parameters.length > 0,
  })
  if (search === undefined) return null
  if (search.parameters.length === 0) return {}
  return schedules.data?.schedules.find((one) => one.id === scheduleId)?.values ?? null
}

/** A saved search by its id: it runs at once, or asks for its parameters first. */
export const OpenSaved = ({ id, between, scheduleId, onOpen, onLeave }: OpenSavedProps) => {
  const search = useQuery({ ...queryOf(getSaved, { params: { search_id: id } }), staleTime: 0 })
  const [problem, setProblem] = useState<Error | null>(null)
  const values = useValues(search.data, scheduleId)
  const isRun = useRef(false)
  const open = (state: SavedState) => onOpen(stateOf(state, between))
  const start = useEffectEvent((of: SavedSearch, given: Record<string, string>) => {
    // A page that is drawn twice runs it once: the second run would find nothing new.
    if (isRun.current) return
    isRun.current = true
    runSavedSearch(of, given).then(open, setProblem)
  })
  useEffect(() => {
    if (search.data !== undefined && values !== null) start(search.data, values)
  }, [search.data, values])
  const fault = problem ?? (search.data === undefined ? search.error : null)
  if (fault !== null)
    return (
      <EmptyState title="This search cannot be opened" actions={<Button onClick={onLeave}>Go to Explore</Button>}>
        {messageOf(fault)}
      </EmptyState>
    )
  if (search.data === undefined || search.data.parameters.length === 0 || scheduleId !== undefined)
    return <Skeleton rows={6} label="Opening the search" />
  return <RunDialog search={search.data} onRun={open} onClose={onLeave} />
}
