import { enqueueJob } from '../../../jobs/enqueue.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { recordAudit } from '../../audit/index.ts'
import { importLane } from '../intake/create-import.ts'
import { normaliserVersion } from '../normalise/version.ts'
import { findImport, forgetProgress, importsToRebuild, moveImport } from '../store-imports.ts'
import { dropRows } from '../store-rows.ts'
import { type ImportJob, type ReadDeps, readImport } from './read-import.ts'

/**
 * Puts in line every import whose rows an older normaliser made (`all`: every one). An encrypted upload is left as it is,
 * for its secret was forgotten after use; their number is in the answer.
 */
export const startReindex = (ctx: Ctx, o: { all: boolean }): Promise<{ queued: string[]; encrypted: number }> =>
  ctx.inTx(async (tx) => {
    const rows = (await importsToRebuild(tx.db)).filter((row) => o.all || row.normaliser_version !== normaliserVersion)
    const open = rows.filter((row) => row.kind !== 'encrypted_zip')
    const job = { kind: 'reindex', lane: importLane, actor_user_id: ctx.actor.user_id, is_patient: true } as const
    for (const row of open) await enqueueJob(tx.db, { ...job, subject_id: row.id })
    await recordAudit(tx, { action: 'import.rebuild', object_type: 'tenant', object_id: ctx.tenant.id, details: { imports: open.length } })
    return { queued: open.map((row) => row.id), encrypted: rows.length - open.length }
  })

/**
 * The job that makes the rows of one import anew from its evidence. A row of a flow keeps its id. One that is known by its file and
 * number keeps it as long as the reader counts the rows of that file as it did, and the rule of provenance.ts (a host name given
 * with a file that names no host is part of the id, so that the same file given with and without one is stored twice) is the
 * one that it was stored under: where either has changed since, the row has a new id.
 */
export const rebuildImport = async (ctx: Ctx, job: ImportJob, deps: ReadDeps): Promise<void> => {
  const id = job.subject_id
  const row = await findImport(ctx.db, id)
  if (row === undefined || row.file_sha256 === null) return
  const settled = ['ready', 'partly', 'failed'] as const
  if (settled.some((state) => state === row.state)) {
    // rows first: until they are gone the import says that it is settled, so that a crash between repeats this
    await dropRows(ctx.events, id)
    await ctx.inTx(async (tx) => {
      if (await moveImport(tx.db, id, settled, { state: 'queued', current: null })) await forgetProgress(tx.db, id)
    })
  }
  await readImport(ctx, job, deps)
}
