import { Readable } from 'node:stream'
import type { ChainReport, exportAudit, listAudit } from '../../../shared/contract/audit.ts'
import type { Parsed, Reply } from '../../../shared/contract/route.ts'
import type { z } from 'zod'
import { sourceOf } from '../../platform/audit.ts'
import type { Ctx, TenantDb } from '../../platform/ctx.ts'
import { forbidden } from '../../platform/errors.ts'
import { iso } from '../../platform/iso-time.ts'
import { csvHead, csvRow, jsonRow } from './export-lines.ts'
import type { Counts } from './counts.ts'
import type { Walks } from './walks.ts'
import { append, type AuditRow, countRows, lastSeq, newestRows, rowsUpTo } from './store.ts'

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

/** What reading needs beside the caller: the chain of the installation, and counts that were made already. */
export interface Reading {
  platform: TenantDb
  counts: Counts
}

export const listRows = async (o: Reading, ctx: Ctx, query: Parsed<typeof listAudit>['query']): Promise<Reply<typeof listAudit>> => {
  const db = chainOf(ctx, o.platform, query.chain)
  const { cursor: _cursor, limit: _limit, chain: _chain, ...filter } = query
  const before = query.cursor === undefined ? null : Number(query.cursor)
  // one more than is shown tells whether there is a next page
  const [found, total] = await Promise.all([newestRows(db, query, { before, limit: query.limit + 1 }), o.counts(db, filter)])
  const rows = found.slice(0, query.limit)
  const last = found.length > query.limit ? rows.at(-1) : undefined
  return { rows: rows.map(shown), total, next_cursor: last === undefined ? null : String(last.seq) }
}

const pageRows = 1000
type ExportQuery = z.output<NonNullable<(typeof exportAudit)['query']>>

async function* lines(ctx: Ctx, db: TenantDb, query: ExportQuery, last: number): AsyncGenerator<string> {
  if (query.format === 'csv') yield csvHead
  const lineOf = query.format === 'csv' ? csvRow : jsonRow
  for (let after = 0; ; ) {
    ctx.signal.throwIfAborted()
    const page = await rowsUpTo(db, query, { after, last, limit: pageRows })
    if (page.length > 0) yield page.map(lineOf).join('')
    if (page.length < pageRows) return
    after = page.at(-1)?.seq ?? last
  }
}

/** The rows that there are now. That somebody took them is itself a row, kept before the first line goes out. */
export const openExport = async (o: Reading, ctx: Ctx, query: ExportQuery): Promise<{ name: string; total: number; stream: Readable }> => {
  const db = chainOf(ctx, o.platform, query.chain)
  const last = await lastSeq(db)
  const total = await countRows(db, query, { after: 0, last })
  await append(db, sourceOf(ctx), {
    action: 'audit.export',
    object_type: 'audit',
    object_id: query.format,
    details: { ...query, rows: total },
  })
  const name = `audit-${query.chain}-${iso(ctx.now()).slice(0, 10)}.${query.format}`
  return { name, total, stream: Readable.from(lines(ctx, db, query, last)) }
}

export const verifyRows = (
  o: { platform: TenantDb; walk: Walks },
  ctx: Ctx,
  query: { chain: 'tenant' | 'platform' },
): Promise<ChainReport> => o.walk(chainOf(ctx, o.platform, query.chain), ctx.signal)
