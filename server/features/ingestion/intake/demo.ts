import { createReadStream } from 'node:fs'
import { basename, join } from 'node:path'
import { enqueueJob } from '../../../jobs/enqueue.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { newId } from '../../../platform/ids.ts'
import { writeDemo } from '../demo/write-exports.ts'
import { dropScratch, dropUnused, keepFile, scratchOf } from '../store-files.ts'
import { recordAudit } from '../../audit/index.ts'
import { createImports } from './create-import.ts'
import type { IntakeDeps } from './receive-files.ts'

/** Puts the making of the demo in line: its exports are imported like any other. */
export const loadDemo = (ctx: Ctx, o: { hosts: number; seed: number }): Promise<{ job_id: string }> =>
  ctx.inTx(async (tx) => {
    const payload = { hosts: String(o.hosts), seed: String(o.seed) }
    const job = { kind: 'demo', lane: 'demo', subject_id: newId(), payload, actor_user_id: ctx.actor.user_id }
    const job_id = await enqueueJob(tx.db, job)
    await recordAudit(tx, { action: 'demo.load', object_type: 'job', object_id: job_id, details: payload })
    return { job_id }
  })

export const makeDemo = async (ctx: Ctx, payload: Readonly<Record<string, string>>, deps: IntakeDeps): Promise<void> => {
  const scratch = await scratchOf(ctx.evidence)
  try {
    const { files } = await writeDemo({ seed: Number(payload.seed), hosts: Number(payload.hosts) }, join(scratch, 'demo'))
    for (const path of files) {
      ctx.signal.throwIfAborted()
      const kept = await keepFile(ctx, createReadStream(path), { maxBytes: deps.maxUploadBytes })
      const file = { ...kept, name: basename(path) }
      await createImports(ctx, [file], { options: {}, secret: null, sealer: deps.sealer }).catch(async (error: unknown) => {
        await dropUnused(ctx, kept.sha256)
        throw error
      })
    }
  } finally {
    await dropScratch(scratch)
  }
}
