// Splits a stream of bytes at line ends into blocks of whole lines, so that a block can be decoded at once. A line longer than
// the limit is never held: its first bytes and its length are.
import { rejectChars } from '../row-writer.ts'

export type LineBlock =
  | { kind: 'lines'; bytes: Buffer; offset: number; isCut: boolean } // isCut: the last line has no line end
  | { kind: 'long'; head: Buffer; length: number }

const cr = 13
const lf = 10

/** What stands before the first line end of a chunk belongs to a line that began earlier. */
class OpenLine {
  #parts: Buffer[] = []
  #long: Buffer | null = null
  #bytes = 0
  readonly #maxBytes: number

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get isOpen(): boolean {
    return this.#bytes > 0
  }

  add(bytes: Buffer): void {
    this.#bytes += bytes.length
    if (this.#long !== null) return
    this.#parts.push(bytes)
    if (this.#bytes <= this.#maxBytes) return
    this.#long = Buffer.from(Buffer.concat(this.#parts).subarray(0, rejectChars))
    this.#parts = []
  }

  /** `offset`: where the line begins in the file. */
  close(offset: number, isCut: boolean): LineBlock {
    const length = this.#bytes
    const block: LineBlock =
      this.#long === null
        ? { kind: 'lines', bytes: Buffer.concat(this.#parts), offset, isCut }
        : { kind: 'long', head: this.#long, length: isCut ? length : length - 1 }
    this.#parts = []
    this.#long = null
    this.#bytes = 0
    return block
  }
}

/** `separator`: 10, or 13 for files whose only line ends are carriage returns. */
export async function* lineBlocks(source: AsyncIterable<Buffer>, separator: 10 | 13, maxLineBytes: number): AsyncGenerator<LineBlock> {
  const open = new OpenLine(maxLineBytes)
  let read = 0
  let lineStart = 0
  for await (const chunk of source) {
    let start = 0
    if (open.isOpen) {
      start = chunk.indexOf(separator) + 1
      open.add(start === 0 ? chunk : chunk.subarray(0, start))
      if (start > 0) {
        yield open.close(lineStart, false)
        lineStart = read + start
      }
    }
    if (!open.isOpen) {
      const end = chunk.lastIndexOf(separator) + 1
      if (end > start) yield { kind: 'lines', bytes: chunk.subarray(start, end), offset: lineStart, isCut: false }
      const rest = Math.max(start, end)
      if (rest < chunk.length) open.add(chunk.subarray(rest))
      lineStart = read + rest
    }
    read += chunk.length
  }
  if (open.isOpen) yield open.close(lineStart, true)
}

/** Line end of a text by its first bytes: files of old Macs have carriage returns only. */
export function separatorOf(head: Buffer): 10 | 13 {
  return !head.includes(lf) && head.includes(cr) ? cr : lf
}
