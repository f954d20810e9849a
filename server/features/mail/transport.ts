import { setTimeout as sleep } from 'node:timers/promises'
import { createTransport } from 'nodemailer'
import { type Config, isLoopback } from '../../platform/config.ts'
import { maskAddresses } from './mask.ts'

export type MailConfig = Pick<
  Config,
  'SMTP_HOST' | 'SMTP_PORT' | 'SMTP_SECURITY' | 'SMTP_USER' | 'SMTP_PASSWORD' | 'FROM_EMAIL' | 'PUBLIC_URL'
>

export interface MailServer {
  host: string
  port: number
  security: 'tls' | 'starttls' | 'none'
  from: string
  publicUrl: string
  credentials: { user: string; pass: string } | null
}

/** null: no mail is sent from here. */
export const mailServerOf = (c: MailConfig): MailServer | null => {
  if (c.SMTP_HOST === undefined || c.FROM_EMAIL === undefined || c.PUBLIC_URL === undefined) return null
  const security = c.SMTP_SECURITY ?? (c.SMTP_PORT === 465 ? 'tls' : 'starttls')
  const credentials = c.SMTP_USER === undefined || c.SMTP_PASSWORD === undefined ? null : { user: c.SMTP_USER, pass: c.SMTP_PASSWORD }
  return {
    host: c.SMTP_HOST,
    port: c.SMTP_PORT ?? (security === 'tls' ? 465 : 587),
    security,
    from: c.FROM_EMAIL,
    publicUrl: c.PUBLIC_URL,
    credentials,
  }
}

export interface Message {
  id: string
  to: string
  subject: string
  text: string
  date: Date
}

/** What became of a message that was not taken. */
export class NotSent extends Error {
  /** The server said that it will never take it. */
  readonly isFinal: boolean
  /** The server may have taken it: its answer was lost. */
  readonly isUnsure: boolean
  constructor(reason: string, is: { final: boolean; unsure: boolean }) {
    super(reason)
    this.isFinal = is.final
    this.isUnsure = is.unsure
  }
}

export interface Transport {
  /** @throws NotSent */
  send: (message: Message) => Promise<void>
  close: () => void
}

const longestReason = 300
/** Shorter than the lease of a mail: a server that drips its answers must not hold the next mail for ever. */
const longestMs = 90_000
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim()

interface SmtpFault {
  message: string
  code?: unknown
  originalCode?: unknown
  syscall?: unknown
  responseCode?: unknown
}

const sureCodes: ReadonlySet<unknown> = new Set(['EDNS', 'ETLS', 'EAUTH', 'EENVELOPE', 'EMESSAGE'])

/** False where the connection died while the message may have been on it. */
const isSure = (fault: SmtpFault): boolean =>
  typeof fault.responseCode === 'number' ||
  sureCodes.has(fault.code) ||
  fault.syscall === 'connect' ||
  (fault.code === 'ETIMEDOUT' && fault.originalCode !== 'SOCKET_TIMEOUT')

/** Only what is said of this sender, recipient or message is final: a wrong password of ours is mended by an admin. */
const isFinal = ({ code, responseCode }: SmtpFault): boolean =>
  (code === 'EENVELOPE' || code === 'EMESSAGE') && (typeof responseCode !== 'number' || responseCode >= 500)

const notSent = (error: unknown): NotSent => {
  const fault: SmtpFault = error instanceof Error ? error : { message: String(error) }
  const reason = maskAddresses(oneLine(fault.message)).slice(0, longestReason)
  return new NotSent(reason, { final: isFinal(fault), unsure: !isSure(fault) })
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

/** One connection a mail: there are few of them, and none must wait for a connection that has died unseen. */
export const openTransport = (server: MailServer): Transport => {
  const smtp = createTransport({
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    ...(server.credentials === null ? {} : { auth: server.credentials }),
    name: new URL(server.publicUrl).hostname,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    tls: { minVersion: 'TLSv1.2' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async ({ id, to, subject, text, date }) => {
      const timer = new AbortController()
      const late = sleep(longestMs, undefined, { signal: timer.signal, ref: false }).then(() => {
        throw new Error(`The mail server did not finish within ${longestMs / 1000} s.`)
      })
      try {
        const sent = smtp.sendMail({
          from: { name: 'VelociCompanion', address: server.from },
          to: { name: '', address: to },
          envelope: { from: server.from, to: [to] },
          subject,
          text,
          date,
          // The same for every try, so that a mail which did arrive twice can be known as one.
          messageId: `<${id}@${domainOf(server.from)}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          xMailer: false,
        })
        await Promise.race([sent, late])
      } catch (error) {
        throw notSent(error)
      } finally {
        late.catch(() => undefined)
        timer.abort()
      }
    },
    close: () => smtp.close(),
  }
}

/** For the admin's page. */
export const describeServer = ({ host, port, security }: MailServer): string => {
  const words = { tls: 'TLS', starttls: 'STARTTLS', none: isLoopback(host) ? 'no TLS, on this machine' : 'no TLS' }
  return `${host}:${port}, ${words[security]}`
}
