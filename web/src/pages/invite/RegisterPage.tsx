import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { setupQuery } from '../../api/session.ts'
import { AccountForm } from '../../features/identity/AccountForm.tsx'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { Note } from '../../ui/feedback/Note.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'

export const RegisterPage = () => {
  const navigate = useNavigate()
  const { data } = useQuery(setupQuery)
  useTitle('Create a tenant')
  const isClosed = data !== undefined && data.registration !== 'open'
  return (
    <AuthFrame title="Create a tenant" lead="A place of your own on this server; nobody else sees its data.">
      {isClosed ? (
        <Note tone="warn">This server takes new people by invitation only. Ask an administrator of your tenant for one.</Note>
      ) : (
        <AccountForm
          invite={null}
          minLength={data?.min_password_length ?? 12}
          button="Create the tenant"
          onSignedIn={(user) => void navigate({ to: '/t/$tenantId', params: { tenantId: user.tenant_id } })}
        />
      )}
      <p className="auth-after">
        Have an account? <Link to="/sign-in">Sign in</Link>
      </p>
    </AuthFrame>
  )
}
