import type { ImportReceipt, Reject } from '../../../../shared/contract/ingestion.ts'
import type { Ctx } from '../../../platform/ctx.ts'
import { getImport, listImports, listRejects } from '../store-imports.ts'
import { showReceipt, showReceipts } from './receipt.ts'

export const showImports = async (
  ctx: Ctx,
  o: { skip: number; limit: number; state: 'all' | 'open' | 'trouble' },
): Promise<{ items: ImportReceipt[]; total: number }> => {
  const { items, total } = await listImports(ctx.db, o)
  return { items: await showReceipts(ctx, items), total }
}

/** @throws AppError not_found */
export const showImport = async (ctx: Ctx, id: string): Promise<ImportReceipt> => showReceipt(ctx, await getImport(ctx.db, id))

/** @throws AppError not_found */
export const showRejects = async (
  ctx: Ctx,
  id: string,
  o: { skip: number; limit: number },
): Promise<{ items: Reject[]; total: number }> => {
  const row = await getImport(ctx.db, id)
  const { items, total } = await listRejects(ctx.db, id, o)
  const rejects = items.map(({ member, row_number, artifact, reason, raw, raw_bytes }) => ({
    file: row.file_name,
    member,
    row_number,
    artifact,
    reason,
    raw: raw.toString('utf8'),
    raw_bytes,
  }))
  return { items: rejects, total }
}
