import { QueryClient } from '@tanstack/react-query'
import { MutationCache, QueryCache } from '@tanstack/react-query'
import type { AnyRoute } from '../../../shared/contract/route.ts'
import { ApiProblem } from './problem.ts'

type Listener = () => void
const onSignedOut = new Set<Listener>()

const tellSignedOut = (error: unknown) => {
  if (error instanceof ApiProblem && error.code === 'unauthenticated') for (const listener of onSignedOut) listener()
}

/** Called when the server says that the session has ended. */
export const whenSignedOut = (listener: Listener) => {
  onSignedOut.add(listener)
  return () => {
    onSignedOut.delete(listener)
  }
}

const isPassing = (error: unknown) => error instanceof ApiProblem && error.code === 'unavailable'

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: tellSignedOut }),
  mutationCache: new MutationCache({ onError: tellSignedOut }),
  defaultOptions: {
    queries: { staleTime: 10_000, refetchOnWindowFocus: false, retry: (count, error) => count < 2 && isPassing(error) },
    mutations: { retry: false },
  },
})

/** Everything that was read from these routes is out of date. */
export const invalidate = async (...routes: readonly AnyRoute[]): Promise<void> => {
  await Promise.all(routes.map((route) => queryClient.invalidateQueries({ queryKey: [route.path] })))
}
