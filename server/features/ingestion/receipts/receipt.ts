import type { ImportReceipt } from '../../../../shared/contract/ingestion.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { iso } from '../../../platform/iso-time.ts'
import { artifactsOf, type ImportArtifactRow, type ImportRow } from '../store-imports.ts'

const isoOrNull = (at: Date | null): string | null => (at === null ? null : iso(at))

const rate = (row: ImportRow): number => (row.reading_ms > 0 ? Math.round((row.rows_read * 1000) / row.reading_ms) : 0)

const receiptOf = (row: ImportRow, artifacts: readonly ImportArtifactRow[]): ImportReceipt => ({
  id: row.id,
  state: row.state,
  kind: row.kind,
  files: [
    {
      name: row.file_name,
      sha256: row.file_sha256,
      size_bytes: row.file_size,
      kind: row.kind,
      members: row.members,
      members_ignored: row.members_ignored,
    },
  ],
  artifacts: artifacts.map(({ artifact, rows_read, rows_stored, rows_duplicate, rows_rejected, hosts }) => ({
    artifact,
    rows_read,
    rows_stored,
    rows_duplicate,
    rows_rejected,
    hosts,
  })),
  hosts: row.hosts,
  rows_read: row.rows_read,
  rows_stored: row.rows_stored,
  rows_duplicate: row.rows_duplicate,
  rows_rejected: row.rows_rejected,
  bytes_read: row.bytes_read,
  bytes_total: row.file_size,
  rows_per_second: rate(row),
  time_from: isoOrNull(row.time_from),
  time_to: isoOrNull(row.time_to),
  warnings: row.warnings,
  error: row.error,
  needs: row.needs,
  current: row.current,
  options: { hostname: row.hostname, time_zone: row.time_zone, artifact: row.artifact },
  attempt: row.attempt,
  created_by: row.created_by_name,
  created_at: iso(row.created_at),
  started_at: isoOrNull(row.started_at),
  finished_at: isoOrNull(row.finished_at),
})

export const showReceipts = async (ctx: Ctx, rows: readonly ImportRow[]): Promise<ImportReceipt[]> => {
  const all = await artifactsOf(
    ctx.db,
    rows.map((r) => r.id),
  )
  return rows.map((row) =>
    receiptOf(
      row,
      all.filter((a) => a.import_id === row.id),
    ),
  )
}

export const showReceipt = async (ctx: Ctx, row: ImportRow): Promise<ImportReceipt> => {
  const [receipt] = await showReceipts(ctx, [row])
  if (receipt === undefined) throw new Error('a receipt for one row')
  return receipt
}
