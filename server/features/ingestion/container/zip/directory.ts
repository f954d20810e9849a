// The central directory of a ZIP, read by ourselves: general readers give a whole archive up at the first entry they dislike (a
// bad extra field, bytes in front or behind), while here only that entry is lost. Names are data: nothing is opened by them.
import { isUtf8 } from 'node:buffer'
import { UnreadableError } from '../../reading.ts'
import type { ByteFile } from '../bytes/byte-file.ts'

export interface ZipEntry {
  name: string
  /** Bytes of the name as they stand, for comparing with the local header. */
  rawName: Buffer
  method: number
  flags: number
  crc: number
  storedBytes: number
  declaredBytes: number
  /** Of the local header in the file, bytes in front of the archive counted. */
  offset: number
  isSymlink: boolean
  /** WinZip AES. */
  aes: { version: number; strength: number; method: number } | null
  /** Why the entry cannot be read, found in the directory itself. */
  fault: string | null
}

export interface Directory {
  entries: ZipEntry[]
  /** The directory ended early: what was expected. */
  missing: number
}

const endMagic = 0x06054b50
const end64Magic = 0x06064b50
const locatorMagic = 0x07064b50
const entryMagic = 0x02014b50
const endBytes = 22
const tailBytes = 20 + endBytes + 65_535
const max32 = 0xffff_ffff
const maxDirectoryBytes = 512 * 1024 * 1024
const maxNameBytes = 4096

interface End {
  /** Where the record that ends the directory stands: the directory ends there. */
  position: number
  count: number
  size: number
  offset: number
}

function uint64(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at)
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
}

async function findEnd(file: ByteFile): Promise<End> {
  const start = Math.max(0, file.size - tailBytes)
  const tail = await file.read(start, tailBytes)
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== endMagic || at + endBytes + tail.readUInt16LE(at + 20) > tail.length) continue
    const end = {
      position: start + at,
      count: tail.readUInt16LE(at + 10),
      size: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
    }
    const isBig = end.count === 0xffff || end.size === max32 || end.offset === max32
    if (at >= 20 && tail.readUInt32LE(at - 20) === locatorMagic)
      return (await findEnd64(file, start + at - 20, uint64(tail, at - 12))) ?? end
    if (isBig && end.offset === max32) continue
    return end
  }
  throw new UnreadableError('This ZIP is cut off: the directory at its end is missing. Copy or upload it again, whole.')
}

/** The 64-bit record stands where the locator says, or right before the locator when bytes were put in front of the archive. */
async function findEnd64(file: ByteFile, locator: number, said: number): Promise<End | null> {
  for (const position of [said, locator - 56]) {
    if (position < 0 || position >= file.size) continue
    const record = await file.read(position, 56)
    if (record.length < 56 || record.readUInt32LE(0) !== end64Magic) continue
    return { position, count: uint64(record, 32), size: uint64(record, 40), offset: uint64(record, 48) }
  }
  return null
}

function decodeName(raw: Buffer): string {
  const cut = raw.subarray(0, maxNameBytes)
  return (isUtf8(cut) ? cut.toString('utf8') : cut.toString('latin1')).replaceAll('\\', '/')
}

function parseExtra(entry: ZipEntry, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = extra.readUInt16LE(at)
    const data = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
    at += 4 + extra.readUInt16LE(at + 2)
    if (id === 1) applyZip64(entry, data)
    if (id === 0x9901 && data.length >= 7)
      entry.aes = { version: data.readUInt16LE(0), strength: data[4] ?? 0, method: data.readUInt16LE(5) }
  }
  if (entry.storedBytes === max32 || entry.offset === max32) entry.fault ??= 'its 64-bit sizes are missing'
}

function applyZip64(entry: ZipEntry, data: Buffer): void {
  let at = 0
  for (const field of ['declaredBytes', 'storedBytes', 'offset'] as const) {
    if (entry[field] !== max32 || at + 8 > data.length) continue
    entry[field] = uint64(data, at)
    at += 8
  }
}

/** null when no whole entry stands here. */
function parseEntry(bytes: Buffer, at: number): { entry: ZipEntry; next: number } | null {
  if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== entryMagic) return null
  const nameBytes = bytes.readUInt16LE(at + 28)
  const extraBytes = bytes.readUInt16LE(at + 30)
  const next = at + 46 + nameBytes + extraBytes + bytes.readUInt16LE(at + 32)
  if (next > bytes.length) return null
  const rawName = bytes.subarray(at + 46, at + 46 + nameBytes)
  const flags = bytes.readUInt16LE(at + 8)
  const isUnix = bytes.readUInt8(at + 5) === 3
  const entry: ZipEntry = {
    name: decodeName(rawName),
    rawName: Buffer.from(rawName.subarray(0, maxNameBytes)),
    method: bytes.readUInt16LE(at + 10),
    flags,
    crc: bytes.readUInt32LE(at + 16),
    storedBytes: bytes.readUInt32LE(at + 20),
    declaredBytes: bytes.readUInt32LE(at + 24),
    offset: bytes.readUInt32LE(at + 42),
    isSymlink: isUnix && (bytes.readUInt16LE(at + 40) & 0xf000) === 0xa000,
    aes: null,
    fault: nameBytes > maxNameBytes ? `its name has ${nameBytes} bytes` : flags & 0x2040 ? 'its encryption is not supported' : null,
  }
  parseExtra(entry, bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes))
  return { entry, next }
}

/** All entries. Throws UnreadableError when there is no directory, or it claims more than `maxEntries`. */
export async function readDirectory(file: ByteFile, maxEntries: number): Promise<Directory> {
  const end = await findEnd(file)
  if (end.count > maxEntries) throw new UnreadableError(`This ZIP holds ${end.count} files: more than the limit of ${maxEntries}.`)
  if (end.size > maxDirectoryBytes)
    throw new UnreadableError(`The directory of this ZIP claims ${end.size} bytes: more than any honest one.`)
  const { bytes, shift } = await readEntries(file, end)
  const entries: ZipEntry[] = []
  for (let at = 0; entries.length < maxEntries; ) {
    const parsed = parseEntry(bytes, at)
    if (parsed === null) break
    parsed.entry.offset += shift
    entries.push(parsed.entry)
    at = parsed.next
  }
  if (entries.length === 0 && end.count > 0)
    throw new UnreadableError('The directory of this ZIP is damaged: no file in it can be found. Copy or upload it again.')
  checkSizes(file, entries)
  return { entries, missing: Math.max(0, end.count - entries.length) }
}

/** Where offsets are wrong because bytes stand in front of the archive, the directory still ends at its end record. */
async function readEntries(file: ByteFile, end: End): Promise<{ bytes: Buffer; shift: number }> {
  const shift = end.position - end.size - end.offset
  const said = await file.read(end.offset, 4)
  if (shift > 0 && (said.length < 4 || said.readUInt32LE(0) !== entryMagic))
    return { bytes: await file.read(end.offset + shift, end.size), shift }
  return { bytes: await file.read(end.offset, end.size), shift: 0 }
}

/** Bombs lay many entries over the same bytes: honest entries never sum up to more than the file. */
function checkSizes(file: ByteFile, entries: readonly ZipEntry[]): void {
  let stored = 0
  for (const entry of entries) {
    if (entry.offset + entry.storedBytes > file.size) entry.fault ??= 'the ZIP ends inside it'
    else stored += entry.storedBytes
  }
  if (stored > file.size)
    throw new UnreadableError('The files in this ZIP overlap: together they claim more bytes than the ZIP has. It is damaged, or a bomb.')
  const byOffset = entries.filter((entry) => entry.fault === null).sort((a, b) => a.offset - b.offset)
  for (let at = 1; at < byOffset.length; at++) {
    const before = byOffset[at - 1] as ZipEntry
    const entry = byOffset[at] as ZipEntry
    if (entry.offset < before.offset + 30 + before.rawName.length + before.storedBytes) entry.fault ??= 'it overlaps another file'
  }
}
