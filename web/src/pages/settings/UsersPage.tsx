import { PageHead } from '../../ui/layout/PageHead.tsx'

export const UsersPage = () => (
  <div className="page">
    <PageHead title="Users" />
  </div>
)
