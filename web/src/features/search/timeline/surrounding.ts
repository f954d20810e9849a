// From one row to what its host did around it: the same for a button, a menu and a key.
import type { EventRow } from '../../../../../shared/contract/search.ts'
import type { ExploreState } from '../state/explore-state.ts'
import { pillFor } from '../state/pills.ts'
import { around } from '../state/time-range.ts'

/** Minutes before and after; the first is what a click means. */
export const spans: readonly { minutes: number; label: string }[] = [
  { minutes: 5, label: '± 5 min' },
  { minutes: 1, label: '± 1 min' },
  { minutes: 15, label: '± 15 min' },
  { minutes: 60, label: '± 1 h' },
  { minutes: 1440, label: '± 1 day' },
]

type Around = Pick<EventRow, 'id' | 'host_id' | 'host_name'>

/** The timeline of the row's host around one of its times, with the row marked. Nothing else of the query stays. */
export const surroundingOf = (row: Around, at: string, minutes: number): Partial<ExploreState> => ({
  view: 'timeline',
  q: '',
  // A host that is not known as one is found by its name.
  pills: row.host_id === null ? [pillFor('host_name', row.host_name, 'only')] : [],
  hosts: row.host_id === null ? [] : [row.host_id],
  imports: [],
  artifacts: [],
  sort: null,
  lanes: 'artifact',
  row: row.id,
  at,
  ...around(at, minutes),
})
