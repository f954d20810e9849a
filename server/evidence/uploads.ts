// Uploads that arrive in pieces, maybe over days. A piece is on the disk before its end is acknowledged; what a broken
// line cut off stays, and the sender goes on from there.
import type { FileHandle } from 'node:fs/promises'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { TenantEvidence } from '../platform/ctx.ts'
import { AppError, notFound } from '../platform/errors.ts'
import { ensureFolder, removeQuietly } from './disk-calls.ts'
import { type Inside, insideOf, refuseWhenFailed } from './handle.ts'
import { diskFull, isNoSpace, Meter } from './room-left.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const folderOf = ({ store, folder }: Inside): string => join(store.root, '.uploads', basename(folder))

const pathOf = (inside: Inside, id: string): string => {
  if (!uuid.test(id)) throw notFound('upload')
  return join(folderOf(inside), id)
}

/** Where the pieces lie. @throws AppError not_found when `id` is none */
export const uploadPath = (evidence: TenantEvidence, id: string): string => pathOf(insideOf(evidence), id)

/** Bytes that have arrived; null when there is no such upload. */
export const uploadOffset = (evidence: TenantEvidence, id: string): Promise<number | null> =>
  stat(uploadPath(evidence, id)).then(
    (s) => s.size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    },
  )

export interface UploadRoom {
  maxBytes: number
  quotaLeftBytes: number | null
}

/** @throws AppError full (507) or too_large (413) before a byte is taken, where the whole will not fit */
export const beginUpload = async (evidence: TenantEvidence, id: string, o: UploadRoom & { sizeBytes: number }): Promise<void> => {
  const inside = insideOf(evidence)
  refuseWhenFailed(inside.store)
  const meter = new Meter(inside, { ...o, expectedBytes: o.sizeBytes })
  await meter.admit()
  await ensureFolder(inside.store.calls, folderOf(inside))
  const file = await inside.store.calls.create(pathOf(inside, id))
  try {
    await inside.store.calls.sync(file)
  } finally {
    await file.close()
  }
  await inside.store.calls.syncDir(folderOf(inside))
}

const failed = (inside: Inside, error: unknown): AppError => {
  inside.store.failed ??= error as Error
  inside.store.log.error({ reason: (error as Error).message }, 'the evidence disk did not keep a piece of an upload; nothing more is taken')
  return new AppError('unavailable', 'The evidence disk reported an error while writing. This piece was not stored.', { cause: error })
}

/** Also when the source broke off. A disk that is full at this moment has kept nothing for sure: that is no success either. */
const keepPiece = async (inside: Inside, file: FileHandle): Promise<void> => {
  try {
    await inside.store.calls.sync(file)
  } catch (error) {
    throw isNoSpace(error) ? diskFull(null, inside.store.reserveBytes, error) : failed(inside, error)
  } finally {
    await file.close()
  }
}

const append = async (inside: Inside, file: FileHandle, source: AsyncIterable<Uint8Array>, meter: Meter): Promise<number> => {
  let taken = 0
  for await (const chunk of source) {
    await meter.add(chunk.length)
    await inside.store.calls.write(file, chunk)
    taken += chunk.length
  }
  return taken
}

/**
 * Adds a piece behind `offset`; resolves with the new offset when it is on the disk. When the source breaks off, what came
 * is kept and synced too, and the break is thrown on.
 */
export const addToUpload = async (
  evidence: TenantEvidence,
  id: string,
  source: AsyncIterable<Uint8Array>,
  o: UploadRoom & { offset: number },
): Promise<number> => {
  const inside = insideOf(evidence)
  refuseWhenFailed(inside.store)
  if ((await uploadOffset(evidence, id)) !== o.offset) throw new AppError('conflict', 'This piece does not follow the last one.')
  const meter = new Meter(inside, o)
  await meter.admit()
  const file = await open(pathOf(inside, id), 'a')
  try {
    return o.offset + (await append(inside, file, source, meter))
  } catch (error) {
    throw isNoSpace(error) ? diskFull(null, inside.store.reserveBytes, error) : error
  } finally {
    meter.end(true)
    await keepPiece(inside, file)
  }
}

export const removeUpload = (evidence: TenantEvidence, id: string): Promise<void> => removeQuietly(uploadPath(evidence, id))

/** Every upload of the tenant of which bytes lie on the disk. */
export const uploadIds = async (evidence: TenantEvidence): Promise<string[]> => {
  const names = await readdir(folderOf(insideOf(evidence))).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => uuid.test(name))
}
