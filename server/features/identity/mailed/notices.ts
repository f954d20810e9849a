import type { AuditSource } from '../../../platform/audit.ts'
import { factsOf, type NewMail } from '../../mail/index.ts'
import { deviceWords } from '../account/device-words.ts'
import type { Deps } from '../deps.ts'
import type { AuthDb } from '../store-people.ts'

export interface Notice {
  kind: Exclude<NewMail['kind'], 'test' | 'invitation' | 'password.mailed'>
  user_id: string
  tenant_id: string
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
