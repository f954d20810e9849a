import { PageHead } from '../../ui/layout/PageHead.tsx'

export const HostsPage = () => (
  <div className="page">
    <PageHead title="Hosts" />
  </div>
)
