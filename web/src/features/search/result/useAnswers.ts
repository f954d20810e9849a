import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { histogram, listFields } from '../../../../../shared/contract/search.ts'
import { queryOf } from '../../../api/queries.ts'
import type { ExploreState } from '../state/explore-state.ts'
import { type Question, questionOf, questionParts } from './question.ts'
import type { Searching } from './search-run.ts'
import { useResult } from './useResult.ts'
import { useStarts } from './useStarts.ts'

const askedNow = (state: ExploreState, run: number) => ({
  key: `${run} ${questionParts(state)}`,
  question: questionOf(state, run, Date.now()),
})

/** The state is new with every step in the grid; the question only when one of its parts is, or when it is run again. */
export const useQuestion = (state: ExploreState, run: number): Question | null => {
  const [asked, setAsked] = useState(() => askedNow(state, run))
  if (asked.key === `${run} ${questionParts(state)}`) return asked.question
  const next = askedNow(state, run)
  setAsked(next)
  return next.question
}

/** What histogram and fields belong to: the new question, or the last that worked when it does not. */
const shownOf = (question: Question | null, { state, result }: Searching): Question | null =>
  question === null || state === 'failed' || state === 'cancelled' ? (result?.question ?? null) : question

/** One question, asked of everything that shows a part of its answer. */
export const useAnswers = (question: Question | null, by: string) => {
  const searching = useResult(question)
  const shown = shownOf(question, searching)
  const filter = shown?.filter ?? { query: '' }
  const bars = useQuery({
    ...queryOf(histogram, { body: { ...filter, by } }),
    enabled: shown !== null,
    placeholderData: keepPreviousData,
  })
  const fields = useQuery({
    ...queryOf(listFields, { body: filter }),
    // After the rows: it reads the most, and a query that is refused is refused once.
    enabled: shown !== null && searching.result?.question === shown,
    placeholderData: keepPreviousData,
  })
  const isOfResult = searching.result?.question === shown && !bars.isPlaceholderData
  useStarts(searching.result, isOfResult ? bars.data : undefined)
  return { question, searching, bars, fields }
}

export type Answers = ReturnType<typeof useAnswers>
