// Mail that the product sends by itself. Rooms say in the transaction of an act what is to be told to whom; a sender of its
// own, apart from the jobs of tenants, takes it to the mail server. Nothing is kept where no mail server is set.
import { createHmac } from 'node:crypto'
import type { AuditSource } from '../../platform/audit.ts'
import { newId } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import { askKind, type Sender, startSender } from './sender.ts'
import { type AuthDb, mailed, type MailRow, putAlone, wouldPut } from './store.ts'
import { type MailConfig, type MailServer, mailServerOf, openTransport } from './transport.ts'
import type { MailKind } from './words.ts'

export type { Sender } from './sender.ts'

export interface NewMail {
  /** Given where the mail holds a link: `tokenFor` derives the secret of the link from it. */
  id?: string
  kind: MailKind
  /** null: for whoever has the address, who need not have an account. */
  user_id: string | null
  /** null where the installation itself did it. */
  tenant_id: string | null
  /** The address of the person when it is left out; without one nothing is sent. */
  to?: string
  /** Short texts, and never a secret. */
  facts?: Readonly<Record<string, string>>
  /** It is given up then; a day when it is left out. */
  expires_at?: Date
}

export interface Mail {
  /** For this room's routes only. */
  server: MailServer | null
  auth: AuthDb
  now: () => Date
  isSetUp: boolean
  /**
   * The handle whose next transaction ends by putting in the mails that `mailsOf` makes of its result: both or neither. Put it
   * around the handle that `audited` gave. At most three of a kind are sent to a person or an address in an hour.
   */
  mailed: <T>(auth: AuthDb, mailsOf: (result: T) => readonly NewMail[]) => AuthDb
  /** A mail that goes with nothing of this handle. Nothing is put in where no mail is set up. */
  put: (mail: NewMail) => Promise<void>
  /** The same for somebody who asks for a link, known or not: the sender finds out later who it is. */
  asked: (auth: AuthDb, name: string) => AuthDb
  /** Whether the person has an address and is not over that limit: for an act that is nothing without its mail. */
  wouldSend: (mail: { kind: MailKind; user_id: string }) => Promise<boolean>
  /** The secret of the link in a mail: made of its id and the server's secret, so that no store holds it. */
  tokenFor: (mailId: string) => string
  /** `https://host/path`; null where no mail is set up. */
  publicUrl: string | null
  /** How many mails this process has not put in, for their person or address was sent as many of the kind within an hour. */
  heldBack: () => number
}

export interface MailOptions {
  auth: AuthDb
  config: MailConfig
  secret: string
  now?: () => Date
}

const dayMs = 86_400_000
const askMs = 10 * 60_000
const mostPerHour = 3

export const createMail = (o: MailOptions): Mail => {
  const now = o.now ?? (() => new Date())
  const server = mailServerOf(o.config)
  const key = createHmac('sha256', o.secret).update('velocicompanion links in mails').digest()
  let heldBack = 0
  const onHeldBack = (): void => {
    heldBack++
  }
  const options = (mail: { kind: string }) => ({ now: now(), mostPerHour: mail.kind === 'test' ? 100 : mostPerHour, onHeldBack })
  const rowOf = (mail: NewMail): MailRow => ({
    id: mail.id ?? newId(),
    kind: mail.kind,
    tenant_id: mail.tenant_id,
    user_id: mail.user_id,
    to_address: mail.to ?? null,
    facts: { ...mail.facts },
    expires_at: mail.expires_at ?? new Date(now().getTime() + dayMs),
  })
  const askRow = (name: string): MailRow => ({
    id: newId(),
    kind: askKind,
    tenant_id: null,
    user_id: null,
    to_address: null,
    facts: { name },
    expires_at: new Date(now().getTime() + askMs),
  })
  return {
    server,
    auth: o.auth,
    now,
    isSetUp: server !== null,
    mailed: <T>(auth: AuthDb, mailsOf: (result: T) => readonly NewMail[]) =>
      server === null ? auth : mailed<T>(auth, (result) => mailsOf(result).map(rowOf), options),
    put: async (mail) => {
      if (server !== null) await putAlone(mailed(o.auth, () => [rowOf(mail)], options))
    },
    asked: (auth, name) => (server === null ? auth : mailed(auth, () => [askRow(name)], options)),
    wouldSend: async (mail) => server !== null && (await wouldPut(o.auth, mail, options(mail))),
    tokenFor: (mailId) => createHmac('sha256', key).update(mailId).digest('base64url'),
    publicUrl: server?.publicUrl ?? null,
    heldBack: () => heldBack,
  }
}

/** Where somebody came from, for the table of a notice. */
export const factsOf = (source: AuditSource, device: string): Record<string, string> => ({ device, address: source.client?.ip ?? '' })

export interface StartMail {
  mail: Mail
  answerAsk: (name: string) => Promise<void>
  control: { kind: 'embedded' | 'external'; listen: (channel: string, onMessage: () => void) => Promise<() => Promise<void>> }
  log: Log
}

/** null where no mail is set up. */
export const startMail = ({ mail, answerAsk, control, log }: StartMail): Sender | null =>
  mail.server === null
    ? null
    : startSender({
        auth: mail.auth,
        transport: openTransport(mail.server),
        server: mail.server,
        tokenFor: mail.tokenFor,
        answerAsk,
        listen: control.listen,
        isAlone: control.kind === 'embedded',
        now: mail.now,
        log,
      })
