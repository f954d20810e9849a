import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { setupQuery } from '../../api/session.ts'
import { AuthFrame } from '../../features/identity/AuthFrame.tsx'
import { SsoStart } from '../../features/identity/sso/SsoStart.tsx'
import { useTitle } from '../../ui/layout/PageHead.tsx'

const route = getRouteApi('/sign-in/sso')

export const SsoPage = () => {
  const { tenant, to } = route.useSearch()
  const navigate = route.useNavigate()
  const { data } = useQuery(setupQuery)
  useTitle('Single sign-on')
  return (
    <AuthFrame title="Single sign-on" lead="The provider of your company says who you are.">
      <SsoStart
        tenant={tenant ?? data?.sso.tenant_id ?? undefined}
        to={to}
        onTenant={(found) =>
          void navigate({ search: { ...(found === undefined ? {} : { tenant: found }), ...(to === undefined ? {} : { to }) } })
        }
      />
      <p className="auth-after">
        <Link to="/sign-in" search={to === undefined ? {} : { to }}>
          Sign in with a password
        </Link>
      </p>
    </AuthFrame>
  )
}
