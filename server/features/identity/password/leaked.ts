// Passwords that stood in a breach, by a file that the operator keeps: SHA-1 hashes in hexadecimal, one a line and sorted, each
// with `:count` behind it or not, as Have I Been Pwned gives them out. The file has tens of gigabytes, so it is searched where it
// lies and never read whole; nothing is asked of anybody else.
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { CannotStart } from '../../../platform/errors.ts'

/** Longer than any line. */
const lineBytes = 128
/** Read and looked through at once. */
const blockBytes = 8_192
const shape = /^[0-9A-F]{40}(:\d+)?\r?$/i

const hashOf = (password: string): string => createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase()

const readAt = async (file: FileHandle, at: number, sizeBytes: number): Promise<string> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sizeBytes), 0, sizeBytes, at)
  return buffer.subarray(0, bytesRead).toString('latin1')
}

/** The first line that begins behind `at`; null at the end of the file. */
const lineAfter = async (file: FileHandle, at: number): Promise<{ start: number; hash: string } | null> => {
  const text = await readAt(file, at, 2 * lineBytes)
  const end = text.indexOf('\n')
  const hash = text.slice(end + 1, end + 41).toUpperCase()
  return end < 0 || hash.length < 40 ? null : { start: at + end + 1, hash }
}

const stands = async (file: FileHandle, wanted: string): Promise<boolean> => {
  // What is looked for stands between the two, if at all; a line begins at the first.
  let from = 0
  let until = (await file.stat()).size
  while (until - from > blockBytes) {
    const middle = Math.floor((from + until) / 2)
    const line = await lineAfter(file, middle)
    if (line === null || line.start >= until) until = middle
    else if (line.hash === wanted) return true
    else if (line.hash < wanted) from = line.start
    else until = line.start
  }
  const lines = (await readAt(file, from, until - from + lineBytes)).toUpperCase().split('\n')
  return lines.some((line) => line.startsWith(wanted))
}

export type Leaked = (password: string) => Promise<boolean>

/** @throws CannotStart for a file that cannot be read or holds something else. */
const check = (path: string): void => {
  let head = ''
  try {
    const file = openSync(path, 'r')
    const buffer = Buffer.alloc(lineBytes)
    head = buffer.subarray(0, readSync(file, buffer, 0, lineBytes, 0)).toString('latin1')
    closeSync(file)
  } catch (error) {
    throw new CannotStart(`PASSWORD_LEAKS names ${path}, which cannot be read: ${(error as Error).message}`, { cause: error })
  }
  if (!shape.test(head.split('\n')[0] ?? ''))
    throw new CannotStart(`PASSWORD_LEAKS names ${path}, which is no list of SHA-1 hashes, one a line and sorted.`)
}

/** Without a file nothing is leaked. */
export const createLeaked = (path: string | undefined): Leaked => {
  if (path === undefined) return async () => false
  check(path)
  return async (password) => {
    const file = await open(path, 'r')
    try {
      return await stands(file, hashOf(password))
    } finally {
      await file.close()
    }
  }
}
