// Deflate and gzip as async generators that give up nothing: all bytes before a cut or a fault are delivered before the error.
// Input goes in by small pieces, so that a bomb is noticed before it fills memory.
import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import { DamagedError } from '../session.ts'
import type { ByteFile } from './byte-file.ts'

const pieceBytes = 32_768
const outputBytes = 131_072

export interface InflateEnd {
  /** Compressed bytes that the deflate stream took; what follows belongs to someone else. */
  consumed: number
}

class Inflater {
  readonly #zlib = createInflateRaw({ chunkSize: outputBytes, finishFlush: constants.Z_SYNC_FLUSH })
  #out: Buffer[] = []
  #wake: (() => void) | null = null
  failure: Error | null = null
  hasEnded = false

  constructor() {
    this.#zlib.on('data', (chunk: Buffer) => this.#out.push(chunk))
    this.#zlib.on('error', (error: Error) => {
      this.failure = error
      this.#wake?.()
    })
    this.#zlib.on('end', () => {
      this.hasEnded = true
      this.#wake?.()
    })
  }

  get consumed(): number {
    return this.#zlib.bytesWritten
  }

  async write(piece: Buffer): Promise<Buffer[]> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#zlib.write(piece, () => resolve())
    })
    return this.#take()
  }

  async finish(): Promise<Buffer[]> {
    if (!this.hasEnded && this.failure === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        this.#zlib.end()
      })
    }
    return this.#take()
  }

  close(): void {
    this.#zlib.destroy()
  }

  #take(): Buffer[] {
    const out = this.#out
    this.#out = []
    return out
  }
}

/** `end` is filled when the generator returns. A fault in the data throws DamagedError after the good bytes. */
export async function* inflateRaw(source: AsyncIterable<Buffer>, end: InflateEnd): AsyncGenerator<Buffer> {
  const inflater = new Inflater()
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length && !inflater.hasEnded && inflater.failure === null; at += pieceBytes) {
        const piece = chunk.subarray(at, at + pieceBytes)
        yield* await inflater.write(piece)
      }
      if (inflater.hasEnded || inflater.failure !== null) break
    }
    if (inflater.failure === null) yield* await inflater.finish()
    if (inflater.failure !== null) throw new DamagedError(`The compressed data is damaged near byte ${inflater.consumed}`)
    end.consumed = inflater.consumed
  } finally {
    inflater.close()
  }
}

const smallOutputBytes = 4 * 1_048_576

/** The same for a few bytes of input: a hunt has tens of thousands of small files, and a stream for each costs more than its work. */
export async function* inflateSmall(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of source) chunks.push(chunk)
  const packed = Buffer.concat(chunks)
  const plain = inflateAtOnce(packed)
  if (plain !== null) yield plain
  else yield* inflateRaw(single(packed), { consumed: 0 })
}

/** null when it is damaged, or grows too large: then the stream shows how far it is good. */
function inflateAtOnce(packed: Buffer): Buffer | null {
  try {
    return inflateRawSync(packed, { maxOutputLength: smallOutputBytes })
  } catch {
    return null
  }
}

async function* single(chunk: Buffer): AsyncGenerator<Buffer> {
  yield chunk
}

const gzipMagic = 0x8b1f

/** Length of the gzip header at `offset`, or -1 when there is none. */
async function headerLength(file: ByteFile, offset: number): Promise<number> {
  const fixed = await file.read(offset, 10)
  if (fixed.length < 10 || fixed.readUInt16LE(0) !== gzipMagic || fixed[2] !== 8) return -1
  const flags = fixed[3] ?? 0
  let at = offset + 10
  if (flags & 4) at += 2 + ((await file.read(at, 2)).readUInt16LE(0) || 0)
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue
    const text = await file.read(at, 65_536)
    const zero = text.indexOf(0)
    if (zero === -1) return -1
    at += zero + 1
  }
  return at + (flags & 2 ? 2 : 0) - offset
}

export interface GzipEnd {
  /** Why the last part cannot be trusted; null when all checks fit. */
  fault: string | null
  /** Position in the compressed file where it stopped. */
  position: number
}

/** All members of a gzip file, one after the other. Never throws for damage: says it in `end`, after the good bytes. */
export async function* gunzip(file: ByteFile, end: GzipEnd): AsyncGenerator<Buffer> {
  let offset = 0
  while (offset < file.size) {
    const header = await headerLength(file, offset).catch(() => -1)
    if (header < 0) {
      end.fault = offset === 0 ? 'The gzip header is damaged' : `${file.size - offset} bytes behind the gzip data are no gzip`
      end.position = offset
      return
    }
    const start = offset + header
    const state: InflateEnd = { consumed: 0 }
    let sum = 0
    let size = 0
    try {
      for await (const chunk of inflateRaw(file.stream(start, file.size, 65_536), state)) {
        sum = crc32(chunk, sum)
        size = (size + chunk.length) % 4_294_967_296
        yield chunk
      }
    } catch (error) {
      if (!(error instanceof DamagedError)) throw error
      end.fault = error.message
      end.position = start
      return
    }
    offset = start + state.consumed + 8
    const trailer = await file.read(offset - 8, 8)
    if (trailer.length < 8) {
      end.fault = `The gzip file is cut off after ${file.size} bytes`
      end.position = file.size
      return
    }
    if (trailer.readUInt32LE(0) !== sum || trailer.readUInt32LE(4) !== size) end.fault = 'A checksum of the gzip file does not fit its data'
    end.position = offset
    if (await isPadding(file, offset)) return
  }
}

/** Zero bytes behind the last member are padding (tapes, block copies), not damage. */
async function isPadding(file: ByteFile, offset: number): Promise<boolean> {
  const rest = await file.read(offset, 512)
  return rest.length > 0 && rest.every((byte) => byte === 0)
}
