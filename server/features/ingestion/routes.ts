import type { Readable } from 'node:stream'
import * as contract from '../../../shared/contract/ingestion.ts'
import { type HttpApp, mount, mountList, mountRaw } from '../../http/mount.ts'
import { withParts } from '../../http/parts.ts'
import { AppError } from '../../platform/errors.ts'
import type { Ingestion } from './index.ts'

/** Bounds of a form; the files in it are bounded by MAX_UPLOAD, the quota and the disk. */
const formLimits = { fields: 20, files: 1000, fieldSize: 65_536, fieldNameSize: 100, headerPairs: 100, fileSize: Number.POSITIVE_INFINITY }

/** RFC 6266: a plain name for old clients and the real one beside it. Control characters never reach the header. */
const attachment = (name: string): string => {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%;]/g, '_').slice(0, 150)
  const real = encodeURIComponent(name.slice(0, 200).toWellFormed()).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${real}`
}

const mountIntake = (app: HttpApp, ingestion: Ingestion): void => {
  mountRaw(app, contract.ingest, async (request, reply, ctx) => {
    const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
    if (mediaType === 'application/json') return reply.code(200).send(await ingestion.receiveRows(ctx, request.raw))
    if (mediaType !== 'multipart/form-data')
      throw new AppError('unsupported', 'Send files as multipart/form-data in the field "files", or rows as application/json.')
    const imports = await withParts(request, formLimits, (parts) => ingestion.receiveFiles(ctx, parts))
    return reply.code(202).send({ imports })
  })
  for (const route of [contract.uploadOptions, contract.createUpload, contract.headUpload, contract.patchUpload, contract.deleteUpload])
    mountRaw(app, route, async (request, reply, ctx) => {
      reply.hijack()
      for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value as string)
      await ingestion.handleUpload(ctx, request.raw, reply.raw)
    })
}

const mountReceipts = (app: HttpApp, ingestion: Ingestion): void => {
  mountList(app, contract.listImports, ({ query }, ctx) => ingestion.showImports(ctx, query))
  mount(app, contract.getImport, ({ params }, ctx) => ingestion.showImport(ctx, params.import_id))
  mountList(app, contract.listRejects, ({ params, query }, ctx) => ingestion.showRejects(ctx, params.import_id, query))
  mount(app, contract.cancelImport, ({ params }, ctx) => ingestion.cancelImport(ctx, params.import_id))
  mount(app, contract.retryImport, ({ params }, ctx) => ingestion.retryImport(ctx, params.import_id))
  mount(app, contract.unlockImport, ({ params, body }, ctx) => ingestion.unlockImport(ctx, params.import_id, body))
  mount(app, contract.deleteImport, ({ params }, ctx) => ingestion.deleteImport(ctx, params.import_id))
  mount(app, contract.storage, (_, ctx) => ingestion.showStorage(ctx))
  mount(app, contract.loadDemo, ({ body }, ctx) => ingestion.loadDemo(ctx, body))
}

const mountDownload = (app: HttpApp, ingestion: Ingestion): void => {
  mountRaw(app, contract.downloadFile, async (request, reply, ctx) => {
    const { import_id, sha256 } = request.params as { import_id: string; sha256: string }
    const file = await ingestion.openUploaded(ctx, import_id, sha256)
    // inert: never shown, never sniffed, never run (security 71)
    void reply
      .header('content-type', 'application/octet-stream')
      .header('content-length', String(file.size_bytes))
      .header('content-disposition', attachment(file.name))
      .header('content-security-policy', "sandbox; default-src 'none'")
      .header('x-content-type-options', 'nosniff')
    return reply.send(file.stream as Readable)
  })
}

export const mountIngestion = (app: HttpApp, ingestion: Ingestion): void => {
  mountIntake(app, ingestion)
  mountReceipts(app, ingestion)
  mountDownload(app, ingestion)
}
