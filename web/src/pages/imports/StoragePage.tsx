import { PageHead } from '../../ui/layout/PageHead.tsx'

export const StoragePage = () => (
  <div className="page">
    <PageHead title="Storage" />
  </div>
)
