import { Readable } from 'node:stream'
import type { auditBreaks, ChainReport, exportAudit, listAudit } from '../../../shared/contract/audit.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type { z } from 'zod'
import { sourceOf } from '../../platform/audit.ts'
import type { Ctx, TenantDb } from '../../platform/ctx.ts'
import { forbidden } from '../../platform/errors.ts'
import { iso } from '../../platform/iso-time.ts'
import { csvHead, csvLine, jsonLine } from './export-lines.ts'
import { append, type AuditRow, type ChainState, countRows, newestRows, rowsUpTo, verifyChain } from './store.ts'

/** The chain that is asked for. @throws AppError forbidden: the platform's is for the platform admin alone */
const chainOf = (ctx: Ctx, platform: TenantDb, chain: 'tenant' | 'platform'): TenantDb => {
  if (chain === 'tenant') return ctx.db
  if (!ctx.can('platform.manage')) throw forbidden('Only the platform admin reads the audit log of the whole installation.')
  return platform
}

const shown = ({ tenant_id: _tenant, prev_hash: _before, ...row }: AuditRow): Reply<typeof listAudit>['rows'][number] => ({
  ...row,
  at: iso(row.at),
  details: JSON.parse(row.details) as Record<string, unknown>,
})

export const listRows = async (
  platform: TenantDb,
  ctx: Ctx,
  query: Parsed<typeof listAudit>['query'],
): Promise<Reply<typeof listAudit>> => {
  const db = chainOf(ctx, platform, query.chain)
  const before = query.cursor === undefined ? null : Number(query.cursor)
  // one more than is shown tells whether there is a next page
  const [found, total] = await Promise.all([newestRows(db, query, { before, limit: query.limit + 1 }), countRows(db, query)])
  const rows = found.slice(0, query.limit)
  const last = found.length > query.limit ? rows.at(-1) : undefined
  return { rows: rows.map(shown), total, next_cursor: last === undefined ? null : String(last.seq) }
}

const pageRows = 1000
type ExportQuery = z.output<NonNullable<(typeof exportAudit)['query']>>

async function* lines(ctx: Ctx, db: TenantDb, query: ExportQuery, last: number): AsyncGenerator<string> {
  if (query.format === 'csv') yield csvHead
  const lineOf = query.format === 'csv' ? csvLine : jsonLine
  for (let after = 0; ; ) {
    ctx.signal.throwIfAborted()
    const page = await rowsUpTo(db, query, { after, last, limit: pageRows })
    if (page.length > 0) yield page.map(lineOf).join('')
    if (page.length < pageRows) return
    after = page.at(-1)?.seq ?? last
  }
}

/** The rows that there are now. That somebody took them is itself a row, kept before the first line goes out. */
export const openExport = async (
  platform: TenantDb,
  ctx: Ctx,
  query: ExportQuery,
): Promise<{ name: string; total: number; stream: Readable }> => {
  const db = chainOf(ctx, platform, query.chain)
  const [newest] = await newestRows(db, {}, { before: null, limit: 1 })
  const last = newest?.seq ?? 0
  const total = await countRows(db, query, last)
  await append(db, sourceOf(ctx), {
    action: 'audit.export',
    object_type: 'audit',
    object_id: query.format,
    details: { ...query, rows: total },
  })
  const name = `audit-${query.chain}-${iso(ctx.now()).slice(0, 10)}.${query.format}`
  return { name, total, stream: Readable.from(lines(ctx, db, query, last)) }
}

const says: Readonly<Record<(typeof auditBreaks)[number], string>> = {
  edited: 'this row was changed after it was written',
  missing: 'rows are missing from here',
  unlinked: 'this row does not follow the one before it',
  cut: 'the end of the chain was cut off from here',
  beyond: 'there are rows behind the end of the chain',
  head_forged: 'the end of the chain was not written by this server',
  resealed: 'up to here the end of the chain was written by somebody else',
  checkpoint_forged: 'this checkpoint was not signed by this server',
  checkpoint_differs: 'this row is not the one that the checkpoint signed',
  checkpoint_missing: 'a checkpoint is missing here',
  other_key: 'signed with another SECRET_KEY, so that it cannot be proven',
}

const stateOf = (chain: ChainState): ChainReport['state'] => {
  if (chain.breaks_total > 0) return chain.breaks.every((b) => b.kind === 'other_key') ? 'unproven' : 'broken'
  return chain.rows === 0 ? 'empty' : 'holds'
}

/** The whole chain walked. */
export const reportOn = async (db: TenantDb, signal: AbortSignal): Promise<ChainReport> => {
  const begun = performance.now()
  const { tenant_id: _tenant, ...chain } = await verifyChain(db, signal)
  return {
    ...chain,
    state: stateOf(chain as ChainState),
    last_at: iso(chain.last_at),
    breaks: chain.breaks.map((b) => ({ ...b, says: says[b.kind] })),
    took_ms: Math.round(performance.now() - begun),
  }
}

export const verifyRows = (platform: TenantDb, ctx: Ctx, query: { chain: 'tenant' | 'platform' }): Promise<ChainReport> =>
  reportOn(chainOf(ctx, platform, query.chain), ctx.signal)
