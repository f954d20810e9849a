// Random and streamed reads of one file, which report how far they got.
import { open, type FileHandle } from 'node:fs/promises'

const readBytes = 262_144
/** Many files are opened for a look at their first bytes only. */
const firstReadBytes = 16_384
/** Headers and small files of a ZIP stand side by side: one read serves many of them. */
const windowBytes = 65_536

export class ByteFile {
  readonly size: number
  readonly path: string
  readonly #handle: FileHandle
  #window: Buffer = Buffer.alloc(0)
  #windowStart = 0
  readonly #onRead: (bytes: number) => void

  private constructor(path: string, handle: FileHandle, size: number, onRead: (bytes: number) => void) {
    this.path = path
    this.#handle = handle
    this.size = size
    this.#onRead = onRead
  }

  /** `onRead` hears of bytes that stream() delivered. */
  static async open(path: string, onRead: (bytes: number) => void): Promise<ByteFile> {
    const handle = await open(path, 'r')
    try {
      const { size } = await handle.stat()
      return new ByteFile(path, handle, size, onRead)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Up to `length` bytes from `offset`: fewer at the end of the file. The buffer may be shared: it is not to be written to. */
  async read(offset: number, length: number): Promise<Buffer> {
    if (length > windowBytes / 2) return this.#readOnce(offset, length)
    const isInside = offset >= this.#windowStart && offset + length <= this.#windowStart + this.#window.length
    if (!isInside) {
      this.#window = await this.#readOnce(offset, windowBytes)
      this.#windowStart = offset
    }
    const start = offset - this.#windowStart
    return this.#window.subarray(start, start + length)
  }

  async #readOnce(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.size - offset))
    const buffer = Buffer.allocUnsafe(wanted)
    let filled = 0
    while (filled < wanted) {
      const { bytesRead } = await this.#handle.read(buffer, filled, wanted - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled === wanted ? buffer : buffer.subarray(0, filled)
  }

  async *stream(start = 0, end = this.size, chunkBytes = readBytes): AsyncGenerator<Buffer> {
    for (let offset = start; offset < end; ) {
      const wanted = offset === start ? firstReadBytes : chunkBytes
      const chunk = await this.read(offset, Math.min(wanted, end - offset))
      if (chunk.length === 0) return
      offset += chunk.length
      this.#onRead(chunk.length)
      yield chunk
    }
  }

  /** Bytes that are passed over, for the progress. */
  passOver(bytes: number): void {
    this.#onRead(bytes)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}

/** The first bytes of a stream, and the whole stream again. */
export async function peek(source: AsyncIterable<Buffer>, bytes: number): Promise<{ head: Buffer; source: AsyncGenerator<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]()
  const chunks: Buffer[] = []
  let held = 0
  let failure: unknown = null
  while (held < bytes && failure === null) {
    try {
      const next = await iterator.next()
      if (next.done === true) break
      chunks.push(next.value)
      held += next.value.length
    } catch (error) {
      failure = error ?? new Error('Reading failed')
    }
  }
  return { head: Buffer.concat(chunks).subarray(0, bytes), source: replay(chunks, iterator, failure) }
}

/** What was read before a failure is delivered before it. */
async function* replay(chunks: Buffer[], iterator: AsyncIterator<Buffer>, failure: unknown): AsyncGenerator<Buffer> {
  try {
    while (chunks.length > 0) yield chunks.shift() as Buffer
    if (failure !== null) throw failure
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  } finally {
    await iterator.return?.()
  }
}
