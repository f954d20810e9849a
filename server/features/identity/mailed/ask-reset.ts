// A lost password by mail. Asking does the same work for everybody: it puts in the name as it was typed. The sender of
// mails looks later whether there is such a person, where nobody can measure it.
import { type AuditAct, type AuditSource } from '../../../platform/audit.ts'
import { newId, sha256Hex } from '../../../platform/ids.ts'
import { audited, recordInAuth } from '../../audit/index.ts'
import type { Deps } from '../deps.ts'
import { findMeant, insertMailedLink, type Meant } from './store-asks.ts'

const linkMs = 30 * 60_000
/** While one link is mailed in so many minutes, the newest always has ten more to live, whoever else asks. */
const apartMs = 20 * 60_000

interface Answer {
  is_sent: boolean
  message: string
}

const noMail: Answer = { is_sent: false, message: 'This server sends no mail. Ask an admin of your tenant for a reset link.' }
const underWay: Answer = {
  is_sent: true,
  message:
    'If there is an account with this address, a mail with a link is on its way. The link is good for half an hour. One is sent in 20 minutes, so look for an earlier one, too. Nobody who is in several tenants gets one by mail: a platform admin makes it.',
}

/** @throws AppError limit, by the network that asks and never by the account that is asked about */
export const requestReset = async (deps: Deps, name: string, from: { ip: string; source: AuditSource }): Promise<Answer> => {
  deps.throttle.attempt({ account: 'reset request', ip: from.ip, isShared: true })
  const { isSetUp } = deps.mail
  // Whom it is about is not known here, and the name that was typed may be a password.
  const act: AuditAct = { action: 'password.ask', object_type: 'user', details: { is_mail_set_up: isSetUp } }
  await recordInAuth(deps.mail.asked(deps.auth, name.trim()), from.source, act)
  return isSetUp ? underWay : noMail
}

const product = { kind: 'system', user_id: null, username: 'velocicompanion' } as const

const until = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`

const kind = 'password.mailed'

const mailLink = async (deps: Deps, meant: Meant): Promise<void> => {
  // A link whose mail is held back would reach nobody, and yet void the one before and stand in the log as made.
  if (!(await deps.mail.wouldSend({ kind, user_id: meant.user_id }))) return
  const id = newId()
  const created_at = deps.now()
  const expires_at = new Date(created_at.getTime() + linkMs)
  const source: AuditSource = { tenant_id: meant.tenant_id, actor: product, client: null, requestId: id, now: deps.now, log: deps.log }
  const act = (made: Meant | null): AuditAct | null =>
    made && { action: 'password.link', object_type: 'user', object_id: made.user_id, details: { username: made.username, by: 'mail' } }
  const auth = deps.mail.mailed<Meant | null>(audited(deps.auth, source, act), (made) =>
    made === null
      ? []
      : [
          {
            id,
            kind,
            user_id: made.user_id,
            tenant_id: made.tenant_id,
            facts: { until: until(expires_at) },
            expires_at,
          },
        ],
  )
  const token_hash = sha256Hex(deps.mail.tokenFor(id))
  await insertMailedLink(auth, meant, { token_hash, created_at, expires_at, notSince: new Date(created_at.getTime() - apartMs) })
}

/** For the sender of mails. Doing it again makes no second link. */
export const answerAsk = async (deps: Deps, name: string): Promise<void> => {
  for (const meant of await findMeant(deps.auth, name)) await mailLink(deps, meant)
}
