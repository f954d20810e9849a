import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { histogram, listFields } from '../../../../../shared/contract/search.ts'
import { queryOf } from '../../../api/queries.ts'
import type { ExploreState } from '../state/explore-state.ts'
import { questionOf, questionParts } from './question.ts'
import { useResult } from './useResult.ts'
import { useStarts } from './useStarts.ts'

/** One question, asked of everything that shows a part of its answer. */
export const useAnswers = (state: ExploreState, run: number) => {
  const parts = questionParts(state)
  // The state is new with every step in the grid; the question only when one of its parts is.
  const question = useMemo(() => questionOf(state, run, Date.now()), [parts, run])
  const searching = useResult(question)
  const filter = question?.filter ?? { query: '' }
  const isAsked = question !== null && searching.state !== 'cancelled' && searching.state !== 'failed'
  const bars = useQuery({
    ...queryOf(histogram, { body: { ...filter, by: state.by } }),
    enabled: isAsked,
    placeholderData: keepPreviousData,
  })
  const fields = useQuery({
    ...queryOf(listFields, { body: filter }),
    enabled: isAsked && searching.state === 'here',
    placeholderData: keepPreviousData,
  })
  const isOfResult = searching.result?.question === question && !bars.isPlaceholderData
  useStarts(searching.result, isOfResult ? bars.data : undefined)
  return { question, searching, bars, fields }
}

export type Answers = ReturnType<typeof useAnswers>
