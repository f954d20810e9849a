// Reads the bytes of an export as they come: counts its rows, and takes off the last line, which the server writes only behind the
// last row. A file without that line, or with another number in it than was counted, is not whole.
import { endLineName } from '../../../../../shared/contract/hunt/export.ts'

const quote = 0x22
const newline = 0x0a
/** Longer than any last line. */
const heldBytes = 96

export class ExportReader {
  private readonly isCsv: boolean
  private lines = 0
  private isQuoted = false
  private held = new Uint8Array(0)

  constructor(format: 'csv' | 'jsonl') {
    this.isCsv = format === 'csv'
  }

  /** So far; while bytes still come, the last line is among them. */
  get rows(): number {
    return Math.max(0, this.lines - (this.isCsv ? 1 : 0))
  }

  /** The bytes that surely belong to the file. */
  push(chunk: Uint8Array): Uint8Array {
    this.count(chunk)
    const all = new Uint8Array(this.held.length + chunk.length)
    all.set(this.held)
    all.set(chunk, this.held.length)
    const sure = Math.max(0, all.length - heldBytes)
    this.held = all.slice(sure)
    return all.subarray(0, sure)
  }

  /** The last bytes of the file and the number of its rows; null when it is not whole. */
  end(): { bytes: Uint8Array; rows: number } | null {
    const text = new TextDecoder('latin1').decode(this.held)
    const pattern = this.isCsv ? `(?:^|\\n)${endLineName},(\\d+)\\r\\n$` : `(?:^|\\n)\\{"${endLineName}":\\{"rows":(\\d+)\\}\\}\\n$`
    const found = new RegExp(pattern).exec(text)
    if (found === null) return null
    const rows = this.rows - 1
    const from = found.index + (text[found.index] === '\n' ? 1 : 0)
    return Number(found[1]) === rows ? { bytes: this.held.subarray(0, from), rows } : null
  }

  private count(chunk: Uint8Array): void {
    if (!this.isCsv) {
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, at + 1)) this.lines++
      return
    }
    let { isQuoted, lines } = this
    for (const byte of chunk)
      if (byte === quote) isQuoted = !isQuoted
      else if (byte === newline && !isQuoted) lines++
    this.isQuoted = isQuoted
    this.lines = lines
  }
}

const mark = [0x50, 0x41, 0x52, 0x31]

/** A Parquet file has its own end: a mark of four bytes behind the list of its rows, which it cannot be read without. */
export class ParquetTail {
  /** Not to be counted on the way. */
  readonly rows = 0
  private readonly total: number
  private last: readonly number[] = []

  constructor(total: number) {
    this.total = total
  }

  push(chunk: Uint8Array): Uint8Array {
    this.last = [...this.last, ...chunk.subarray(-mark.length)].slice(-mark.length)
    return chunk
  }

  end(): { bytes: Uint8Array; rows: number } | null {
    return this.last.length === mark.length && mark.every((byte, at) => this.last[at] === byte)
      ? { bytes: new Uint8Array(0), rows: this.total }
      : null
  }
}
