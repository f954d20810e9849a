import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Route, Sent } from '../../../shared/contract/route.ts'
import { call, callList, type Input } from './call.ts'

const keyOf = (route: Route, sent: unknown) => [route.path, route.method, sent] as const

/** `useQuery(queryOf(getHost, { params: { host_id } }))`. The key begins with the path, so `invalidate(route)` finds it. */
export const queryOf = <R extends Route>(route: R, sent: Sent<R>) =>
  queryOptions({ queryKey: keyOf(route, sent), queryFn: ({ signal }) => call(route, { ...(sent as object), signal } as Input<R>) })

/** The same for lists: `{ rows, total }`; the rows before stay until the next ones come. */
export const listOf = <R extends Route & { total: true }>(route: R, sent: Sent<R>) =>
  queryOptions({
    queryKey: [...keyOf(route, sent), 'list'] as const,
    queryFn: ({ signal }) => callList(route, { ...(sent as object), signal } as Input<R>),
    placeholderData: keepPreviousData,
  })
