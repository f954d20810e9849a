import type { Ctx } from '../../../platform/ctx.ts'
import { recordAudit } from '../../audit/index.ts'
import { dropUnused, dropUpload } from '../store-files.ts'
import { findImport, removeImportRow, updateImport } from '../store-imports.ts'
import { removeRows, setAsideShared } from '../store-rows.ts'

const setAside = 'rows set aside'

/** The job behind a deletion. Killed at any point it goes on where it was. */
export const removeImport = async (ctx: Ctx, id: string): Promise<void> => {
  const row = await findImport(ctx.db, id)
  if (row === undefined || row.state !== 'deleting') return
  if (row.current !== setAside) {
    await setAsideShared(ctx.events, id)
    await updateImport(ctx.db, id, { current: setAside })
  }
  await removeRows(ctx.events, id)
  await dropUpload(ctx.evidence, id)
  await ctx.inTx(async (tx) => {
    await removeImportRow(tx.db, id)
    const details = { file: row.file_name, sha256: row.file_sha256 }
    await recordAudit(tx, { action: 'import.remove', object_type: 'import', object_id: id, details })
  })
  // after the row: a crash between the two leaves a file that nothing refers to, never a receipt without its file
  if (row.file_sha256 !== null) await dropUnused(ctx, row.file_sha256)
}
