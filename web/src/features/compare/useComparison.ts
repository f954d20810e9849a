import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { compare, type Side } from '../../../../shared/contract/hunt/compare.ts'
import type { Sent } from '../../../../shared/contract/route.ts'
import { call } from '../../api/call.ts'
import type { CompareUrl } from './compare-state.ts'

export interface Wanted extends CompareUrl {
  left: Side
  right: Side
}

type Body = Sent<typeof compare>['body']

/** A baseline says by itself what it is of, and by what rows are compared with it. */
export const hasBaseline = ({ left, right }: Pick<CompareUrl, 'left' | 'right'>): boolean =>
  left?.kind === 'baseline' || right?.kind === 'baseline'

export const isWhole = (url: CompareUrl): url is Wanted =>
  url.left !== null && url.right !== null && (url.artifact !== null || hasBaseline(url))

const bodyOf = (wanted: Wanted): Body => {
  const { left, right, artifact, key, ignore, show } = wanted
  if (hasBaseline(wanted)) return { left, right, show }
  return {
    left,
    right,
    show,
    ...(artifact === null ? {} : { artifact }),
    ...(key === null ? {} : { key: [...key] }),
    ...(ignore === null ? {} : { ignore: [...ignore] }),
  }
}

/** The comparison, page by page; the numbers of all four states come with each page. */
export const useComparison = (wanted: Wanted) => {
  const body = bodyOf(wanted)
  return useInfiniteQuery({
    queryKey: [compare.path, body],
    queryFn: ({ signal, pageParam }) => call(compare, { body: { ...body, ...(pageParam === '' ? {} : { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}

export type Comparison = ReturnType<typeof useComparison>
