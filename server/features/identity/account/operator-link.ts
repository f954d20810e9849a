// For the person at the machine itself, when the only admin has lost the password: a link as an admin would make it.
import type { AuditAct, AuditSource } from '../../../platform/audit.ts'
import { conflict, notFound } from '../../../platform/errors.ts'
import { newSecret, sha256Hex } from '../../../platform/ids.ts'
import { iso } from '../../../platform/iso-time.ts'
import { audited } from '../../audit/index.ts'
import type { Deps } from '../deps.ts'
import { findForSignIn } from '../store-people.ts'
import { insertOperatorLink, type LinkSeat } from './store-operator-link.ts'

const linkMs = 30 * 60_000

export interface OperatorLink {
  username: string
  link: string
  expires_at: string
}

/**
 * The link is in this answer alone, works once, and voids the one before it. Second factors stay.
 * @throws AppError not_found, conflict for a person who could not sign in with a new password either
 */
export const makeLinkByOperator = async (deps: Deps, username: string, source: AuditSource): Promise<OperatorLink> => {
  const [person] = await findForSignIn(deps.auth, username)
  if (person?.is_named !== true) throw notFound('person')
  if (person.password_hash === null) throw conflict('This person has not chosen a password yet. Make a new invitation instead.')
  if (!person.is_active || person.tenant_id === null)
    throw conflict('This person is active in no tenant, and a new password would not change that.')
  const token = newSecret()
  const created_at = deps.now()
  const expires_at = new Date(created_at.getTime() + linkMs)
  const act = (seat: LinkSeat): AuditAct => ({
    action: 'password.link',
    object_type: 'user',
    object_id: seat.user_id,
    details: { username: person.username, by: 'operator' },
    tenant_id: seat.tenant_id,
  })
  const seat = { user_id: person.id, tenant_id: person.tenant_id }
  await insertOperatorLink(audited(deps.auth, source, act), seat, { token_hash: sha256Hex(token), created_at, expires_at })
  return { username: person.username, link: `/reset-password?token=${token}`, expires_at: iso(expires_at) }
}
