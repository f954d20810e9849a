import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { histogram, listFields } from '../../../../../shared/contract/search.ts'
import { useGivingUp } from '../../../api/giving-up.ts'
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
export const useAnswers = (question: Question | null, { by, time }: Pick<ExploreState, 'by' | 'time'>) => {
  const searching = useResult(question)
  const shown = shownOf(question, searching)
  const filter = shown?.filter ?? { query: '' }
  const barsAsked = queryOf(histogram, { body: { ...filter, by, time_field: time } })
  const bars = useQuery({ ...barsAsked, enabled: shown !== null, placeholderData: keepPreviousData })
  const fieldsAsked = queryOf(listFields, { body: filter })
  // After the rows: it reads the most, and a query that is refused is refused once.
  const isFieldsTurn = shown !== null && searching.result?.question === shown
  const fields = useQuery({ ...fieldsAsked, enabled: isFieldsTurn, placeholderData: keepPreviousData })
  const givingUp = {
    bars: useGivingUp(barsAsked.queryKey, bars, shown !== null),
    fields: useGivingUp(fieldsAsked.queryKey, fields, isFieldsTurn),
  }
  // The bars tell where rows stand in the list only where they run over the time that it is ordered by.
  const isOfResult = searching.result?.question === shown && !bars.isPlaceholderData && time === 'timestamp'
  useStarts(searching.result, isOfResult ? bars.data : undefined)
  return { question, searching, bars, fields, givingUp, barsKey: JSON.stringify(barsAsked.queryKey) }
}

export type Answers = ReturnType<typeof useAnswers>
