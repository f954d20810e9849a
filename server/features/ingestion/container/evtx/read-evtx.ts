// Windows event logs. The decoder (winevtx) is young: it is called for one chunk at a time, under a clock, and what it leaves out
// is found by comparing with the frame and said.
import { Script } from 'node:vm'
import type { parseEvtxFile } from 'winevtx'
import { jsonText, type Member } from '../../reading.ts'
import { RowWriter } from '../row-writer.ts'
import { LimitError, type Session } from '../session.ts'
import { asFile, blankRecord, chunkBytes, fileHeaderBytes, isChunk, isUnused, walkChunk, type Chunk, type EvtxRecord } from './chunk.ts'
import { rowOfEvent } from './record-row.ts'

const chunkTimeMs = 2000
const maxTimeouts = 3
const maxRetries = 64
const notAscii = /[^\0-\x7f]/

/** Only the engine's own watchdog can stop a decoder that a hostile template sends round in circles. */
const clock = new Script('globalThis[Symbol.for("velocicompanion.evtx")]()')
const slot = Symbol.for('velocicompanion.evtx')

function underClock<T>(work: () => T): T {
  const holder = globalThis as { [slot]?: () => unknown }
  holder[slot] = work
  try {
    return clock.runInThisContext({ timeout: chunkTimeMs }) as T
  } finally {
    delete holder[slot]
  }
}

/** The file header, then 64 KiB chunks; the last piece may be shorter. */
async function* pieces(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let heldBytes = 0
  let wanted = fileHeaderBytes
  for await (const chunk of source) {
    held.push(chunk)
    heldBytes += chunk.length
    if (heldBytes < wanted) continue
    let bytes = Buffer.concat(held)
    while (bytes.length >= wanted) {
      yield bytes.subarray(0, wanted)
      bytes = bytes.subarray(wanted)
      wanted = chunkBytes
    }
    held = [bytes]
    heldBytes = bytes.length
  }
  if (heldBytes > 0) yield Buffer.concat(held)
}

type Decoder = typeof parseEvtxFile

class EvtxReader {
  readonly #session: Session
  readonly #writer: RowWriter
  readonly #path: string
  readonly #parse: Decoder
  #timeouts = 0
  #chunks = 0
  #damaged = 0
  #damagedSinceLast = 0
  #missing = 0
  #last: bigint | null = null
  isCut = false

  constructor(session: Session, member: Member, parse: Decoder) {
    this.#session = session
    this.#parse = parse
    this.#path = member.path
    this.#writer = new RowWriter(session, member)
  }

  async take(piece: Buffer): Promise<void> {
    this.#chunks++
    if (piece.length < chunkBytes) this.isCut = !isUnused(piece)
    if (!isChunk(piece) || piece.length < 512) {
      if (isUnused(piece)) return
      this.#damaged++
      this.#damagedSinceLast++
      return
    }
    const bytes = Buffer.alloc(chunkBytes)
    piece.copy(bytes)
    const chunk = walkChunk(bytes, piece.length)
    this.#countGap(chunk)
    await this.#readChunk(bytes, chunk)
    await this.#writer.flush()
  }

  async end(header: Buffer): Promise<void> {
    await this.#writer.end()
    const expected = header.length >= 44 ? header.readUInt16LE(42) : 0
    const lost = expected - this.#chunks
    if (this.isCut || lost > 0) {
      this.#session.warn(
        'truncated_file',
        `The event log is cut off in chunk ${this.#chunks} of ${Math.max(expected, this.#chunks)}`,
        this.#path,
        null,
      )
      const next = header.readBigUInt64LE(24)
      const behind = this.#last === null ? 0n : next - this.#last - 1n
      if (lost > 0 && behind > 0n && behind <= BigInt(lost) * 4096n) this.#missing += Number(behind)
    }
    if (this.#damaged + this.#missing === 0) return
    const parts = [`${this.#missing} event records are missing by the log's own numbering`]
    if (this.#damaged > 0) parts.push(`${this.#damaged} chunks of 64 KiB are damaged`)
    this.#session.warn('evtx_gap', parts.join('; '), this.#path, this.#missing)
  }

  /** Records lost inside the chunk, and in damaged chunks before it (a ring of chunks may also jump back: no gap). */
  #countGap(chunk: Chunk): void {
    if (chunk.declared === null) this.#damaged++
    else this.#missing += Math.max(0, chunk.declared - chunk.records.length)
    if (chunk.declared === null || chunk.declared === 0) return
    const jump = this.#last === null ? chunk.first - 1n : chunk.first - this.#last - 1n
    if (this.#damagedSinceLast > 0 && jump > 0n && jump <= BigInt(this.#damagedSinceLast) * 4096n) this.#missing += Number(jump)
    this.#damagedSinceLast = 0
    this.#last = chunk.last
  }

  /** Records that the decoder stumbles over are blanked and rejected one by one; the others of the chunk are read. */
  async #readChunk(bytes: Buffer, chunk: Chunk): Promise<void> {
    const { records } = chunk
    if (records.length === 0) return
    const file = asFile(bytes, records.length)
    let done = 0
    for (let attempt = 0; done < records.length && attempt < maxRetries; attempt++) {
      const events = this.#decode(file)
      for (; done < events.length; done++) await this.#takeEvent(bytes, records[done] as EvtxRecord, events[done])
      const bad = records[done]
      if (bad !== undefined) blankRecord(file, bad)
    }
    for (; done < records.length; done++) await this.#refuse(bytes, records[done] as EvtxRecord, 'cannot be decoded')
  }

  /** Events up to the first record that the decoder cannot do. */
  #decode(file: Buffer): unknown[] {
    const events: unknown[] = []
    try {
      underClock(() => {
        for (const record of this.#parse(file)) events.push(record.event)
      })
    } catch (error) {
      if ((error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' && ++this.#timeouts >= maxTimeouts)
        throw new LimitError('The event log holds records that take for ever to decode: reading of this file stopped')
    }
    return events
  }

  async #takeEvent(bytes: Buffer, record: EvtxRecord, event: unknown): Promise<void> {
    const row = rowOfEvent(event, this.#session.limits.maxDepth)
    if (row === null) return this.#refuse(bytes, record, 'is damaged')
    const raw = jsonText(row)
    this.#writer.add(raw, row, !notAscii.test(raw) && !raw.includes('\\u'))
    if (this.#writer.isFull) await this.#writer.flush()
  }

  async #refuse(bytes: Buffer, record: EvtxRecord, what: string): Promise<void> {
    const raw = bytes.toString('hex', record.offset, record.offset + record.size)
    await this.#writer.reject(`Event record ${record.id} ${what} (its bytes are given in hexadecimal)`, raw, record.size)
  }
}

export async function readEvtx(session: Session, member: Member, source: AsyncIterable<Buffer>): Promise<void> {
  // loaded by who needs it: most uploads hold no event log
  const { parseEvtxFile } = await import('winevtx')
  const reader = new EvtxReader(session, member, parseEvtxFile)
  let header: Buffer | null = null
  for await (const piece of pieces(source)) {
    if (header === null) {
      header = piece
      if (piece.length < fileHeaderBytes) reader.isCut = true
    } else await reader.take(piece)
  }
  await reader.end(header ?? Buffer.alloc(fileHeaderBytes))
}
