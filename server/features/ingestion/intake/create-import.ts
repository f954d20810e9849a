import type { ContainerKind, ImportOptions, ImportState } from '../../../../shared/contract/ingestion.ts'
import { enqueueJob } from '../../../jobs/enqueue.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'
import { type ImportSecret, type Sealer, sealSecret } from '../run/secrets.ts'
import { claimFile, stayInQuota } from '../store-files.ts'
import { type ImportRow, insertImport } from '../store-imports.ts'

export interface Received {
  name: string
  sha256: string
  size_bytes: number
}

/** Imports, deletions and rebuilds of one tenant run one after the other: they share a staging table. */
export const importLane = 'import'

export const enqueueImport = (ctx: Ctx, importId: string): Promise<string> =>
  enqueueJob(ctx.db, { kind: 'import', lane: importLane, subject_id: importId, actor_user_id: ctx.actor.user_id })

export const newImportRow = (ctx: Ctx, o: { id: string; name: string; options: ImportOptions }) => ({
  id: o.id,
  // a name is shown, never used as a path; PostgreSQL takes no NUL
  file_name: o.name.replaceAll('\0', '\u2400').slice(0, 1000) || 'unnamed',
  hostname: o.options.hostname ?? null,
  time_zone: o.options.time_zone ?? null,
  artifact: o.options.artifact ?? null,
  created_by: ctx.actor.user_id,
  created_by_name: ctx.actor.username,
})

/**
 * An import of a file that lies in the evidence store, and the job that reads it: both or neither.
 * @throws AppError unavailable, full: then the caller gives the file up
 */
export const createImport = async (
  ctx: Ctx,
  file: Received,
  o: { options: ImportOptions; secret: ImportSecret | null; sealer: Sealer; kind?: ContainerKind },
): Promise<ImportRow> => {
  const id = newId()
  const sealed = o.secret === null ? null : await sealSecret(o.sealer, id, o.secret)
  const state: ImportState = 'queued'
  return ctx.inTx(async (tx) => {
    await claimFile(tx, file)
    const row = await insertImport(tx.db, {
      ...newImportRow(ctx, { id, name: file.name, options: o.options }),
      state,
      kind: o.kind ?? null,
      file_sha256: file.sha256,
      file_size: file.size_bytes,
      sealed_secret: sealed,
    })
    await stayInQuota(tx)
    await enqueueImport(tx, id)
    return row
  })
}
