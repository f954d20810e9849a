// An invitation goes to the address that was given, too. The token in the mail is the one that the admin is shown: derived
// from the id of the mail, so that no store holds it.
import type { Ctx } from '../../../platform/ctx.ts'
import { newId, newSecret } from '../../../platform/ids.ts'
import type { Deps } from '../deps.ts'
import type { AuthDb } from '../store-people.ts'

export interface Invited {
  user_id: string | null
  tenant_id: string
  tenant_name: string
  email: string | null
}

export interface MailedInvitation {
  token: string
  /** The handle whose next transaction also puts the mail in, where there is an address and a mail server. */
  around: <T>(auth: AuthDb, invitedOf: (result: T) => Invited) => AuthDb
}

const minutes = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`

export const mailedInvitation = (deps: Deps, ctx: Ctx, expires_at: Date): MailedInvitation => {
  if (!deps.mail.isSetUp) return { token: newSecret(), around: (auth) => auth }
  const id = newId()
  const mailOf = ({ user_id, tenant_id, tenant_name, email }: Invited) =>
    email === null
      ? []
      : [
          {
            id,
            kind: 'invitation' as const,
            user_id,
            tenant_id,
            to: email,
            facts: { tenant: tenant_name, by: ctx.actor.username, until: minutes(expires_at) },
          },
        ]
  return {
    token: deps.mail.tokenFor(id),
    around: <T>(auth: AuthDb, invitedOf: (result: T) => Invited) => deps.mail.mailed<T>(auth, (result) => mailOf(invitedOf(result))),
  }
}
