import { PageHead } from '../../ui/layout/PageHead.tsx'

export const SettingsPage = () => (
  <div className="page">
    <PageHead title="Settings" />
  </div>
)
