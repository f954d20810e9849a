import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import {
  adoptEvidence,
  evidenceFiles,
  evidencePath,
  hasEvidence,
  openEvidenceFile,
  removeEvidence,
  type StoredFile,
  scratchDir,
  writeEvidence,
} from '../../evidence/files.ts'
import { insideOf } from '../../evidence/handle.ts'
import { addToUpload, beginUpload, removeUpload, uploadIds, uploadOffset, uploadPath } from '../../evidence/uploads.ts'
import type { Ctx, TenantEvidence } from '../../platform/ctx.ts'
import { AppError } from '../../platform/errors.ts'
import { evidenceUse, filesOfImports, importsWithFile, lockFiles, newestImportAt } from './store-imports.ts'

/** Bytes that the tenant may still add; null where it has no quota. */
const quotaLeft = async (ctx: Ctx): Promise<number | null> => {
  const { bytes, quota_bytes } = await evidenceUse(ctx.db)
  return quota_bytes === null ? null : Math.max(0, quota_bytes - bytes)
}

/** @throws AppError full, too_large, unavailable: then nothing of it is kept */
export const keepFile = async (ctx: Ctx, source: AsyncIterable<Uint8Array>, o: { maxBytes: number }): Promise<StoredFile> =>
  writeEvidence(ctx.evidence, source, { maxBytes: o.maxBytes, quotaLeftBytes: await quotaLeft(ctx) })

export const startUpload = async (ctx: Ctx, id: string, o: { sizeBytes: number; maxBytes: number }): Promise<void> =>
  beginUpload(ctx.evidence, id, { ...o, quotaLeftBytes: await quotaLeft(ctx) })

/** The whole of an upload was promised and its quota set aside when it began, so its pieces are bounded by its size. */
export const appendUpload = (
  ctx: Ctx,
  id: string,
  source: AsyncIterable<Uint8Array>,
  o: { offset: number; sizeBytes: number },
): Promise<number> => addToUpload(ctx.evidence, id, source, { offset: o.offset, maxBytes: o.sizeBytes - o.offset, quotaLeftBytes: null })

/** A finished upload becomes a file like any other. */
export const finishUpload = (ctx: Ctx, id: string, sizeBytes: number): Promise<StoredFile> =>
  adoptEvidence(ctx.evidence, uploadPath(ctx.evidence, id), { maxBytes: sizeBytes, quotaLeftBytes: null })

export const arrivedOf = (evidence: TenantEvidence, id: string): Promise<number | null> => uploadOffset(evidence, id)
export const uploadsOnDisk = (evidence: TenantEvidence): Promise<string[]> => uploadIds(evidence)
export const dropUpload = (evidence: TenantEvidence, id: string): Promise<void> => removeUpload(evidence, id)
export const uploadedFile = (evidence: TenantEvidence, sha256: string): string => evidencePath(evidence, sha256)
export const openFile = (evidence: TenantEvidence, sha256: string): Readable => openEvidenceFile(evidence, sha256)

/**
 * For the transaction that makes an import refer to a file: until it ends the file cannot be given up. It may have been
 * just before, by the deletion of another import or another request that broke off.
 * @throws AppError unavailable
 */
export const claimFile = async (tx: Ctx, file: { sha256: string; size_bytes: number }): Promise<void> => {
  await lockFiles(tx.db)
  if (!(await hasEvidence(tx.evidence, file.sha256, file.size_bytes)))
    throw new AppError('unavailable', 'The same file was deleted while this one arrived, so it was not kept. Send it again.')
}

/**
 * For the transaction that added an import, while it holds the claim: an upload in pieces may have set quota aside since
 * the bytes of this file were let in.
 * @throws AppError full
 */
export const stayInQuota = async (tx: Ctx): Promise<void> => {
  const { bytes, quota_bytes } = await evidenceUse(tx.db)
  if (quota_bytes !== null && bytes > quota_bytes)
    throw new AppError('full', "Another upload took what was left of the tenant's quota while this one arrived. Nothing of it was stored.")
}

/** Gives a file up, unless an import refers to it. */
export const dropUnused = (ctx: Ctx, sha256: string): Promise<void> =>
  ctx.inTx(async (tx) => {
    await lockFiles(tx.db)
    if ((await importsWithFile(tx.db, sha256)) === 0) await removeEvidence(tx.evidence, sha256)
  })

/**
 * Gives up every file that no import refers to, such as one whose server was killed between the file and its import. Only before
 * the server of the data folder takes requests: a form that is still arriving has files without imports. A file that is younger
 * than every import stays (`unsure`): a database that was restored from an earlier copy knows nothing of it.
 */
export const dropOrphans = (ctx: Ctx): Promise<{ files: number; bytes: number; unsure: number }> =>
  ctx.inTx(async (tx) => {
    await lockFiles(tx.db)
    const wanted = await filesOfImports(tx.db)
    const newest = await newestImportAt(tx.db)
    const dropped = { files: 0, bytes: 0, unsure: 0 }
    for await (const { sha256, size_bytes, modified_at } of evidenceFiles(tx.evidence)) {
      if (wanted.has(sha256) || !/^[0-9a-f]{64}$/.test(sha256)) continue
      if (newest === null || modified_at >= newest) {
        dropped.unsure++
        continue
      }
      await removeEvidence(tx.evidence, sha256)
      dropped.files++
      dropped.bytes += size_bytes
    }
    return dropped
  })

export const scratchOf = (evidence: TenantEvidence): Promise<string> => scratchDir(evidence)
export const dropScratch = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true })

export const diskState = async (evidence: TenantEvidence) => {
  const { store } = insideOf(evidence)
  const { total, free } = await store.calls.freeBytes(store.root)
  return { total_bytes: total, free_bytes: free, reserve_bytes: store.reserveBytes, is_full: free < store.reserveBytes }
}

/** @throws AppError full when rows must not be stored now: the reserve is for sign-in, reading and deleting */
export const hasRoom = async (evidence: TenantEvidence): Promise<void> => {
  if ((await diskState(evidence)).is_full) throw new AppError('full', 'The disk is full.')
}
