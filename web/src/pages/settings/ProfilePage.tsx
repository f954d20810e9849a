import { PageHead } from '../../ui/layout/PageHead.tsx'

export const ProfilePage = () => (
  <div className="page">
    <PageHead title="Profile" />
  </div>
)
