// Splits a stream of bytes at line ends into blocks of whole lines, so that a block can be decoded at once. A line longer than
// the limit is never held: its first bytes and its length are.
import { rejectChars } from '../row-writer.ts'

export type LineBlock =
  | { kind: 'lines'; bytes: Buffer; offset: number; isCut: boolean } // isCut: the last line has no line end
  | { kind: 'long'; head: Buffer; length: number }

const cr = 13
const lf = 10

/** `separator`: 10, or 13 for files whose only line ends are carriage returns. */
export async function* lineBlocks(source: AsyncIterable<Buffer>, separator: 10 | 13, maxLineBytes: number): AsyncGenerator<LineBlock> {
  let held: Buffer[] = []
  let heldBytes = 0
  let long: { head: Buffer; length: number } | null = null
  let offset = 0
  for await (const chunk of source) {
    let start = 0
    if (held.length > 0 || long !== null) {
      const first = chunk.indexOf(separator)
      const until = first === -1 ? chunk.length : first + 1
      if (long === null && heldBytes + until > maxLineBytes) {
        const head = Buffer.concat([...held, chunk.subarray(0, rejectChars)]).subarray(0, rejectChars)
        long = { head: Buffer.from(head), length: heldBytes }
        held = []
        heldBytes = 0
      }
      if (long !== null) long.length += until
      if (first === -1) {
        if (long === null) {
          held.push(chunk)
          heldBytes += chunk.length
        }
        continue
      }
      start = until
      if (long !== null) {
        yield { kind: 'long', head: long.head, length: long.length - 1 }
        offset += long.length
        long = null
      } else {
        const bytes = Buffer.concat([...held, chunk.subarray(0, until)])
        yield { kind: 'lines', bytes, offset, isCut: false }
        offset += bytes.length
        held = []
        heldBytes = 0
      }
    }
    const last = chunk.lastIndexOf(separator)
    if (last >= start) {
      yield { kind: 'lines', bytes: chunk.subarray(start, last + 1), offset, isCut: false }
      offset += last + 1 - start
      start = last + 1
    }
    if (start < chunk.length) {
      held = [chunk.subarray(start)]
      heldBytes = chunk.length - start
    }
  }
  if (long !== null) yield { kind: 'long', head: long.head, length: long.length }
  else if (held.length > 0) yield { kind: 'lines', bytes: Buffer.concat(held), offset, isCut: true }
}

/** Line end of a text by its first bytes: files of old Macs have carriage returns only. */
export function separatorOf(head: Buffer): 10 | 13 {
  return !head.includes(lf) && head.includes(cr) ? cr : lf
}
