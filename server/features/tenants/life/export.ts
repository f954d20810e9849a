import type { Readable } from 'node:stream'
import { sourceOf } from '../../../platform/audit.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { AppError, notFound } from '../../../platform/errors.ts'
import { iso } from '../../../platform/iso-time.ts'
import { recordAudit } from '../../audit/index.ts'
import type { Deps } from '../service.ts'
import { leftOut, tenantEntries } from './store-export.ts'
import { type Listed, zipStream } from './zip-stream.ts'

const recheckMs = 3_000
/** Each reads all there is: more at once would be no faster, and slow for everybody else. */
const mostAtOnce = 2
const running = new Set<string>()

/** Whoever is signed out, demoted or shut out in the middle gets no more of it. */
const guard = (deps: Deps, ctx: Ctx): (() => Promise<void>) => {
  let checkedAt = Date.now()
  return async () => {
    ctx.signal.throwIfAborted()
    if (Date.now() - checkedAt < recheckMs) return
    checkedAt = Date.now()
    if (!(await deps.stillMay(ctx, 'tenant.manage'))) throw new AppError('forbidden', 'You may not export this tenant any more.')
  }
}

const totalOf = (entries: readonly Listed[], what: (entry: Listed) => boolean, field: 'size_bytes' | 'rows'): number =>
  entries.filter(what).reduce((sum, entry) => sum + Number(entry[field] ?? 0), 0)

const manifestOf = (ctx: Ctx, at: Date) => (entries: readonly Listed[]) => {
  const isEvidence = (entry: Listed): boolean => entry.name.startsWith('evidence/')
  return {
    format: 'velocicompanion tenant export 1',
    tenant: ctx.tenant,
    exported_by: ctx.actor.username,
    exported_at: iso(at),
    // Read while the tenant was in use: what came in meanwhile may be in one part and not in another.
    finished_at: iso(ctx.now()),
    counts: {
      event_rows: totalOf(entries, (entry) => entry.name === 'rows.jsonl', 'rows'),
      evidence_files: entries.filter(isEvidence).length,
      evidence_bytes: totalOf(entries, isEvidence, 'size_bytes'),
      damaged_files: entries.filter((entry) => entry.is_damaged === true).length,
    },
    left_out: leftOut,
    entries,
  }
}

/** That somebody took it all along is kept before the first byte goes out. @throws AppError not_found, limit */
export const exportTenant = async (deps: Deps, ctx: Ctx, tenantId: string): Promise<{ name: string; stream: Readable }> => {
  if (tenantId !== ctx.tenant.id) throw notFound('tenant')
  if (running.has(tenantId) || running.size >= mostAtOnce)
    throw new AppError('limit', 'Another export is under way. Wait until it is done.', { details: { retry_after_s: 60 } })
  running.add(tenantId)
  try {
    await ctx.inTx((tx) => recordAudit(tx, { action: 'tenant.export', object_type: 'tenant', object_id: tenantId }))
    const at = ctx.now()
    const stream = zipStream(tenantEntries(deps.auth, ctx), { manifest: manifestOf(ctx, at), mayGoOn: guard(deps, ctx), at })
    stream.once('close', () => running.delete(tenantId))
    stream.on('error', (err) => ctx.log.warn({ err, source: sourceOf(ctx).actor.username }, 'the export of a tenant broke off'))
    return { name: `tenant-${iso(at).slice(0, 10)}.zip`, stream }
  } catch (error) {
    running.delete(tenantId)
    throw error
  }
}
