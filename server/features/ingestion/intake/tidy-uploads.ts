// What a crash or a sender who never came back left of uploads, looked at when the server starts.
import type { Ctx } from '../../../platform/ctx.ts'
import { arrivedOf, dropOrphans, dropUpload, uploadsOnDisk } from '../store-files.ts'
import { type ImportRow, lockFiles, moveImport, openUploads } from '../store-imports.ts'
import { finishImportUpload } from './uploads.ts'

const keptMs = 14 * 86_400_000

const tidy = async (ctx: Ctx, row: ImportRow): Promise<void> => {
  const arrived = await arrivedOf(ctx.evidence, row.id)
  if (arrived !== null && arrived === row.file_size) {
    await finishImportUpload(ctx, row.id, row.file_size)
    return
  }
  const isOld = ctx.now().getTime() - row.created_at.getTime() > keptMs
  if (arrived !== null && !isOld) return
  const why =
    arrived === null
      ? 'The server stopped at the last moment of this upload. Drop the file again: nothing is stored twice.'
      : 'Nobody went on with this upload for 14 days, so what had arrived was removed. Drop the file again.'
  await moveImport(ctx.db, row.id, ['uploading'], { state: 'failed', error: why, finished_at: ctx.now(), bytes_read: 0 })
  await dropUpload(ctx.evidence, row.id)
}

/**
 * Finishes uploads whose last byte had come, and ends those that cannot be gone on with. One that cannot be tidied does not
 * keep the server from its start.
 */
export const tidyUploads = async (ctx: Ctx): Promise<void> => {
  for (const row of await openUploads(ctx.db))
    await tidy(ctx, row).catch((error: Error) => ctx.log.error({ import_id: row.id, fault: error.stack }, 'an upload was not tidied'))
  // A cancel or a deletion that was killed between its row and its bytes.
  // An upload makes its file and its row under the same lock, so another server's that begins now is not taken for one.
  await ctx.inTx(async (tx) => {
    await lockFiles(tx.db)
    const isOpen = new Set((await openUploads(tx.db)).map((row) => row.id))
    for (const id of await uploadsOnDisk(tx.evidence)) if (!isOpen.has(id)) await dropUpload(tx.evidence, id)
  })
  try {
    const { files, bytes, unsure } = await dropOrphans(ctx)
    if (files > 0) ctx.log.info({ files, bytes }, 'files that belonged to no import were removed')
    if (unsure > 0) ctx.log.warn({ files: unsure }, 'files that belong to no import are younger than every import and stay')
  } catch (error) {
    ctx.log.error({ fault: (error as Error).stack }, 'files that belong to no import were not looked for')
  }
}
