import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { Patch } from '../../features/search/explore-context.ts'
import { type ExploreState, parseExplore, printExplore } from '../../features/search/state/explore-state.ts'

/** The state of Explore is its address; a change is a step that the back button takes back. */
export const useExploreUrl = (): readonly [ExploreState, Patch] => {
  const search = useSearch({ from: '/t/$tenantId/explore' })
  const { tenantId } = useParams({ from: '/t/$tenantId/explore' })
  const navigate = useNavigate()
  const state = useMemo(() => parseExplore(search), [search])
  const patch = useCallback<Patch>(
    (change, how) =>
      void navigate({
        to: '/t/$tenantId/explore',
        params: { tenantId },
        search: (before) => printExplore({ ...parseExplore(before), ...change }),
        replace: how?.replace === true,
      }),
    [navigate, tenantId],
  )
  return [state, patch]
}
