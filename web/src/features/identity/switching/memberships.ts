import { useQuery } from '@tanstack/react-query'
import { listMemberships, type Membership, switchTenant } from '../../../../../shared/contract/access/memberships.ts'
import { call } from '../../../api/call.ts'
import { messageOf } from '../../../api/problem.ts'
import { queryOf } from '../../../api/queries.ts'
import { toast } from '../../../ui/feedback/toast-queue.ts'
import { sameThere } from './same-there.ts'

/** The other tenants of the person, by name. */
export const useOtherTenants = (): readonly Membership[] => {
  const { data } = useQuery({ ...queryOf(listMemberships, {}), staleTime: 60_000 })
  return (data ?? []).filter((membership) => !membership.is_current)
}

/** The page is loaded anew: nothing that was read of the tenant that is left stays in its memory. */
export const goToTenant = async (
  tenantId: string,
  to = sameThere(window.location.pathname + window.location.search, tenantId),
): Promise<void> => {
  try {
    await call(switchTenant, { body: { tenant_id: tenantId } })
  } catch (error) {
    toast(messageOf(error))
    return
  }
  window.location.assign(to)
}
