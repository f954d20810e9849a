import { PageHead } from '../../ui/layout/PageHead.tsx'

export const ImportsPage = () => (
  <div className="page">
    <PageHead title="Imports" />
  </div>
)
