import type { User } from '../../../../shared/contract/identity.ts'

/** A page of a tenant, never another site. */
const isOurs = (to: string | null | undefined): to is string => typeof to === 'string' && /^\/t\/[^/\\]/.test(to)

/** Where one goes after signing in: a link into another tenant than the person's own leads to their own overview. */
export const toOwnPage = (to: string | null | undefined, user: User): string =>
  isOurs(to) && to.startsWith(`/t/${user.tenant_id}`) ? to : `/t/${user.tenant_id}`
