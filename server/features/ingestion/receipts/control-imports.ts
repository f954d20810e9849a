import type { ImportReceipt } from '../../../../shared/contract/ingestion.ts'
import { cancelJobs, enqueueJob, hasOpenJob } from '../../../jobs/enqueue.ts'
import type { AuditAct } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { conflict, invalid } from '../../../platform/errors.ts'
import { recordAudit } from '../../audit/index.ts'
import { enqueueImport, importLane } from '../intake/create-import.ts'
import { type ImportSecret, type Sealer, sealSecret } from '../run/secrets.ts'
import { dropUpload } from '../store-files.ts'
import { type ImportRow, lockImport, updateImport } from '../store-imports.ts'
import { showImport } from './read-receipts.ts'

const change = async (
  ctx: Ctx,
  id: string,
  action: AuditAct['action'],
  step: (tx: Ctx, row: ImportRow) => Promise<void>,
): Promise<ImportReceipt> => {
  await ctx.inTx(async (tx) => {
    const row = await lockImport(tx.db, id)
    await step(tx, row)
    const details = { file: row.file_name, sha256: row.file_sha256, state_before: row.state }
    await recordAudit(tx, { action, object_type: 'import', object_id: id, details })
  })
  return showImport(ctx, id)
}

/** Stops an import; what is stored stays, and the receipt says how much that is. @throws AppError not_found, conflict */
export const cancelImport = async (ctx: Ctx, id: string): Promise<ImportReceipt> => {
  const receipt = await change(ctx, id, 'import.cancel', async (tx, row) => {
    if (!['uploading', 'queued', 'locked', 'reading'].includes(row.state))
      throw conflict('This import is not running, so there is nothing to cancel.')
    await updateImport(tx.db, id, {
      state: 'cancelled',
      current: null,
      needs: null,
      sealed_secret: null,
      finished_at: ctx.now(),
      error: `Cancelled by ${ctx.actor.username}. ${row.file_sha256 === null ? 'What had arrived was removed.' : `${row.rows_stored} rows are stored and stay; Retry goes on from there.`}`,
      ...(row.file_sha256 === null ? { bytes_read: 0 } : {}),
    })
    await cancelJobs(tx.db, { kind: 'import', subject_id: id })
  })
  await dropUpload(ctx.evidence, id)
  return receipt
}

/** Goes on from the first batch that is not stored. @throws AppError not_found, conflict */
export const retryImport = (ctx: Ctx, id: string): Promise<ImportReceipt> =>
  change(ctx, id, 'import.retry', async (tx, row) => {
    if (!['failed', 'cancelled', 'partly'].includes(row.state))
      throw conflict('Only an import that failed, was cancelled or is partly read can be retried.')
    if (row.file_sha256 === null) throw conflict('The upload never arrived whole, so there is nothing to read. Drop the file again.')
    if (row.state === 'partly' && row.error === null)
      throw conflict('This import was read to its end; its rejected rows would be rejected again. See the reject ledger for the reasons.')
    await updateImport(tx.db, id, { state: 'queued', error: null, finished_at: null })
    await enqueueImport(tx, id)
  })

/** @throws AppError not_found, conflict, validation when neither secret is given */
export const unlockImport = async (
  ctx: Ctx,
  id: string,
  given: { password?: string; private_key?: string },
  sealer: Sealer,
): Promise<ImportReceipt> => {
  if (given.password === undefined && given.private_key === undefined) throw invalid('password', 'give the password or the private key')
  const secret: ImportSecret = { password: given.password ?? null, private_key: given.private_key ?? null }
  const sealed = await sealSecret(sealer, id, secret)
  return change(ctx, id, 'import.unlock', async (tx, row) => {
    if (row.state !== 'locked') throw conflict('This import is not locked.')
    await updateImport(tx.db, id, { state: 'queued', needs: null, error: null, sealed_secret: sealed })
    await enqueueImport(tx, id)
  })
}

/** Begins to remove an import, its own rows and its file; it is gone from the list when that is done. @throws AppError not_found */
export const deleteImport = (ctx: Ctx, id: string): Promise<ImportReceipt> =>
  change(ctx, id, 'import.delete', async (tx, row) => {
    if (row.state === 'deleting') return
    await cancelJobs(tx.db, { kind: 'import', subject_id: id })
    await updateImport(tx.db, id, { state: 'deleting', current: null, needs: null, sealed_secret: null, error: null })
    await enqueueJob(tx.db, { kind: 'delete_import', lane: importLane, subject_id: id, actor_user_id: ctx.actor.user_id })
  })

/** An import that has not come to rest yet. */
export const isWaiting = async (ctx: Ctx, id: string): Promise<boolean> => hasOpenJob(ctx.db, id)
