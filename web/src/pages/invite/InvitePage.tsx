import { PageHead } from '../../ui/layout/PageHead.tsx'

export const InvitePage = () => (
  <div className="page">
    <PageHead title="Invitation" />
  </div>
)
