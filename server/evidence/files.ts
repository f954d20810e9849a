// Uploaded files under the SHA-256 of their bytes, once for each tenant: shared between tenants, a hit would tell that
// another has the file. A file has its name only when it is whole and on the disk.
import { createHash } from 'node:crypto'
import { type Stats, constants, createReadStream, openSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { copyFile, mkdtemp, open, readdir, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { TenantEvidence } from '../platform/ctx.ts'
import { AppError, notFound } from '../platform/errors.ts'
import { newId } from '../platform/ids.ts'
import { ensureFolder, makePrivate, removeQuietly } from './disk-calls.ts'
import type { Inside, Store } from './handle.ts'
import { insideOf, refuseWhenFailed } from './handle.ts'
import type { Wanted } from './room-left.ts'
import { diskFull, isNoSpace, Meter } from './room-left.ts'

export interface StoredFile {
  sha256: string
  size_bytes: number
  /** The tenant had it already. */
  existed: boolean
}

export interface WriteOptions extends Omit<Wanted, 'isOnDisk'> {
  signal?: AbortSignal
}

const sha256Pattern = /^[0-9a-f]{64}$/

const pathOf = ({ folder }: Inside, sha256: string): string => {
  if (!sha256Pattern.test(sha256)) throw notFound('file')
  return join(folder, sha256.slice(0, 2), sha256)
}

/** Where the file lies, for a program that reads it by itself. @throws AppError not_found when `sha256` is none. */
export const evidencePath = (evidence: TenantEvidence, sha256: string): string => pathOf(insideOf(evidence), sha256)

const statOf = (path: string): Promise<Stats | null> =>
  stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
const sizeOf = async (path: string): Promise<number | null> => (await statOf(path))?.size ?? null

/** Syncs, and remembers a failure for good. */
const synced = async (store: Store, work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (isNoSpace(error)) throw error
    store.failed ??= error as Error
    store.log.error({ reason: (error as Error).message }, 'the evidence disk did not keep what was written; nothing more is taken')
    throw new AppError('unavailable', 'The evidence disk reported an error while writing. This file was not stored.', { cause: error })
  }
}

/** Gives a synced temporary file its name. */
const settle = async (inside: Inside, temporary: string, sha256: string, sizeBytes: number): Promise<boolean> => {
  const { store } = inside
  const path = pathOf(inside, sha256)
  const existed = (await sizeOf(path)) === sizeBytes
  if (existed) await removeQuietly(temporary)
  else {
    await synced(store, () => ensureFolder(store.calls, dirname(path)))
    await store.calls.rename(temporary, path)
  }
  // Also when it was there: who renamed it may not have come to this line yet.
  await synced(store, () => store.calls.syncDir(dirname(path)))
  return existed
}

const translated = (error: unknown, store: Store): unknown => (isNoSpace(error) ? diskFull(null, store.reserveBytes, error) : error)

const pour = async (
  inside: Inside,
  file: FileHandle,
  source: AsyncIterable<Uint8Array>,
  o: { meter: Meter; signal?: AbortSignal },
): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of source) {
    o.signal?.throwIfAborted()
    await o.meter.add(chunk.length)
    const written = inside.store.calls.write(file, chunk)
    hash.update(chunk)
    await written
  }
  o.signal?.throwIfAborted()
  await synced(inside.store, () => inside.store.calls.sync(file))
  return hash.digest('hex')
}

/**
 * Stores what `source` yields, hashed on the way; resolves when it is on the disk, and leaves nothing when it does not.
 * @throws AppError full (507), before writing when the need is known; too_large (413); unavailable after a disk error
 */
export const writeEvidence = async (evidence: TenantEvidence, source: AsyncIterable<Uint8Array>, o: WriteOptions): Promise<StoredFile> => {
  const inside = insideOf(evidence)
  const { store } = inside
  refuseWhenFailed(store)
  const meter = new Meter(inside, o)
  await meter.admit()
  const temporary = join(store.incomingDir, newId())
  let isKept = false
  try {
    const file = await store.calls.create(temporary)
    const sha256 = await pour(inside, file, source, { meter, signal: o.signal }).finally(() => file.close())
    const existed = await settle(inside, temporary, sha256, meter.sizeBytes)
    isKept = !existed
    return { sha256, size_bytes: meter.sizeBytes, existed }
  } catch (error) {
    await removeQuietly(temporary).catch(() => undefined)
    throw translated(error, store)
  } finally {
    meter.end(isKept)
  }
}

const hashFile = async (inside: Inside, path: string, o: { meter: Meter; signal?: AbortSignal }): Promise<string> => {
  const hash = createHash('sha256')
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW)
  try {
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024, signal: o.signal })) {
      const bytes = chunk as Uint8Array
      await o.meter.add(bytes.length)
      hash.update(bytes)
    }
    await synced(inside.store, () => inside.store.calls.sync(file))
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

/**
 * Moves a finished upload into the store. The file at `path` stays where it is when this throws.
 * @throws AppError as writeEvidence
 */
export const adoptEvidence = async (evidence: TenantEvidence, path: string, o: WriteOptions): Promise<StoredFile> => {
  const inside = insideOf(evidence)
  const { store } = inside
  refuseWhenFailed(store)
  const meter = new Meter(inside, { ...o, isOnDisk: true })
  let isKept = false
  try {
    const sha256 = await hashFile(inside, path, { meter, signal: o.signal })
    await makePrivate(path)
    const existed = await settle(inside, await onSameDisk(inside, path, meter.sizeBytes), sha256, meter.sizeBytes)
    await removeQuietly(path)
    isKept = !existed
    return { sha256, size_bytes: meter.sizeBytes, existed }
  } catch (error) {
    throw translated(error, store)
  } finally {
    meter.end(isKept)
  }
}

/** The path itself, or that of a synced copy where the upload lies on another file system. */
const onSameDisk = async ({ store }: Inside, path: string, sizeBytes: number): Promise<string> => {
  const [here, there] = await Promise.all([stat(store.root), stat(path)])
  if (here.dev === there.dev) return path
  const { free } = await store.calls.freeBytes(store.root)
  if (free - sizeBytes < store.reserveBytes) throw diskFull(free, store.reserveBytes)
  const copy = join(store.incomingDir, newId())
  try {
    await copyFile(path, copy, constants.COPYFILE_EXCL)
    const file = await open(copy, 'r+')
    await synced(store, () => store.calls.sync(file)).finally(() => file.close())
    return copy
  } catch (error) {
    await removeQuietly(copy).catch(() => undefined)
    throw error
  }
}

/** @throws AppError not_found when the tenant has no such file. */
export const openEvidenceFile = (evidence: TenantEvidence, sha256: string): Readable => {
  const path = evidencePath(evidence, sha256)
  try {
    return createReadStream(path, { fd: openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW), highWaterMark: 256 * 1024 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw notFound('file')
    throw error
  }
}

/** Whether the tenant has the file, whole. */
export const hasEvidence = async (evidence: TenantEvidence, sha256: string, sizeBytes: number): Promise<boolean> =>
  (await sizeOf(evidencePath(evidence, sha256))) === sizeBytes

/** False when it was not there. */
export const removeEvidence = async (evidence: TenantEvidence, sha256: string): Promise<boolean> => {
  const path = evidencePath(evidence, sha256)
  try {
    await unlink(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  await insideOf(evidence).store.calls.syncDir(dirname(path))
  return true
}

/** A new private folder on the same disk. Whoever asked for it removes it; what is left is removed at the next start. */
export const scratchDir = (evidence: TenantEvidence): Promise<string> => mkdtemp(join(insideOf(evidence).store.scratchDir, 'x-'))

const namesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })

/** Every file of the tenant. */
export async function* evidenceFiles(evidence: TenantEvidence): AsyncGenerator<{ sha256: string; size_bytes: number; modified_at: Date }> {
  const { folder } = insideOf(evidence)
  for (const name of await namesIn(folder))
    for (const file of await namesIn(join(folder, name))) {
      const found = await statOf(join(folder, name, file))
      if (found !== null) yield { sha256: file, size_bytes: found.size, modified_at: found.mtime }
    }
}

/** What the tenant's files take, counted on the disk. */
export const evidenceBytes = async (evidence: TenantEvidence): Promise<{ bytes: number; files: number }> => {
  const total = { bytes: 0, files: 0 }
  for await (const { size_bytes } of evidenceFiles(evidence)) {
    total.bytes += size_bytes
    total.files++
  }
  return total
}
