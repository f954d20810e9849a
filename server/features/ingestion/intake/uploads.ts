// Resumable uploads by the tus protocol: the library speaks it, this store keeps the bytes. An upload is an import in the
// state "uploading" from its first request on, so that its owner sees it and another tenant does not.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { DataStore, Server, Upload } from '@tus/server'
import type { Ctx } from '../../../platform/ctx.ts'
import { isAppError, notFound } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { appendUpload, arrivedOf, claimFile, dropUnused, dropUpload, finishUpload, startUpload } from '../store-files.ts'
import { findImport, type ImportRow, insertImport, lockFiles, moveImport, removeImportRow } from '../store-imports.ts'
import { recordAudit } from '../../audit/index.ts'
import { enqueueImport, newImportRow, recordImports } from './create-import.ts'
import { optionsFrom } from './options.ts'
import type { IntakeDeps } from './receive-files.ts'

const path = '/api/ingestion/uploads'
/** What a stream ends with when the browser or the network went away in the middle: the upload goes on at the next piece. */
const brokenOff = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])
const caller = new AsyncLocalStorage<Ctx>()

/** What the protocol's library takes for an answer. */
const refusal = (status_code: number, body: string) => Object.assign(new Error(body), { status_code, body: `${body}\n` })

const current = (): Ctx => {
  const ctx = caller.getStore()
  if (ctx === undefined) throw new Error('an upload without a caller')
  return ctx
}

/** Another tenant's upload, one that ended and one that never was look the same. */
const uploading = async (ctx: Ctx, id: string): Promise<ImportRow> => {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
  const row = isId ? await findImport(ctx.db, id) : undefined
  if (row === undefined || row.state !== 'uploading') throw refusal(404, 'There is no such upload.')
  return row
}

const statusOf = { not_found: 404, full: 507, too_large: 413, unavailable: 503, conflict: 409, validation: 422 } as const

/** Words of our own with their status; anything else is the log's. */
const worded = (error: unknown): unknown => {
  if (!isAppError(error)) return error
  const status = error.code in statusOf ? statusOf[error.code as keyof typeof statusOf] : 500
  return refusal(status, status === 500 ? 'The server failed; see its log.' : error.message)
}

const optionsOf = (metadata: Upload['metadata']) => {
  if (metadata !== undefined && ('password' in metadata || 'private_key' in metadata))
    throw refusal(422, 'A password or key never goes into the metadata of an upload. Send it to the import when it asks for it.')
  const given = Object.fromEntries(
    ['hostname', 'time_zone', 'artifact'].flatMap((name) => (metadata?.[name] ? [[name, metadata[name]]] : [])),
  )
  try {
    return optionsFrom(given)
  } catch (error) {
    throw worded(error)
  }
}

class ImportUploads extends DataStore {
  readonly #deps: IntakeDeps

  constructor(deps: IntakeDeps) {
    super()
    this.#deps = deps
    this.extensions = ['creation', 'creation-with-upload', 'termination']
  }

  override async create(upload: Upload): Promise<Upload> {
    const ctx = current()
    const sizeBytes = upload.size ?? 0
    const options = optionsOf(upload.metadata)
    const name = upload.metadata?.filename ?? upload.metadata?.name ?? 'unnamed'
    try {
      // Its row sets the quota aside; the lock keeps another from looking at the quota before the row is there.
      await ctx.inTx(async (tx) => {
        await lockFiles(tx.db)
        await startUpload(tx, upload.id, { sizeBytes, maxBytes: this.#deps.maxUploadBytes })
        await insertImport(tx.db, {
          ...newImportRow(tx, { id: upload.id, name, options }),
          state: 'uploading',
          file_sha256: null,
          file_size: sizeBytes,
          sealed_secret: null,
        })
        const details = { file: name.slice(0, 200), size_bytes: sizeBytes }
        await recordAudit(tx, { action: 'upload.begin', object_type: 'import', object_id: upload.id, details })
      })
    } catch (error) {
      await dropUpload(ctx.evidence, upload.id)
      throw worded(error)
    }
    return upload
  }

  override async getUpload(id: string): Promise<Upload> {
    const ctx = current()
    const row = await uploading(ctx, id)
    const offset = await arrivedOf(ctx.evidence, id)
    if (offset === null) throw refusal(404, 'There is no such upload.')
    return new Upload({ id, size: row.file_size, offset, creation_date: row.created_at.toISOString() })
  }

  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const ctx = current()
    const row = await uploading(ctx, id)
    try {
      const reached = await appendUpload(ctx, id, stream as AsyncIterable<Uint8Array>, { offset, sizeBytes: row.file_size })
      if (!(await moveImport(ctx.db, id, ['uploading'], { bytes_read: reached }))) throw notFound('upload')
      return reached
    } catch (error) {
      throw worded(error)
    }
  }

  override async remove(id: string): Promise<void> {
    const ctx = current()
    const { file_name } = await uploading(ctx, id)
    await ctx.inTx(async (tx) => {
      await removeImportRow(tx.db, id)
      await recordAudit(tx, { action: 'upload.drop', object_type: 'import', object_id: id, details: { file: file_name } })
    })
    await dropUpload(ctx.evidence, id)
  }
}

/**
 * The last byte is there: the file goes into the evidence store and its reading into the queue.
 * @throws AppError not_found when the import was cancelled or deleted meanwhile: then nothing of it stays
 */
export const finishImportUpload = async (ctx: Ctx, id: string, sizeBytes: number): Promise<void> => {
  if ((await arrivedOf(ctx.evidence, id)) === null) throw notFound('upload')
  const file = await finishUpload(ctx, id, sizeBytes).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? notFound('upload') : error
  })
  try {
    await ctx.inTx(async (tx) => {
      await claimFile(tx, file)
      const isWanted = await moveImport(tx.db, id, ['uploading'], { state: 'queued', file_sha256: file.sha256, bytes_read: 0 })
      if (!isWanted) throw notFound('upload')
      await enqueueImport(tx, id)
      const row = await findImport(tx.db, id)
      if (row !== undefined) await recordImports(tx, [row])
    })
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') await dropUnused(ctx, file.sha256)
    else if (isAppError(error))
      await moveImport(ctx.db, id, ['uploading'], { state: 'failed', error: error.message, finished_at: ctx.now() })
    throw error
  }
  ctx.log.info({ import_id: id, sha256: file.sha256 }, 'upload finished')
}

export const createUploads = (deps: IntakeDeps): ((ctx: Ctx, request: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  const server = new Server({
    path,
    relativeLocation: true,
    datastore: new ImportUploads(deps),
    maxSize: deps.maxUploadBytes,
    allowedOrigins: [],
    namingFunction: () => newId(),
    onUploadFinish: async (_request, upload) => {
      try {
        await finishImportUpload(current(), upload.id, upload.size ?? 0)
        return {}
      } catch (error) {
        throw worded(error)
      }
    },
    onResponseError: (_request, error) => {
      if ('status_code' in error) return undefined
      if ('code' in error && brokenOff.has(String(error.code))) current().log.info({}, 'an upload was broken off by its sender')
      else current().log.error({ fault: error.stack }, 'an upload failed')
      return { status_code: 500, body: 'The server failed; see its log.\n' }
    },
  })
  return (ctx, request, response) => caller.run(ctx, () => server.handle(request, response))
}
