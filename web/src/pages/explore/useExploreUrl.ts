import { useMatches, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { Patch } from '../../features/search/explore-context.ts'
import { type ExploreState, parseExplore, printExplore } from '../../features/search/state/explore-state.ts'
import { viewNamed, viewOfRoute } from '../../features/search/views/views.ts'

/** The state of Explore is its address; a change is a step that the back button takes back. */
export const useExploreUrl = (): readonly [ExploreState, Patch] => {
  const search = useSearch({ from: '/t/$tenantId/explore' })
  const { tenantId } = useParams({ from: '/t/$tenantId/explore' })
  const view = useMatches({ select: (matches) => viewOfRoute(matches.at(-1)?.routeId ?? '') })
  const navigate = useNavigate()
  const state = useMemo(() => parseExplore(search, view), [search, view])
  const patch = useCallback<Patch>(
    (change, how) =>
      void navigate({
        to: viewNamed(change.view ?? view).to,
        params: { tenantId },
        search: (before) => printExplore({ ...parseExplore(before), ...change }),
        replace: how?.replace === true,
      }),
    [navigate, tenantId, view],
  )
  return [state, patch]
}
