// One request and its answer, over a connection that goes to a checked address or nowhere. No connection is kept: one that
// is used again would go to what was checked for somebody else.
import { type IncomingMessage, request as overHttp, type RequestOptions } from 'node:http'
import { request as overHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { AppError } from '../errors.ts'
import type { CheckedAddress } from './targets.ts'

export interface Exchange {
  url: URL
  method: string
  headers: Readonly<Record<string, string>>
  body?: Uint8Array
  to: readonly CheckedAddress[]
  maxBytes: number
  signal: AbortSignal
  /** PEM of the one authority that is believed instead of the system's. */
  ca?: string
}

export interface OutboundReply {
  status: number
  headers: Headers
  body: Buffer
  /** Where the answer came from, after redirects. */
  url: string
}

/** Answers what was checked, whatever name is asked for. */
const pinned =
  (to: readonly CheckedAddress[]): LookupFunction =>
  (_host, options, done) => {
    const [first] = to
    if (first === undefined) return done(new Error('nowhere to go'), '')
    if (options.all === true) return done(null, [...to])
    return done(null, first.address, first.family)
  }

const optionsOf = (e: Exchange): RequestOptions & { ca?: string } => ({
  method: e.method,
  headers: { 'user-agent': 'VelociCompanion', accept: '*/*', ...e.headers, 'accept-encoding': 'identity' },
  lookup: pinned(e.to),
  agent: false,
  maxHeaderSize: 16_384,
  signal: e.signal,
})

const send = (e: Exchange): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const options = optionsOf(e)
    const request =
      e.url.protocol === 'https:'
        ? overHttps(e.url, { ...options, ca: e.ca, rejectUnauthorized: true, minVersion: 'TLSv1.2' }, resolve)
        : overHttp(e.url, options, resolve)
    request.on('error', reject)
    request.on('upgrade', (_answer, socket) => {
      socket.destroy()
      reject(new Error('the server wanted another protocol'))
    })
    request.end(e.body)
  })

const tooLong = (e: Exchange): AppError => new AppError('unavailable', `${e.url.host} answered with more than ${e.maxBytes} bytes.`)

const readBody = async (e: Exchange, answer: IncomingMessage): Promise<Buffer> => {
  if (Number(answer.headers['content-length'] ?? 0) > e.maxBytes) throw tooLong(e)
  // A compressed answer would have a size of its own behind the one that is counted.
  const encoding = answer.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    throw new AppError('unavailable', `${e.url.host} answered in a form that was not asked for.`)
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > e.maxBytes) throw tooLong(e)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const headersOf = (answer: IncomingMessage): Headers => {
  const headers = new Headers()
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2) headers.append(answer.rawHeaders[i] ?? '', answer.rawHeaders[i + 1] ?? '')
  return headers
}

/** @throws AppError unavailable: no connection, a certificate that is not right, too large · timeout */
export const exchange = async (e: Exchange): Promise<OutboundReply> => {
  let answer: IncomingMessage | undefined
  try {
    answer = await send(e)
    return { status: answer.statusCode ?? 0, headers: headersOf(answer), body: await readBody(e, answer), url: e.url.href }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    if (e.signal.aborted) throw new AppError('timeout', `${e.url.host} did not answer in time.`, { cause })
    throw new AppError('unavailable', `${e.url.host} does not answer as it should.`, { cause })
  } finally {
    answer?.destroy()
  }
}
