import { PageHead } from '../../ui/layout/PageHead.tsx'

export const OverviewPage = () => (
  <div className="page">
    <PageHead title="Overview" />
  </div>
)
