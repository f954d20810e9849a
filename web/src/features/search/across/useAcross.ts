import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { searchAcross } from '../../../../../shared/contract/hunt/across.ts'
import { parsePipeline } from '../../../../../shared/query/pipeline.ts'
import { call } from '../../../api/call.ts'
import { resolveBound } from '../state/time-range.ts'
import type { AcrossState } from './across-state.ts'
import { mergeAnswers } from './merge.ts'

const limit = 100

const partsOf = ({ q, from, to, tenants, sort }: AcrossState, run: number): string => JSON.stringify([q, from, to, tenants, sort, run])

const askedNow = (state: AcrossState, run: number) => {
  const { q, from, to, tenants, sort } = state
  const now = Date.now()
  const [since, until] = [resolveBound(from, now), resolveBound(to, now)]
  const range = { ...(since === undefined ? {} : { from: since }), ...(until === undefined ? {} : { to: until }) }
  return { key: partsOf(state, run), body: { query: q, sort, limit, ...range, ...(tenants === null ? {} : { tenant_ids: [...tenants] }) } }
}

/** What `now-7d` means stays what it was when the question was asked. */
const useBody = (state: AcrossState, run: number): ReturnType<typeof askedNow> => {
  const [asked, setAsked] = useState(() => askedNow(state, run))
  if (asked.key === partsOf(state, run)) return asked
  const next = askedNow(state, run)
  setAsked(next)
  return next
}

/** The answers of all tenants that were asked, and their rows as one list. */
export const useAcross = (state: AcrossState, run: number) => {
  const { key, body } = useBody(state, run)
  const asking = useInfiniteQuery({
    queryKey: [searchAcross.path, key],
    queryFn: ({ signal, pageParam }) =>
      call(searchAcross, { body: pageParam === null ? body : { ...body, cursors: { ...pageParam } }, signal }),
    initialPageParam: null as Readonly<Record<string, string>> | null,
    getNextPageParam: (_last, pages) =>
      mergeAnswers(
        pages.flatMap((page) => page.answers),
        body.sort === '-timestamp',
      ).next,
    placeholderData: keepPreviousData,
    enabled: parsePipeline(state.q).ok,
    staleTime: 60_000,
    retry: false,
  })
  const pages = asking.data?.pages
  const merged = useMemo(
    () =>
      mergeAnswers(
        (pages ?? []).flatMap((page) => page.answers),
        body.sort === '-timestamp',
      ),
    [pages, body.sort],
  )
  // a tenant that fails in the middle says so on a later page
  const failures = useMemo(
    () => [...new Map((pages ?? []).flatMap((page) => page.failures).map((one) => [one.tenant_id, one])).values()],
    [pages],
  )
  return { asking, first: pages?.[0], rows: merged.rows, failures }
}

export type Across = ReturnType<typeof useAcross>
