import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { OpenSaved } from '../../features/search/saved/OpenSaved.tsx'
import { printExplore } from '../../features/search/state/explore-state.ts'
import { viewNamed } from '../../features/search/views/views.ts'
import { useTitle } from '../../ui/layout/PageHead.tsx'

const route = getRouteApi('/t/$tenantId/searches/$searchId')

/** The link to a saved search: it asks for what the search asks for, and goes on to Explore. */
export const SavedSearchPage = () => {
  const { tenantId, searchId } = route.useParams()
  const { since, until, schedule } = route.useSearch()
  const navigate = useNavigate()
  useTitle('Saved search')
  return (
    <OpenSaved
      key={searchId}
      id={searchId}
      scheduleId={schedule}
      between={since === undefined || until === undefined ? null : { since, until }}
      onOpen={(state) => void navigate({ to: viewNamed(state.view).to, params: { tenantId }, search: printExplore(state), replace: true })}
      onLeave={() => void navigate({ to: '/t/$tenantId/explore', params: { tenantId }, replace: true })}
    />
  )
}
