// A ZIP that is made while it is read: one entry after the other, none of them held, each hashed on its way. The manifest,
// which tells of all of them, comes last.
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipFile } from 'yazl'

export interface Entry {
  name: string
  /** Packed already, or not worth the work. */
  isStored: boolean
  source: AsyncIterable<Uint8Array>
  /** What is known once it is written: rows, or whether it is what it should be. */
  facts?: (written: Written) => Record<string, unknown>
}

export interface Written {
  sha256: string
  size_bytes: number
}

export type Listed = Written & { name: string } & Record<string, unknown>

interface ZipOptions {
  manifest: (entries: readonly Listed[]) => Record<string, unknown>
  /** Asked between the pieces; what it throws ends the stream, so that the copy is seen to be no whole one. */
  mayGoOn: () => Promise<void>
  at: Date
}

async function* measured(source: AsyncIterable<Uint8Array>, o: ZipOptions, done: (written: Written) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let size_bytes = 0
  for await (const piece of source) {
    await o.mayGoOn()
    hash.update(piece)
    size_bytes += piece.length
    yield piece
  }
  done({ sha256: hash.digest('hex'), size_bytes })
}

const fill = async (zip: ZipFile, entries: AsyncIterable<Entry>, o: ZipOptions & { gone: AbortSignal }): Promise<void> => {
  const listed: Listed[] = []
  for await (const entry of entries) {
    const note = (written: Written): void => void listed.push({ name: entry.name, ...written, ...entry.facts?.(written) })
    const stream = Readable.from(measured(entry.source, o, note), { objectMode: false })
    try {
      o.gone.throwIfAborted()
      await o.mayGoOn()
      zip.addReadStream(stream, entry.name, { compress: !entry.isStored, mtime: o.at, mode: 0o100600 })
      await finished(stream, { signal: o.gone })
    } finally {
      stream.destroy()
      // A stream of which nothing was read does not return its source.
      if (entry.source instanceof Readable) entry.source.destroy()
    }
  }
  zip.addBuffer(Buffer.from(`${JSON.stringify(o.manifest(listed), null, 2)}\n`), 'manifest.json', { mtime: o.at, mode: 0o100600 })
  zip.end()
}

export const zipStream = (entries: AsyncIterable<Entry>, o: ZipOptions): Readable => {
  const zip = new ZipFile()
  const out = zip.outputStream as Readable
  const fail = (error: unknown): void => void out.destroy(error instanceof Error ? error : new Error(String(error)))
  zip.on('error', fail)
  // Nobody reads it any more: what waits for room in it must not wait for ever, nor keep a file open.
  const gone = new AbortController()
  out.once('close', () => gone.abort(new Error('the reader of the copy has gone')))
  void fill(zip, entries, { ...o, gone: gone.signal }).catch(fail)
  return out
}
