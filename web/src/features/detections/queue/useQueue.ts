// The list as it was asked for: what people do changes its rows in place, and what arrives meanwhile waits to be asked in.
import { type InfiniteData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { type Detection, listDetections } from '../../../../../shared/contract/detect/detections.ts'
import { callList } from '../../../api/call.ts'
import { queryClient } from '../../../api/query-client.ts'
import type { QueueState } from '../state/queue-state.ts'

const pageSize = 200
const lookEveryMs = 15_000
/** So many new ones are counted; more are "50 or more". */
export const newestLooked = 50

interface Part {
  rows: Detection[]
  total: number
}
type Loaded = InfiniteData<Part, number>

const keyOf = (state: QueueState) => [listDetections.path, 'queue', state] as const

/** Ids of what came since the list was read, of the newest that pass the filter. */
const useNewest = (state: QueueState, known: ReadonlySet<string>, readAtMs: number): number => {
  const { data } = useQuery({
    queryKey: [listDetections.path, 'newest', state.filter],
    queryFn: ({ signal }) =>
      callList(listDetections, { body: { filter: state.filter, sort: 'created_at', order: 'desc', limit: newestLooked }, signal }),
    refetchInterval: lookEveryMs,
    enabled: readAtMs > 0,
  })
  return data?.rows.filter((one) => !known.has(one.id) && Date.parse(one.created_at) > readAtMs - lookEveryMs * 4).length ?? 0
}

export const useQueue = (state: QueueState) => {
  const query = useInfiniteQuery({
    queryKey: keyOf(state),
    queryFn: ({ pageParam, signal }): Promise<Part> =>
      callList(listDetections, {
        body: {
          filter: state.filter,
          sort: state.sort,
          order: state.order,
          group_by_host: state.is_by_host,
          skip: pageParam,
          limit: pageSize,
        },
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const loaded = all.reduce((sum, part) => sum + part.rows.length, 0)
      return last.rows.length === 0 || loaded >= last.total ? undefined : loaded
    },
    // It moves when one asks for it, and not by itself.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query
  const list = useMemo(() => {
    const seen = new Set<string>()
    const all = data?.pages.flatMap((part) => part.rows) ?? []
    // Where one moved between two parts it is in both.
    return all.filter((one) => !seen.has(one.id) && seen.add(one.id))
  }, [data])
  const known = useMemo(() => new Set(list.map((one) => one.id)), [list])
  const isWhole = data !== undefined && !hasNextPage
  const newest = useNewest(state, known, query.dataUpdatedAt)
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, fetchNextPage])
  /** Rows of that id are drawn as they are now; they stay where they stand. */
  const change = useCallback(
    (changed: ReadonlyMap<string, Partial<Detection>>) =>
      queryClient.setQueriesData<Loaded>({ queryKey: [listDetections.path, 'queue'] }, (before) =>
        before === undefined
          ? before
          : {
              ...before,
              pages: before.pages.map((part) => ({ ...part, rows: part.rows.map((one) => ({ ...one, ...changed.get(one.id) })) })),
            },
      ),
    [],
  )
  return {
    list,
    total: data?.pages.at(-1)?.total ?? 0,
    isPending: query.isPending,
    isReading: query.isFetching,
    error: query.error,
    // Without the rest of the list, what is not in it may be only further down.
    newest: isWhole ? newest : 0,
    more,
    change,
    reload: () => void refetch(),
  }
}
export type Queue = ReturnType<typeof useQueue>
