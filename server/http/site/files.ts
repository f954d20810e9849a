// Files are listed once at start and served from that list alone: what is not in it cannot be asked for, whatever
// the path says. Compressed forms stand beside a file where the build left them; others are made on first use and kept.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}
const compressible = /^(text|application)\/|svg/

type Encoding = 'br' | 'gzip'
const compress: Readonly<Record<Encoding, (data: Buffer) => Promise<Buffer>>> = {
  br: (data) => promisify(brotliCompress)(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (data) => promisify(gzip)(data),
}

export interface ServedFile {
  data: Buffer
  mediaType: string
  etag: string
  /** Its name holds a hash of its content, so it may be kept for ever. */
  isImmutable: boolean
  compressed: Map<Encoding, Promise<Buffer>>
}

export const servedFile = (path: string, isImmutable = false): ServedFile | null => {
  const mediaType = mediaTypes[extname(path)]
  if (mediaType === undefined) return null
  const data = readFileSync(path)
  const etag = `"${createHash('sha256').update(data).digest('base64url').slice(0, 22)}"`
  const compressed = new Map<Encoding, Promise<Buffer>>()
  if (existsSync(`${path}.br`)) compressed.set('br', Promise.resolve(readFileSync(`${path}.br`)))
  return { data, mediaType, etag, isImmutable, compressed }
}

/** Every file of a kind that we serve below a folder, by its path with slashes. Source maps stay at home. */
export const listFiles = (folder: string): Map<string, ServedFile> => {
  const files = new Map<string, ServedFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).split(sep).join('/')
    const file = servedFile(path, name.startsWith('assets/'))
    if (file !== null) files.set(name, file)
  }
  return files
}

const encodingOf = (request: FastifyRequest, file: ServedFile): Encoding | null => {
  if (!compressible.test(file.mediaType) || file.data.length < 1024) return null
  const accepted = request.headers['accept-encoding'] ?? ''
  if (/\bbr\b(?!\s*;\s*q=0(\.0+)?\b)/.test(accepted)) return 'br'
  return /\bgzip\b(?!\s*;\s*q=0(\.0+)?\b)/.test(accepted) ? 'gzip' : null
}

const encoded = (file: ServedFile, encoding: Encoding): Promise<Buffer> => {
  const known = file.compressed.get(encoding)
  if (known !== undefined) return known
  const made = compress[encoding](file.data)
  file.compressed.set(encoding, made)
  return made
}

export const sendFile = async (request: FastifyRequest, reply: FastifyReply, file: ServedFile): Promise<FastifyReply> => {
  reply
    .header('content-type', file.mediaType)
    .header('etag', file.etag)
    .header('vary', 'accept-encoding')
    .header('cache-control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
  const encoding = encodingOf(request, file)
  if (encoding === null) return reply.send(file.data)
  return reply.header('content-encoding', encoding).send(await encoded(file, encoding))
}
