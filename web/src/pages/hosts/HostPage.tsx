import { PageHead } from '../../ui/layout/PageHead.tsx'

export const HostPage = () => (
  <div className="page">
    <PageHead title="Host" />
  </div>
)
