// Whoever reaches beyond one tenant: whoever runs the installation, and members of several tenants. Who has no password comes by
// the provider of one tenant, and reaches that alone.
import { sql } from 'kysely'

/** Of `users as u`. */
export const isAcross = sql<boolean>`(u.is_platform_admin or (u.password_hash is not null
  and (select count(*) from memberships o where o.user_id = u.id and o.is_active) > 1))`

/** Of `users as u`. */
export const hasAnyPasskey = sql<boolean>`exists (select from passkeys p where p.user_id = u.id)`

/** Of `users as u`: the installation requires a passkey of them. */
export const asksPasskey = sql<boolean>`((select requires_passkey from installation_policy) and ${isAcross})`

/** Of `users as u`: it does, and they have none. */
export const lacksPasskey = sql<boolean>`(${asksPasskey} and not ${hasAnyPasskey})`

/** Of `sessions as s` and `users as u`: it does, and none has answered in this session. */
export const wantsPasskey = sql<boolean>`(${asksPasskey} and (s.sso_tenant_id is null or u.is_platform_admin)
  and (s.passkey_at is null or not ${hasAnyPasskey}))`
