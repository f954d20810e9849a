import { PageHead } from '../../ui/layout/PageHead.tsx'

export const TenantsPage = () => (
  <div className="page">
    <PageHead title="Tenants" />
  </div>
)
