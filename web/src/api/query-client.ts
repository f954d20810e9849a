import { QueryClient } from '@tanstack/react-query'
import { MutationCache, QueryCache } from '@tanstack/react-query'
import type { AnyRoute } from '../../../shared/contract/route.ts'
import { ApiProblem } from './problem.ts'

type Listener = () => void
const listeners = { unauthenticated: new Set<Listener>(), factor_setup: new Set<Listener>(), other_tenant: new Set<Listener>() }

/** For what does not come by a query: uploads have a protocol of their own. */
export const tellAll = (code: keyof typeof listeners): void => {
  for (const listener of listeners[code]) listener()
}

const tell = (error: unknown) => {
  if (error instanceof ApiProblem && error.code in listeners) tellAll(error.code as keyof typeof listeners)
}

const listen = (code: keyof typeof listeners) => (listener: Listener) => {
  listeners[code].add(listener)
  return () => {
    listeners[code].delete(listener)
  }
}

/** Called when the server says that the session has ended. */
export const whenSignedOut = listen('unauthenticated')

/** Called when the server says that the tenant requires a second factor that the person has yet to set up. */
export const whenFactorIsMissing = listen('factor_setup')

/** Called when the server says that the session has gone on to another tenant than this window shows. */
export const whenTenantIsOther = listen('other_tenant')

const isPassing = (error: unknown) => error instanceof ApiProblem && error.code === 'unavailable'

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: tell }),
  mutationCache: new MutationCache({ onError: tell }),
  defaultOptions: {
    queries: { staleTime: 10_000, refetchOnWindowFocus: false, retry: (count, error) => count < 2 && isPassing(error) },
    mutations: { retry: false },
  },
})

/** Everything that was read from these routes is out of date. */
export const invalidate = async (...routes: readonly AnyRoute[]): Promise<void> => {
  await Promise.all(routes.map((route) => queryClient.invalidateQueries({ queryKey: [route.path] })))
}
