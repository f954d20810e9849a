// Rows of an insert wait in a private file: the engine reads binary rows whole and right from a file only, what is
// handed to it inline is cut without an error.
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, unlink } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { RefusedError } from './protocol/lex.ts'

/** Below the store's folder: where whoever makes blocks leaves them. */
export const blockFolder = 'blocks'
/** Each maker has a folder of its own there. */
export const isBlockName = (name: string): boolean => /^[0-9a-f-]{36}\/\d{1,10}\.rows$/.test(name)
/** Names the block of an insert, in place of a body. */
export const blockHeader = 'x-block-file'

export interface Spooled {
  path: string
  bytes: number
  remove: () => Promise<void>
}

/** The sender went before its rows were whole: nothing of them may be stored. */
export class CutShortError extends Error {}

export const emptySpool = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of await readdir(folder)) await rm(join(folder, name), { force: true, recursive: true })
}

/** A block that was left in the folder of blocks; nothing outside it can be named. @throws RefusedError */
export const leftBlock = (request: IncomingMessage, blockDir: string): string | null => {
  const name = request.headers[blockHeader]
  if (name === undefined) return null
  if (typeof name !== 'string' || !isBlockName(name)) throw new RefusedError('this is no name of a block')
  return join(blockDir, name)
}

/** @throws CutShortError; ENOSPC as the file system reports it. */
export const spool = async (request: IncomingMessage, folder: string): Promise<Spooled> => {
  const path = join(folder, `${randomUUID()}.rows`)
  const remove = (): Promise<void> => unlink(path).catch(() => undefined)
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: 1 << 20 })
  try {
    if (request.headers['content-encoding'] === 'gzip') await pipeline(request, createGunzip(), file)
    else await pipeline(request, file)
    if (!request.complete) throw new CutShortError('the rows ended early')
    return { path, bytes: file.bytesWritten, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
