import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { ImportReceipt } from '../../../shared/contract/ingestion.ts'
import type { Ctx } from '../../platform/ctx.ts'
import type { Log } from '../../platform/log.ts'
import { loadDemo, makeDemo } from './intake/demo.ts'
import { type Part, receiveFiles } from './intake/receive-files.ts'
import { receiveRows } from './intake/receive-rows.ts'
import { tidyUploads } from './intake/tidy-uploads.ts'
import { createUploads } from './intake/uploads.ts'
import { Parsers } from './parser/parser-process.ts'
import { cancelImport, deleteImport, retryImport, unlockImport } from './receipts/control-imports.ts'
import { openUploaded } from './receipts/download.ts'
import { showImport, showImports, showRejects } from './receipts/read-receipts.ts'
import { createStorage, type StoreFacts } from './receipts/storage.ts'
import { failImport, readImport } from './run/read-import.ts'
import { isWaiting } from './receipts/control-imports.ts'
import { rebuildImport, startReindex } from './run/reindex.ts'
import { removeImport } from './run/remove-import.ts'
import { createSealer } from './run/secrets.ts'

export { readFlatRows, type FlatRow } from './flat/read-flat.ts'
export type { StoreFacts } from './receipts/storage.ts'

export interface IngestionOptions {
  secret: string
  maxUploadBytes: number
  log: Log
  storeFacts: StoreFacts
  /** What looks at rows that an import has brought, and is told when they go. Neither may fail it. */
  detect: {
    stored: (ctx: Ctx, importId: string, hold: (tx: Ctx) => Promise<void>) => Promise<void>
    gone: (ctx: Ctx, importId: string) => Promise<void>
  }
}

/** A job of this room: the context has the rights that the owner of the job has now. */
export interface Work {
  subject_id: string
  payload: Readonly<Record<string, string>>
  attempts: number
  /** In a transaction: its writes count only while this process holds the job. */
  hold: (tx: Ctx) => Promise<void>
}
export type IngestionJob = (ctx: Ctx, job: Work) => Promise<void>

export const createIngestion = (o: IngestionOptions) => {
  const sealer = createSealer(o.secret)
  const parsers = new Parsers(o.log)
  const intake = { sealer, maxUploadBytes: o.maxUploadBytes }
  const jobs: Record<'import' | 'delete_import' | 'reindex' | 'demo', IngestionJob> = {
    import: async (ctx, job) => {
      await readImport(ctx, job, { parsers, sealer })
      await o.detect.stored(ctx, job.subject_id, job.hold)
    },
    delete_import: async (ctx, job) => {
      await removeImport(ctx, job.subject_id)
      await o.detect.gone(ctx, job.subject_id)
    },
    reindex: async (ctx, job) => {
      await rebuildImport(ctx, job, { parsers, sealer })
      await o.detect.gone(ctx, job.subject_id)
      await o.detect.stored(ctx, job.subject_id, job.hold)
    },
    demo: (ctx, job) => makeDemo(ctx, job.payload, intake),
  }
  return {
    jobs,
    receiveFiles: (ctx: Ctx, parts: AsyncIterable<Part>): Promise<ImportReceipt[]> => receiveFiles(ctx, parts, intake),
    receiveRows: (ctx: Ctx, body: Readable) => receiveRows(ctx, body, intake),
    handleUpload: createUploads(intake) as (ctx: Ctx, request: IncomingMessage, response: ServerResponse) => Promise<void>,
    showImports,
    showImport,
    showRejects,
    cancelImport,
    retryImport,
    unlockImport: (ctx: Ctx, id: string, given: { password?: string; private_key?: string }) => unlockImport(ctx, id, given, sealer),
    deleteImport,
    openUploaded,
    showStorage: createStorage(o.storeFacts),
    tidyUploads,
    loadDemo,
    startReindex,
    failImport,
    isWaiting,
    close: () => parsers.close(),
  }
}

export type Ingestion = ReturnType<typeof createIngestion>
