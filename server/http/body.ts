// Bodies are read here and not by Fastify: after the caller is known and allowed, within a limit and a time.
import type { FastifyRequest } from 'fastify'
import { AppError } from '../platform/errors.ts'
import { decodeUtf8, parseJson } from './json.ts'
import { withParts } from './parts.ts'

const bodyLimitBytes = 1_048_576
const bodyTimeoutMs = 30_000

const tooLarge = (): AppError =>
  new AppError('too_large', `The body is larger than ${bodyLimitBytes} bytes, the most that this address takes.`)

/** Reads a body that must be small and come soon: one byte a second would hold the connection for as long as its sender likes. */
const inTime = async <T>(request: FastifyRequest, read: () => Promise<T>): Promise<T> => {
  if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) throw tooLarge()
  const slow = setTimeout(() => request.raw.destroy(), bodyTimeoutMs)
  try {
    return await read()
  } finally {
    clearTimeout(slow)
  }
}

/** @throws AppError `too_large` past the limit, `malformed` when the body stops or takes longer than 30 s. */
const readBytes = async (request: FastifyRequest): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    // Destroying the stream would close the socket under the answer.
    for await (const chunk of request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > bodyLimitBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('malformed', 'The body stopped before its end.', { cause: error })
  }
  return Buffer.concat(chunks)
}

const mediaTypeOf = (request: FastifyRequest): string => (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

const isUtf8 = (request: FastifyRequest): boolean => {
  const [, charset] = /;\s*charset\s*=\s*"?([\w-]+)/i.exec(request.headers['content-type'] ?? '') ?? []
  return charset === undefined || /^utf-?8$/i.test(charset)
}

const hasBody = (request: FastifyRequest): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0

const unsupported = (taken: string): AppError => new AppError('unsupported', `This address takes ${taken}.`)

/** The JSON body; undefined when there is none. */
export const readJson = (request: FastifyRequest): Promise<unknown> => readJsonAs(request, ['application/json'])

/** The same under other names. */
export const readJsonAs = async (request: FastifyRequest, mediaTypes: readonly string[]): Promise<unknown> => {
  if (!hasBody(request)) return undefined
  if (!mediaTypes.includes(mediaTypeOf(request)) || !isUtf8(request)) throw unsupported(`${mediaTypes.join(' or ')} in UTF-8`)
  if (request.headers['content-encoding'] !== undefined) throw unsupported('bodies without a content encoding')
  return parseJson(await inTime(request, () => readBytes(request)))
}

const maxFields = 100
const tooManyFields = (): AppError => new AppError('malformed', `The form has more than ${maxFields} fields.`)

const addField = (fields: Map<string, string>, name: string, value: string): void => {
  if (fields.has(name)) throw new AppError('malformed', `The field "${name.slice(0, 100)}" stands twice.`)
  if (fields.size >= maxFields) throw tooManyFields()
  fields.set(name, value)
}

const readMultipart = async (request: FastifyRequest): Promise<Map<string, string>> => {
  const fields = new Map<string, string>()
  await withParts(request, { fields: maxFields, files: 0, fieldSize: 65_536, fieldNameSize: 100 }, async (parts) => {
    for await (const part of parts) {
      if (part.type === 'file') throw unsupported('a form without files')
      if (part.valueTruncated || part.fieldnameTruncated) throw tooLarge()
      addField(fields, part.fieldname, String(part.value))
    }
  })
  return fields
}

const readUrlEncoded = async (request: FastifyRequest): Promise<Map<string, string>> => {
  const text = decodeUtf8(await readBytes(request))
  // Counted before anything is taken apart: half a million empty fields held the event loop for 60 ms.
  if (text.split('&', maxFields + 2).length > maxFields + 1) throw tooManyFields()
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) addField(fields, name, value)
  return fields
}

/** A form in either encoding, or JSON: the OAuth2 password flow sends the first, scripts all three. */
export const readForm = async (request: FastifyRequest): Promise<unknown> => {
  const mediaType = mediaTypeOf(request)
  if (mediaType === 'application/json' || !hasBody(request)) return await readJson(request)
  if (mediaType === 'multipart/form-data') return Object.fromEntries(await inTime(request, () => readMultipart(request)))
  if (mediaType === 'application/x-www-form-urlencoded') return Object.fromEntries(await inTime(request, () => readUrlEncoded(request)))
  throw unsupported('a form (application/x-www-form-urlencoded or multipart/form-data) or JSON')
}
