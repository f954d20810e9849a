import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { stack, type StackAnswer, type StackGroup } from '../../../../../shared/contract/hunt/stack.ts'
import { call } from '../../../api/call.ts'
import { useGivingUp } from '../../../api/giving-up.ts'
import { useExplore } from '../explore-context.ts'
import type { Filter, Question } from '../result/question.ts'
import { RowStore } from '../rows/row-store.ts'
import { stackOf } from './stack-query.ts'

const firstGroups = 200

/** One stack as it came: the groups beyond the first page are asked for as the window moves. */
export interface Stacked {
  answer: StackAnswer
  store: RowStore<StackGroup>
  /** What found it. */
  filter: Filter
  baselineId: string | null
}

interface Asked {
  question: Question
  body: Filter & { baseline_id?: string; only_new?: boolean }
}

const shownGroups = ({ total_groups, stops_after }: StackAnswer): number => Math.min(total_groups, stops_after ?? total_groups)

const stackedFrom = (answer: StackAnswer, { body, question }: Asked): Stacked => {
  const total = shownGroups(answer)
  const pageOf = ({ groups, next_cursor }: StackAnswer) => ({ events: groups, next_cursor, total })
  const store = new RowStore<StackGroup>({
    first: pageOf(answer),
    fetchPage: async ({ cursor, skip, limit }, signal) =>
      pageOf(await call(stack, { body: { ...body, limit, skip, ...(cursor === undefined ? {} : { cursor }) }, signal })),
  })
  return { answer, store, filter: question.filter, baselineId: body.baseline_id ?? null }
}

/** The stack that the query asks for; the one before stays until it is here. */
export const useStack = () => {
  const { state, question } = useExplore()
  const isStack = question !== null && stackOf(question.filter.query) !== null
  const asked: Asked | null = isStack
    ? {
        question,
        body: { ...question.filter, ...(state.baseline === null ? {} : { baseline_id: state.baseline, only_new: state.fresh }) },
      }
    : null
  const queryKey = [stack.path, asked?.body, question?.key] as const
  const found = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      if (asked === null) throw new Error('no stack is asked for')
      return { answer: await call(stack, { body: { ...asked.body, limit: firstGroups }, signal }), asked }
    },
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { data } = found
  const stacked = useMemo(() => (data === undefined ? null : stackedFrom(data.answer, data.asked)), [data])
  useEffect(() => () => stacked?.store.close(), [stacked])
  const givingUp = useGivingUp(queryKey, found, asked !== null)
  return {
    isStack,
    stacked: isStack ? stacked : null,
    isOld: found.isPlaceholderData || (found.isError && data !== undefined),
    isAsking: found.isFetching,
    problem: found.error,
    again: () => void found.refetch(),
    ...givingUp,
  }
}

export type StackState = ReturnType<typeof useStack>
