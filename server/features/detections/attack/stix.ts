// A STIX bundle as it streams in: its objects one by one, so that a file of a hundred megabytes is never held whole and nothing
// else waits for it.
import { AppError } from '../../../platform/errors.ts'

export interface StixLimits {
  /** Of one object. */
  objectBytes: number
  objects: number
  totalBytes: number
}

const broken = (what: string): AppError => new AppError('malformed', `This is no STIX bundle: ${what}. Nothing was loaded.`)

const [quote, backslash, open, close, openList, closeList] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d]

/** A bundle is an object, its list of objects the second level, each of them the third. */
class Splitter {
  private depth = 0
  private isText = false
  private isEscaped = false
  private pieces: Buffer[] = []
  private heldBytes = 0
  private started = -1
  readonly objects: string[] = []
  private readonly limits: StixLimits

  constructor(limits: StixLimits) {
    this.limits = limits
  }

  private inText(byte: number): void {
    if (this.isEscaped) this.isEscaped = false
    else if (byte === backslash) this.isEscaped = true
    else if (byte === quote) this.isText = false
  }

  private hold(piece: Buffer): void {
    this.heldBytes += piece.length
    if (this.heldBytes > this.limits.objectBytes)
      throw new AppError('too_large', `An object of the bundle is larger than ${this.limits.objectBytes} bytes.`)
    this.pieces.push(piece)
  }

  private rise(byte: number, at: number): void {
    if (this.depth === 0 && byte !== open) throw broken('it begins with no object')
    this.depth++
    if (this.depth === 3 && byte === open) this.started = at
  }

  private fall(chunk: Buffer, at: number): void {
    this.depth--
    if (this.depth < 0) throw broken('a bracket too many')
    if (this.depth !== 2 || this.started < 0) return
    this.hold(chunk.subarray(this.started, at + 1))
    this.objects.push(Buffer.concat(this.pieces).toString('utf8'))
    this.pieces = []
    this.heldBytes = 0
    this.started = -1
  }

  take(chunk: Buffer): void {
    if (this.started >= 0) this.started = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0
      if (this.isText) this.inText(byte)
      else if (byte === quote) this.isText = true
      else if (byte === open || byte === openList) this.rise(byte, at)
      else if (byte === close || byte === closeList) this.fall(chunk, at)
    }
    if (this.started >= 0) this.hold(Buffer.from(chunk.subarray(this.started)))
  }

  get isWhole(): boolean {
    return this.depth === 0 && !this.isText
  }
}

const parsed = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch (error) {
    throw broken(`an object is not JSON (${error instanceof Error ? error.message.slice(0, 80) : ''})`)
  }
}

/** @throws AppError malformed, too_large */
export async function* stixObjects(source: AsyncIterable<Buffer>, limits: StixLimits): AsyncGenerator<Record<string, unknown>> {
  const splitter = new Splitter(limits)
  let [bytes, count] = [0, 0]
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > limits.totalBytes)
      throw new AppError('too_large', `A bundle has at most ${limits.totalBytes / 1_000_000} MB. Nothing was loaded.`)
    splitter.take(chunk)
    for (const text of splitter.objects.splice(0)) {
      if (++count > limits.objects) throw new AppError('too_large', `A bundle has at most ${limits.objects} objects. Nothing was loaded.`)
      yield parsed(text)
    }
  }
  if (count === 0) throw broken('it has no objects')
  if (!splitter.isWhole) throw broken('it ends in the middle')
}
