import type { MailStatus } from '../../../shared/contract/platform/mail.ts'
import { type AuditAct, sourceOf } from '../../platform/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { conflict, forbidden, unavailable } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { iso } from '../../platform/iso-time.ts'
import { audited } from '../audit/index.ts'
import type { Mail } from './index.ts'
import { maskAddresses } from './mask.ts'
import { putAlone } from './store.ts'
import { addressOf, countMails, lastTest, listTroubled, type TroubledMail } from './store-status.ts'
import { describeServer } from './transport.ts'

const personOf = (ctx: Ctx): string => {
  if (ctx.actor.user_id === null) throw forbidden('This needs a person who is signed in.')
  return ctx.actor.user_id
}

const outcomeOf = ({ id, kind, state, attempts, error, ...mail }: Omit<TroubledMail, 'tenant_name'>) => ({
  id,
  kind,
  to: maskAddresses(mail.to_address ?? ''),
  state,
  attempts,
  created_at: iso(mail.created_at),
  finished_at: iso(mail.finished_at),
  error,
})

export const mailStatus = async (mail: Mail, ctx: Ctx): Promise<MailStatus> => {
  const { server } = mail
  const [counts, troubled, test] = await Promise.all([
    countMails(mail.auth, mail.now()),
    listTroubled(mail.auth),
    ctx.actor.user_id === null ? null : lastTest(mail.auth, ctx.actor.user_id),
  ])
  return {
    is_set_up: mail.isSetUp,
    server: server === null ? null : describeServer(server),
    sender: server?.from ?? null,
    public_url: mail.publicUrl,
    ...counts,
    held_back: mail.heldBack(),
    troubled: troubled.map((row) => ({ ...outcomeOf(row), tenant_name: row.tenant_name })),
    test: test === null ? null : outcomeOf(test),
  }
}

const testMs = 10 * 60_000

/** @throws AppError unavailable, conflict */
export const sendTest = async (mail: Mail, ctx: Ctx): Promise<{ id: string; to: string }> => {
  if (!mail.isSetUp) throw unavailable('Mail is not set up: set SMTP_HOST, FROM_EMAIL and PUBLIC_URL, then start the server again.')
  const user_id = personOf(ctx)
  const to = await addressOf(mail.auth, user_id)
  if (to === null) throw conflict('Your account has no address. Give one under Settings, Account.')
  const id = newId()
  const act = (): AuditAct => ({ action: 'mail.test', object_type: 'mail', object_id: id })
  const test = { id, kind: 'test' as const, user_id, tenant_id: ctx.tenant.id, to, expires_at: new Date(mail.now().getTime() + testMs) }
  await putAlone(mail.mailed(audited(mail.auth, sourceOf(ctx), act), () => [test]))
  return { id, to }
}
