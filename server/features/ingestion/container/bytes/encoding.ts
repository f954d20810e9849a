// Text of any encoding becomes UTF-8 bytes, so that all that follows knows one. What is no valid text is not smoothed over: it
// stays (or becomes) invalid UTF-8, and the row that holds it is rejected.
import { isAscii, isUtf8 } from 'node:buffer'
import { StringDecoder } from 'node:string_decoder'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

export interface TextSource {
  bytes: AsyncIterable<Buffer>
  separator: 10 | 13
}

/** By the byte order mark, else by where the zero bytes of the first characters stand. */
export function detectEncoding(head: Buffer): { encoding: Encoding; markBytes: number } {
  const hex = head.toString('hex', 0, 4)
  if (hex.startsWith('efbbbf')) return { encoding: 'utf-8', markBytes: 3 }
  if (hex.startsWith('fffe')) return { encoding: 'utf-16le', markBytes: 2 }
  if (hex.startsWith('feff')) return { encoding: 'utf-16be', markBytes: 2 }
  const zeros = head.length < 4 ? '' : [...head.subarray(0, 4)].map((byte) => (byte === 0 ? '0' : 'x')).join('')
  if (zeros === 'x0x0') return { encoding: 'utf-16le', markBytes: 0 }
  if (zeros === '0x0x') return { encoding: 'utf-16be', markBytes: 0 }
  return { encoding: 'utf-8', markBytes: 0 }
}

/** UTF-8 of a text; a half of a surrogate pair becomes the byte FF, which no UTF-8 holds. */
function toBytes(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text)
  const parts: Buffer[] = []
  for (const piece of text.split(/([\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff])/))
    parts.push(piece.isWellFormed() ? Buffer.from(piece) : Buffer.from([0xff]))
  return Buffer.concat(parts)
}

async function* fromUtf16(source: AsyncIterable<Buffer>, isBigEndian: boolean): AsyncGenerator<Buffer> {
  const decoder = new StringDecoder('utf16le')
  let odd = Buffer.alloc(0)
  for await (const chunk of source) {
    const bytes = Buffer.concat([odd, chunk])
    const even = bytes.subarray(0, bytes.length - (bytes.length % 2))
    odd = Buffer.from(bytes.subarray(even.length))
    const text = decoder.write(isBigEndian ? even.swap16() : even)
    if (text.length > 0) yield toBytes(text)
  }
  const rest = decoder.end()
  if (rest.length > 0) yield toBytes(rest)
  if (odd.length > 0) yield Buffer.from([0xff])
}

async function* skipBytes(source: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes
  for await (const chunk of source) {
    if (left >= chunk.length) left -= chunk.length
    else {
      yield left === 0 ? chunk : chunk.subarray(left)
      left = 0
    }
  }
}

/** The same text as UTF-8 without a byte order mark. */
export function toUtf8(source: AsyncIterable<Buffer>, head: Buffer): AsyncIterable<Buffer> {
  const { encoding, markBytes } = detectEncoding(head)
  const bare = markBytes === 0 ? source : skipBytes(source, markBytes)
  return encoding === 'utf-8' ? bare : fromUtf16(bare, encoding === 'utf-16be')
}

/** The first bytes of a text as UTF-8, for a look at what it is. */
export function headAsUtf8(head: Buffer): Buffer {
  const { encoding, markBytes } = detectEncoding(head)
  const bare = head.subarray(markBytes)
  if (encoding === 'utf-8') return bare
  const even = Buffer.from(bare.subarray(0, bare.length - (bare.length % 2)))
  if (encoding === 'utf-16be') even.swap16()
  return toBytes(even.toString('utf16le'))
}

/** Length of the UTF-8 sequence that starts here; 0 when none does. Over-long forms and surrogates are none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  return isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

/** Position of the first byte that is no UTF-8, or -1. */
export function firstInvalidUtf8(bytes: Buffer): number {
  if (isUtf8(bytes)) return -1
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    if (length === 0) return at
    at += length
  }
  return -1
}

/** True when the bytes above 7F make no UTF-8 anywhere: then they are Windows-1252 (Excel saves CSV so). */
function looksLegacy(bytes: Buffer): boolean {
  let invalid = 0
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    if (length > 1) return false
    if (length === 0 && at < bytes.length - 3) invalid++
    at += length || 1
  }
  return invalid > 0
}

/** Decides at the first bytes above 7F whether the rest is UTF-8 or Windows-1252, and turns the latter into UTF-8. */
export async function* legacyToUtf8(source: AsyncIterable<Buffer>, onLegacy: () => void): AsyncGenerator<Buffer> {
  let isLegacy: boolean | null = null
  const decoder = new TextDecoder('windows-1252')
  for await (const chunk of source) {
    if (isLegacy === null && !isAscii(chunk)) {
      isLegacy = looksLegacy(chunk)
      if (isLegacy) onLegacy()
    }
    yield isLegacy === true ? Buffer.from(decoder.decode(chunk)) : chunk
  }
}
