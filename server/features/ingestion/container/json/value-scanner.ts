// Cuts a stream of JSON text into its rows without parsing it: the elements of a top-level array, or top-level objects one after
// another. Works on bytes (in UTF-8 the structural characters never stand inside another one), holds one row at a time.
import { rejectChars } from '../row-writer.ts'

export interface ScannedValue {
  bytes: Buffer
  /** Longer than the limit: `bytes` is only its beginning, this its length. */
  longBytes: number | null
  /** The text ended inside this value. */
  isCut: boolean
}

const quote = 34
const backslash = 92
const comma = 44
const openBracket = 91
const closeBracket = 93
const openBrace = 123

/** Bytes that end, begin or divide values: everything else is skipped in one step. */
const isStructural = new Uint8Array(256)
for (const char of '"{}[],') isStructural[char.charCodeAt(0)] = 1
const isSpace = new Uint8Array(256)
for (const code of [9, 10, 13, 32]) isSpace[code] = 1

export class ValueScanner {
  readonly #maxBytes: number
  #parts: Buffer[] = []
  #partBytes = 0
  #dropped: Buffer | null = null
  #depth = 0 // inside the value
  #inArray = 0 // open top-level arrays: 0 or 1
  #inString = false
  #isEscaped = false
  #hasValue = false
  isCut = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  *push(chunk: Buffer): Generator<ScannedValue> {
    let start = 0
    let at = 0
    while (at < chunk.length) {
      if (this.#inString) {
        at = this.#endString(chunk, at)
        continue
      }
      const code = chunk[at] as number
      if (isStructural[code] === 0) {
        if (isSpace[code] === 0) this.#hasValue = true
        at++
        continue
      }
      const isEnd = this.#step(code)
      if (isEnd === 'after') {
        at++
        this.#keep(chunk.subarray(start, at))
        yield* this.#value(false)
        start = at
      } else if (isEnd === 'before') {
        this.#keep(chunk.subarray(start, at))
        yield* this.#value(false)
        at++
        start = at
      } else if (isEnd === 'skip') {
        at++
        start = at
      } else at++
    }
    this.#keep(chunk.subarray(start))
  }

  *end(): Generator<ScannedValue> {
    this.isCut = this.#depth > 0 || this.#inArray > 0 || this.#inString
    yield* this.#value(this.isCut)
  }

  #endString(chunk: Buffer, from: number): number {
    let at = from
    if (this.#isEscaped) {
      this.#isEscaped = false
      at++
    }
    while (at < chunk.length) {
      const code = chunk[at] as number
      if (code === quote) {
        this.#inString = false
        return at + 1
      }
      if (code === backslash) {
        if (at + 1 >= chunk.length) this.#isEscaped = true
        at++
      }
      at++
    }
    return chunk.length
  }

  /** What a structural character means here for the value being read. */
  #step(code: number): 'after' | 'before' | 'skip' | 'inside' {
    if (code === quote) {
      this.#inString = true
      this.#hasValue = true
      return 'inside'
    }
    if (code === comma) return this.#depth === 0 ? 'before' : 'inside'
    return code === openBrace || code === openBracket ? this.#open(code) : this.#close(code)
  }

  #open(code: number): 'skip' | 'inside' {
    if (code === openBracket && this.#depth + this.#inArray === 0 && !this.#hasValue) {
      this.#inArray = 1
      return 'skip'
    }
    this.#depth++
    this.#hasValue = true
    return 'inside'
  }

  #close(code: number): 'after' | 'before' | 'inside' {
    if (this.#depth > 0) {
      this.#depth--
      return this.#depth + this.#inArray === 0 ? 'after' : 'inside'
    }
    if (code === closeBracket && this.#inArray > 0) {
      this.#inArray = 0
      return 'before'
    }
    this.#hasValue = true
    return 'inside'
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#partBytes += bytes.length
    if (this.#dropped !== null) return
    this.#parts.push(bytes)
    if (this.#partBytes <= this.#maxBytes) return
    this.#dropped = Buffer.from(Buffer.concat(this.#parts).subarray(0, rejectChars))
    this.#parts = []
  }

  *#value(isCut: boolean): Generator<ScannedValue> {
    const bytes = this.#dropped ?? (this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts))
    const longBytes = this.#dropped === null ? null : this.#partBytes
    const hasValue = this.#hasValue
    this.#parts = []
    this.#partBytes = 0
    this.#dropped = null
    this.#hasValue = false
    if (hasValue) yield { bytes: trim(bytes), longBytes, isCut }
  }
}

function trim(bytes: Buffer): Buffer {
  let start = 0
  let end = bytes.length
  while (start < end && isSpace[bytes[start] as number] === 1) start++
  while (end > start && isSpace[bytes[end - 1] as number] === 1) end--
  return bytes.subarray(start, end)
}
