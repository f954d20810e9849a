import { PageHead } from '../../ui/layout/PageHead.tsx'

export const RegisterPage = () => (
  <div className="page">
    <PageHead title="Register" />
  </div>
)
