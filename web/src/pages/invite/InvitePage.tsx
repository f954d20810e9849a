import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { setupQuery } from '../../api/session.ts'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { JoinInvitation } from '../../features/identity/joining/JoinInvitation.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'

const route = getRouteApi('/invite/$token')

export const InvitePage = () => {
  const { token } = route.useParams()
  const { as } = route.useSearch()
  const navigate = useNavigate()
  const { data } = useQuery(setupQuery)
  useTitle('Invitation')
  return (
    <AuthFrame title="Accept the invitation" lead="It works once.">
      <JoinInvitation
        token={token}
        username={as ?? ''}
        minLength={data?.min_password_length ?? 12}
        onSignedIn={(user) => void navigate({ to: '/t/$tenantId', params: { tenantId: user.tenant_id } })}
      />
    </AuthFrame>
  )
}
