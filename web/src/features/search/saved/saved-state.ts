// The state of Explore as data that is kept, and back. What later views add to the address travels as it is printed there.
import type { SavedState } from '../../../../../shared/domain/hunt.ts'
import { type ExploreSearch, type ExploreState, parseExplore, printExplore } from '../state/explore-state.ts'
import { viewNamed } from '../views/views.ts'

const ownNames: ReadonlySet<string> = new Set(['q', 'f', 'from', 'to', 'sort', 'cols', 'row', 'panel', 'imports', 'artifacts', 'hosts'])

export const toSaved = (state: ExploreState): SavedState => ({
  view: state.view,
  q: state.q,
  pills: state.pills.filter((pill) => pill.text !== '').map((pill) => ({ text: pill.text, is_off: pill.is_off })),
  from: state.from,
  to: state.to,
  sort: state.sort,
  cols: state.cols === null ? null : [...state.cols],
  imports: [...state.imports],
  artifacts: [...state.artifacts],
  hosts: [...state.hosts],
  others: Object.fromEntries(
    Object.entries(printExplore(state)).flatMap(([name, value]) => (ownNames.has(name) || value === undefined ? [] : [[name, value]])),
  ),
})

/** The whole state: what was open of a single row is closed. */
export const fromSaved = (saved: SavedState): ExploreState => {
  const { view, q, pills, from, to, sort, cols, imports, artifacts, hosts, others } = saved
  const rest = parseExplore(others as ExploreSearch, viewNamed(view as ExploreState['view']).name)
  return { ...rest, q, pills, from, to, sort, cols, imports, artifacts, hosts }
}

/** Rows that were stored at this moment or later. */
export const storedSince = (seenUntil: string): string => `ingested_at:>=${seenUntil}`
