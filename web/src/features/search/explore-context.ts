// What the parts of Explore share: the state in the URL, the way to change it, and the menu on a value.
import { createContext, use } from 'react'
import type { EventRow } from '../../../../shared/contract/search.ts'
import type { Question } from './result/question.ts'
import type { ExploreState } from './state/explore-state.ts'
import type { Matcher } from './values/matchers.ts'
import type { FieldValue } from './values/row-values.ts'

export type Patch = (change: Partial<ExploreState>, how?: { replace?: boolean }) => void

/** What the server refused of a question. */
export interface Refusal {
  question: Question
  problem: Error
  hasResult: boolean
}

export interface Exploring {
  state: ExploreState
  patch: Patch
  /** Asks again, also when nothing has changed. */
  run: () => void
  /** What every view asks; null while the box holds something that does not parse. */
  question: Question | null
  report: (refusal: Refusal | null) => void
  /** Where a view puts its own buttons: at the end of the row of pills. */
  tools: HTMLElement | null
  matchers: readonly Matcher[]
  /** `row` where the value is one of a row that is shown. */
  openMenu: (anchor: Element, value: FieldValue, row?: EventRow) => void
  only: (value: FieldValue) => void
  not: (value: FieldValue) => void
  /** The colour of an artifact: 1 to 6, 0 for the others. */
  hueOf: (artifact: string) => number
}

export const ExploreContext = createContext<Exploring | null>(null)

export const useExplore = (): Exploring => {
  const exploring = use(ExploreContext)
  if (exploring === null) throw new Error('useExplore outside of Explore')
  return exploring
}
