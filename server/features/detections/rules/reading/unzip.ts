// A ZIP that is small enough to be held, read by its directory. Names are data: nothing is opened by them. Entries that lie over each
// other, or unpack to more than is allowed, are how bombs are made.
import { crc32, inflateRawSync } from 'node:zlib'

export interface Unzipped {
  name: string
  content: Buffer
}
export interface UnzipLimits {
  mostEntries: number
  /** Of one file; a larger one is skipped and named. */
  mostFileBytes: number
  /** Of all that are wanted together. */
  mostBytes: number
}

/** The archive as a whole is of no use. */
export class ZipFault extends Error {}

interface Entry {
  name: string
  method: number
  flags: number
  crc: number
  storedBytes: number
  bytes: number
  offset: number
}

const endMagic = 0x06054b50
const entryMagic = 0x02014b50
const localMagic = 0x04034b50

const endOf = (zip: Buffer): number => {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 65_557); at--)
    if (zip.readUInt32LE(at) === endMagic && at + 22 + zip.readUInt16LE(at + 20) <= zip.length) return at
  throw new ZipFault('This ZIP is cut off: the directory at its end is missing. Send it again, whole.')
}

const entriesOf = (zip: Buffer, most: number): Entry[] => {
  const end = endOf(zip)
  const count = zip.readUInt16LE(end + 10)
  if (count === 0xffff || zip.readUInt32LE(end + 16) === 0xffff_ffff)
    throw new ZipFault('This ZIP is of the large kind (ZIP64), which no pack of rules needs to be.')
  if (count > most) throw new ZipFault(`This ZIP holds ${count} files: more than the limit of ${most}.`)
  const entries: Entry[] = []
  for (let at = zip.readUInt32LE(end + 16), n = 0; n < count; n++) {
    if (at + 46 > zip.length || zip.readUInt32LE(at) !== entryMagic)
      throw new ZipFault('The directory of this ZIP is damaged. Send it again.')
    const nameBytes = zip.readUInt16LE(at + 28)
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameBytes).replaceAll('\\', '/'),
      method: zip.readUInt16LE(at + 10),
      flags: zip.readUInt16LE(at + 8),
      crc: zip.readUInt32LE(at + 16),
      storedBytes: zip.readUInt32LE(at + 20),
      bytes: zip.readUInt32LE(at + 24),
      offset: zip.readUInt32LE(at + 42),
    })
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  const stored = entries.reduce((sum, entry) => sum + entry.storedBytes, 0)
  if (stored > zip.length) throw new ZipFault('The files in this ZIP lie over each other. It is damaged, or a bomb.')
  return entries
}

/** Null: what the entry claims is not so. */
const contentOf = (zip: Buffer, entry: Entry): Buffer | null => {
  const { offset } = entry
  if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== localMagic) return null
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28)
  const stored = zip.subarray(start, start + entry.storedBytes)
  if (stored.length !== entry.storedBytes) return null
  try {
    const content = entry.method === 0 ? stored : inflateRawSync(stored, { maxOutputLength: Math.max(1, entry.bytes) })
    return content.length === entry.bytes && crc32(content) === entry.crc ? content : null
  } catch {
    return null
  }
}

/**
 * The files that are wanted, in the order of the archive; `onSkip` hears of those that are and cannot be had.
 * @throws ZipFault
 */
export const unzip = (
  zip: Buffer,
  o: UnzipLimits & { isWanted: (name: string) => boolean; onSkip: (name: string, why: string) => void },
): Unzipped[] => {
  const files: Unzipped[] = []
  let bytes = 0
  for (const entry of entriesOf(zip, o.mostEntries)) {
    if (entry.name.endsWith('/') || !o.isWanted(entry.name)) continue
    if ((entry.flags & 1) === 1) throw new ZipFault('This ZIP is encrypted: send one without a password.')
    if (entry.method !== 0 && entry.method !== 8) {
      o.onSkip(entry.name, 'it is compressed in a way that is not known here')
      continue
    }
    if (entry.bytes > o.mostFileBytes) {
      o.onSkip(entry.name, `it has ${entry.bytes} bytes: more than the limit of ${o.mostFileBytes}`)
      continue
    }
    bytes += entry.bytes
    if (bytes > o.mostBytes)
      throw new ZipFault(`The files in this ZIP unpack to more than ${o.mostBytes} bytes, the most that a pack may have.`)
    const content = contentOf(zip, entry)
    if (content === null) o.onSkip(entry.name, 'it is damaged in the ZIP')
    else files.push({ name: entry.name, content })
  }
  return files
}
