// A real SMTP server on loopback that keeps what it is sent.
import type { Server } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

export interface SunkMail {
  /** Of the envelope. */
  from: string
  to: string[]
  headers: Record<string, string>
  text: string
  raw: string
}

interface Manners {
  /** What is answered to a recipient: null takes it. */
  refuse: (address: string) => { code: number; message: string } | null
  /** Called when a message has arrived whole, before it is answered. */
  beforeAnswer: (mail: SunkMail) => Promise<void>
}

export interface MailSink {
  port: number
  mails: SunkMail[]
  manners: Manners
  /** Settings of a server that sends here. */
  env: Record<string, string>
  /** As if nothing had come yet. */
  forget: () => void
  /** The next mails that come, `count` in all since the last call. @throws Error after 20 s */
  next: (count?: number) => Promise<SunkMail[]>
  close: () => Promise<void>
}

const unfolded = (head: string): Record<string, string> =>
  Object.fromEntries(
    head
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )

const decoded = (body: string, encoding: string): string => {
  if (encoding !== 'quoted-printable') return body
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

const read = (raw: string, envelope: { from: string; to: string[] }): SunkMail => {
  const end = raw.indexOf('\r\n\r\n')
  const headers = unfolded(raw.slice(0, end))
  const text = decoded(raw.slice(end + 4), headers['content-transfer-encoding'] ?? '').replaceAll('\r\n', '\n')
  return { ...envelope, headers, text, raw }
}

/** `port`: the one that an earlier sink had, for a mail server that comes back. */
export const startMailSink = async (port = 0): Promise<MailSink> => {
  const mails: SunkMail[] = []
  let told = 0
  const manners: Manners = { refuse: () => null, beforeAnswer: async () => undefined }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: (address, _session, done) => {
      const refusal = manners.refuse(address.address)
      done(refusal === null ? null : Object.assign(new Error(refusal.message), { responseCode: refusal.code }))
    },
    onData: (stream, session, done) => {
      const { mailFrom, rcptTo } = session.envelope
      const envelope = { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map((r) => r.address) }
      const receive = async (): Promise<void> => {
        const mail = read((await buffer(stream)).toString('utf8'), envelope)
        await manners.beforeAnswer(mail)
        mails.push(mail)
        done()
      }
      void receive()
    },
  })
  server.on('error', () => undefined)
  const listening = await new Promise<Server>((resolve) => {
    const opened = server.listen(port, '127.0.0.1', () => resolve(opened))
  })
  const address = listening.address()
  const at = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port: at,
    mails,
    manners,
    env: {
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(at),
      SMTP_SECURITY: 'none',
      FROM_EMAIL: 'hunt@velocicompanion.example',
      PUBLIC_URL: 'http://localhost:8000',
    },
    forget: () => {
      mails.length = 0
      told = 0
    },
    next: async (count = 1) => {
      for (const end = Date.now() + 20_000; mails.length < told + count; await new Promise((again) => setTimeout(again, 20)))
        if (Date.now() > end) throw new Error(`waited 20 s for ${count} mails, ${mails.length - told} came`)
      told += count
      return mails.slice(told - count, told)
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

/** The token of the link in a mail. */
export const tokenIn = (mail: SunkMail | undefined): string => /[?&]token=([\w-]{43})(?=\s|$)/.exec(mail?.text ?? '')?.[1] ?? ''
