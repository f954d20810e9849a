// The ClickHouse HTTP protocol in front of the embedded engine, as much of it as the official client speaks: on loopback,
// for whoever holds the token of this start.
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isSameSecret } from '../../platform/ids.ts'
import { answer, answerError } from './protocol/answer.ts'
import type { Chunk, Engine, Task } from './engine.ts'
import type { Asked } from './protocol/request.ts'
import { readRequest } from './protocol/request.ts'
import { leftBlock, spool } from './spool.ts'
import { literal } from './protocol/statement.ts'
import type { Structures } from './structures.ts'

export interface FrontOptions {
  engine: Engine
  structures: Structures
  spoolDir: string
  blockDir: string
  token: string
}

const tokenOf = (request: IncomingMessage): string => {
  const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ')
  if (scheme === 'Basic') return Buffer.from(value, 'base64').toString('utf8').split(':').slice(1).join(':')
  return String(request.headers['x-clickhouse-key'] ?? '')
}

const abortedBy = (response: ServerResponse): AbortSignal => {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}

const taskOf = (asked: Asked, text: string, signal: AbortSignal): Task => {
  const { statement, params, settings } = asked
  const kind = statement.kind === 'read' ? 'read' : 'write'
  return { kind, text, params, settings, isStream: kind === 'read' && statement.format !== 'JSON', signal }
}

const sourceOf = async (o: FrontOptions, path: string, asked: Asked, signal: AbortSignal): Promise<string> => {
  const { target, format } = asked.statement
  if (format !== 'RowBinary' || target === null) return `FROM INFILE ${literal(path)} COMPRESSION 'none' FORMAT ${format}`
  const structure = await o.structures.of(target, signal)
  return `SELECT * FROM file(${literal(path)}, 'RowBinary', ${literal(structure)}, 'none')`
}

/** Rows first go to a file whole; only then is the engine asked, so that a sender that dies half-way stores nothing. */
async function* insertRows(o: FrontOptions, request: IncomingMessage, asked: Asked, signal: AbortSignal): AsyncGenerator<Chunk> {
  const left = leftBlock(request, o.blockDir)
  // a block that was left is its maker's to remove: the same insert may come again
  const rows = left === null ? await spool(request, o.spoolDir) : { path: left, remove: () => Promise.resolve() }
  try {
    const from = await sourceOf(o, rows.path, asked, signal)
    yield* o.engine.run(taskOf(asked, `${asked.statement.text} ${from}`, signal))
  } finally {
    await rows.remove()
  }
}

const serve = async (o: FrontOptions, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const signal = abortedBy(response)
  const asked = await readRequest(request)
  const { statement, queryId } = asked
  const format = statement.format ?? 'TabSeparated'
  if (statement.isDdl) o.structures.forget()
  const text = statement.kind === 'read' ? `${statement.text}\nFORMAT ${format}` : statement.text
  const chunks = statement.kind === 'insert' ? insertRows(o, request, asked, signal) : o.engine.run(taskOf(asked, text, signal))
  await answer(response, chunks, { queryId, format, isGzip: asked.isGzipWanted, gone: signal })
}

const refuse = (response: ServerResponse): void => {
  response.writeHead(401, { 'content-type': 'text/plain', 'x-clickhouse-exception-code': '516', connection: 'close' })
  response.end('Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)\n')
}

const largestHead = 4 * 1024 * 1024

/** Listens on a free port of 127.0.0.1. */
export const openFront = async (o: FrontOptions): Promise<{ port: number; server: Server }> => {
  const server = createServer({ maxHeaderSize: largestHead, keepAliveTimeout: 60_000, requestTimeout: 900_000 }, (request, response) => {
    if (!isSameSecret(tokenOf(request), o.token)) return refuse(response)
    if (request.method === 'GET' && request.url === '/ping') return void response.end('Ok.\n')
    void serve(o, request, response).catch((error: unknown) => answerError(response, error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, server }
}
