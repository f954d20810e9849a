// Every call by which evidence reaches the disk, in one place, so that a test can let any one of them fail.
import type { FileHandle } from 'node:fs/promises'
import { chmod, mkdir, open, rename, statfs, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

export interface DiskCalls {
  create: (path: string) => Promise<FileHandle>
  write: (file: FileHandle, chunk: Uint8Array) => Promise<void>
  sync: (file: FileHandle) => Promise<void>
  rename: (from: string, to: string) => Promise<void>
  /** Makes the entries of a folder survive a power cut. */
  syncDir: (folder: string) => Promise<void>
  freeBytes: (folder: string) => Promise<{ total: number; free: number }>
}

export const diskCalls: DiskCalls = {
  create: (path) => open(path, 'wx', 0o600),
  write: async (file, chunk) => {
    for (let from = 0; from < chunk.length; ) from += (await file.write(chunk, from, chunk.length - from)).bytesWritten
  },
  sync: (file) => file.sync(),
  rename,
  syncDir: async (folder) => {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  freeBytes: async (folder) => {
    const { blocks, bavail, bsize } = await statfs(folder)
    return { total: blocks * bsize, free: bavail * bsize }
  },
}

/** A folder of mode 0700 whose own entry, and those of the parents made with it, are on the disk. */
export const ensureFolder = async (calls: DiskCalls, folder: string): Promise<void> => {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) await calls.syncDir(dirname(made))
}

export const removeQuietly = (path: string): Promise<void> =>
  unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })

export const makePrivate = (path: string): Promise<void> => chmod(path, 0o600)
