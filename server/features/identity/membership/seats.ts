// Where one person may look without going there: for a question that is asked of several tenants at once.
import type { Ctx } from '../../../platform/ctx.ts'
import { type Deps, personOf, type Who } from '../deps.ts'
import { listSeats } from './store-seats.ts'

export interface Seat {
  tenant: { id: string; name: string }
  /** The person there, as a session of theirs would have them; null where they may not enter now. */
  who: Who | null
  /** Why they may not. */
  barrier: 'suspended' | 'factor' | null
}

/** The person's tenants as they are now, by name. A session that a tenant's provider opened reaches that tenant alone. */
export const seatsOf = async (deps: Deps, { actor }: Ctx): Promise<Seat[]> => {
  const rows = await listSeats(deps.auth, personOf(actor))
  const tied = actor.sso_tenant_id ?? null
  return rows
    .filter((row) => tied === null || row.tenant_id === tied)
    .map((row): Seat => {
      const tenant = { id: row.tenant_id, name: row.tenant_name }
      if (row.state !== 'active') return { tenant, who: null, barrier: 'suspended' }
      // a provider has seen to the second factor of whom it lets in
      if (row.lacks_factor && tied === null) return { tenant, who: null, barrier: 'factor' }
      const { username, role, is_platform_admin } = row
      const { session_id, proved_at, sso_tenant_id } = actor
      const inside = {
        kind: 'user' as const,
        user_id: actor.user_id,
        username,
        role,
        is_platform_admin,
        session_id,
        proved_at,
        sso_tenant_id,
      }
      return { tenant, who: { tenant, actor: inside }, barrier: null }
    })
}
