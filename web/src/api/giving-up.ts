// A query that is given up ends on the server too: the request is broken off, and with it what the engine does for it.
import { type QueryKey, useQueryClient, type UseQueryResult } from '@tanstack/react-query'

export interface GivingUp {
  cancel: () => void
  /** It was given up: nothing is under way, and what is shown, if anything, belongs to another question. */
  isGivenUp: boolean
}

export const useGivingUp = (queryKey: QueryKey, query: UseQueryResult<unknown>, isWanted = true): GivingUp => {
  const client = useQueryClient()
  const isUnanswered = query.isPending || query.isPlaceholderData
  return {
    cancel: () => void client.cancelQueries({ queryKey, exact: true }),
    isGivenUp: isWanted && isUnanswered && query.fetchStatus === 'idle',
  }
}
