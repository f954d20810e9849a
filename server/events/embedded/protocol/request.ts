// What a request of the HTTP protocol says: statement, parameters, settings, and where its rows are.
import type { IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import { RefusedError } from './lex.ts'
import { readForm } from './multipart.ts'
import type { Statement } from './statement.ts'
import { readStatement } from './statement.ts'

export interface Asked {
  statement: Statement
  params: ReadonlyMap<string, string>
  settings: Record<string, string>
  isGzipWanted: boolean
  queryId: string
}

const largestText = 256 * 1024 * 1024

const spilling = ['max_bytes_before_external_group_by', 'max_bytes_before_external_sort']
const readSettings = new Set([
  ...spilling,
  'max_execution_time',
  'max_memory_usage',
  'max_threads',
  'max_result_rows',
  'max_result_bytes',
  'output_format_json_quote_64bit_integers',
  'date_time_output_format',
])
const writeSettings = new Set([...spilling, 'max_execution_time', 'max_memory_usage', 'insert_deduplication_token', 'mutations_sync'])
/** Of the protocol itself, or set by the front in any case. */
const protocol = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'enable_http_compression',
  'wait_end_of_query',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'readonly',
])

const bodyText = async (request: IncomingMessage): Promise<Buffer> => {
  const source = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of source as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > largestText) throw new RefusedError('the statement is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const sourceOf = async (request: IncomingMessage, inUrl: string, form: Map<string, string>): Promise<string> => {
  const body = await bodyText(request)
  const contentType = request.headers['content-type'] ?? ''
  if (!contentType.startsWith('multipart/form-data')) return inUrl === '' ? body.toString('utf8') : `${inUrl}\n${body.toString('utf8')}`
  for (const [name, value] of readForm(body, contentType)) form.set(name, value)
  return form.get('query') ?? inUrl
}

const settingsOf = (url: URLSearchParams, kind: Statement['kind']): Record<string, string> => {
  const known = kind === 'read' ? readSettings : writeSettings
  const other = kind === 'read' ? writeSettings : readSettings
  const settings: Record<string, string> = {}
  for (const [name, value] of url) {
    if (known.has(name)) settings[name] = value
    else if (!protocol.has(name) && !name.startsWith('param_') && !other.has(name))
      throw new RefusedError(`the setting ${name} is not open here`)
  }
  return settings
}

const paramsOf = (url: URLSearchParams, form: ReadonlyMap<string, string>, statement: Statement): Map<string, string> => {
  const params = new Map<string, string>()
  for (const [name, value] of [...url, ...form]) {
    const param = /^param_([A-Za-z_][A-Za-z0-9_]*)$/.exec(name)?.[1]
    if (param !== undefined) params.set(param, value)
  }
  // A session keeps the values of earlier requests: a statement must bring every one of its own.
  for (const name of statement.params) if (!params.has(name)) throw new RefusedError(`the parameter ${name} has no value`)
  return params
}

/** Leaves the body alone when it holds rows. @throws RefusedError */
export const readRequest = async (request: IncomingMessage): Promise<Asked> => {
  const url = new URL(request.url ?? '/', 'http://store').searchParams
  const database = url.get('database')
  const inUrl = url.get('query') ?? ''
  const hasRows = /^\s*INSERT\s/i.test(inUrl) && request.method === 'POST' && /\sFORMAT\s+\w+\s*$/i.test(inUrl)
  const form = new Map<string, string>()
  const source = hasRows ? inUrl : await sourceOf(request, inUrl, form)
  const statement = readStatement(source, { database, hasBody: hasRows })
  return {
    statement,
    params: paramsOf(url, form, statement),
    settings: settingsOf(url, statement.kind),
    isGzipWanted: url.get('enable_http_compression') === '1' && /\bgzip\b/.test(request.headers['accept-encoding'] ?? ''),
    queryId: url.get('query_id') ?? '',
  }
}
