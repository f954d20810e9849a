// Builds small event logs: records of plain (template-free) binary XML in honest chunks, to be damaged afterwards.
import { crc32 } from 'node:zlib'

export interface EventSpec {
  id: number
  eventId: number
  data: Readonly<Record<string, string>>
}

const chunkBytes = 65_536
const headerBytes = 4096

class Writer {
  readonly bytes = Buffer.alloc(chunkBytes)
  at = 512

  u8(...values: number[]): void {
    for (const value of values) this.at = this.bytes.writeUInt8(value, this.at)
  }

  u16(value: number): void {
    this.at = this.bytes.writeUInt16LE(value, this.at)
  }

  u32(value: number): void {
    this.at = this.bytes.writeUInt32LE(value, this.at)
  }

  u64(value: bigint): void {
    this.at = this.bytes.writeBigUInt64LE(value, this.at)
  }

  text(value: string): void {
    this.u16(value.length)
    this.at += this.bytes.write(value, this.at, 'utf16le')
  }

  /** A name that stands where it is used: its offset points right behind itself. */
  name(value: string): void {
    this.u32(this.at + 4)
    this.u32(0)
    this.u16(0)
    this.text(value)
    this.u16(0)
  }

  value(value: string): void {
    this.u8(0x05, 1)
    this.text(value)
  }

  element(name: string, attributes: Readonly<Record<string, string>>, body: () => void): void {
    const names = Object.entries(attributes)
    this.u8(names.length > 0 ? 0x41 : 0x01)
    // Template-free elements carry no dependency id: the length comes first.
    this.u32(0)
    this.name(name)
    if (names.length > 0) this.u32(0)
    for (const [key, value] of names) {
      this.u8(0x06)
      this.name(key)
      this.value(value)
    }
    this.u8(0x02)
    body()
    this.u8(0x04)
  }
}

function writeEvent(out: Writer, event: EventSpec): void {
  const start = out.at
  out.u32(0x2a2a)
  out.u32(0)
  out.u64(BigInt(event.id))
  out.u64(132_000_000_000_000_000n + BigInt(event.id) * 10_000_000n)
  out.u8(0x0f, 1, 1, 0)
  out.element('Event', {}, () => {
    out.element('System', {}, () => {
      out.element('Provider', { Name: 'Poison-Provider' }, () => {})
      out.element('EventID', {}, () => out.value(String(event.eventId)))
      out.element('EventRecordID', {}, () => out.value(String(event.id)))
      out.element('Channel', {}, () => out.value('Poison'))
      out.element('Computer', {}, () => out.value('HOST1'))
    })
    out.element('EventData', {}, () => {
      for (const [name, value] of Object.entries(event.data)) out.element('Data', { Name: name }, () => out.value(value))
    })
  })
  out.u8(0)
  out.u32(out.at + 4 - start)
  out.bytes.writeUInt32LE(out.at - start, start + 4)
}

function buildChunk(events: readonly EventSpec[]): Buffer {
  const out = new Writer()
  let last = 0
  for (const event of events) {
    last = out.at
    writeEvent(out, event)
  }
  const first = BigInt(events[0]?.id ?? 0)
  const end = BigInt(events.at(-1)?.id ?? 0)
  out.bytes.write('ElfChnk\0', 0, 'latin1')
  for (const at of [8, 24]) out.bytes.writeBigUInt64LE(first, at)
  for (const at of [16, 32]) out.bytes.writeBigUInt64LE(end, at)
  out.bytes.writeUInt32LE(128, 40)
  out.bytes.writeUInt32LE(last, 44)
  out.bytes.writeUInt32LE(out.at, 48)
  out.bytes.writeUInt32LE(crc32(out.bytes.subarray(512, out.at)), 52)
  return out.bytes
}

/** `perChunk` records in each of `chunks` chunks, ids from 1. */
export function buildEvtx(chunks: number, perChunk: number): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.write('ElfFile\0', 0, 'latin1')
  header.writeBigUInt64LE(BigInt(chunks - 1), 16)
  header.writeBigUInt64LE(BigInt(chunks * perChunk + 1), 24)
  header.writeUInt32LE(128, 32)
  header.writeUInt16LE(1, 36)
  header.writeUInt16LE(3, 38)
  header.writeUInt16LE(headerBytes, 40)
  header.writeUInt16LE(chunks, 42)
  const bodies = Array.from({ length: chunks }, (_, chunk) =>
    buildChunk(
      Array.from({ length: perChunk }, (_, at): EventSpec => {
        const id = chunk * perChunk + at + 1
        return { id, eventId: 4688, data: { NewProcessName: `C:\\p${id}.exe`, SubjectUserName: 'user' } }
      }),
    ),
  )
  return Buffer.concat([header, ...bodies])
}

/** Where a chunk, and a record in it, begins. */
export function recordOffset(file: Buffer, chunk: number, record: number): number {
  let at = headerBytes + chunk * chunkBytes + 512
  for (let index = 0; index < record; index++) at += file.readUInt32LE(at + 4)
  return at
}
