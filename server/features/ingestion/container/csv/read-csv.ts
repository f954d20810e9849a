// A CSV member to rows: the header, a look at the first rows for the dialect, then row by row.
import { isUtf8 } from 'node:buffer'
import type { Json, Member, Row } from '../../reading.ts'
import { firstInvalidUtf8, legacyToUtf8, type TextSource } from '../bytes/encoding.ts'
import { lineBlocks } from '../json/lines.ts'
import { RowWriter } from '../row-writer.ts'
import type { Session } from '../session.ts'
import { clientColumnOf, clientInCell, lineFeeds } from './client-column.ts'
import { delimiterLine, detectDialect, unguard, valueOf, type Dialect } from './dialect.ts'
import { CsvRecords, type CsvRecord } from './records.ts'

const sampleRecords = 200
const sampleChars = 1_000_000
const notAscii = /[^\0-\x7f]/

export interface CsvFacts {
  delimiter: string
  /** In an export of Velociraptor the columns come from the first row only. */
  isExport: boolean
  /** Whether the rows of a client ('': it is not named) are to be passed over. */
  isOther: ((clientId: string) => boolean) | null
}

class CsvReader {
  readonly #session: Session
  readonly #member: Member
  readonly #facts: CsvFacts
  readonly #writer: RowWriter
  readonly records: CsvRecords
  #names: string[] | null = null
  #clientColumn = -1
  #headerFault: string | null = null
  #isBegun = false
  #dialect: Dialect | null = null
  #sample: CsvRecord[] = []
  #sampleSize = 0
  #short = 0
  #surplus = 0
  #misfits = 0

  constructor(session: Session, member: Member, facts: CsvFacts) {
    this.#session = session
    this.#member = member
    this.#facts = facts
    this.#writer = new RowWriter(session, member)
    this.records = new CsvRecords(facts.delimiter, session.limits)
  }

  async take(records: Iterable<CsvRecord>): Promise<void> {
    for (const record of records) {
      if (this.#headerFault !== null) await this.#reject(record, this.#headerFault)
      else if (this.#names === null) await this.#takeHeader(record)
      else if (this.#dialect === null) {
        this.#sample.push(record)
        this.#sampleSize += record.raw.length
        if (this.#sample.length >= sampleRecords || this.#sampleSize >= sampleChars) await this.#decide()
      } else await this.#takeRow(record, this.#dialect)
    }
  }

  async takeLong(head: Buffer, length: number): Promise<void> {
    await this.#decide()
    const reason = `Row of ${length} bytes: longer than the limit of ${this.#session.limits.maxRowBytes}`
    if (this.#names === null) this.#headerFault ??= `The header cannot be read: ${reason}`
    await this.#writer.reject(this.#names === null ? (this.#headerFault ?? reason) : reason, head.toString(), length)
  }

  async end(): Promise<void> {
    await this.take(this.records.end())
    await this.#decide()
    await this.#writer.end()
    this.#tellCut()
    const path = this.#member.path
    if (this.#names !== null && this.#writer.count === 0 && !this.#facts.isExport)
      this.#session.warn('no_rows', 'There is a header and no row behind it', path, null)
    if (this.#short > 0) this.#session.warn('csv_columns', `${this.#short} rows have fewer cells than the header`, path, this.#short)
    if (this.#surplus > 0)
      this.#session.warn('csv_columns', `${this.#surplus} rows have empty cells behind the last column`, path, this.#surplus)
    if (this.#misfits > 0)
      this.#session.warn(
        'csv_columns',
        `${this.#misfits} cells are no JSON as others of their column are: kept as text`,
        path,
        this.#misfits,
      )
    if (this.#writer.count > 0 && (this.#facts.isExport || this.#dialect?.isVelociraptor === true)) {
      const message =
        "Velociraptor takes a CSV's columns from its first row: columns that only later rows have are missing. Export as JSON to keep them"
      this.#session.warn('csv_header', message, path, null)
    }
  }

  /** A file that ends inside a row is cut short, whatever could be kept of the row. */
  #tellCut(): void {
    const path = this.#member.path
    if (this.records.isCut) this.#session.warn('truncated_file', 'The file ends inside a quoted cell', path, 1)
    const last = this.records.openEnd?.cells ?? null
    const width = this.#names?.length ?? 0
    if (last === null || this.#writer.count === 0) return
    if (last.length < width) {
      this.#short--
      const message = `The last row ends after ${last.length} of ${width} columns, without a line end: the file is cut short`
      this.#session.warn('truncated_file', message, path, 1)
    } else if (this.#facts.isExport || this.#dialect?.isVelociraptor === true) {
      const message = 'No line end stands behind the last row, though Velociraptor writes one: its last cell may be cut short'
      this.#session.warn('csv_end', message, path, 1)
    }
  }

  #reject(record: CsvRecord, reason: string): Promise<void> {
    return this.#writer.reject(reason, record.raw, record.rawBytes ?? undefined)
  }

  async #takeHeader(record: CsvRecord): Promise<void> {
    const { maxColumns } = this.#session.limits
    if (!this.#isBegun && delimiterLine.test(record.raw)) {
      this.#isBegun = true
      return
    }
    if (record.cells === null || record.cells.length > maxColumns) {
      const fault = record.fault ?? `${record.cells?.length} columns: more than the limit of ${maxColumns}`
      // The next row is no header: its cells would be lost as rows and name the columns of all others.
      this.#headerFault = `The header cannot be read: ${fault}`
      await this.#reject(record, this.#headerFault)
      return
    }
    this.#names = uniqueNames(record.cells)
    this.#clientColumn = clientColumnOf(this.#names)
    this.records.columns = record.cells.length
    const changed = this.#names.filter((name, at) => name !== record.cells?.[at]).length
    if (changed > 0)
      this.#session.warn('csv_columns', `${changed} columns had no name of their own and got one`, this.#member.path, changed)
  }

  async #decide(): Promise<void> {
    if (this.#dialect !== null || this.#names === null) return
    const width = this.#names.length
    const rows = this.#sample.flatMap((record) => (record.cells?.length === width ? [record.cells] : []))
    const dialect = detectDialect(rows, width, this.#session.limits)
    this.#dialect = dialect
    const sample = this.#sample
    this.#sample = []
    for (const record of sample) await this.#takeRow(record, dialect)
  }

  async #takeRow(record: CsvRecord, dialect: Dialect): Promise<void> {
    const fault = record.cells === null ? (record.fault ?? 'It cannot be read') : this.#faultOf(record.cells, record.raw)
    if (record.cells !== null && this.#facts.isOther?.(clientInCell(record.cells[this.#clientColumn])) === true)
      return this.#writer.passOver()
    if (record.cells === null || fault !== null) return this.#reject(record, fault ?? '')
    const row = this.#rowOf(record.cells, dialect)
    this.#writer.add(record.raw, row, !notAscii.test(record.raw) && !record.raw.includes('\\u'))
    if (this.#writer.isFull) await this.#writer.flush()
  }

  /** Why a row cannot be kept, or null; empty cells behind the last column are taken off. */
  #faultOf(cells: string[], raw: string): string | null {
    const { maxRowBytes } = this.#session.limits
    if (raw.length > maxRowBytes) return `Row of ${raw.length} characters: longer than the limit of ${maxRowBytes}`
    const width = this.#names?.length ?? 0
    const surplus = cells.splice(width)
    if (surplus.some((cell) => cell !== '')) return `${width + surplus.length} columns, header has ${width}`
    if (surplus.length > 0) this.#surplus++
    if (cells.length < width) this.#short++
    return null
  }

  #rowOf(cells: readonly string[], dialect: Dialect): Row {
    const names = this.#names ?? []
    const row: Record<string, Json> = {}
    cells.forEach((cell, at) => {
      const kind = dialect.columns[at] ?? 'text'
      const value = kind === 'text' ? unguard(cell, dialect) : valueOf(cell, kind, dialect, this.#session.limits)
      if (value === undefined) this.#misfits++
      setOwn(row, names[at] ?? '', value === undefined ? unguard(cell, dialect) : value)
    })
    return row
  }
}

/** A column may be called __proto__: it must become data, not the object's prototype. */
function setOwn(row: Record<string, Json>, name: string, value: Json): void {
  if (name === '__proto__') Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true })
  else row[name] = value
}

function uniqueNames(cells: readonly string[]): string[] {
  // How often each name was used or taken: a header of 10,000 equal names must not be searched from the beginning each time.
  const seen = new Map<string, number>()
  return cells.map((cell, at) => {
    const wanted = cell.trim() === '' ? `column_${at + 1}` : cell
    let copy = seen.get(wanted) ?? 0
    let name = copy === 0 ? wanted : `${wanted}_${++copy}`
    while (seen.has(name)) name = `${wanted}_${++copy}`
    seen.set(name, 1)
    if (name !== wanted) seen.set(wanted, copy)
    return name
  })
}

export async function readCsv(session: Session, member: Member, source: TextSource, facts: CsvFacts): Promise<void> {
  const reader = new CsvReader(session, member, facts)
  const bytes = legacyToUtf8(source.bytes, () =>
    session.warn('encoding', 'Not UTF-8: read as Windows-1252, as Excel saves it', member.path, null),
  )
  for await (const block of lineBlocks(bytes, source.separator, session.limits.maxRowBytes)) {
    if (block.kind === 'long') await reader.takeLong(block.head, block.length)
    else for (const part of textsOf(block.bytes, source.separator)) await reader.take(reader.records.push(part.text, part.taint))
    await session.breathe()
  }
  await reader.end()
}

/** The block as text: whole where it is UTF-8, else line by line, the bad ones marked. */
function* textsOf(bytes: Buffer, separator: 10 | 13): Generator<{ text: string; taint: string | null }> {
  if (isUtf8(bytes)) {
    yield { text: lineFeeds(bytes.toString('utf8'), separator), taint: null }
    return
  }
  for (let start = 0; start < bytes.length; ) {
    const at = bytes.indexOf(separator, start)
    const end = at === -1 ? bytes.length : at + 1
    const line = bytes.subarray(start, end)
    const bad = firstInvalidUtf8(line)
    yield { text: lineFeeds(line.toString(), separator), taint: bad === -1 ? null : `Not valid UTF-8 at byte ${bad}` }
    start = end
  }
}
