import { PageHead } from '../../ui/layout/PageHead.tsx'

export const FirstRunPage = () => (
  <div className="page">
    <PageHead title="First run" />
  </div>
)
