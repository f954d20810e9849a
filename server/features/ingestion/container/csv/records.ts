// CSV text, as it comes in blocks of whole lines, to records that keep their text as it stood. An own splitter, because a general
// parser ends at the first fault, while here one record is rejected and the next ones are read.
import type { ReadLimits } from '../../reading.ts'
import { splitRecord } from './split-record.ts'

export interface CsvRecord {
  cells: string[] | null
  /** Why `cells` is null. */
  fault: string | null
  raw: string
  /** Length of the whole when `raw` is only its beginning. */
  rawBytes: number | null
}

/** Every attempt to go on behind an unclosed quote reads its text again: a file made of such traps must not take for ever. */
const maxResyncs = 20
const trialRecords = 100
const keptChars = 65_536

export class CsvRecords {
  readonly #delimiter: string
  readonly #limits: ReadLimits
  #held = ''
  #skipped: { raw: string; bytes: number } | null = null
  #taint: string | null = null
  #resyncs = 0
  #columns = 0
  isCut = false
  /** The file's last record, where no line end stands behind it. */
  openEnd: CsvRecord | null = null

  constructor(delimiter: string, limits: ReadLimits) {
    this.#delimiter = delimiter
    this.#limits = limits
  }

  /** Columns of the header, for telling rows from the inside of a broken cell. */
  set columns(count: number) {
    this.#columns = count
  }

  /** Whole lines, except at the end of the file. `taint`: why the record that holds this text cannot be believed. */
  *push(text: string, taint: string | null = null): Generator<CsvRecord> {
    let block = text
    if (this.#skipped !== null) {
      const rest = this.#skip(block)
      if (rest === null) return
      yield this.#endSkip()
      block = rest
    }
    this.#taint ??= taint
    yield* this.#split(this.#held === '' ? block : this.#held + block)
    if (this.#held === '') this.#taint = null
    if (this.#held.length > this.#limits.maxRowBytes) yield* this.#giveUp(false)
  }

  *end(): Generator<CsvRecord> {
    if (this.#skipped !== null) yield this.#endSkip()
    while (this.#held !== '') yield* this.#giveUp(true)
  }

  *#split(text: string): Generator<CsvRecord> {
    let at = 0
    this.#held = ''
    while (at < text.length) {
      const record = splitRecord(text, at, this.#delimiter)
      if (record === null) {
        this.#held = text.slice(at)
        return
      }
      const raw = text.slice(at, record.end)
      at = record.next
      if (raw.trim() === '' && (record.cells?.length ?? 0) <= 1) continue
      const judged = this.#judge(raw, record.cells, record.fault)
      if (at > text.length) this.openEnd = judged
      yield judged
    }
  }

  #judge(raw: string, cells: string[] | null, fault: string | null): CsvRecord {
    const taint = this.#taint
    this.#taint = null
    if (taint !== null) return { cells: null, fault: taint, raw, rawBytes: null }
    if (raw.includes('\0')) return { cells: null, fault: `NUL character at position ${raw.indexOf('\0')}`, raw, rawBytes: null }
    return { cells, fault, raw, rawBytes: null }
  }

  /** An unclosed quote: one line is given up when what follows it has the header's columns, else all of it. */
  *#giveUp(isEnd: boolean): Generator<CsvRecord> {
    const held = this.#held
    const lineEnd = held.indexOf('\n')
    if (lineEnd !== -1 && this.#resyncs < maxResyncs && this.#looksLikeRows(held.slice(lineEnd + 1))) {
      this.#resyncs++
      this.#taint = null
      yield { cells: null, fault: 'A quote is opened and never closed', raw: held.slice(0, lineEnd), rawBytes: null }
      yield* this.#split(held.slice(lineEnd + 1))
      return
    }
    this.#held = ''
    this.#taint = null
    const bytes = Buffer.byteLength(held)
    if (!isEnd) {
      this.#skipped = { raw: held.slice(0, keptChars), bytes }
      return
    }
    this.isCut = true
    const fault = `A quote is opened and never closed: ${bytes} bytes to the end of the file`
    yield { cells: null, fault, raw: held.slice(0, keptChars), rawBytes: bytes }
  }

  #looksLikeRows(text: string): boolean {
    if (this.#columns < 2) return false
    let at = 0
    let seen = 0
    while (at < text.length && seen < trialRecords) {
      const record = splitRecord(text, at, this.#delimiter)
      if (record === null) break
      if (record.cells === null || record.cells.length !== this.#columns) return false
      at = record.next
      seen++
    }
    return seen > 0
  }

  /** Looks for the end of a cell that is too long; what stands behind it, or null. */
  #skip(text: string): string | null {
    const skipped = this.#skipped
    if (skipped === null) return text
    let close = text.indexOf('"')
    while (close !== -1) {
      const next = text.charAt(close + 1)
      if (next === '"') close++
      else if (next === this.#delimiter || next === '\n' || next === '\r') break
      close = text.indexOf('"', close + 1)
    }
    const lineEnd = close === -1 ? -1 : text.indexOf('\n', close)
    const until = lineEnd === -1 ? text.length : lineEnd + 1
    skipped.bytes += Buffer.byteLength(text.slice(0, until))
    return lineEnd === -1 ? null : text.slice(until)
  }

  #endSkip(): CsvRecord {
    const { raw, bytes } = this.#skipped ?? { raw: '', bytes: 0 }
    this.#skipped = null
    return { cells: null, fault: `Row of ${bytes} bytes: longer than the limit of ${this.#limits.maxRowBytes}`, raw, rawBytes: bytes }
  }
}
