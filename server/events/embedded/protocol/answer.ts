import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { Chunk } from '../engine.ts'
import { BusyError } from '../engine.ts'
import { RefusedError } from './lex.ts'
import { CutShortError } from '../spool.ts'

/** The error as the protocol words it: "Code: n. DB::Exception: ... (NAME)". */
const wordsOf = (error: unknown): { status: number; code: number; text: string } => {
  if (error instanceof RefusedError) return { status: 403, code: 497, text: `Code: 497. DB::Exception: ${error.message}. (ACCESS_DENIED)` }
  if (error instanceof BusyError)
    return { status: 503, code: 202, text: 'Code: 202. DB::Exception: Too many queries at once. (TOO_MANY_SIMULTANEOUS_QUERIES)' }
  if (error instanceof CutShortError)
    return { status: 400, code: 33, text: `Code: 33. DB::Exception: ${error.message}. (CANNOT_READ_ALL_DATA)` }
  const message = error instanceof Error ? error.message : String(error)
  if ((error as { code?: unknown }).code === 'ENOSPC' || /No space left on device/.test(message))
    return { status: 507, code: 243, text: 'Code: 243. DB::Exception: No space left on device. (NOT_ENOUGH_SPACE)' }
  const code = Number(/Code: (\d+)/.exec(message)?.[1] ?? 1002)
  const text = message.startsWith('Code: ') ? message : `Code: ${code}. DB::Exception: ${message} (UNKNOWN_EXCEPTION)`
  return { status: code === 159 ? 408 : 500, code, text }
}

export const answerError = (response: ServerResponse, error: unknown): void => {
  const { status, code, text } = wordsOf(error)
  if (response.headersSent || response.destroyed) return void response.destroy()
  response.writeHead(status, {
    'content-type': 'text/plain; charset=UTF-8',
    'x-clickhouse-exception-code': String(code),
    ...(status === 503 ? { 'retry-after': '5' } : {}),
    connection: 'close',
  })
  response.end(`${text}\n`)
}

/** How a client learns of an error after the first rows: a block behind the last row, marked with a random word from the head. */
const lateError = (error: unknown, tag: string): string => {
  const text = `${wordsOf(error).text}\n`
  return `\r\n__exception__\r\n${tag}\r\n${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`
}

export interface AnswerHead {
  queryId: string
  format: string
  isGzip: boolean
  /** Ends when the client has gone. */
  gone: AbortSignal
}

/** A reader that takes nothing for so long has gone, whatever its socket says. */
const slowestReaderMs = 120_000

const write = async (out: Writable, bytes: Uint8Array, gone: AbortSignal): Promise<void> => {
  if (!out.write(bytes)) await once(out, 'drain', { signal: AbortSignal.any([gone, AbortSignal.timeout(slowestReaderMs)]) })
}

const summaryOf = (chunk: Chunk | undefined): string =>
  JSON.stringify({
    read_rows: String(chunk?.rowsRead ?? 0),
    read_bytes: String(chunk?.bytesRead ?? 0),
    written_rows: '0',
    written_bytes: '0',
    total_rows_to_read: '0',
    result_rows: '0',
    result_bytes: '0',
    elapsed_ns: '0',
  })

/** Errors before the first chunk have a status of their own; later ones end the body. */
export const answer = async (response: ServerResponse, chunks: AsyncGenerator<Chunk>, head: AnswerHead): Promise<void> => {
  const first = await chunks.next()
  const tag = randomBytes(8).toString('hex')
  const value = first.done === true ? undefined : first.value
  response.writeHead(200, {
    'content-type': head.format === 'JSON' ? 'application/json; charset=UTF-8' : 'application/octet-stream',
    'x-clickhouse-query-id': head.queryId,
    'x-clickhouse-format': head.format,
    'x-clickhouse-summary': summaryOf(value),
    'x-clickhouse-exception-tag': tag,
    ...(head.isGzip ? { 'content-encoding': 'gzip' } : {}),
  })
  const gzip = head.isGzip ? createGzip({ level: 1 }) : null
  gzip?.pipe(response)
  const out: Writable = gzip ?? response
  try {
    if (value !== undefined) await write(out, value.bytes, head.gone)
    for await (const chunk of chunks) await write(out, chunk.bytes, head.gone)
  } catch (error) {
    await chunks.return(undefined)
    if (!response.destroyed) out.end(lateError(error, tag))
    return
  }
  out.end()
}
