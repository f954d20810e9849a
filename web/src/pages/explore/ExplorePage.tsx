import { Explore } from '../../features/search/Explore.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'
import { useExploreUrl } from './useExploreUrl.ts'

export const ExplorePage = () => {
  const [state, patch] = useExploreUrl()
  useTitle('Explore')
  return <Explore state={state} patch={patch} />
}
