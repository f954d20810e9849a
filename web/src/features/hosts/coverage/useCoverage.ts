import { useQueries } from '@tanstack/react-query'
import { type CoverageRow, hostCoverage } from '../../../../../shared/contract/hunt/host-tabs.ts'
import type { Reply } from '../../../../../shared/contract/route.ts'
import { queryOf } from '../../../api/queries.ts'

const pageSize = 100
type Answer = Reply<typeof hostCoverage>

export interface CoverageAsk {
  search: string
  artifact: string
  sort: string
  order: 'asc' | 'desc'
}

export interface Coverage {
  artifacts: Answer['artifacts']
  total: number
  rowAt: (index: number) => CoverageRow | undefined
  isPending: boolean
  error: Error | null
  retry: () => void
}

const pagesOf = (first: number, end: number): number[] => {
  const pages = new Set([0])
  for (let page = Math.floor(first / pageSize); page * pageSize < end; page++) pages.add(page)
  return [...pages]
}

/** The hosts in sight, a hundred at a time; those that were seen stay. */
export const useCoverage = (ask: CoverageAsk, first: number, end: number): Coverage => {
  const pages = pagesOf(first, end)
  const query = {
    limit: pageSize,
    sort: ask.sort,
    order: ask.order,
    ...(ask.search === '' ? {} : { search: ask.search }),
    ...(ask.artifact === '' ? {} : { artifact: ask.artifact }),
  }
  const asked = useQueries({
    queries: pages.map((page) => ({ ...queryOf(hostCoverage, { query: { ...query, skip: page * pageSize } }), staleTime: 30_000 })),
  })
  const head = asked[0]?.data
  return {
    artifacts: head?.artifacts ?? [],
    total: head?.total ?? 0,
    rowAt: (index) => asked[pages.indexOf(Math.floor(index / pageSize))]?.data?.hosts[index % pageSize],
    isPending: head === undefined && asked[0]?.isPending === true,
    error: asked.find((one) => one.error !== null)?.error ?? null,
    retry: () => {
      for (const one of asked) if (one.isError) void one.refetch()
    },
  }
}
