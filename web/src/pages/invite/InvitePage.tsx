import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { setupQuery } from '../../api/session.ts'
import { AccountForm } from '../../features/identity/AccountForm.tsx'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'

const route = getRouteApi('/invite/$token')

export const InvitePage = () => {
  const { token } = route.useParams()
  const { as } = route.useSearch()
  const navigate = useNavigate()
  const { data } = useQuery(setupQuery)
  useTitle('Invitation')
  return (
    <AuthFrame title="Accept the invitation" lead="Choose a password; the invitation works once.">
      <AccountForm
        invite={token}
        username={as ?? ''}
        minLength={data?.min_password_length ?? 12}
        button="Create my account"
        onSignedIn={(user) => void navigate({ to: '/t/$tenantId', params: { tenantId: user.tenant_id } })}
      />
    </AuthFrame>
  )
}
