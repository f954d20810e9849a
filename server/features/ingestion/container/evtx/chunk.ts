// The frame of an EVTX file, read by ourselves: which records a chunk holds and which it should hold. The decoder trusts these
// numbers, so it is given a copy in which they are right.

export const fileHeaderBytes = 4096
export const chunkBytes = 65_536
const chunkHeaderBytes = 512
const recordHeaderBytes = 24
const recordMagic = 0x00002a2a
const none = 0xffff_ffff_ffff_ffffn
const zeros = Buffer.alloc(chunkBytes)

export interface EvtxRecord {
  offset: number
  size: number
  id: bigint
}

export interface Chunk {
  records: EvtxRecord[]
  /** By the header; null when the header makes no sense. */
  declared: number | null
  first: bigint
  last: bigint
}

export function isChunk(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 8) === 'ElfChnk\0'
}

/** Of a piece no longer than a chunk. */
export function isUnused(bytes: Buffer): boolean {
  return bytes.equals(zeros.subarray(0, bytes.length))
}

/** `length`: how much of the chunk is there. Walks the records by their own sizes; ids must rise by one, since old records stay behind the end of a reused chunk. */
export function walkChunk(bytes: Buffer, length: number): Chunk {
  const first = bytes.readBigUInt64LE(8)
  const last = bytes.readBigUInt64LE(16)
  const isEmpty = last === none || bytes.readBigUInt64LE(32) === none
  const span = isEmpty ? 0n : last - first + 1n
  const records: EvtxRecord[] = []
  for (let offset = chunkHeaderBytes; offset + recordHeaderBytes <= length; ) {
    const size = bytes.readUInt32LE(offset + 4)
    if (bytes.readUInt32LE(offset) !== recordMagic || size < recordHeaderBytes + 4 || offset + size > length) break
    const id = bytes.readBigUInt64LE(offset + 8)
    const previous = records.at(-1)
    if (previous !== undefined && id !== previous.id + 1n) break
    records.push({ offset, size, id })
    offset += size
  }
  return { records, declared: span >= 0n && span <= 4096n ? Number(span) : null, first, last }
}

/** A one-chunk file for the decoder, with the true number of records. */
export function asFile(chunk: Buffer, records: number): Buffer {
  const file = Buffer.alloc(fileHeaderBytes + chunkBytes)
  file.write('ElfFile\0', 0, 'latin1')
  file.writeUInt32LE(128, 32)
  file.writeUInt16LE(1, 36)
  file.writeUInt16LE(3, 38)
  file.writeUInt16LE(fileHeaderBytes, 40)
  file.writeUInt16LE(1, 42)
  chunk.copy(file, fileHeaderBytes)
  const header = file.subarray(fileHeaderBytes)
  for (const at of [8, 24]) header.writeBigUInt64LE(1n, at)
  for (const at of [16, 32]) header.writeBigUInt64LE(BigInt(records), at)
  return file
}

/** Makes a record empty, so that the decoder passes over it. */
export function blankRecord(file: Buffer, record: EvtxRecord): void {
  file.writeUInt8(0, fileHeaderBytes + record.offset + recordHeaderBytes)
}
