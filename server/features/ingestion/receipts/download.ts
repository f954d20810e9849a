import type { Readable } from 'node:stream'
import type { Ctx } from '../../../platform/ctx.ts'
import { notFound } from '../../../platform/errors.ts'
import { recordAudit } from '../../audit/index.ts'
import { openFile } from '../store-files.ts'
import { getImport } from '../store-imports.ts'

/** The uploaded file of an import, as it came; that somebody took it is kept before the first byte goes out. @throws AppError not_found */
export const openUploaded = async (
  ctx: Ctx,
  importId: string,
  sha256: string,
): Promise<{ name: string; size_bytes: number; stream: Readable }> => {
  const row = await getImport(ctx.db, importId)
  if (row.file_sha256 !== sha256) throw notFound('file')
  const details = { import_id: importId, file: row.file_name, size_bytes: row.file_size }
  await recordAudit(ctx, { action: 'evidence.download', object_type: 'file', object_id: sha256, details })
  return { name: row.file_name, size_bytes: row.file_size, stream: openFile(ctx.evidence, sha256) }
}
