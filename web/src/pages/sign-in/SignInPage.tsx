import { PageHead } from '../../ui/layout/PageHead.tsx'

export const SignInPage = () => (
  <div className="page">
    <PageHead title="Sign in" />
  </div>
)
