// A command talks to the running server when there is one, else it opens the product itself for as long as it lasts. Both
// ways go through the operator's socket, so that a command does the same whichever it is.
import { request as httpRequest } from 'node:http'
import type { Readable } from 'node:stream'
import { createApp } from '../../app.ts'
import { type Config, loadConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/log.ts'
import { operatorSocketOf, startOperatorServer } from './operator-server.ts'

export interface Answer {
  status: number
  body: unknown
}

export interface Connection {
  config: Config
  isOwnServer: boolean
  operator: <T>(command: string, body?: object) => Promise<T>
  call: (method: string, path: string, o?: { token?: string; json?: unknown; stream?: Readable; contentType?: string }) => Promise<Answer>
  /** A file that the server streams, with what it says behind the last byte. @throws CommandFailed also where it breaks off */
  download: (path: string, o: { token: string; json: unknown }, into: (bytes: AsyncIterable<Buffer>) => Promise<void>) => Promise<Trailers>
  close: () => Promise<void>
}

export interface Trailers {
  headers: Readonly<Record<string, string | string[] | undefined>>
  trailers: Readonly<Record<string, string | undefined>>
}

/** What went wrong in words for the person at the terminal; no stack is shown. */
export class CommandFailed extends Error {}

const detailOf = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'detail' in body ? String(body.detail) : 'The server gave no reason.'

const send = (
  socketPath: string,
  method: string,
  path: string,
  o: { token?: string; json?: unknown; stream?: Readable; contentType?: string },
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers: Record<string, string> = { accept: 'application/json', host: 'localhost' }
    if (o.token !== undefined) headers.authorization = `Bearer ${o.token}`
    if (o.json !== undefined) headers['content-type'] = 'application/json'
    if (o.contentType !== undefined) headers['content-type'] = o.contentType
    const outgoing = httpRequest({ socketPath, method, path, headers }, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('error', reject)
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: reply.statusCode ?? 0, body: text === '' ? null : (JSON.parse(text) as unknown) })
      })
    })
    outgoing.on('error', reject)
    if (o.stream !== undefined) {
      o.stream.on('error', (error) => outgoing.destroy(error))
      o.stream.pipe(outgoing)
    } else outgoing.end(o.json === undefined ? undefined : JSON.stringify(o.json))
  })

const brokeOff = (cause: unknown): CommandFailed =>
  new CommandFailed('The file broke off before its end: the server stopped, or the session was ended. Export again.', { cause })

const receive = (
  socketPath: string,
  path: string,
  o: { token: string; json: unknown },
  into: (bytes: AsyncIterable<Buffer>) => Promise<void>,
): Promise<Trailers> =>
  new Promise((resolve, reject) => {
    const headers = { host: 'localhost', authorization: `Bearer ${o.token}`, 'content-type': 'application/json' }
    const outgoing = httpRequest({ socketPath, method: 'POST', path, headers }, (reply) => {
      if (reply.statusCode !== 200) return void refusal(reply).then(reject, reject)
      into(reply).then(
        () => (reply.complete ? resolve({ headers: reply.headers, trailers: reply.trailers }) : reject(brokeOff(null))),
        (error: unknown) => reject(reply.complete ? error : brokeOff(error)),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(JSON.stringify(o.json))
  })

const refusal = async (reply: Readable): Promise<CommandFailed> => {
  const chunks: Buffer[] = []
  for await (const chunk of reply as AsyncIterable<Buffer>) chunks.push(chunk)
  return new CommandFailed(detailOf(JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown))
}

const isAnswering = async (socketPath: string): Promise<boolean> => {
  try {
    return (await send(socketPath, 'POST', '/operator/ping', { json: {} })).status === 200
  } catch {
    return false
  }
}

/** The socket of the server that uses the data folder now; a server that was killed leaves one that nobody answers. */
export const runningServerOf = async (dataDir: string): Promise<string | null> => {
  const socket = operatorSocketOf(dataDir)
  return socket !== null && (await isAnswering(socket)) ? socket : null
}

/** @throws CommandFailed with what the server says. */
export const askOperator = async <T>(socketPath: string, command: string, body: object = {}): Promise<T> => {
  const reply = await send(socketPath, 'POST', `/operator/${command}`, { json: body })
  if (reply.status !== 200) throw new CommandFailed(detailOf(reply.body))
  return reply.body as T
}

export const connect = async (): Promise<Connection> => {
  const config = loadConfig(process.env)
  const running = await runningServerOf(config.DATA_DIR)
  let path = running ?? ''
  let stop = (): Promise<void> => Promise.resolve()
  if (running === null) {
    const log = createLog(process.env.LOG_LEVEL === undefined ? 'silent' : config.LOG_LEVEL, process.stderr)
    const app = await createApp({ config: { ...config, METRICS_PORT: undefined }, log })
    const operator = await startOperatorServer(app, config.DATA_DIR)
    path = operator.path
    stop = async () => {
      await operator.close()
      await app.close()
    }
  }
  return {
    config,
    isOwnServer: running === null,
    operator: <T>(command: string, body?: object): Promise<T> => askOperator<T>(path, command, body),
    call: async (method, path_, o = {}) => {
      const reply = await send(path, method, path_, o)
      if (reply.status >= 400) throw new CommandFailed(detailOf(reply.body))
      return reply
    },
    download: (path_, o, into) => receive(path, path_, o, into),
    close: stop,
  }
}
