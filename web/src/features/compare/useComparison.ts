import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { compare, type Side } from '../../../../shared/contract/hunt/compare.ts'
import type { Sent } from '../../../../shared/contract/route.ts'
import { call } from '../../api/call.ts'
import type { CompareUrl } from './compare-state.ts'

export interface Wanted extends CompareUrl {
  left: Side
  right: Side
  artifact: string
}

type Body = Sent<typeof compare>['body']

export const isWhole = (url: CompareUrl): url is Wanted => url.left !== null && url.right !== null && url.artifact !== null

const bodyOf = ({ left, right, artifact, key, ignore, show }: Wanted): Body => ({
  left,
  right,
  artifact,
  show,
  ...(key === null ? {} : { key: [...key] }),
  ...(ignore === null ? {} : { ignore: [...ignore] }),
})

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
