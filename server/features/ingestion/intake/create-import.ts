import type { ContainerKind, ImportOptions, ImportState } from '../../../../shared/contract/ingestion.ts'
import { enqueueJob } from '../../../jobs/enqueue.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'
import { recordAudit } from '../../audit/index.ts'
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

const told = 40

/** One row for all files of one act: with their hashes this is where the custody of the evidence begins. */
export const recordImports = (tx: Ctx, rows: readonly ImportRow[]): Promise<void> =>
  recordAudit(tx, {
    action: 'import.create',
    object_type: 'import',
    object_id: rows.length === 1 ? rows[0]?.id : null,
    details: {
      files: rows
        .slice(0, told)
        .map((r) => ({ import_id: r.id, file: r.file_name.slice(0, 60), sha256: r.file_sha256, size_bytes: r.file_size })),
      ...(rows.length > told ? { files_left_out: rows.length - told } : {}),
    },
  })

interface Wanted {
  options: ImportOptions
  secret: ImportSecret | null
  sealer: Sealer
  kind?: ContainerKind
}

const createImport = async (tx: Ctx, file: Received, o: Wanted): Promise<ImportRow> => {
  const id = newId()
  const state: ImportState = 'queued'
  await claimFile(tx, file)
  const row = await insertImport(tx.db, {
    ...newImportRow(tx, { id, name: file.name, options: o.options }),
    state,
    kind: o.kind ?? null,
    file_sha256: file.sha256,
    file_size: file.size_bytes,
    sealed_secret: o.secret === null ? null : await sealSecret(o.sealer, id, o.secret),
  })
  await enqueueImport(tx, id)
  return row
}

/**
 * An import of each file, which lies in the evidence store, the jobs that read them and the row of the audit log: all or none.
 * @throws AppError unavailable, full: then the caller gives the files up
 */
export const createImports = (ctx: Ctx, files: readonly Received[], o: Wanted): Promise<ImportRow[]> =>
  ctx.inTx(async (tx) => {
    const rows: ImportRow[] = []
    for (const file of files) rows.push(await createImport(tx, file, o))
    await stayInQuota(tx)
    await recordImports(tx, rows)
    return rows
  })
