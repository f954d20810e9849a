// The only way out of this server to an address that somebody typed. What a wrong answer says is never shown to anybody:
// it may come from a machine that only this server can reach.
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import { exchange, type OutboundReply } from './exchange.ts'
import { type AllowedTarget, type CheckedAddress, readAddress, type Resolve, resolveTarget, systemResolve } from './targets.ts'

export type { OutboundReply } from './exchange.ts'

export interface OutboundCall {
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** Of the whole call with its redirects; 10 s at most and unless said. */
  timeoutMs?: number
  /** 5 MiB at most and unless said. */
  maxBytes?: number
  /** Redirects that are followed; none unless said, 3 at most. */
  redirects?: number
  /** Media types that a good answer may have; any unless said. */
  accept?: readonly string[]
  /** PEM of the one authority that is believed instead of the system's. */
  ca?: string
  signal?: AbortSignal
}

export interface Outbound {
  /**
   * Whatever the status is, the answer is given; a redirect that is not to be followed too.
   * @throws AppError validation: an address that is not called · unavailable · timeout
   */
  call: (address: string | URL, call?: OutboundCall) => Promise<OutboundReply>
  /** `call` in the shape of the platform's own fetch, for libraries that take one. Bodies are text or bytes. */
  fetch: (address: string | URL, init?: RequestInit, call?: Pick<OutboundCall, 'ca' | 'redirects'>) => Promise<Response>
}

const mostMs = 10_000
const mostBytes = 5 * 1_048_576
const mostRedirects = 3
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** What may go on to another origin: nothing that says who asks. */
const harmless: ReadonlySet<string> = new Set(['accept', 'accept-language', 'user-agent'])

interface Step {
  url: URL
  method: string
  headers: Record<string, string>
  body?: Uint8Array
}

const pick = (headers: Readonly<Record<string, string>>, keep: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => keep(name)))

/** @throws AppError unavailable: led somewhere that is not gone to */
const followed = (step: Step, status: number, location: string): Step => {
  if (!URL.canParse(location, step.url.href)) throw new AppError('unavailable', `${step.url.host} leads on to no address.`)
  const url = readAddress(new URL(location, step.url.href))
  if (step.url.protocol === 'https:' && url.protocol === 'http:')
    throw new AppError('unavailable', `${step.url.host} leads on to an address without TLS.`)
  const isSame = url.origin === step.url.origin
  const keepsBody = status === 307 || status === 308
  if (keepsBody && step.body !== undefined && !isSame)
    throw new AppError('unavailable', `${step.url.host} leads on to another server, which is not told what was sent.`)
  const headers = isSame ? step.headers : pick(step.headers, (name) => harmless.has(name))
  if (keepsBody) return { ...step, url, headers }
  const method = step.method === 'HEAD' ? 'HEAD' : 'GET'
  return { url, method, headers: pick(headers, (name) => !name.startsWith('content-')) }
}

const mediaTypeOf = (reply: OutboundReply): string => (reply.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

const checkKind = (reply: OutboundReply, accept: readonly string[] | undefined): void => {
  const isGood = reply.status >= 200 && reply.status < 300
  if (accept !== undefined && isGood && reply.status !== 204 && !accept.includes(mediaTypeOf(reply)))
    throw new AppError('unavailable', `${new URL(reply.url).host} answered with something else than ${accept.join(' or ')}.`)
}

const within = (call: OutboundCall): AbortSignal => {
  const late = AbortSignal.timeout(Math.min(call.timeoutMs ?? mostMs, mostMs))
  return call.signal === undefined ? late : AbortSignal.any([late, call.signal])
}

/** The system's resolver cannot be interrupted: whoever waits can. */
const beforeEnd = <T>(signal: AbortSignal, host: string, work: Promise<T>): Promise<T> => {
  const ended = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(new AppError('timeout', `${host} did not answer in time.`))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  return Promise.race([work, ended])
}

const firstStep = (address: string | URL, call: OutboundCall): Step => {
  const headers = Object.fromEntries(Object.entries(call.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  const body = typeof call.body === 'string' ? Buffer.from(call.body, 'utf8') : call.body
  return { url: readAddress(address), method: (call.method ?? 'GET').toUpperCase(), headers, body }
}

/** What the platform's fetch would send: a form, for example, says that it is one. */
const sentBy = async (init: RequestInit): Promise<Pick<OutboundCall, 'headers' | 'body'>> => {
  const headers = new Headers(init.headers)
  if (init.body === undefined || init.body === null) return { headers: Object.fromEntries(headers) }
  const whole = new Response(init.body)
  const kind = whole.headers.get('content-type')
  if (kind !== null && !headers.has('content-type')) headers.set('content-type', kind)
  return { headers: Object.fromEntries(headers), body: new Uint8Array(await whole.arrayBuffer()) }
}

const bodiless: ReadonlySet<number> = new Set([101, 204, 205, 304])

export const createOutbound = (o: { allow: readonly AllowedTarget[]; log: Log; resolve?: Resolve }): Outbound => {
  const resolve = o.resolve ?? systemResolve
  const check = async (step: Step, signal: AbortSignal): Promise<CheckedAddress[]> => {
    try {
      return await beforeEnd(signal, step.url.host, resolveTarget(step.url, { allow: o.allow, resolve }))
    } catch (error) {
      o.log.warn({ host: step.url.host, reason: error instanceof Error ? error.message : '' }, 'a call to the outside was refused')
      throw error
    }
  }
  const call: Outbound['call'] = async (address, given = {}) => {
    const signal = within(given)
    const maxBytes = Math.min(given.maxBytes ?? mostBytes, mostBytes)
    const most = Math.min(given.redirects ?? 0, mostRedirects)
    let step = firstStep(address, given)
    for (let gone = 0; ; gone++) {
      const to = await check(step, signal)
      const reply = await exchange({ ...step, to, maxBytes, signal, ca: given.ca })
      const location = reply.headers.get('location')
      const isRedirect = redirectStatuses.has(reply.status) && location !== null
      if (isRedirect && most > 0) {
        if (gone >= most) throw new AppError('unavailable', `${step.url.host} led on more than ${most} times.`)
        step = followed(step, reply.status, location)
        continue
      }
      checkKind(reply, given.accept)
      return reply
    }
  }
  return {
    call,
    fetch: async (address, init = {}, more = {}) => {
      const sent = await sentBy(init)
      const reply = await call(address, { ...more, ...sent, method: init.method, signal: init.signal ?? undefined })
      const body = bodiless.has(reply.status) ? null : new Uint8Array(reply.body)
      return new Response(body, { status: reply.status, headers: reply.headers })
    },
  }
}
