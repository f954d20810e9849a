import { PageHead } from '../../ui/layout/PageHead.tsx'

export const ExplorePage = () => (
  <div className="page">
    <PageHead title="Explore" />
  </div>
)
