import { type AuditSource, sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { factsOf, type NewMail } from '../../mail/index.ts'
import { deviceWords } from '../account/device-words.ts'
import type { Deps } from '../deps.ts'
import { type AuthDb, getPerson } from '../store-people.ts'

export interface Notice {
  kind: Exclude<NewMail['kind'], 'test' | 'invitation' | 'password.mailed'>
  user_id: string
  /** null where the operator of the installation did it. */
  tenant_id: string | null
  /** The address that the person had, where it is another one now. */
  to?: string
}

/**
 * The handle whose next transaction also tells the person by mail what `noticesOf` makes of its result: that something about
 * their account changed or was tried, when, and from where. Put it around the handle that `audited` gave.
 */
export const notified = <T>(
  deps: Pick<Deps, 'mail'>,
  auth: AuthDb,
  source: AuditSource,
  noticesOf: (result: T) => readonly Notice[],
): AuthDb => {
  const facts = factsOf(source, deviceWords(source.client?.userAgent ?? null))
  return deps.mail.mailed<T>(auth, (result) => noticesOf(result).map((notice) => ({ ...notice, facts })))
}

/** One notice of what the person of the context did to their own account. */
export const notifiedSelf = (deps: Pick<Deps, 'mail'>, ctx: Ctx, auth: AuthDb, kind: Notice['kind']): AuthDb =>
  notified(deps, auth, sourceOf(ctx), () =>
    ctx.actor.user_id === null ? [] : [{ kind, user_id: ctx.actor.user_id, tenant_id: ctx.tenant.id }],
  )

/** Tells the address that a person had of the one that they have now; `email` undefined: it stays. */
export const notifiedOfAddress = async (
  deps: Deps,
  ctx: Ctx,
  auth: AuthDb,
  change: { userId: string; email: string | null | undefined },
): Promise<AuthDb> => {
  if (change.email === undefined) return auth
  const was = (await getPerson(deps.auth, ctx.tenant.id, change.userId)).email
  if (was === null || was.toLowerCase() === change.email?.toLowerCase()) return auth
  return notified(deps, auth, sourceOf(ctx), () => [{ kind: 'email.changed', user_id: change.userId, tenant_id: ctx.tenant.id, to: was }])
}
