// Sends what waits, one at a time. SMTP knows no "exactly once": the mark that is set before a server is spoken to tells
// after a crash that the mail may be there already; it is sent again under the same Message-ID, and counted.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../platform/log.ts'
import * as store from './store.ts'
import { type MailServer, NotSent, type Transport } from './transport.ts'
import { isMailKind, writeMail } from './words.ts'

/** Put in for everybody who asks for a link, so that asking takes the same work for an address that nobody has. */
export const askKind = 'password.ask'

export interface SenderOptions {
  auth: store.AuthDb
  transport: Transport
  server: MailServer
  tokenFor: (mailId: string) => string
  /** Makes the links that were asked for; doing it again makes none. */
  answerAsk: (name: string) => Promise<void>
  listen: (channel: string, onMessage: () => void) => Promise<() => Promise<void>>
  /** One process serves this database: at its start nobody else is sending. */
  isAlone: boolean
  now: () => Date
  log: Log
  pollMs?: number
}

export interface Sender {
  /** Lets the mail that is being sent end, if it does so in time. */
  stop: (graceMs: number) => Promise<void>
}

const leaseMs = 120_000
const keptMs = 30 * 86_400_000
const purgeEveryMs = 3_600_000

const waitsS = [5, 20, 60, 300] as const

/** 5 s after the first try, and 15 minutes after the fifth and every later one. */
export const retryAfterMs = (attempts: number): number => (waitsS[attempts - 1] ?? 900) * 1000

const timeOf = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`

class Loop implements Sender {
  readonly #o: SenderOptions
  #unsubscribe: (() => Promise<void>) | null = null
  #poll: NodeJS.Timeout | null = null
  #pumping: Promise<void> | null = null
  #isWoken = false
  #isStopping = false
  #isFirst = true
  #purgedAt = 0

  constructor(o: SenderOptions) {
    this.#o = o
  }

  start(): void {
    this.#poll = setInterval(() => this.#wake(), this.#o.pollMs ?? 2000)
    this.#wake()
  }

  #wake(): void {
    this.#isWoken = true
    if (this.#isStopping) return
    this.#pumping ??= this.#pump().finally(() => {
      this.#pumping = null
      if (this.#isWoken) this.#wake()
    })
  }

  async #pump(): Promise<void> {
    while (this.#isWoken && !this.#isStopping) {
      this.#isWoken = false
      try {
        this.#unsubscribe ??= await this.#o.listen(store.mailChannel, () => this.#wake())
        await this.#tidy()
        while (!this.#isStopping && (await this.#next())) continue
      } catch (error) {
        this.#o.log.warn({ reason: (error as Error).message }, 'waiting mail cannot be read now; it is tried again')
      }
    }
  }

  async #tidy(): Promise<void> {
    const { auth, isAlone, log, now } = this.#o
    const freed = this.#isFirst && isAlone ? await store.freeAll(auth) : 0
    this.#isFirst = false
    if (freed > 0) log.warn({ mails: freed }, 'mail of a process that is gone goes on here')
    if (now().getTime() - this.#purgedAt < purgeEveryMs) return
    this.#purgedAt = now().getTime()
    await store.purgeMails(auth, new Date(this.#purgedAt - keptMs))
  }

  /** False when nothing is due. */
  async #next(): Promise<boolean> {
    const mail = await store.takeMail(this.#o.auth, { now: this.#o.now(), leaseMs })
    if (mail === null) return false
    try {
      await (mail.kind === askKind ? this.#answer(mail) : this.#send(mail))
    } catch (error) {
      const retryAt = new Date(this.#o.now().getTime() + retryAfterMs(1))
      await store.putBack(this.#o.auth, mail, retryAt).catch(() => undefined)
      throw error
    }
    return true
  }

  async #answer(mail: store.TakenMail): Promise<void> {
    if (mail.expires_at <= this.#o.now()) return this.#giveUp(mail, 'It could not be answered in time.')
    await this.#o.answerAsk(mail.facts.name ?? '')
    await store.dropMail(this.#o.auth, mail)
  }

  async #send(mail: store.TakenMail): Promise<void> {
    const { auth, transport, server, tokenFor, now } = this.#o
    if (!isMailKind(mail.kind) || mail.to_address === null) return this.#giveUp(mail, 'This version does not know this kind of mail.')
    if (mail.expires_at <= now()) return this.#giveUp(mail, `It could not be sent in time. ${mail.error ?? ''}`.trim())
    const facts = { ...mail.facts, when: timeOf(mail.created_at) }
    const words = writeMail(mail.kind, facts, { publicUrl: server.publicUrl, token: tokenFor(mail.id) })
    if (!(await store.beginSending(auth, mail))) return
    try {
      await transport.send({ id: mail.id, to: mail.to_address, date: now(), ...words })
    } catch (error) {
      if (!(error instanceof NotSent)) throw error
      return this.#failed(mail, error)
    }
    await this.#written(() => store.endSent(auth, mail, now()))
    this.#o.log.info({ mail_id: mail.id, kind: mail.kind, attempts: mail.attempts }, 'mail sent')
  }

  async #failed(mail: store.TakenMail, { message, isFinal, isUnsure }: NotSent): Promise<void> {
    if (isFinal) return this.#giveUp(mail, message)
    const now = this.#o.now()
    const retryAt = new Date(now.getTime() + retryAfterMs(mail.attempts))
    await this.#written(() => store.endFailed(this.#o.auth, mail, { error: message, now, isUnsure, retryAt }))
    this.#o.log.info({ mail_id: mail.id, kind: mail.kind, attempts: mail.attempts, reason: message }, 'mail not sent yet')
  }

  async #giveUp(mail: store.TakenMail, error: string): Promise<void> {
    await this.#written(() => store.endFailed(this.#o.auth, mail, { error, now: this.#o.now(), isUnsure: false, retryAt: null }))
    this.#o.log.warn({ mail_id: mail.id, kind: mail.kind, attempts: mail.attempts, reason: error }, 'mail given up')
  }

  /** What became of a mail is written for as long as the lease holds, also where the database is away for a moment. */
  async #written(write: () => Promise<unknown>): Promise<void> {
    for (const end = Date.now() + leaseMs / 2; ; await sleep(500)) {
      try {
        await write()
        return
      } catch (error) {
        if (this.#isStopping || Date.now() > end) throw error
      }
    }
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true
    if (this.#poll !== null) clearInterval(this.#poll)
    const timer = new AbortController()
    await Promise.race([this.#pumping, sleep(graceMs, undefined, { signal: timer.signal }).catch(() => undefined)])
    timer.abort()
    await this.#unsubscribe?.()
    this.#o.transport.close()
  }
}

export const startSender = (o: SenderOptions): Sender => {
  const loop = new Loop(o)
  loop.start()
  return loop
}
