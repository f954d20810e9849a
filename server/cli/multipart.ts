import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'

const quoted = (name: string): string => name.replaceAll(/[\r\n"]/g, (c) => encodeURIComponent(c))

/** A form with fields and one file, streamed: a file of any size goes through a few buffers. */
export const multipartOf = (fields: Record<string, string>, path: string): { contentType: string; stream: Readable } => {
  const boundary = `vc-${randomBytes(18).toString('hex')}`
  async function* parts(): AsyncGenerator<Buffer> {
    for (const [name, value] of Object.entries(fields))
      yield Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`)
    yield Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${quoted(basename(path))}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    )
    yield* createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>
    yield Buffer.from(`\r\n--${boundary}--\r\n`)
  }
  return { contentType: `multipart/form-data; boundary=${boundary}`, stream: Readable.from(parts()) }
}
